// Whatever a peer sends, both ends come to an end, with what was wrong.
import assert from 'node:assert/strict';
import { duplexPair } from 'node:stream';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePacket, encodeResponse } from '../../../src/codec/obex/index.ts';
import { hexToBytes, PushError } from '../../../src/core/index.ts';
import { ObexReceiver, sendOverStream } from '../../../src/push/obex/index.ts';
import { credentials, pushOf } from './device.ts';

const connect = hexToBytes('80 0013 10 00 1000 46 000C 53594E434D4C2D444D');
const framed = fc
  .tuple(
    fc.constantFrom(0x80, 0x02, 0x82, 0x83, 0x85, 0xff, 0x90, 0xa0, 0xc1),
    fc.uint8Array({ maxLength: 20 }),
  )
  .map(([first, body]) => Uint8Array.of(first, 0, body.length + 3, ...body));
const chunks = fc.array(fc.oneof(fc.uint8Array({ maxLength: 20 }), framed, fc.constant(connect)), {
  maxLength: 8,
});

test('any octets to the receiver: it answers in packets, hands nothing over, counts, and ends', async () => {
  const errors: unknown[] = [];
  const handed: unknown[] = [];
  const receiver = new ObexReceiver({
    handler: (push) => void handed.push(push),
    onError: (error) => errors.push(error),
    accounts: [credentials],
  });
  await fc.assert(
    fc.asyncProperty(chunks, async (parts) => {
      const [near, far] = duplexPair();
      near.on('error', () => {});
      const answers: Uint8Array[] = [];
      near.on('data', (chunk: Uint8Array) => answers.push(chunk));
      const serving = receiver.serve(far, 'any');
      for (const part of parts) near.write(part);
      near.end();
      await serving;
      for (const answer of answers) assert.equal(decodePacket(answer).kind, 'response');
    }),
    { numRuns: 300 },
  );
  assert.deepEqual([errors, handed], [[], []]);
  const { received, accepted, dropped } = receiver.counters();
  assert.equal(
    received,
    Object.values(dropped).reduce((sum, count) => sum + count, accepted),
  );
});

test('any octets to the sender: a PushError, and never a receipt without the final Success', async () => {
  const opened = encodeResponse({ code: 0xa0, connect: { maxPacketLength: 255 }, headers: [] });
  await fc.assert(
    fc.asyncProperty(fc.boolean(), chunks, async (connected, parts) => {
      const [near, far] = duplexPair();
      far.on('error', () => {});
      far.resume();
      if (connected) far.write(opened);
      for (const part of parts) far.write(part);
      far.end();
      try {
        await sendOverStream(near, pushOf(10));
        assert.ok(connected || parts.some((part) => part[0] === 0xa0));
      } catch (error) {
        assert.ok(error instanceof PushError, String(error));
      }
    }),
    { numRuns: 300 },
  );
});
