// Credentials of devices that do not exist (spec-notes ruling 22): as much is computed for them as for one that does, in vain.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeCred, makeHmac, schemesFrom, verifyCred } from '../../../src/security/index.ts';
import { decoyCredentials } from '../../../src/server/session/decoy.ts';

test('they are the same for the same device as long as the process lives, and others for another one', () => {
  const decoy = decoyCredentials('IMEI:1');
  assert.deepEqual(decoyCredentials('IMEI:1'), decoy);
  const other = decoyCredentials('IMEI:2');
  assert.notEqual(other.secret, decoy.secret);
  assert.notDeepEqual(other.nonce, decoy.nonce);
  assert.deepEqual([decoy.name, decoy.nonce.length], ['IMEI:1', 16]);
});

test('a guess is held against them under either type that a device of MD5 may give, and does not hold', () => {
  const decoy = decoyCredentials('IMEI:1');
  const body = new Uint8Array([1, 2, 3]);
  const expected = { credentials: decoy, schemes: schemesFrom(decoy.scheme), nonces: [decoy.nonce] };
  const guess = { name: 'IMEI:1', secret: 'guessed' };
  const verdicts = [
    verifyCred({ body, cred: makeCred('md5', guess, decoy.nonce) }, expected),
    verifyCred({ body, hmac: makeHmac(guess, decoy.nonce, body) }, expected),
    verifyCred({ body, cred: makeCred('basic', guess, decoy.nonce) }, expected),
    // What nobody holds would do.
    verifyCred({ body, cred: makeCred('md5', decoy, decoy.nonce) }, expected),
  ];
  assert.deepEqual(
    verdicts.map(({ verdict }) => verdict),
    ['wrong', 'wrong', 'wrong-scheme', 'accepted'],
  );
});
