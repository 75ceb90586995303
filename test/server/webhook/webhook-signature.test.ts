// Signatures of webhooks, held against the reference library, and against an example that stands by itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { systemClock } from '../../../src/core/index.ts';
import { newWebhookSecret, signedHeaders } from '../../../src/server/webhook/webhook-signature.ts';

test('whatever is signed the reference library verifies, and nothing else', () => {
  const now = systemClock().now();
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ minLength: 1, maxLength: 30 }), (text, id) => {
      const body = JSON.stringify({ text });
      const secret = newWebhookSecret();
      const headers = { ...signedHeaders(id, body, { current: secret }, now) };
      assert.deepEqual(new Webhook(secret).verify(body, headers), { text });
      assert.throws(() => new Webhook(secret).verify(`${body} `, headers));
      assert.throws(() => new Webhook(newWebhookSecret()).verify(body, headers));
    }),
    { numRuns: 30 },
  );
});

test('secrets begin with whsec_ and hold 32 octets; no two are alike', () => {
  const secrets = Array.from({ length: 50 }, newWebhookSecret);
  assert.equal(new Set(secrets).size, 50);
  for (const secret of secrets) assert.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/);
});

test('the secret before signs until its time is over', () => {
  const [current, secret] = [newWebhookSecret(), newWebhookSecret()];
  const count = (now: number) =>
    signedHeaders('e', '{}', { current, previous: { secret, until: 5000 } }, now)['webhook-signature'].split(
      ' ',
    ).length;
  assert.deepEqual([4999, 5000].map(count), [2, 1]);
});
