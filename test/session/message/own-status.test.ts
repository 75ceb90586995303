// What the peer says to the SyncHdr of the last message (DM-SEC-1.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage, Status } from '../../../src/codec/syncml/index.ts';
import { makeCred } from '../../../src/security/index.ts';
import type { Made } from '../../../src/session/message/message-maker.ts';
import { hear } from '../../../src/session/message/own-status.ts';
import { Prover } from '../../../src/session/proof/prover.ts';
import { credentials, deviceId, serverUri } from '../conversation.ts';

const header = {
  verDtd: '1.2',
  verProto: 'DM/1.2',
  sessionId: '1',
  msgId: '1',
  target: { uri: serverUri },
  source: { uri: deviceId },
};
const own = credentials('client', 'hmac', 'nonce');
const prover = (): Prover =>
  new Prover({ whose: 'client', credentials: own, schemes: undefined, nonce: own.nonce, maxChallenges: 1 });
const last = (outgoing: Made['outgoing']): Made => ({
  outgoing,
  tooLarge: [],
  overfull: false,
  originals: new Map(),
});
const bare = last({ message: { header, commands: [], final: true } });
const signed = last({ ...bare.outgoing, hmac: () => '' });
const withCred = last({
  message: { ...bare.outgoing.message, header: { ...header, cred: makeCred('basic', own, own.nonce) } },
});

/** What a message with this Status says of the last one, whose MsgID is 5. */
function said(data: string, made: Made | undefined, more: Partial<Status> = {}) {
  const status: Status = {
    name: 'Status',
    cmdId: '1',
    msgRef: '5',
    cmdRef: '0',
    cmd: 'SyncHdr',
    targetRefs: [],
    sourceRefs: [],
    data,
    items: [],
    ...more,
  };
  const message: DmMessage = { header, commands: [status], final: true };
  return hear(message, { prover: prover(), last: made, lastMsgId: '5' });
}

test('200 and 212 take the message, and with it the credentials that it had', () => {
  for (const code of ['200', '212']) {
    assert.deepEqual(said(code, bare), { next: 'go-on', proven: false });
    assert.deepEqual(said(code, undefined), { next: 'go-on', proven: false });
  }
  assert.deepEqual(said('200', signed), { next: 'go-on', proven: true });
  assert.deepEqual(said('200', withCred), { next: 'go-on', proven: true });
  const odd = said('212', signed);
  assert.ok(odd.next === 'go-on' && odd.proven && /212 instead of 200/.test(odd.note ?? ''));
});

test('a Status for another message or command is none for this one', () => {
  assert.deepEqual(said('200', signed, { msgRef: '4' }), { next: 'nothing' });
  assert.deepEqual(said('500', signed, { cmdRef: '1' }), { next: 'nothing' });
});

test('any other code refuses the message, and what is no code counts only for a message with credentials', () => {
  for (const made of [bare, signed]) {
    assert.deepEqual(said('503', made), {
      next: 'refused',
      said: 'refuses the message with status 503',
    });
  }
  assert.deepEqual(said('OK', bare), {
    next: 'nothing',
    note: 'the peer answered a message without credentials with "OK", which is no status',
  });
  assert.deepEqual(said('OK', signed), {
    next: 'refused',
    said: 'answers the message with "OK", which is no status',
  });
});

test('401 and 407 are challenges', () => {
  const chal = { meta: { type: 'syncml:auth-MAC', format: 'b64', nextNonce: new Uint8Array(16) } };
  for (const code of ['401', '407']) {
    assert.deepEqual(said(code, signed, { chal }), { next: 'send-again' });
    assert.equal(said(code, signed).next, 'give-up');
  }
});
