// One end's credentials towards its peer (DM-SEC-1.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { utf8ToBytes } from '../../../src/core/index.ts';
import { makeCred, writeChallenge } from '../../../src/security/index.ts';
import { Prover, type ProverOptions } from '../../../src/session/proof/prover.ts';
import { credentials } from '../conversation.ts';

const fresh = new Uint8Array(16).fill(7);
const basic = writeChallenge({ scheme: 'basic', nextNonce: new Uint8Array() });
const bare = { meta: { type: 'syncml:auth-basic', format: 'b64' } };
const md5 = writeChallenge({ scheme: 'md5', nextNonce: fresh });
const own = credentials('client', 'md5', 'first');
const prover = (more: Partial<ProverOptions> = {}): Prover =>
  new Prover({
    whose: 'client',
    credentials: own,
    schemes: ['basic', 'md5', 'hmac'],
    nonce: own.nonce,
    maxChallenges: 1,
    ...more,
  });

test('a challenge without a nonce takes none away: one that was handed over before is still to be stored', () => {
  for (const challenge of [bare, basic]) {
    const end = prover();
    end.accepted(212, md5, true);
    assert.deepEqual(end.challenged(challenge), { next: 'send-again' });
    assert.deepEqual(end.attach(), { cred: makeCred('basic', own, new Uint8Array()) });
    assert.deepEqual(end.takeNonceToStore(), fresh);
    assert.equal(end.takeNonceToStore(), undefined, 'once');
  }
});

test('a challenge with a nonce is answered under it, and the nonce is to be stored', () => {
  const end = prover();
  assert.deepEqual(end.attach(), { cred: makeCred('md5', own, own.nonce) });
  assert.deepEqual(end.challenged(md5), { next: 'send-again' });
  assert.deepEqual(end.attach(), { cred: makeCred('md5', own, fresh) });
  assert.deepEqual(end.takeNonceToStore(), fresh);
});

test('what cannot be answered is given up, with the reason', () => {
  const reason = (end: Prover, challenge: Parameters<Prover['challenged']>[0]): string => {
    const verdict = end.challenged(challenge);
    return verdict.next === 'give-up' ? verdict.reason : verdict.next;
  };
  assert.match(reason(prover({ credentials: undefined }), md5), /the account has none/);
  assert.match(reason(prover(), undefined), /refuses the credentials: check the client's name/);
  assert.match(
    reason(prover({ schemes: undefined }), bare),
    /wants basic credentials, which the account does not/,
  );
  assert.match(reason(prover(), { meta: { type: 'syncml:auth-md5' } }), /has no nonce/);
  const twice = prover();
  twice.challenged(md5);
  assert.match(reason(twice, md5), /refuses the credentials again/);
});

test('212 for a message with credentials spares the others; for one without, and under HMAC, it spares none', () => {
  const proven = prover();
  proven.accepted(212, undefined, true);
  assert.deepEqual(proven.attach(), {});
  proven.challenged(md5);
  assert.notDeepEqual(proven.attach(), {}, 'until it is asked again');
  const unproven = prover();
  unproven.accepted(212, undefined, false);
  assert.notDeepEqual(unproven.attach(), {});
  const signed = prover({ credentials: credentials('client', 'hmac', 'first') });
  signed.accepted(212, writeChallenge({ scheme: 'hmac', nextNonce: fresh }), true);
  const body = utf8ToBytes('octets');
  const other = prover({ credentials: credentials('client', 'hmac', 'first'), nonce: fresh });
  assert.equal(
    signed.attach().hmac?.(body),
    other.attach().hmac?.(body),
    'under the nonce that came with it',
  );
});

test('MD5 and HMAC wait for a nonce, basic needs none', () => {
  for (const scheme of ['basic', 'md5', 'hmac'] as const) {
    const end = prover({ credentials: credentials('client', scheme), nonce: undefined });
    assert.equal(Object.keys(end.attach()).length, scheme === 'basic' ? 1 : 0, scheme);
    assert.equal(end.usesNonce, scheme !== 'basic');
  }
  assert.equal(prover({ credentials: undefined }).usesNonce, false);
});
