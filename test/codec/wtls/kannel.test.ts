// A recorded conversation with Kannel's WTLS, repeated: an implementation that is not ours accepts what we send, and we
// accept what it sends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeRecords, WtlsClient, type WtlsCrypto } from '../../../src/codec/wtls/index.ts';
import { bytesToHex, hexToBytes } from '../../../src/core/index.ts';
import { nodeWtlsCrypto } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import recorded from '../../vectors/wtls-kannel.json' with { type: 'json' };

/** Our client as it was, with the same random octets. */
function client(): WtlsClient {
  const random = recorded.random.map((hex) => hexToBytes(hex));
  const crypto: WtlsCrypto = {
    ...nodeWtlsCrypto,
    random: () => random.shift() ?? new Uint8Array(0),
    encryptRsa: () => hexToBytes(recorded.encryptedSecret),
  };
  return new WtlsClient({
    crypto,
    clock: new ManualClock(recorded.nowMs),
    secrets: [],
    anonymous: true,
    anonymousCiphers: ['DES_CBC'],
    keyRefresh: 2,
  });
}

test('profile 9: RSA_anon with DES_CBC as Kannel does it: both Finished messages, a request, its answer', () => {
  const ours = client();
  const sent = ours.start().send.map(bytesToHex);
  const events = recorded.received.flatMap((hex) => {
    const step = ours.receive(decodeRecords(hexToBytes(hex)));
    sent.push(...step.send.map(bytesToHex));
    return step.events;
  });
  assert.deepEqual(sent, recorded.sent);
  assert.deepEqual(events, [
    { type: 'established', keyExchange: 'RSA_anon', identity: undefined },
    { type: 'data', data: hexToBytes(recorded.answer), identity: undefined },
  ]);
  const request = ours.protect(hexToBytes(recorded.request));
  assert.equal(bytesToHex(request ?? new Uint8Array(0)), recorded.requestDatagram);
});

test('profile 7: the alert with which Kannel refuses a hello has no sequence number and no true checksum, and counts', () => {
  const ours = client();
  ours.start();
  const { events, send } = ours.receive(decodeRecords(hexToBytes(recorded.refusal.datagram)));
  assert.deepEqual(events, [{ type: 'failed', reason: 'alert', detail: 'alert handshake_failure' }]);
  assert.deepEqual(send, []);
});
