// What a decision holds, whole: nothing is missing, and nothing is there that is not of its format.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { digestMd5, md5CredentialHash, parseNotification } from '../../../src/codec/notification/index.ts';
import { bytesToHex } from '../../../src/core/index.ts';
import { type Circumstances, decideNotification } from '../../../src/device/notification/decide.ts';
import { contentTypes, type ReceivedPush } from '../../../src/push/index.ts';
import {
  accountOf,
  circumstancesOf,
  dm12,
  dm13,
  dm2010,
  examples,
  pushOf,
  received,
  secret,
  sentAt,
  serverId,
  storedNonce,
} from '../fixtures.ts';

const nowMs = sentAt * 1000;
const time = { nowMs, trustworthy: true, skewMs: 300_000 };
const account = accountOf({ name: 'Operator' });

function acted(push: ReceivedPush, more: Partial<Circumstances> = {}) {
  const verdict = decideNotification(push, circumstancesOf({ accounts: [account], ...more }));
  assert.ok('act' in verdict, 'ignore' in verdict ? verdict.detail : '');
  return verdict.act;
}

for (const { name, input, nonce, timed, limit, more = {} } of [
  { name: 'dm1.2', input: dm12, nonce: 'stored', timed: {}, limit: {} },
  { name: 'dm1.3-2010 without a limit', input: dm2010, nonce: 'stored', timed: {}, limit: {} },
  {
    name: 'dm1.3-2010 for three days',
    input: { ...dm2010, timeoutDays: 3 },
    nonce: 'stored',
    timed: {},
    limit: { validUntilMs: nowMs + 3 * 86_400_000, validFromArrival: true },
  },
  {
    name: 'dm1.3 without a limit',
    input: dm13,
    nonce: 'timestamp',
    timed: { timestamp: sentAt },
    limit: {},
  },
  {
    name: 'dm1.3 for an hour',
    input: { ...dm13, timeoutMinutes: 60 },
    nonce: 'timestamp',
    timed: { timestamp: sentAt },
    limit: { validUntilMs: nowMs + 3_600_000 + 300_000 },
  },
  {
    name: 'dm1.3 for an hour, under a clock that may be anything',
    input: { ...dm13, timeoutMinutes: 60 },
    nonce: 'timestamp',
    timed: { timestamp: sentAt },
    limit: { validUntilMs: nowMs + 3_600_000, validFromArrival: true },
    more: { time: { ...time, trustworthy: false } },
  },
] as const) {
  test(`a decision about ${name}, whole`, () => {
    const push = pushOf(input);
    const digest = name.startsWith('dm1.3 ') ? push.body.slice(-32) : push.body.slice(0, 16);
    assert.deepEqual(acted(push, more), {
      message: parseNotification(input),
      account,
      nonce,
      identity: { sessionId: 0x1234, digest: bytesToHex(digest), ...timed },
      ...limit,
      interaction: 'silent',
      notice: 'Operator wants to manage this device',
      addresses: ['http://dm.example/dm'],
      notes: [],
    });
  });
}

test('the notice names the account, else its server, and says cause, reason and vendor where they are told', () => {
  const input = { ...dm13, initiator: 'user', reason: 'Update', vendorInfo: 'build 7' } as const;
  const said = 'wants to manage this device, as its user has asked: Update (build 7)';
  assert.equal(acted(pushOf(input)).notice, `Operator ${said}`);
  assert.equal(acted(pushOf(input), { accounts: [accountOf()] }).notice, `${serverId} ${said}`);
  const vendor = acted(pushOf({ ...dm12, vendorData: bytesToHex(new TextEncoder().encode('v2')) }));
  assert.equal(vendor.notice, 'Operator wants to manage this device (v2)');
});

test('notes: what deviates in it, then the binding that could not be had, then how far its time is ahead', () => {
  const odd = Uint8Array.from(pushOf({ ...dm2010, transport: 'https' }).body);
  odd[20] = (odd[20] ?? 0) | 1;
  odd.set(digestMd5(md5CredentialHash(serverId, secret), storedNonce, odd.subarray(16)));
  const [deviation, transport, ...none] = acted(received(odd, contentTypes['dm1.3-2010'].code)).notes;
  assert.match(deviation ?? '', /reserved|future/i);
  assert.match(transport ?? '', /^the account has no https address/);
  assert.deepEqual(none, []);
  const ahead = acted(pushOf(dm13), { time: { ...time, nowMs: nowMs - 301_000 } });
  assert.deepEqual(ahead.notes, ["its time stamp is 1 s ahead of this device's clock"]);
});

test('what is ignored has a server and a Session-ID as soon as it could be read, whatever the reason', () => {
  const names = { serverId, sessionId: 0x1234 };
  const asking = pushOf({ ...dm12, uiMode: 'user-interaction' });
  const obex = [accountOf({ addresses: ['obex://dm.example'] })];
  for (const [ignore, push, more] of [
    ['bad-digest', pushOf(dm12, storedNonce, 'another'), {}],
    ['bad-digest', pushOf(dm13, storedNonce, 'another'), {}],
    ['no-credentials', pushOf(dm2010), { accounts: [accountOf({ credentials: [] })] }],
    ['unknown-server', pushOf(dm2010), { accounts: [] }],
    ['declined', asking, { accept: 'never' }],
    ['no-transport', pushOf(dm12), { accounts: obex }],
    ['too-many', pushOf(dm12), { pending: 32 }],
  ] as const) {
    const { detail, ...rest } = { detail: '', ...decideNotification(push, circumstancesOf(more)) };
    assert.deepEqual(rest, { ignore, ...names });
    assert.notEqual(detail, '');
  }
  const unread = decideNotification(received(new Uint8Array(3), 0x44), circumstancesOf());
  assert.deepEqual(Object.keys(unread).sort(), ['detail', 'ignore']);
});

test('spec-notes ruling 26: by secure push a notification is taken only where an option says so', () => {
  for (const input of examples) {
    const push = { ...pushOf(input), binding: 'waps' } as const;
    for (const secureNotifications of [undefined, false]) {
      const verdict = decideNotification(push, circumstancesOf({ secureNotifications }));
      assert.equal('ignore' in verdict && verdict.ignore, 'wrong-binding');
    }
    assert.ok('act' in decideNotification(push, circumstancesOf({ secureNotifications: true })));
    assert.ok('act' in decideNotification({ ...push, binding: 'wap' }, circumstancesOf()));
  }
});
