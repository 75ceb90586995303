// Real user agents that take no DM, linphonec and baresip: what they say to our types is told, and the server goes on.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { contentTypes } from '../../src/push/index.ts';
import { runInPrivateNetwork } from './private-network.ts';
import type { SeenPhones } from './sip-phones-peer.ts';

let seen: SeenPhones;
before(async () => {
  seen = (await runInPrivateNetwork(new URL('sip-phones-peer.ts', import.meta.url), [])) as SeenPhones;
});

const phones: readonly (readonly [string, RegExp])[] = [
  [
    'baresip',
    /: answered 415 Unsupported Media Type: it does not take this content type; it takes: text\/plain$/,
  ],
  [
    'linphonec',
    /: answered 415 Unsupported media type: it does not take this content type; it does not say which it takes$/,
  ],
];
for (const [phone, message] of phones) {
  describe(phone, () => {
    for (const name of Object.keys(contentTypes)) {
      test(`RFC 3261 §21.4.13: ${name} is refused for good, with what the phone takes`, () => {
        const refused = seen.refused[phone]?.[name];
        assert.ok(typeof refused === 'object', String(refused));
        assert.deepEqual([refused.code, refused.retryable], ['SIP_415', false]);
        assert.match(refused.message, message);
      });
    }
  });
}

test('the server tells it on the timeline, and takes the next address', () => {
  assert.deepEqual(
    seen.timeline.map(({ event }) => event),
    // An attempt is one route: the next address has its own, at once.
    ['queued', 'sending', 'attempt-failed', 'queued', 'sending', 'sent'],
  );
  assert.match(seen.timeline[2]?.detail ?? '', /answered 415 .*; it takes: text\/plain$/);
});
