// What strangers can make the SIP listener remember by datagrams that are as long as datagrams can be.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SipListener } from '../../../src/push/sip/index.ts';
import { eventually } from '../../../src/testing/index.ts';

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;

/** Octets of heap and of buffers outside of it that are still in use. */
async function used(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, external, arrayBuffers } = process.memoryUsage();
  return heapUsed + external + arrayBuffers;
}

const count = 1200;
/** As much as fits the head of a request. */
const size = 30_000;

for (const [what, make] of [
  ['bodies', (index: number) => message(index, '', 'c:text/plain\r\n', 'b'.repeat(size))],
  ['fields that an answer repeats', (index: number) => message(index, `;x=${'v'.repeat(size)}`, '', '')],
  ['branches', (index: number) => message(index, '', '', '', 'z'.repeat(size))],
  [
    'Call-IDs of pushes that are taken',
    (index: number) =>
      message(index, '', 'c:application/vnd.syncml.dm.notification\r\n', 'b', '', 'i'.repeat(size)),
  ],
] as const) {
  test(`long ${what}: nothing of them is remembered`, async (t) => {
    const listener = new SipListener({ port: 0, address: '127.0.0.1', tcp: false, handler: () => {} });
    const port = await listener.start();
    const socket = createSocket('udp4');
    t.after(async () => {
      socket.close();
      await listener.close();
    });
    const before = await used();
    for (let index = 0; index < count; index += 1) {
      await new Promise((resolve) => socket.send(make(index), port, '127.0.0.1', resolve));
      // Each is there before the next one goes: a full buffer of the system would drop it.
      await eventually(() => listener.counters().received > index);
    }
    const grown = (await used()) - before;
    // What has to be remembered of each is small.
    assert.ok(grown < (count * size) / 4, `${Math.round(grown / 1024)} KiB for ${count} datagrams`);
  });
}

function message(index: number, via: string, more: string, body: string, branch = '', callId = ''): Buffer {
  return Buffer.from(
    `MESSAGE sip:d SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK${index}${branch};rport${via}\r\nFrom: sip:a;tag=1\r\n` +
      `To: sip:d\r\nCall-ID: ${index}${callId}\r\nCSeq: 1 MESSAGE\r\n${more}Content-Length: ${body.length}\r\n\r\n${body}`,
    'latin1',
  );
}
