// All answers to as many transactions as are open by default come at once: none is lost, and no request is sent again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createResponse, decodeSipMessage, encodeSipMessage } from '../../../src/codec/sip/index.ts';
import { type PeerAddress, paceDefaults, UdpSocket } from '../../../src/push/index.ts';
import { device, never, pushOf, withBench } from './support.ts';

test(
  'a burst of answers to all transactions that are open by default is read to the last one',
  { timeout: 60_000 },
  withBench(async (bench) => {
    const count = paceDefaults.places;
    const requests: { readonly from: PeerAddress; readonly octets: Uint8Array }[] = [];
    const { promise: all, resolve } = Promise.withResolvers<void>();
    const peer = await UdpSocket.open({
      port: 0,
      address: '127.0.0.1',
      onDatagram: (from, octets) => {
        requests.push({ from, octets: octets.slice() });
        if (requests.length === count) resolve();
      },
      onError: (error) => assert.fail(String(error)),
    });
    bench.later(() => peer.close());
    // Its clock stands still: an answer that is lost would be waited for without end.
    const sender = bench.sender(peer.bound.port, {}, 'udp');
    const pushes = Array.from({ length: count }, () => sender.send(pushOf(), { uri: device }, never));
    await all;
    // All leave in one turn of the loop, so that none is read before the last one is there.
    for (const { from, octets } of requests) {
      const request = decodeSipMessage(octets);
      assert.ok(request.kind === 'request');
      const answer = encodeSipMessage(createResponse(request, 200, { toTag: 't'.repeat(200) }));
      peer.post(answer, from, (error) => assert.fail(String(error)));
    }
    const results = await Promise.all(pushes);
    assert.equal(new Set(results.map((result) => 'reference' in result && result.reference)).size, count);
    assert.equal(requests.length, count);
  }),
);
