import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerDigest,
  chooseChallenge,
  type DigestChallenge,
  digestAlgorithm,
  formatChallenge,
  formatCredentials,
  readChallenges,
  readCredentials,
  verifyDigest,
} from '../../../src/codec/sip/index.ts';
import { DecodeError } from '../../../src/core/index.ts';
import vectors from '../../vectors/sip.json' with { type: 'json' };

const field = (text: string) => ({ text, path: 'WWW-Authenticate', offset: 0 });

for (const vector of vectors.digests) {
  const { username, password, method, uri, cnonce } = vector;
  const proved = () => {
    const challenge = chooseChallenge(readChallenges(field(vector.challenge)));
    assert.ok(challenge !== undefined);
    return answerDigest(challenge, { username, password }, { method, uri, nonceCount: 1, cnonce });
  };

  test(`${vector.name}: the response that it prints`, () => {
    assert.equal(proved().response, vector.response);
  });

  test(`${vector.name}: as a header field and back, and checked`, () => {
    const credentials = proved();
    const text = formatCredentials(credentials);
    assert.ok(!text.includes(password));
    const read = readCredentials(field(text));
    assert.deepEqual(read, credentials);
    assert.ok(read !== undefined && verifyDigest(read, method, password));
    assert.ok(!verifyDigest(read, method, `${password} `));
    assert.ok(!verifyDigest(read, 'REGISTER', password));
    assert.ok(!verifyDigest({ ...read, uri: '/' }, method, password));
    assert.ok(!verifyDigest({ ...read, nonce: 'x' }, method, password));
    assert.ok(!verifyDigest({ ...read, algorithm: 'SHA-512' }, method, password));
    assert.ok(verifyDigest({ ...read, response: read.response.toUpperCase() }, method, password));
  });
}

test('RFC 7616 §3.4: the count of a nonce is eight hex digits', () => {
  const challenge: DigestChallenge = {
    realm: 'r',
    nonce: 'n',
    stale: false,
    algorithm: 'MD5',
    qop: ['auth'],
  };
  const identity = { username: 'u', password: 'p' };
  const use = { method: 'REGISTER', uri: 'sip:r', cnonce: 'c' };
  assert.equal(answerDigest(challenge, identity, { ...use, nonceCount: 1 }).nc, '00000001');
  assert.equal(answerDigest(challenge, identity, { ...use, nonceCount: 0x1a2b }).nc, '00001a2b');
  assert.match(
    formatCredentials(answerDigest(challenge, identity, { ...use, nonceCount: 1 })),
    /^Digest username="u", realm="r", nonce="n", uri="sip:r", response="[0-9a-f]{32}", algorithm=MD5, qop=auth, cnonce="c", nc=00000001$/,
  );
});

test('RFC 8760 §2.4: the first challenge that we can answer is taken', () => {
  const offered = readChallenges(
    field(
      'Digest realm="r", nonce="1", algorithm=SHA-512-256, qop="auth", Basic realm="x", ' +
        'Digest realm="r", nonce="2", algorithm=SHA-256, qop="auth-int", ' +
        'Digest realm="r", nonce="3", algorithm=sha-256, qop="auth,auth-int", Digest realm="r", nonce="4"',
    ),
  );
  assert.deepEqual(
    offered.map(({ nonce }) => nonce),
    ['1', '2', '3', '4'],
  );
  assert.equal(chooseChallenge(offered)?.nonce, '3');
  assert.equal(chooseChallenge(offered, ['MD5'])?.nonce, '4');
  assert.equal(chooseChallenge(offered.slice(0, 2)), undefined);
  assert.equal(digestAlgorithm('md5'), 'MD5');
  assert.equal(digestAlgorithm('MD5-sess'), undefined);
});

test('RFC 3261 §20.44: challenges in every form', () => {
  const [challenge] = readChallenges(
    field('dIGEST  Realm = "a \\"b\\", c" ,nonce=abc, STALE=TRUE, opaque="",x-new="1,2",algorithm="MD5"'),
  );
  assert.deepEqual(challenge, {
    realm: 'a "b", c',
    nonce: 'abc',
    opaque: '',
    stale: true,
    algorithm: 'MD5',
    qop: [],
  });
  assert.ok(challenge !== undefined);
  assert.deepEqual(readChallenges(field(formatChallenge(challenge))), [challenge]);
  assert.deepEqual(readChallenges(field('Digest realm="a"')), []);
  assert.deepEqual(readChallenges(field('Negotiate')), []);
  for (const text of [
    '=',
    'Digest realm',
    'Digest realm=',
    'Digest realm="a" nonce="b"',
    'Digest realm="a',
    'Digest a=1,a=2',
  ]) {
    let read: unknown;
    try {
      read = readChallenges(field(text));
    } catch (error) {
      assert.ok(error instanceof DecodeError, text);
      continue;
    }
    assert.deepEqual(read, [], text);
  }
  assert.equal(readCredentials(field('Basic abc')), undefined);
  assert.equal(readCredentials(field('Digest username="u"')), undefined);
});
