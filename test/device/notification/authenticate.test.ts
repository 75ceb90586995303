// Whose a notification is: of several readings the one that its server signed, else the one that got furthest.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodeNotification, type NotificationInput } from '../../../src/codec/notification/index.ts';
import { authenticate } from '../../../src/device/notification/authenticate.ts';
import { accountOf, defaultNonce, dm12, dm13, dm2010, pushOf, storedNonce } from '../fixtures.ts';

const account = accountOf();
const reading = (input: NotificationInput, nonce = storedNonce, secret?: string) => {
  const { body } = pushOf(input, nonce, secret);
  return decodeNotification(body, { format: input.format });
};
const signed = reading(dm12);
const forged = reading(dm2010, storedNonce, 'another');
const foreign = reading({ ...dm13, serverId: 'com.other' });

const reasonOf = (...readings: Parameters<typeof authenticate>[0]) => {
  const verdict = authenticate(readings, [account]);
  return 'ignore' in verdict ? verdict.ignore : verdict.act.decoded;
};

test('spec-notes ruling 7: the reading that its server signed counts, wherever it stands', () => {
  assert.equal(reasonOf(signed, forged), signed);
  assert.equal(reasonOf(signed, foreign), signed);
  assert.equal(reasonOf(forged, signed), signed);
  assert.equal(reasonOf(foreign, signed), signed);
  assert.equal(reasonOf(signed, reading(dm13)), signed, 'the first of two');
});

test('spec-notes ruling 7: when none is signed, the verdict is that of the reading that got furthest', () => {
  assert.equal(reasonOf(foreign, forged), 'bad-digest');
  assert.equal(reasonOf(forged, foreign), 'bad-digest');
  assert.equal(reasonOf(foreign, foreign), 'unknown-server');
  const bare = accountOf({ serverId: 'com.bare', credentials: [] });
  const first = authenticate([reading({ ...dm12, serverId: 'com.bare' }), foreign], [bare]);
  assert.equal('ignore' in first && first.ignore, 'no-credentials', 'of equals the first, which is likelier');
  assert.deepEqual(authenticate([], [account]), { ignore: 'undecodable', detail: 'no reading' });
});

test('§5.1: who signed, and under which nonce, comes with the account', () => {
  for (const [decoded, nonce] of [
    [signed, 'stored'],
    [reading(dm2010), 'stored'],
    [reading(dm2010, defaultNonce), 'default'],
    [reading(dm13), 'timestamp'],
  ] as const) {
    assert.deepEqual(authenticate([decoded], [account]), { act: { decoded, account, nonce } });
  }
});

test('a digest that does not hold is explained by the nonces that were tried, and dm1.3 has none', () => {
  const detailOf = (input: NotificationInput): unknown => {
    const verdict = authenticate([reading(input, storedNonce, 'another')], [account]);
    return 'detail' in verdict && verdict.detail;
  };
  const md5 = 'the digest does not hold with the stored nonce or the default nonce';
  assert.equal(detailOf(dm12), md5);
  assert.equal(detailOf(dm2010), md5);
  assert.equal(detailOf(dm13), 'the digest does not hold');
});
