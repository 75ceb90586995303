import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { digestMd5, encodeNotification, md5CredentialHash } from '../../../src/codec/notification/index.ts';
import { bytesToBase64, utf8ToBytes } from '../../../src/core/index.ts';
import {
  type Circumstances,
  type Decision,
  decideNotification,
} from '../../../src/device/notification/decide.ts';
import { type IgnoreReason, ignoreReasons } from '../../../src/device/report/verdict.ts';
import {
  emptyMemory,
  noteResynchronisation,
  remember,
  replayDefaults,
} from '../../../src/device/state/replay-memory.ts';
import { contentTypes, type ReceivedPush } from '../../../src/push/index.ts';
import {
  accountOf,
  circumstancesOf,
  defaultNonce,
  dm12,
  dm13,
  dm2010,
  entryOf,
  examples,
  pushOf,
  received,
  secret,
  sentAt,
  serverEntry,
  serverId,
  storedNonce,
} from '../fixtures.ts';

function acted(push: ReceivedPush, circumstances: Circumstances = circumstancesOf()): Decision {
  const verdict = decideNotification(push, circumstances);
  assert.ok('act' in verdict, 'ignore' in verdict ? `${verdict.ignore}: ${verdict.detail}` : '');
  return verdict.act;
}

function reasonOf(
  push: ReceivedPush,
  circumstances: Circumstances = circumstancesOf(),
): IgnoreReason | 'acted' {
  const verdict = decideNotification(push, circumstances);
  return 'ignore' in verdict ? verdict.ignore : 'acted';
}

function flipped(push: ReceivedPush, bit: number): ReceivedPush {
  const body = Uint8Array.from(push.body);
  body[bit >> 3] = (body[bit >> 3] ?? 0) ^ (0x80 >> (bit & 7));
  return { ...push, body };
}

test('N12-C-002 N10-C-002 N13-C-002: a notification of each format from a known server is acted on', () => {
  for (const message of examples) {
    const decision = acted(pushOf(message));
    assert.equal(decision.message.sessionId, 0x1234);
    assert.equal(decision.account.serverId, serverId);
    assert.equal(decision.nonce, message.format === 'dm1.3' ? 'timestamp' : 'stored');
    assert.deepEqual(decision.addresses, ['http://dm.example/dm']);
    assert.equal(decision.interaction, 'silent');
  }
});

test('N13-C-019 DM-NOTI-1.3 §6.6, DM-NOTI-1.2 §5.1: any single bit flipped, and no session is opened', () => {
  const allowed = new Set<string>([
    'bad-digest',
    'unknown-server',
    'undecodable',
    'session-id-zero',
    'no-credentials',
  ]);
  for (const message of [...examples, { ...dm12, vendorData: 'c0ffee' }, { ...dm2010, reason: 'Update' }]) {
    const push = pushOf(message);
    for (let bit = 0; bit < push.body.length * 8; bit += 1) {
      const reason = reasonOf(flipped(push, bit));
      assert.ok(allowed.has(reason), `${message.format}, bit ${bit}: ${reason}`);
    }
    const digestBit = message.format === 'dm1.3' ? push.body.length * 8 - 1 : 0;
    assert.equal(reasonOf(flipped(push, digestBit)), 'bad-digest');
  }
});

test('DM-NOTI-1.2 §4: a server identifier of no account is ignored, and so is one of two accounts', () => {
  for (const message of examples) {
    assert.equal(reasonOf(pushOf({ ...message, serverId: 'com.other' })), 'unknown-server');
    const twice = circumstancesOf({ accounts: [accountOf(), accountOf({ uri: './DMAcc/second' })] });
    assert.equal(reasonOf(pushOf(message), twice), 'unknown-server');
  }
});

test('N13-C-008 DM-NOTI-1.3 §6.4.8: session identifier 0 is ignored under a reason of its own', () => {
  for (const message of examples) {
    const { body } = pushOf(message);
    const at = message.format === 'dm1.3' ? 6 : 21;
    const zero = Uint8Array.from(body);
    zero.fill(0, at, at + 2);
    assert.equal(reasonOf(received(zero, contentTypes[message.format].code)), 'session-id-zero');
  }
});

test('a content type that is not ours is ignored', () => {
  const push = pushOf(dm12);
  assert.equal(reasonOf({ ...push, contentType: { code: 0x42, mime: undefined } }), 'not-a-notification');
  assert.equal(
    reasonOf({ ...push, contentType: { code: undefined, mime: 'text/plain' } }),
    'not-a-notification',
  );
  assert.equal(
    reasonOf({ ...push, contentType: { code: undefined, mime: undefined } }),
    'not-a-notification',
  );
  assert.equal(reasonOf({ ...push, contentType: { code: 0x58, mime: undefined } }), 'undecodable');
});

test('spec-notes ruling 7: under the textual name, which both 1.3 forms share, the octets decide', () => {
  const { mime } = contentTypes['dm1.3'];
  for (const message of examples) {
    const push = { ...pushOf(message), contentType: { code: undefined, mime } };
    assert.equal(acted(push).message.format, message.format);
  }
});

test('spec-notes ruling 8: a textual carrier may bring Base64, WAP push may not', () => {
  const { body } = pushOf(dm13);
  const text = utf8ToBytes(bytesToBase64(body));
  const { mime } = contentTypes['dm1.2'];
  assert.equal(reasonOf(received(text, undefined, { contentType: { code: undefined, mime } })), 'acted');
  assert.equal(reasonOf(received(text, 0x58)), 'undecodable');
});

test('N12-C-003 N10-C-003 §5.1: a digest under the default nonce is acted on, and marked', () => {
  for (const message of [dm12, dm2010]) {
    assert.equal(acted(pushOf(message, defaultNonce)).nonce, 'default');
  }
});

test('§5.1: other spellings of the default nonce hold only where an option says so', () => {
  const spellings = [
    ['AAAAAA==', 'acceptDefaultNonceText'],
    ['0x00000000', 'acceptDefaultNonceHexText'],
    [bytesToBase64(storedNonce), 'acceptNonceText'],
  ] as const;
  for (const [text, option] of spellings) {
    const push = pushOf(dm12, utf8ToBytes(text));
    assert.equal(reasonOf(push), 'bad-digest');
    const compatible = circumstancesOf({ compatibility: { [option]: true } });
    assert.equal(acted(push, compatible).nonce, option === 'acceptNonceText' ? 'stored' : 'default');
  }
});

test('spec-notes ruling 1: before any nonce is known an empty one counts as stored', () => {
  const entry = entryOf('SRVCRED', 'DIGEST', { secret });
  const fresh = circumstancesOf({ accounts: [accountOf({ credentials: [entry] })] });
  assert.equal(acted(pushOf(dm12, new Uint8Array(0)), fresh).nonce, 'stored');
  assert.equal(acted(pushOf(dm12, defaultNonce), fresh).nonce, 'default');
  assert.equal(reasonOf(pushOf(dm12, storedNonce), fresh), 'bad-digest');
});

test('spec-notes ruling 1: an account may name another identifier for the digest', () => {
  const named = circumstancesOf({ accounts: [accountOf({ digestIdentifier: 'srvname' })] });
  const body = encodeNotification(dm12, { secret, nonce: storedNonce, identifier: 'srvname' });
  assert.equal(reasonOf(received(body, 0x44), named), 'acted');
  assert.equal(reasonOf(pushOf(dm12), named), 'bad-digest');
});

test('N13-C-018 DM-NOTI-1.3 §6.6: the secret is that of NOTICRED where there is one, else of SRVCRED', () => {
  const notification = entryOf('NOTICRED', 'DIGEST', { secret: 'notisecret' });
  const withNotiCred = circumstancesOf({
    accounts: [accountOf({ credentials: [serverEntry, notification] })],
  });
  assert.equal(reasonOf(pushOf(dm13, storedNonce, 'notisecret'), withNotiCred), 'acted');
  assert.equal(reasonOf(pushOf(dm13), withNotiCred), 'bad-digest');
  assert.equal(reasonOf(pushOf(dm13)), 'acted');
  assert.equal(reasonOf(pushOf(dm12), withNotiCred), 'acted', 'the MD5 forms keep to SRVCRED');
});

test('DM-NOTI-1.3-2010 §6.2.10: the authentication type selects the SRVCRED entry', () => {
  const entry = (type: string, entrySecret: string) =>
    entryOf('SRVCRED', type, { secret: entrySecret, data: storedNonce });
  const credentials = [entry('HTTP-DIGEST', 'three'), entry('BASIC', 'one'), entry('HMAC', 'two')];
  const several = circumstancesOf({ accounts: [accountOf({ credentials })] });
  const verdict = (authType: 'not-specified' | 'http-digest' | 'digest' | 'hmac', with_: string) =>
    reasonOf(pushOf({ ...dm2010, authType }, storedNonce, with_), several);
  assert.equal(verdict('hmac', 'two'), 'acted');
  assert.equal(verdict('hmac', 'one'), 'bad-digest');
  assert.equal(verdict('http-digest', 'three'), 'acted');
  assert.equal(verdict('not-specified', 'one'), 'acted');
  assert.equal(verdict('digest', 'one'), 'no-credentials');
  assert.equal(
    reasonOf(pushOf({ ...dm2010, authType: 'hmac' })),
    'acted',
    'one entry leaves nothing to select',
  );
});

test('an account without a server secret cannot check anything', () => {
  const bare = circumstancesOf({ accounts: [accountOf({ credentials: [] })] });
  for (const message of examples) assert.equal(reasonOf(pushOf(message), bare), 'no-credentials');
});

test('DM-NOTI-1.2 §6.2.10, DM-NOTI-1.3 §6.4.8: a repetition is ignored while and after its session', () => {
  for (const message of examples) {
    const push = pushOf(message);
    const memory = emptyMemory();
    const { identity } = acted(push);
    const entry = remember(memory, identity, sentAt * 1000, replayDefaults);
    const circumstances = circumstancesOf({ memory });
    assert.equal(reasonOf(push, circumstances), 'replay');
    entry.state = 'settled';
    assert.equal(reasonOf(push, circumstances), 'replay');
    entry.state = 'failed';
    assert.equal(reasonOf(push, circumstances), 'acted');
  }
});

test('spec-notes ruling 12: the same Session-ID under the default nonce is acted on after a bad digest', () => {
  const outOfStep = pushOf(dm12, utf8ToBytes('another nonce'));
  assert.equal(reasonOf(outOfStep), 'bad-digest');
  assert.equal(acted(pushOf(dm12, defaultNonce)).nonce, 'default');
});

test('spec-notes ruling 12: resynchronisations are limited per server', () => {
  const memory = emptyMemory();
  for (let i = 0; i < replayDefaults.maxResynchronisations; i += 1) {
    const entry = remember(memory, { sessionId: 60_000 + i, digest: `${i}` }, sentAt * 1000, replayDefaults);
    noteResynchronisation(memory, entry, sentAt * 1000, replayDefaults);
  }
  const circumstances = circumstancesOf({ memory });
  assert.equal(reasonOf(pushOf(dm12, defaultNonce), circumstances), 'resync-limited');
  assert.equal(reasonOf(pushOf(dm12), circumstances), 'acted');
});

test('N13-C-009 DM-NOTI-1.3 §6.4.9: an old dm1.3 message is ignored, unless the clock cannot be trusted', () => {
  const push = pushOf({ ...dm13, timeoutMinutes: 60 });
  const late = { nowMs: (sentAt + 2 * 3600) * 1000, trustworthy: true, skewMs: 300_000 };
  assert.equal(reasonOf(push, circumstancesOf({ time: late })), 'expired');
  assert.equal(reasonOf(push, circumstancesOf({ time: { ...late, trustworthy: false } })), 'acted');
  const behind = { ...late, nowMs: 0 };
  assert.match(acted(push, circumstancesOf({ time: behind })).notes.join(), /ahead of this device's clock/);
});

test('DM-NOTI-1.3-2010 §6.2.12: the days of the 2010 form bound the session, not the message', () => {
  assert.equal(acted(pushOf({ ...dm2010, timeoutDays: 3 })).validUntilMs, (sentAt + 3 * 86_400) * 1000);
  assert.equal(acted(pushOf(dm2010)).validUntilMs, undefined);
  assert.equal(acted(pushOf(dm12)).validUntilMs, undefined);
});

test('N13-C-007 N13-C-014 N13-C-015: the user interaction mode is followed, the reason shown', () => {
  for (const message of examples) {
    assert.equal(acted(pushOf({ ...message, uiMode: 'informative' })).interaction, 'inform');
    const asking = pushOf({ ...message, uiMode: 'user-interaction' });
    assert.equal(acted(asking).interaction, 'ask');
    assert.equal(acted(asking, circumstancesOf({ accept: 'always' })).interaction, 'inform');
    assert.equal(reasonOf(asking, circumstancesOf({ accept: 'never' })), 'declined');
  }
  const account = accountOf({ name: 'Operator' });
  for (const message of [dm2010, dm13]) {
    const push = pushOf({ ...message, uiMode: 'informative', reason: 'Update FUMO' });
    const { notice } = acted(push, circumstancesOf({ accounts: [account] }));
    assert.equal(notice, 'Operator wants to manage this device: Update FUMO');
  }
});

test('DM-NOTI-1.3 §6.4.5, DM-NOTI-1.3-2010 §6.2.9: the transport binding orders the addresses', () => {
  const addresses = ['http://dm.example/', 'https://dm.example/'];
  const accounts = [accountOf({ addresses })];
  for (const message of [dm2010, dm13]) {
    const decision = acted(pushOf({ ...message, transport: 'https' }), circumstancesOf({ accounts }));
    assert.deepEqual(decision.addresses, ['https://dm.example/']);
  }
  const wsp = acted(pushOf({ ...dm13, transport: 'wsp' }), circumstancesOf({ accounts }));
  assert.deepEqual(wsp.addresses, addresses);
  assert.match(wsp.notes.join(), /no wsp address/);
  const obexOnly = circumstancesOf({ accounts: [accountOf({ addresses: ['obex://dm.example'] })] });
  assert.equal(reasonOf(pushOf(dm13), obexOnly), 'no-transport');
});

test('a device whose queue is full says so', () => {
  assert.equal(reasonOf(pushOf(dm12), circumstancesOf({ pending: 32 })), 'too-many');
});

test('spec-notes ruling 6: reserved bits that the server set are noted, and no reason to ignore', () => {
  const odd = Uint8Array.from(pushOf(dm12).body);
  odd[20] = 1;
  assert.equal(reasonOf(received(odd, 0x44)), 'bad-digest');
  odd.set(digestMd5(md5CredentialHash(serverId, secret), storedNonce, odd.subarray(16)));
  assert.equal(acted(received(odd, 0x44)).notes.length, 1);
});

test('property: any octets under any content type are decided without an exception', () => {
  const type = fc.constantFrom(0x44, 0x58, undefined);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 120 }), type, (body, code) => {
      const mime = code === undefined ? contentTypes['dm1.3'].mime : undefined;
      const reason = reasonOf(received(body, undefined, { contentType: { code, mime } }));
      assert.ok((ignoreReasons as readonly string[]).includes(reason), reason);
    }),
    { numRuns: 500 },
  );
});

test('truncated at each octet, and lengthened, no notification is acted on', () => {
  for (const message of examples) {
    const push = pushOf(message);
    for (let length = 0; length < push.body.length; length += 1) {
      assert.notEqual(reasonOf({ ...push, body: push.body.subarray(0, length) }), 'acted');
    }
    assert.notEqual(reasonOf({ ...push, body: Uint8Array.of(...push.body, 0) }), 'acted');
  }
});
