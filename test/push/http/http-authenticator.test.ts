// What the check of credentials remembers, and for how long.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answerDigest, formatCredentials, readChallenges } from '../../../src/codec/sip/index.ts';
import { HttpAuthenticator } from '../../../src/push/http/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { account } from './device.ts';

function authorize(challenge: string, nonceCount = 1): string {
  const [read] = readChallenges({ text: challenge, path: '', offset: 0 });
  assert.ok(read);
  const use = { method: 'POST', uri: '/', nonceCount, cnonce: 'c' };
  return formatCredentials(answerDigest(read, account, use));
}

test('RFC 7616 §5.4: nonces in use are remembered up to a bound; those forgotten are stale, never good again', () => {
  const clock = new ManualClock();
  const authenticator = new HttpAuthenticator({ accounts: [account], clock, nonceMs: 1_000_000 });
  const check = (authorization: string) =>
    authenticator.check({ method: 'POST', target: '/', authorization, tls: false, peer: '192.0.2.1' });
  const md5Challenge = () => authenticator.challenges(false)[1] ?? '';
  const unused = md5Challenge();
  const oldest = md5Challenge();
  assert.deepEqual(check(authorize(oldest)), { kind: 'proved', username: 'dms' });
  for (let used = 0; used < 10_000; used += 1) {
    clock.advance(1);
    assert.equal(check(authorize(md5Challenge())).kind, 'proved');
  }
  assert.deepEqual(check(authorize(oldest, 2)), { kind: 'refused', stale: true });
  assert.deepEqual(check(authorize(oldest)), { kind: 'refused', stale: true });
  // As old as the one that was forgotten: nobody can tell any more whether it was used.
  assert.deepEqual(check(authorize(unused)), { kind: 'refused', stale: true });
  assert.equal(check(authorize(md5Challenge())).kind, 'proved');
});

test('a nonce of another process is stale', () => {
  const [first, second] = [0, 1].map(() => new HttpAuthenticator({ accounts: [account] }));
  const authorization = authorize(first?.challenges(false)[0] ?? '');
  const request = { method: 'POST', target: '/', authorization, tls: false, peer: '192.0.2.1' };
  assert.deepEqual(second?.check(request), { kind: 'refused', stale: true });
  assert.deepEqual(first?.check(request), { kind: 'proved', username: 'dms' });
});
