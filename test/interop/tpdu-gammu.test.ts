// TPDUs as gammu writes and reads them: the same octets for SMS-SUBMIT and SMS-DELIVER, the same fields for what comes back.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  decodeTpdu,
  encodeDeliver,
  encodeStatusReport,
  encodeSubmit,
  segmentDatagram,
  withServiceCentre,
} from '../../src/codec/sms/index.ts';
import { bytesToHex, hexToBytes } from '../../src/core/index.ts';
import { Witness } from './python.ts';

const gammu = new Witness('gammu-witness.py', [], '/usr/bin/python3');
after(() => gammu.stop());

const time = Date.UTC(2026, 10, 30, 16, 24, 42);
const serviceCentre = '+491720000000';
/** A datagram of one message, one of three, and the shortest. */
const datagrams = [1, 133, 300].map((length) => new Uint8Array(length).map((_, index) => index * 7));
const parts = datagrams.flatMap((datagram) => segmentDatagram(datagram, { reference: 200 }));
const numbers = ['+491701234567', '+49170123456', '22333'];

test('SMS-SUBMIT: the octets that gammu writes', async () => {
  for (const [index, userData] of parts.entries()) {
    for (const [validity, seconds] of [
      ['5M', 300],
      ['12H', 43_200],
      ['1D', 86_400],
      ['3D', 3 * 86_400],
      ['1W', 7 * 86_400],
      ['Max', Number.POSITIVE_INFINITY],
    ] as const) {
      const to = numbers[index % numbers.length] ?? '';
      const report = index % 2 === 0;
      const dataCoding = index % 2 === 0 ? 0xf5 : 0x04;
      const tpdu = encodeSubmit({
        to,
        userData,
        hasHeader: true,
        reference: index,
        report,
        dataCoding,
        validity: { seconds },
      });
      const length = (userData[0] ?? 0) + 1;
      const asked = {
        encode: 'Submit',
        serviceCentre,
        validity,
        number: to,
        header: bytesToHex(userData.subarray(0, length)),
        payload: bytesToHex(userData.subarray(length)),
        report,
        reference: index,
        class: dataCoding === 0xf5 ? 1 : -1,
        time: '2026-11-30T16:24:42',
      };
      assert.equal(bytesToHex(withServiceCentre(tpdu, serviceCentre)), await gammu.ask(asked));
    }
  }
});

test('SMS-DELIVER: the octets that gammu writes, and what it reads of ours', async () => {
  for (const userData of parts) {
    const from = numbers[0] ?? '';
    const ours = withServiceCentre(encodeDeliver({ from, userData, hasHeader: true, time }), serviceCentre);
    const length = (userData[0] ?? 0) + 1;
    const header = bytesToHex(userData.subarray(0, length));
    const payload = bytesToHex(userData.subarray(length));
    const theirs = await gammu.ask({
      encode: 'Deliver',
      serviceCentre,
      validity: 'Max',
      number: from,
      header,
      payload,
      report: false,
      reference: 0,
      class: 1,
      time: '2026-11-30T16:24:42',
    });
    assert.ok(typeof theirs === 'string');
    // TP-MMS, "no more wait", is what gammu leaves out.
    const first = Number.parseInt(theirs.slice(16, 18), 16) | 0x04;
    assert.equal(bytesToHex(ours), theirs.slice(0, 16) + first.toString(16) + theirs.slice(18));
    const tpdu = decodeTpdu(hexToBytes(theirs), { serviceCentre: true });
    assert.deepEqual(
      [tpdu.address, tpdu.serviceCentre, tpdu.time],
      [from, serviceCentre, '2026-11-30T16:24:42Z'],
    );
    assert.deepEqual(tpdu.userData, userData);
    const read = await gammu.ask({ decode: bytesToHex(ours) });
    assert.ok(
      typeof read === 'object' && read !== null && 'payload' in read && 'number' in read && 'coding' in read,
    );
    assert.deepEqual([read.payload, read.number, read.coding], [payload, from, '8bit']);
  }
});

test('SMS-STATUS-REPORT: what gammu reads of ours', async () => {
  const to = '+31641600986';
  for (const status of [0, 1, 0x46]) {
    const report = encodeStatusReport({ reference: 7, to, time, settledTime: time + 3000, status });
    const read = await gammu.ask({ decode: bytesToHex(withServiceCentre(report, serviceCentre)) });
    assert.ok(typeof read === 'object' && read !== null);
    const said = { ...read };
    assert.ok(
      'type' in said && 'number' in said && 'reference' in said && 'status' in said && 'time' in said,
    );
    assert.deepEqual(
      [said.type, said.number, said.reference, said.status, said.time],
      ['Status_Report', to, 7, status, '2026-11-30 16:24:42'],
    );
  }
});
