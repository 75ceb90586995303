// TPDUs written: the octets by hand from 3GPP TS 23.040, both directions, periods, and what cannot be written.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  decodeTpdu,
  encodeDeliver,
  encodeStatusReport,
  encodeSubmit,
  withServiceCentre,
} from '../../../src/codec/sms/index.ts';
import { type Annotation, bytesToHex, hexToBytes } from '../../../src/core/index.ts';

const userData = hexToBytes('0605040b84c0020102');
const number = fc.stringMatching(/^\+?[0-9]{1,20}$/);
/** Whole seconds of the years that can be written. */
const moment = fc.integer({ min: 946_684_800, max: 4_102_444_799 }).map((seconds) => seconds * 1000);

function annotated(octets: Uint8Array, serviceCentre = false) {
  const seen: Annotation[] = [];
  const tpdu = decodeTpdu(octets, { serviceCentre, annotate: (each) => seen.push(each) });
  return { tpdu, meaning: (field: string) => seen.find((each) => each.field === field)?.meaning };
}

describe('3GPP TS 23.040 §9.2.2.2 SMS-SUBMIT, written', () => {
  it('has the octets of the tables, with and without validity, report and centre', () => {
    const to = '+31641600986';
    assert.equal(
      bytesToHex(encodeSubmit({ to, userData, hasHeader: true })),
      '41000b911346610089f600f5090605040b84c0020102',
    );
    assert.equal(
      bytesToHex(
        encodeSubmit({
          to,
          userData,
          hasHeader: true,
          report: true,
          reference: 7,
          validity: { seconds: 86_400 },
        }),
      ),
      '71070b911346610089f600f5a7090605040b84c0020102',
    );
    assert.equal(
      bytesToHex(
        encodeSubmit({
          to: '4711',
          userData,
          hasHeader: false,
          rejectDuplicates: true,
          dataCoding: 4,
          validity: { until: Date.UTC(2026, 10, 30, 16, 24, 42) },
        }),
      ),
      '1d00048174110004621103614224000' + '90605040b84c0020102',
    );
    assert.equal(bytesToHex(withServiceCentre(hexToBytes('01'), '+491720000000')), '0791947102000000' + '01');
    assert.equal(bytesToHex(withServiceCentre(hexToBytes('01'))), '0001');
  });

  it('§9.2.3.12.1: a relative period is the longest that does not go beyond what is asked', () => {
    for (const [seconds, meaning] of [
      [1, '5 minutes'],
      [599, '5 minutes'],
      [600, '10 minutes'],
      [12 * 3600, '720 minutes'],
      [12 * 3600 + 1799, '720 minutes'],
      [12 * 3600 + 1800, '12.5 hours'],
      [86_400, '24 hours'],
      [2 * 86_400 - 1, '24 hours'],
      [2 * 86_400, '2 days'],
      [30 * 86_400, '30 days'],
      [34 * 86_400, '30 days'],
      [35 * 86_400, '5 weeks'],
      [1e9, '63 weeks'],
      [Number.POSITIVE_INFINITY, '63 weeks'],
    ] as const) {
      const octets = encodeSubmit({ to: '123', userData, hasHeader: true, validity: { seconds } });
      assert.equal(annotated(octets).meaning('TP-VP'), meaning, String(seconds));
    }
  });

  it('refuses what cannot be written', () => {
    const common = { to: '123', userData, hasHeader: true };
    for (const [fields, code, path] of [
      [{ to: '+49 170' }, 'BAD_FORMAT', 'to'],
      [{ to: '1'.repeat(21) }, 'BAD_FORMAT', 'to'],
      [{ userData: new Uint8Array(141) }, 'TOO_LONG', 'userData'],
      [{ dataCoding: 0 }, 'OUT_OF_RANGE', 'dataCoding'],
      [{ reference: 256 }, 'OUT_OF_RANGE', 'reference'],
      [{ validity: { seconds: 0 } }, 'OUT_OF_RANGE', 'validity.seconds'],
      [{ validity: { until: Date.UTC(1999, 11, 31) } }, 'OUT_OF_RANGE', 'validity.until'],
      [{ validity: { until: Number.NaN } }, 'OUT_OF_RANGE', 'validity.until'],
    ] as const) {
      assert.throws(() => encodeSubmit({ ...common, ...fields }), { code, path });
    }
    assert.throws(() => withServiceCentre(userData, 'x'), { code: 'BAD_FORMAT', path: 'serviceCentre' });
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(
        fc.record({
          to: number,
          userData: fc.uint8Array({ maxLength: 140 }),
          hasHeader: fc.boolean(),
          reference: fc.nat(255),
          report: fc.boolean(),
          dataCoding: fc.constantFrom(0x04, 0xf5),
          validity: fc.oneof(
            fc.constant(undefined),
            fc.record({ seconds: fc.integer({ min: 1, max: 50_000_000 }) }),
            fc.record({ until: moment }),
          ),
        }),
        fc.oneof(fc.constant(''), number),
        (fields, serviceCentre) => {
          const { tpdu } = annotated(withServiceCentre(encodeSubmit(fields), serviceCentre), true);
          assert.deepEqual(
            [tpdu.type, tpdu.address, tpdu.reference, tpdu.reportWanted, tpdu.hasHeader, tpdu.dataCoding],
            ['SMS-SUBMIT', fields.to, fields.reference, fields.report, fields.hasHeader, fields.dataCoding],
          );
          assert.equal(tpdu.serviceCentre, serviceCentre);
          assert.deepEqual(tpdu.userData, fields.userData);
        },
      ),
    );
  });
});

describe('3GPP TS 23.040 §9.2.2.1 SMS-DELIVER and §9.2.2.3 SMS-STATUS-REPORT, written', () => {
  it('read back as they were written', () => {
    fc.assert(
      fc.property(number, fc.uint8Array({ maxLength: 140 }), moment, (from, octets, time) => {
        const { tpdu } = annotated(encodeDeliver({ from, userData: octets, hasHeader: false, time }));
        assert.deepEqual([tpdu.type, tpdu.address, Date.parse(tpdu.time ?? '')], ['SMS-DELIVER', from, time]);
        assert.deepEqual(tpdu.userData, octets);
      }),
    );
    fc.assert(
      fc.property(
        number,
        fc.nat(255),
        fc.nat(255),
        moment,
        moment,
        (to, reference, status, time, settledTime) => {
          const { tpdu } = annotated(encodeStatusReport({ reference, to, status, time, settledTime }));
          assert.deepEqual(
            [tpdu.type, tpdu.address, tpdu.reference, tpdu.status, tpdu.aboutCommand],
            ['SMS-STATUS-REPORT', to, reference, status, false],
          );
          assert.deepEqual(
            [tpdu.time, tpdu.settledTime].map((text) => Date.parse(text ?? '')),
            [time, settledTime],
          );
        },
      ),
    );
  });

  it('times that are none: refused, or unknown where that is asked for', () => {
    const octets = hexToBytes('040b911346610089f600f5000000000000000101');
    assert.throws(() => decodeTpdu(octets, { serviceCentre: false }), { code: 'BAD_VALUE' });
    const tpdu = decodeTpdu(octets, { serviceCentre: false, anyTime: true });
    assert.deepEqual([tpdu.time, bytesToHex(tpdu.userData)], [undefined, '01']);
  });
});
