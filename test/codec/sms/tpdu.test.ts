// TPDUs: SMS-DELIVER, SMS-SUBMIT and SMS-STATUS-REPORT, with what any octets and cut ones give.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { decodeTpdu, statusText, tpduForm } from '../../../src/codec/sms/index.ts';
import {
  type Annotation,
  bytesToHex,
  concatBytes,
  DecodeError,
  hexToBytes,
} from '../../../src/core/index.ts';

const number = '0b911346610089f6';
const taken = '20806291731408';
const done = '20806291734480';
/** Reference 7, to +31641600986, with the time of the centre and, two hours east, that of the delivery. */
const report = `0607${number}${taken}${done}00`;

function read(hex: string, serviceCentre = false) {
  const annotations: Annotation[] = [];
  const tpdu = decodeTpdu(hexToBytes(hex), { serviceCentre, annotate: (each) => annotations.push(each) });
  return { tpdu, value: (field: string) => annotations.find((each) => each.field === field) };
}

describe('3GPP TS 23.040 §9.2.2.3 SMS-STATUS-REPORT', () => {
  it('has reference, recipient, times and status', () => {
    const { tpdu, value } = read(report);
    assert.deepEqual(
      [tpdu.type, tpdu.address, tpdu.status, tpdu.hasHeader, tpdu.userData.length, tpdu.text],
      ['SMS-STATUS-REPORT', '+31641600986', 0, false, 0, undefined],
    );
    assert.deepEqual(
      ['TP-MTI', 'TP-MMS', 'TP-SRQ', 'TP-LP', 'TP-MR', 'TP-SCTS', 'TP-DT', 'TP-ST'].map(
        (field) => value(field)?.value,
      ),
      ['2', '1', '0', '0', '7', '2002-08-26T19:37:41Z', '2002-08-26T19:37:44+02:00', '0x00'],
    );
    assert.equal(value('TP-ST')?.meaning, 'delivered');
    assert.equal(value('TP-ST')?.offset, 24);
  });

  it('§9.2.3.27: has protocol, data coding and user data where the indicator says so', () => {
    const indicated = read(`${report}0700f503010203`);
    assert.equal(indicated.value('TP-PI')?.meaning, 'TP-PID, TP-DCS, TP-UDL follow');
    assert.deepEqual([indicated.tpdu.dataCoding, bytesToHex(indicated.tpdu.userData)], [0xf5, '010203']);
    assert.equal(read(`${report}0405c8329bfd06`).tpdu.text, 'Hello');
    assert.equal(read(`${report}00`).value('TP-PI')?.meaning, 'nothing follows');
    assert.equal(read(`${report}8000`).value('TP-PI')?.length, 2);
    assert.throws(() => read(`${report}0000`), { code: 'TRAILING' });
    assert.throws(() => read(`${report}80`), { code: 'TRUNCATED' });
    assert.throws(() => read(`46${report.slice(2)}`), { code: 'TRUNCATED' });
  });

  it('§9.2.3.15: says in words what a status means', () => {
    for (const [status, text] of [
      [0x01, /not known/],
      [0x11, /meaning of this centre/],
      [0x03, /reserved/],
      [0x21, /^still tried: .*busy/],
      [0x46, /^failed for good: .*validity/],
      [0x60, /^given up: congestion/],
      [0xff, /^reserved/],
    ] as const) {
      assert.match(statusText(status), text);
    }
  });

  it('is known with and without the address of a service centre', () => {
    for (const [before, serviceCentre] of [
      ['', false],
      ['00', true],
      ['07911326040000f0', true],
    ] as const) {
      assert.deepEqual(tpduForm(hexToBytes(before + report)), { serviceCentre });
    }
  });
});

describe('any TPDU', () => {
  const samples = [
    `04${number}0000${taken}0cc8f71d14969741f977fd07`,
    `5101${number}00f5aa0b0605040b84c00201060300`,
    report,
    `${report}0700f503010203`,
  ];

  it('is refused with a place when it is cut anywhere, and when an octet is left over', () => {
    for (const sample of samples) {
      const octets = hexToBytes(sample);
      decodeTpdu(octets, { serviceCentre: false });
      for (let length = 0; length < octets.length; length += 1) {
        // A report may end behind its status.
        if (sample.startsWith(report) && length === report.length / 2) continue;
        assert.throws(
          () => decodeTpdu(octets.subarray(0, length), { serviceCentre: false }),
          (error) => error instanceof DecodeError && error.at.offset <= length,
          `${sample} cut at ${length}`,
        );
      }
      if (sample !== report) {
        assert.throws(
          () => decodeTpdu(concatBytes(octets, Uint8Array.of(0)), { serviceCentre: false }),
          DecodeError,
        );
      }
    }
  });

  it('any octets give a TPDU or a DecodeError, and fields inside them', () =>
    fc.assert(
      fc.property(
        fc.constantFrom('', ...samples.map((sample) => sample.slice(0, 20)), report),
        fc.uint8Array({ maxLength: 60 }),
        fc.boolean(),
        (start, tail, serviceCentre) => {
          const octets = concatBytes(hexToBytes(start), tail);
          const inside = ({ offset, length }: Annotation): void =>
            assert.ok(offset + length <= octets.length);
          try {
            const { userData, userDataOffset } = decodeTpdu(octets, { serviceCentre, annotate: inside });
            assert.deepEqual(userData, octets.subarray(userDataOffset, userDataOffset + userData.length));
          } catch (error) {
            assert.ok(error instanceof DecodeError, String(error));
            assert.ok(error.at.offset <= octets.length);
          }
        },
      ),
      { numRuns: 2000 },
    ));
});
