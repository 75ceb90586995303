// RSA_anon, with triple and with single DES: for checks against other implementations, off by default.
import assert from 'node:assert/strict';
import { constants, generateKeyPairSync, publicEncrypt, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import {
  bulkCiphers,
  decodeRecords,
  decodeRsaPublicKey,
  encodeEncryptedSecret,
  encodeHandshake,
  encodeRecord,
  encodeRsaPublicKey,
  rsaSecretOctets,
  unpadRsaSecret,
  type WtlsCrypto,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex, concatBytes, ValueError } from '../../../src/core/index.ts';
import { nodeRsaKey, nodeWtlsCrypto } from '../../../src/push/waps/index.ts';
import { connectedPair, device, Pair } from './support.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const rsaKey = nodeRsaKey(privateKey);

test('profile 9: full handshake with keys exchanged; nothing is proved, so there is no identity', () => {
  const pair = connectedPair({
    terminal: { secrets: () => [], anonymous: true },
    server: { rsaKey },
  });
  const established = { type: 'established', keyExchange: 'RSA_anon', identity: undefined };
  assert.deepEqual(pair.serverEvents, [established]);
  assert.deepEqual(pair.terminalEvents, [established]);
  assert.deepEqual(
    pair.sent.map(({ datagram }) => decodeRecords(datagram).map(({ typeOctet }) => typeOctet.toString(16))),
    [['c3'], ['c3'], ['c3', 'c3', 'c3'], ['c3', 'c1', 'e3'], ['c1', 'e3']],
  );
  for (let i = 0; i < 40; i += 1) pair.push(Uint8Array.of(i), []);
  pair.settle();
  assert.equal(pair.arrived.length, 40);
});

test('profile 9: single DES where the client has nothing else', () => {
  const terminal = { secrets: () => [], anonymous: true, anonymousCiphers: ['DES_CBC'] } as const;
  const pair = connectedPair({ terminal, server: { rsaKey } });
  const hello = decodeRecords(pair.sent[2]?.datagram ?? new Uint8Array(0))[0];
  assert.equal(hello?.fragment[22], bulkCiphers.desCbc);
  for (let i = 0; i < 40; i += 1) pair.push(Uint8Array.of(i), []);
  pair.settle();
  assert.equal(pair.arrived.length, 40);
});

test('profile 9: a server that was made to choose the weaker cipher notices at Finished', () => {
  const pair = new Pair({ terminal: { secrets: () => [], anonymous: true }, server: { rsaKey } });
  pair.network = (datagram, _direction, index) => {
    if (index !== 1) return [datagram];
    const at = bytesToHex(datagram).indexOf('0406030503') / 2;
    assert.ok(at > 0);
    return [datagram.with(at + 1, 9)];
  };
  pair.connect();
  pair.settle();
  const hello = decodeRecords(pair.sent[2]?.datagram ?? new Uint8Array(0))[0];
  assert.equal(hello?.fragment[22], bulkCiphers.desCbc);
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: finished-mismatch']);
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: alert']);
});

test('profile 9: neither end does it unless told to', () => {
  const refusing = new Pair({ terminal: { anonymous: true, secrets: () => [] } });
  refusing.connect();
  refusing.settle();
  assert.deepEqual(refusing.outcomes(refusing.serverEvents), ['failed: nothing-in-common']);
  const silent = new Pair({ terminal: { secrets: () => [] }, server: { rsaKey } });
  silent.connect([]);
  silent.settle();
  assert.equal(silent.sent.length, 1);
  // Where both would do, the secret wins.
  const both = connectedPair({ terminal: { anonymous: true }, server: { rsaKey } });
  assert.deepEqual(both.serverEvents, [
    { type: 'established', keyExchange: 'SHARED_SECRET', identity: device.identity },
  ]);
});

test('profile 9: whatever is wrong with the encrypted secret, the handshake goes on and ends at Finished', () => {
  const encrypt = (block: Uint8Array): Uint8Array =>
    publicEncrypt({ key: publicKey, padding: constants.RSA_NO_PADDING }, block);
  const good = concatBytes(
    Uint8Array.of(0, 2),
    new Uint8Array(105).fill(0x55),
    Uint8Array.of(0, 1),
    new Uint8Array(19),
  );
  const bodies: Readonly<Record<string, Uint8Array>> = {
    'another block type': encrypt(good.with(1, 1)),
    'a zero in the filling': encrypt(good.with(50, 0)),
    'no zero before the secret': encrypt(good.with(107, 7)),
    'another version': encrypt(good.with(108, 2)),
    'a secret that is too long': encrypt(good.with(106, 0).with(107, 1)),
    'octets of another length': randomBytes(20),
    'no octets': new Uint8Array(0),
    'a number beyond the modulus': new Uint8Array(128).fill(0xff),
  };
  for (const [name, body] of Object.entries(bodies)) {
    const pair = new Pair({ terminal: { anonymous: true, secrets: () => [] }, server: { rsaKey } });
    pair.network = (datagram, _direction, index) => {
      if (index !== 3) return [datagram];
      const [, ...others] = decodeRecords(datagram).map(({ octets }) => octets);
      const message = encodeHandshake({ type: 'client-key-exchange', body: encodeEncryptedSecret(body) });
      const first = encodeRecord({ contentType: 3, ciphered: false, sequenceNumber: 1, fragment: message });
      return [concatBytes(first, ...others)];
    };
    pair.connect();
    pair.settle();
    assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: wrong-secret'], name);
  }
});

test('RFC 8017 §7.2.2: the padding is taken off, or the substitute given, by each octet of the block', () => {
  const secret = concatBytes(Uint8Array.of(1), randomBytes(rsaSecretOctets - 1));
  const filling = new Uint8Array(128 - 3 - rsaSecretOctets).fill(0xff);
  const block = concatBytes(Uint8Array.of(0, 2), filling, Uint8Array.of(0), secret);
  const substitute = randomBytes(rsaSecretOctets);
  const unpad = (changed: Uint8Array): string => bytesToHex(unpadRsaSecret(changed, substitute));
  assert.equal(unpad(block), bytesToHex(secret));
  for (let octet = 0; octet < 256; octet += 1) {
    const wrong = bytesToHex(substitute);
    assert.equal(unpad(block.with(0, octet)), octet === 0 ? bytesToHex(secret) : wrong);
    assert.equal(unpad(block.with(1, octet)), octet === 2 ? bytesToHex(secret) : wrong);
    assert.equal(unpad(block.with(107, octet)), octet === 0 ? bytesToHex(secret) : wrong);
    assert.equal(unpad(block.with(60, octet)), octet === 0 ? wrong : bytesToHex(secret));
    assert.equal(unpad(block.with(108, octet)) === wrong, octet !== 1);
  }
});

test("what Node encrypts with PKCS#1 v1.5 our own decryption takes off, as long as the key's modulus is", () => {
  for (const modulusLength of [1024, 1536, 2048]) {
    const pair = generateKeyPairSync('rsa', { modulusLength });
    const key = nodeRsaKey(pair.privateKey);
    const secret = concatBytes(Uint8Array.of(1), randomBytes(19));
    const encrypted = nodeWtlsCrypto.encryptRsa(key.publicKey, secret);
    assert.equal(encrypted.length, modulusLength / 8);
    const opened = unpadRsaSecret(key.decryptRaw(encrypted), new Uint8Array(20));
    assert.equal(bytesToHex(opened), bytesToHex(secret));
    const again = decodeRsaPublicKey(encodeRsaPublicKey(key.publicKey));
    assert.equal(bytesToHex(again.modulus), bytesToHex(key.publicKey.modulus));
    assert.equal(bytesToHex(again.exponent), '010001');
  }
});

test("a server's key that is too small, too large or no key is refused with illegal_parameter", () => {
  const exponent = Uint8Array.of(1, 0, 1);
  for (const publicPart of [
    { exponent, modulus: new Uint8Array(64).fill(0xff) },
    { exponent, modulus: new Uint8Array(513).fill(0xff) },
    { exponent: new Uint8Array(5).fill(1), modulus: new Uint8Array(128).fill(0xff) },
    { exponent: new Uint8Array(0), modulus: new Uint8Array(128).fill(0xff) },
    { exponent, modulus: new Uint8Array(128) },
  ]) {
    const pair = new Pair({
      terminal: { anonymous: true, secrets: () => [] },
      server: { rsaKey: { ...rsaKey, publicKey: publicPart } },
    });
    pair.connect();
    pair.settle();
    assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: illegal-parameter']);
    assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: alert']);
  }
});

test('a key that is not a private RSA key of 1024 to 4096 bits is refused', () => {
  const keys = [
    publicKey,
    generateKeyPairSync('rsa', { modulusLength: 512 }).privateKey,
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  ];
  for (const key of keys) assert.throws(() => nodeRsaKey(key), ValueError);
});

test('a crypto library that fails at the key of a server ends the handshake, not the terminal', () => {
  const crypto: WtlsCrypto = {
    ...nodeWtlsCrypto,
    encryptRsa: () => {
      throw new Error('no');
    },
  };
  const pair = new Pair({ terminal: { crypto, anonymous: true, secrets: () => [] }, server: { rsaKey } });
  pair.connect();
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: illegal-parameter']);
});
