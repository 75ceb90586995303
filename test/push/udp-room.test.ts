// What comes in a burst while the process is busy waits in the socket, as much of it as the system allows.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { UdpSocket } from '../../src/push/index.ts';

/** Octets of a datagram as Linux counts them: with its own books, which are larger than an answer of SIP. */
const counted = 1280;
const limitFile = '/proc/sys/net/core/rmem_max';
/** Twice what is set, so that the books have room (socket(7)). */
const room = existsSync(limitFile) ? 2 * Math.min(Number(readFileSync(limitFile, 'utf8')), 4 << 20) : 1 << 18;

for (const address of ['127.0.0.1', '::1']) {
  test(`a burst of answers to 512 transactions is lost at no socket that listens on ${address}`, async () => {
    const answers = Math.min(512, Math.floor(room / counted / 2));
    let came = 0;
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const socket = await UdpSocket.open({
      port: 0,
      address,
      onDatagram: () => {
        came += 1;
        if (came === answers) resolve();
      },
      onError: (error) => assert.fail(String(error)),
    });
    const sender = createSocket(address === '::1' ? 'udp6' : 'udp4');
    await new Promise<void>((bound) => sender.bind(0, address, bound));
    try {
      const { port } = socket.bound;
      // All leave in one turn of the loop, so that none is read before the last one is there.
      for (let i = 0; i < answers; i += 1) sender.send(new Uint8Array(500), port, address);
      const late = setTimeout(() => resolve(), 5000);
      await all;
      clearTimeout(late);
      assert.equal(came, answers);
    } finally {
      sender.close();
      await socket.close();
    }
  });
}
