import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  answerChallenge,
  authenticationDigest,
  decodeChallenges,
  decodeRequest,
  decodeResponse,
  decodeResponsesTo,
  decodeTagValues,
  encodeChallenge,
  encodeResponseTo,
  encodeTagValues,
  headerIds,
  NonceMemory,
  octetsHeader,
  verifyResponses,
} from '../../../src/codec/obex/index.ts';
import {
  bytesToHex,
  concatBytes,
  DecodeError,
  hexToBytes,
  utf8ToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { requestBytes, responseBytes, vectors } from './vectors.ts';

const nonce = hexToBytes(vectors.nonce);
const { password, userId } = vectors;
const challengeHeader = octetsHeader(
  decodeResponse(responseBytes('Unauthorized to CONNECT with a challenge'), { toConnect: true }).headers,
  headerIds.authenticationChallenge,
);
const responseHeader = octetsHeader(
  decodeRequest(requestBytes('CONNECT with the answer to a challenge')).headers,
  headerIds.authenticationResponse,
);
assert.ok(challengeHeader !== undefined && responseHeader !== undefined);

test('IrOBEX §3.5.3: the digest is MD5 over nonce, colon, password', () => {
  assert.equal(bytesToHex(authenticationDigest(nonce, password)), vectors.digest);
});

test('IrOBEX §3.5.1: the worked challenge, both directions', () => {
  const challenge = { nonce, userIdWanted: true, readOnly: false, realm: 'dm' };
  assert.deepEqual(decodeChallenges(challengeHeader), [challenge]);
  assert.deepEqual(encodeChallenge(challenge), challengeHeader);
});

test('IrOBEX §3.5.2: the worked response, both directions, answers the worked challenge', () => {
  const response = { digest: hexToBytes(vectors.digest), userId: utf8ToBytes(userId), nonce };
  assert.deepEqual(decodeResponsesTo(responseHeader), [response]);
  assert.deepEqual(encodeResponseTo(response), responseHeader);
  const [challenge] = decodeChallenges(challengeHeader);
  assert.ok(challenge !== undefined);
  assert.deepEqual(answerChallenge(challenge, { userId, password }), responseHeader);
});

test('IrOBEX §3.5.2: a response holds for its nonce, its user and its password only', () => {
  const responses = decodeResponsesTo(responseHeader);
  const right = { userId, password };
  assert.equal(verifyResponses(responses, nonce, [right]), right);
  assert.equal(verifyResponses(responses, nonce, [{ userId, password: 'Secret' }]), undefined);
  assert.equal(verifyResponses(responses, nonce, [{ userId: 'other', password }]), undefined);
  assert.equal(verifyResponses(responses, new Uint8Array(16), [right]), undefined);
  assert.equal(verifyResponses(responses, nonce, []), undefined);
  assert.equal(verifyResponses([], nonce, [right]), undefined);
  const nameless = { password };
  assert.equal(verifyResponses(responses, nonce, [{ userId, password: 'x' }, nameless]), nameless);
});

test('IrOBEX §3.5.2: a response without nonce or user is held against the challenge that is open', () => {
  const digest = hexToBytes(vectors.digest);
  const account = { userId, password };
  assert.equal(verifyResponses([{ digest }], nonce, [{ password: 'x' }, account]), account);
  assert.equal(verifyResponses([{ digest }], new Uint8Array(16), [account]), undefined);
});

test('IrOBEX §3.5: any flipped bit of a digest is rejected', () => {
  for (let bit = 0; bit < 128; bit += 1) {
    const digest = hexToBytes(vectors.digest);
    digest[bit >> 3] = (digest[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.equal(verifyResponses([{ digest }], nonce, [{ password }]), undefined);
  }
});

test('IrOBEX §3.5.1: several challenges in one header, unknown tags, realms in other character sets', () => {
  const second = new Uint8Array(16).fill(7);
  const bytes = concatBytes(
    encodeChallenge({ nonce, realm: 'Gerät' }),
    Uint8Array.of(0x77, 1, 9),
    encodeChallenge({ nonce: second, readOnly: true }),
    hexToBytes('02 04 05 CF E8 D8'),
  );
  assert.deepEqual(decodeChallenges(bytes), [
    { nonce, realm: 'Gerät' },
    { nonce: second, userIdWanted: false, readOnly: true, realm: 'Яши' },
  ]);
});

test('IrOBEX §3.5: broken headers are errors', () => {
  for (const hex of ['', '010101', '000F00', '0010', `0011${'00'.repeat(17)}`]) {
    assert.throws(() => decodeChallenges(hexToBytes(hex)), DecodeError, hex);
    assert.throws(() => decodeResponsesTo(hexToBytes(hex)), DecodeError, hex);
  }
  const whole = (bytes: Uint8Array) => [...bytes.keys()].map((length) => bytes.subarray(0, length));
  for (const part of whole(responseHeader)) {
    try {
      // A cut between two entries is a shorter list, and only the digest must be there.
      assert.equal(decodeResponsesTo(part)[0]?.digest.length, 16);
    } catch (error) {
      assert.ok(error instanceof DecodeError);
    }
  }
});

test('IrOBEX §3.5.2: lengths that do not fit are refused before anything is written', () => {
  assert.throws(() => encodeChallenge({ nonce: new Uint8Array(15) }), ValueError);
  assert.throws(() => encodeChallenge({ nonce, realm: 'x'.repeat(255) }), ValueError);
  assert.throws(() => answerChallenge({ nonce }, { userId: 'x'.repeat(21), password }), ValueError);
  assert.doesNotThrow(() => answerChallenge({ nonce }, { userId: 'x'.repeat(20), password }));
});

test('lists of tag, length, value survive a round trip', () => {
  const entries = fc.array(
    fc.record({ tag: fc.integer({ min: 0, max: 255 }), value: fc.uint8Array({ maxLength: 255 }) }),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(entries, (list) => {
      const plain = list.map(({ tag, value }) => ({ tag, value }));
      assert.deepEqual(decodeTagValues(encodeTagValues(plain), 'list'), plain);
    }),
  );
  assert.throws(() => encodeTagValues([{ tag: 1, value: new Uint8Array(256) }]), ValueError);
  assert.throws(() => encodeTagValues([{ tag: 256, value: new Uint8Array(0) }]), ValueError);
});

test('any octets as a challenge or response give a value or a DecodeError', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      for (const read of [decodeChallenges, decodeResponsesTo]) {
        try {
          read(bytes);
        } catch (error) {
          if (!(error instanceof DecodeError)) throw error;
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a memory of nonces forgets the oldest', () => {
  const memory = new NonceMemory(2);
  const [a, b, c] = [1, 2, 3].map((octet) => new Uint8Array(16).fill(octet));
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  memory.add(a);
  memory.add(b);
  assert.equal(memory.has(a), true);
  memory.add(c);
  assert.deepEqual([memory.has(a), memory.has(b), memory.has(c)], [false, true, true]);
});
