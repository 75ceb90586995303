// Parts of datagrams that never become whole, from 64 numbers, against the handset's reassembly: honest pushes in several
// parts arrive while they go on, and what is held stays within its bounds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { segmentDatagram } from '../../../src/codec/sms/index.ts';
import { encodePush } from '../../../src/codec/wsp/index.ts';
import { SmsReceiver } from '../../../src/push/sms/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { ScriptedSmsc } from './scripted-smsc.ts';

const honest = 50;
const numbers = 64;
/** Datagrams that each number begins between two parts of an honest push. */
const begun = 30;

test('short messages from 64 numbers that never become whole: 50 honest pushes in three parts arrive', async (t) => {
  const smsc = await ScriptedSmsc.open();
  t.after(() => smsc.close());
  const bodies = new Set<number>();
  const receiver = new SmsReceiver({
    smsc: { host: '127.0.0.1', port: smsc.port, systemId: 'handset' },
    number: '+491701234567',
    handler: ({ body }) => {
      bodies.add(body[0] ?? -1);
    },
  });
  t.after(() => receiver.close());
  await receiver.start();
  const peer = await smsc.peer(0);
  let sequence = 0;
  const deliver = (sourceAddress: string, shortMessage: Uint8Array): void => {
    sequence += 1;
    const fields = { sourceTon: 1, sourceAddress, destinationAddress: '491701234567', dataCoding: 0xf5 };
    peer.send({ ...fields, command: 'deliver_sm', sequence, esmClass: 0x40, shortMessage });
  };
  const parts = (reference: number, first: number): readonly Uint8Array[] => {
    const body = new Uint8Array(300).fill(first);
    const push = encodePush({ transactionId: 1, contentType: { code: 0x42 }, body });
    return segmentDatagram(push, { reference, referenceBits: 16 });
  };
  let reference = 0;
  const flood = async (): Promise<void> => {
    const from = sequence;
    for (let count = 0; count < begun; count += 1) {
      for (let number = 0; number < numbers; number += 1) {
        reference = (reference + 1) & 0xffff;
        const [first = new Uint8Array()] = parts(reference, 0xff);
        deliver(`4915000000${number + 10}`, first);
      }
    }
    await eventually(() => receiver.counters().reassembly.parts >= from + numbers * begun);
  };
  const own = Array.from({ length: honest }, (_, index) => parts(7, index));
  assert.equal(own[0]?.length, 3);
  for (let part = 0; part < 3; part += 1) {
    for (const [index, segments] of own.entries())
      deliver(`4917100000${index + 10}`, segments[part] ?? new Uint8Array());
    await flood();
  }
  await eventually(() => bodies.size === honest);
  const { reassembly } = receiver.counters();
  assert.ok(reassembly.open <= numbers * 20, `${reassembly.open} are held`);
  assert.ok(reassembly.octets <= 4 * 1024 * 1024);
});
