// Challenges that nothing is kept of (spec-notes ruling 22): which nonces a device may have been given, and what a token tells.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesToHex } from '../../../src/core/index.ts';
import { Challenges } from '../../../src/server/endpoint/dm-challenges.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const lifeMs = 60_000;
const subject = { deviceId: 'IMEI:1', sessionId: '5' };
const stored = new Uint8Array([1, 2, 3]);

function scene() {
  const clock = new ManualClock();
  return { clock, challenges: new Challenges(clock, lifeMs) };
}

test('a nonce is for one device, one session and one stored nonce: whoever meets it gets another, and it opens nothing more', () => {
  const { challenges } = scene();
  const texts = [
    [subject, stored],
    [subject, new Uint8Array([1, 2, 4])],
    [subject, undefined],
    [{ ...subject, deviceId: 'IMEI:2' }, stored],
    [{ ...subject, sessionId: '6' }, stored],
  ] as const;
  const nonces = texts.flatMap(([of, nonce]) => challenges.nonces(of, nonce).map(bytesToHex));
  assert.equal(new Set(nonces).size, 2 * texts.length);
  for (const nonce of nonces) assert.match(nonce, /^[0-9a-f]{32}$/);
  assert.deepEqual(challenges.nonces(subject, stored), challenges.nonces(subject, stored));
  // No nonce in the record is as good as an empty one.
  assert.deepEqual(challenges.nonces(subject, undefined), challenges.nonces(subject, new Uint8Array(0)));
  assert.notDeepEqual(scene().challenges.nonces(subject, stored), challenges.nonces(subject, stored));
});

test('the nonce of a challenge is taken in the period after its own, and not in the next', () => {
  const { clock, challenges } = scene();
  const [given] = challenges.nonces(subject, stored);
  const taken = (): boolean =>
    challenges.nonces(subject, stored).some((nonce) => bytesToHex(nonce) === bytesToHex(given));
  clock.advance(lifeMs);
  assert.notDeepEqual(challenges.nonces(subject, stored)[0], given, 'a new challenge has a new one');
  assert.equal(taken(), true);
  clock.advance(lifeMs);
  assert.equal(taken(), false);
});

test('a token tells who began the session and whether credentials failed, to the client that it was given to', () => {
  const { clock, challenges } = scene();
  for (const trigger of ['server', 'client'] as const) {
    for (const failed of [true, false]) {
      const token = challenges.token(subject, { trigger, failed });
      assert.match(token, /^[0-9a-f]{32}$/);
      assert.notEqual(challenges.token(subject, { trigger, failed }), token);
      assert.deepEqual(challenges.memo(subject, token), { trigger, failed });
      assert.equal(challenges.memo({ ...subject, deviceId: 'IMEI:2' }, token), undefined);
      assert.equal(challenges.memo({ ...subject, sessionId: '6' }, token), undefined);
      const last = token.endsWith('0') ? '1' : '0';
      assert.equal(challenges.memo(subject, token.slice(0, -1) + last), undefined);
      for (const longer of [`${token}00`, `00${token}`, `${token} `]) {
        assert.equal(challenges.memo(subject, longer), undefined);
      }
    }
  }
  for (const none of [undefined, '', 'f'.repeat(32), 'F'.repeat(32), 'f'.repeat(31)]) {
    assert.equal(challenges.memo(subject, none), undefined);
  }
  const token = challenges.token(subject, { trigger: 'server', failed: false });
  clock.advance(lifeMs);
  assert.ok(challenges.memo(subject, token));
  clock.advance(lifeMs);
  assert.equal(challenges.memo(subject, token), undefined);
});
