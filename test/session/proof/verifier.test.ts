// How one end judges the other (DM-SEC-1.2).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DmMessage } from '../../../src/codec/syncml/index.ts';
import { makeCred } from '../../../src/security/index.ts';
import type { Incoming } from '../../../src/session/index.ts';
import { Verifier, type VerifierOptions } from '../../../src/session/proof/verifier.ts';
import {
  asIncoming,
  countingNonces,
  credentials,
  deviceId,
  serverUri,
  stage,
  twoWay,
} from '../conversation.ts';

const client = credentials('client', 'md5', 'n');
const verifier = (more: Partial<VerifierOptions> = {}): Verifier =>
  new Verifier({
    peer: 'client',
    credentials: client,
    schemes: undefined,
    transportTrusted: false,
    acceptDefaultNonce: false,
    alwaysRenew: false,
    acceptNonceText: false,
    maxChallenges: 1,
    randomNonce: countingNonces(1),
    ...more,
  });

function message(cred?: DmMessage['header']['cred']): Incoming {
  const header = {
    verDtd: '1.2',
    verProto: 'DM/1.2',
    sessionId: '1',
    msgId: '1',
    target: { uri: serverUri },
    source: { uri: deviceId },
    ...(cred === undefined ? {} : { cred }),
  };
  return asIncoming({ message: { header, commands: [], final: true } });
}
const shown = message(makeCred('md5', client, client.nonce));

test('credentials of a peer that has none here prove nothing', () => {
  for (const schemes of [undefined, ['basic', 'md5', 'hmac']] as const) {
    const judge = verifier({ credentials: undefined, schemes, transportTrusted: true });
    assert.equal(judge.proves(shown), false);
    assert.deepEqual(judge.check(shown), { trusted: true }, 'the transport vouches for it');
    assert.equal(judge.scheme, 'none');
    assert.equal(judge.mayChallenge, false);
    assert.deepEqual(judge.refusal(401), { status: 401 });
  }
});

test('where the transport vouches, a message needs no credentials, and those that come are judged all the same', () => {
  const judge = verifier({ transportTrusted: true });
  assert.equal(judge.trustsSession, false);
  assert.deepEqual(judge.check(message()), { trusted: true });
  assert.deepEqual([judge.scheme, judge.trustsSession], ['none', true]);
  const wrong = judge.check(message(makeCred('md5', client, new Uint8Array(3))));
  assert.equal(wrong.trusted === false && wrong.status, 401);
  assert.deepEqual(judge.check(shown), { trusted: true });
  assert.deepEqual([judge.scheme, judge.trustsSession], ['md5', true]);
  assert.deepEqual(judge.check(message()), { trusted: true }, 'for the whole session');
});

test('a session says whether a message proves its client, and is not changed by that', async () => {
  const scene = stage(twoWay('md5'));
  const { send } = scene.session.start();
  assert.ok(send);
  const incoming = asIncoming(send);
  assert.equal(scene.server.proves(incoming), true);
  assert.equal(scene.server.authenticated, false);
  const { cred: _cred, ...header } = send.message.header;
  assert.equal(scene.server.proves(asIncoming({ message: { ...send.message, header } })), false);
});

test('a refusal has a challenge with a fresh nonce as long as one is left, and counts it', () => {
  const judge = verifier({ maxChallenges: 2 });
  const nonces = [judge.refusal(401), judge.refusal(407)].map(({ chal }) => chal?.meta.nextNonce?.at(-1));
  assert.deepEqual(nonces, [1, 2]);
  assert.equal(judge.mayChallenge, false);
  assert.deepEqual(judge.refusal(401), { status: 401 });
  assert.deepEqual(
    judge.nonces.map((nonce) => nonce.at(-1)),
    [2],
    'the last challenge counts alone',
  );
  assert.equal(verifier({ maxChallenges: 0 }).mayChallenge, false);
});

test('what is wrong with credentials decides between 401 and 407', () => {
  const status = (judge: Verifier, incoming: Incoming): unknown => {
    const verdict = judge.check(incoming);
    return verdict.trusted ? 'trusted' : [verdict.status, verdict.reason];
  };
  assert.equal(status(verifier(), shown), 'trusted');
  assert.deepEqual(status(verifier(), message()), [407, 'the client gave no credentials']);
  assert.deepEqual(status(verifier(), message(makeCred('basic', client, client.nonce))), [
    401,
    'the client gave credentials of a type that is not taken',
  ]);
  assert.deepEqual(status(verifier(), message(makeCred('md5', client, new Uint8Array(3)))), [
    401,
    "the credentials of the client do not hold: check the client's name and secret on both ends",
  ]);
  assert.deepEqual(status(verifier({ credentials: undefined }), shown), [
    407,
    'nothing vouches for the client',
  ]);
});

test('the first message under MD5 gets a nonce for the next session, and a later one none', () => {
  const judge = verifier();
  judge.check(shown);
  const { status, chal } = judge.acceptance();
  assert.deepEqual([status, chal?.meta.nextNonce?.at(-1)], [212, 1]);
  assert.equal(judge.takeNonceToStore()?.at(-1), 1);
  assert.equal(judge.takeNonceToStore(), undefined);
  assert.deepEqual(judge.acceptance(), { status: 212 });
  assert.equal(judge.trustsSession, true);
  assert.equal(
    judge.proves(message(makeCred('md5', client, chal?.meta.nextNonce ?? new Uint8Array()))),
    true,
  );
});
