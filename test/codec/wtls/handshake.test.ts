import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  alertName,
  bulkCipherName,
  decodeAlert,
  decodeEncryptedSecret,
  decodeHandshake,
  decodeRsaPublicKey,
  decodeWtls,
  encodeAlert,
  encodeEncryptedSecret,
  encodeHandshake,
  encodeRecord,
  encodeRsaPublicKey,
  type HandshakeMessage,
  handshakeName,
  keyExchangeName,
  macAlgorithmName,
  noKeyIds,
  recordTypeName,
} from '../../../src/codec/wtls/index.ts';
import {
  type Annotation,
  bytesToHex,
  concatBytes,
  DecodeError,
  hexToBytes,
  ValueError,
} from '../../../src/core/index.ts';
import { recordBytes, vectors } from './vectors.ts';

const octet = fc.nat(255);
const octets = (maxLength: number) => fc.uint8Array({ maxLength });
const plain = { noNullPrototype: true } as const;
const random = fc.uint8Array({ minLength: 16, maxLength: 16 });
const identifier = fc.oneof(
  fc.constant({ type: 'none' as const }),
  fc.record({ type: fc.constant('text' as const), charset: fc.nat(65535), name: octets(12) }, plain),
  fc.record({ type: fc.constant('binary' as const), octets: octets(12) }, plain),
  fc.record({ type: fc.constant('distinguished-name' as const), octets: octets(12) }, plain),
);
const keyId = fc.record({ keyExchange: octet, parameterIndex: fc.nat(254), identifier }, plain);
const keyIds = fc.record(
  {
    keyIds: fc.array(keyId, { maxLength: 4 }),
    // Explicit parameters, or a hash of a key: of unknown length.
    unread: fc.constantFrom(
      new Uint8Array(0),
      hexToBytes('05 ff 00 1234'),
      hexToBytes('08 00 fe 0102030405'),
    ),
  },
  plain,
);
const suite = fc.record({ bulk: octet, mac: octet }, plain);
const message: fc.Arbitrary<HandshakeMessage> = fc.oneof(
  fc.constant({ type: 'hello-request' as const }),
  fc.constant({ type: 'server-hello-done' as const }),
  fc
    .record(
      {
        version: octet,
        random,
        sessionId: octets(20),
        clientKeyIds: keyIds,
        trustedKeyIds: keyIds,
        cipherSuites: fc.array(suite, { maxLength: 5 }),
        compressionMethods: fc.array(octet, { maxLength: 5 }),
        sequenceMode: octet,
        keyRefresh: octet,
      },
      plain,
    )
    .map((hello) => ({ type: 'client-hello' as const, hello })),
  fc
    .record(
      {
        version: octet,
        random,
        sessionId: octets(20),
        clientKeyId: octet,
        cipherSuite: suite,
        compressionMethod: octet,
        sequenceMode: octet,
        keyRefresh: octet,
      },
      plain,
    )
    .map((hello) => ({ type: 'server-hello' as const, hello })),
  fc.record(
    {
      type: fc.constant('server-key-exchange' as const),
      parameterIndex: fc.nat(254),
      publicKey: octets(40),
    },
    plain,
  ),
  fc.record({ type: fc.constant('client-key-exchange' as const), body: octets(40) }, plain),
  fc.record(
    {
      type: fc.constant('finished' as const),
      verifyData: fc.uint8Array({ minLength: 12, maxLength: 12 }),
    },
    plain,
  ),
  fc.record(
    { type: fc.constant('other' as const), number: fc.constantFrom(11, 13, 15, 77), body: octets(20) },
    plain,
  ),
);

test('any handshake messages survive a round trip, several in a record, and keep their octets', () => {
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 4 }), (messages) => {
      const parts = messages.map(encodeHandshake);
      const read = decodeHandshake(concatBytes(...parts));
      assert.deepEqual(
        read.map((one) => one.message),
        messages,
      );
      assert.deepEqual(
        read.map((one) => bytesToHex(one.octets)),
        parts.map(bytesToHex),
      );
    }),
  );
});

test('a message cut at each octet is TRUNCATED, one octet more in its body is TRAILING or its last field', () => {
  fc.assert(
    fc.property(message, (one) => {
      const bytes = encodeHandshake(one);
      for (let length = 0; length < bytes.length; length += 1) {
        assert.throws(() => decodeHandshake(bytes.subarray(0, length)), isDecodeError('TRUNCATED'));
      }
      if (one.type === 'other' || one.type.endsWith('key-exchange')) return;
      const longer = concatBytes(bytes, Uint8Array.of(0));
      longer[2] = (longer[2] ?? 0) + 1;
      if (longer[2] !== 0) assert.throws(() => decodeHandshake(longer), isDecodeError('TRAILING'));
    }),
    { numRuns: 50 },
  );
});

test('WTLS §10.5.3: explicit parameters are UNSUPPORTED', () => {
  assert.throws(() => decodeHandshake(hexToBytes('0c0004ff000001')), isDecodeError('UNSUPPORTED'));
});

test('WTLS §10.5.1: more than 64 key identifiers are not read one by one', () => {
  const keyIdList = Array.from({ length: 100 }, () => ({
    keyExchange: 5,
    parameterIndex: 0,
    identifier: { type: 'none' as const },
  }));
  const bytes = encodeHandshake({
    type: 'client-hello',
    hello: {
      version: 1,
      random: new Uint8Array(16),
      sessionId: new Uint8Array(0),
      clientKeyIds: { ...noKeyIds, keyIds: keyIdList },
      trustedKeyIds: noKeyIds,
      cipherSuites: [],
      compressionMethods: [],
      sequenceMode: 2,
      keyRefresh: 0,
    },
  });
  const read = decodeHandshake(bytes)[0]?.message;
  assert.ok(read?.type === 'client-hello');
  assert.equal(read.hello.clientKeyIds.keyIds.length, 64);
  assert.equal(read.hello.clientKeyIds.unread.length, 36 * 3);
});

test('RSA keys and encrypted secrets, both directions, cut at each octet, with one octet more', () => {
  const key = { exponent: Uint8Array.of(1, 0, 1), modulus: new Uint8Array(128).fill(7) };
  const bytes = encodeRsaPublicKey(key);
  assert.match(bytesToHex(bytes), /^00030100010080(07){128}$/);
  assert.deepEqual(decodeRsaPublicKey(bytes), key);
  const secret = encodeEncryptedSecret(key.modulus);
  assert.deepEqual(decodeEncryptedSecret(secret), key.modulus);
  for (const [whole, read] of [
    [bytes, decodeRsaPublicKey],
    [secret, decodeEncryptedSecret],
  ] as const) {
    for (let length = 0; length < whole.length; length += 1) {
      assert.throws(() => read(whole.subarray(0, length)), isDecodeError('TRUNCATED'));
    }
    assert.throws(() => read(concatBytes(whole, Uint8Array.of(0))), isDecodeError('TRAILING'));
  }
});

test('WTLS §10.2: alerts, both directions; the checksum may be anything, or missing', () => {
  const alert = encodeAlert('fatal', 'bad_record_mac', hexToBytes('0102030405'));
  assert.equal(bytesToHex(alert), '031404020304');
  assert.deepEqual(decodeAlert(alert), { level: 3, description: 20, checksum: hexToBytes('04020304') });
  assert.deepEqual(decodeAlert(hexToBytes('0105')), { level: 1, description: 5, checksum: undefined });
  assert.deepEqual(decodeAlert(hexToBytes('022830303030')).checksum, hexToBytes('30303030'));
  for (const hex of ['', '01', '010500', '01050000', '0105000000']) {
    assert.throws(() => decodeAlert(hexToBytes(hex)), isDecodeError('TRUNCATED'));
  }
  assert.throws(() => decodeAlert(hexToBytes('01050000000000')), isDecodeError('TRAILING'));
});

test('values that do not fit are refused before anything is written', () => {
  const refused: readonly HandshakeMessage[] = [
    { type: 'finished', verifyData: new Uint8Array(11) },
    { type: 'other', number: 256, body: new Uint8Array(0) },
    { type: 'server-key-exchange', parameterIndex: 255, publicKey: new Uint8Array(0) },
    { type: 'client-key-exchange', body: new Uint8Array(65536) },
  ];
  for (const one of refused) assert.throws(() => encodeHandshake(one), ValueError);
  const [read] = decodeHandshake(recordBytes('clientHello').subarray(5));
  assert.ok(read?.message.type === 'client-hello');
  const { hello } = read.message;
  const [first] = hello.clientKeyIds.keyIds;
  assert.ok(first !== undefined);
  for (const change of [
    { version: 256 },
    { random: new Uint8Array(15) },
    { sessionId: new Uint8Array(256) },
    { compressionMethods: [-1] },
    { cipherSuites: [{ bulk: 0.5, mac: 0 }] },
    { clientKeyIds: { ...noKeyIds, keyIds: [{ ...first, parameterIndex: 255 }] } },
    {
      clientKeyIds: {
        ...noKeyIds,
        keyIds: [{ ...first, identifier: { type: 'binary' as const, octets: new Uint8Array(256) } }],
      },
    },
    {
      clientKeyIds: {
        ...noKeyIds,
        keyIds: [
          { ...first, identifier: { type: 'text' as const, charset: 70_000, name: new Uint8Array(1) } },
        ],
      },
    },
  ]) {
    assert.throws(
      () => encodeHandshake({ type: 'client-hello', hello: { ...hello, ...change } }),
      ValueError,
    );
  }
});

test('names of numbers, unknown ones as hex', () => {
  assert.equal(recordTypeName(1), 'change_cipher_spec');
  assert.equal(recordTypeName(9), '0x09');
  assert.equal(handshakeName(12), 'ServerKeyExchange');
  assert.equal(handshakeName(99), '0x63');
  assert.equal(keyExchangeName(1), 'SHARED_SECRET');
  assert.equal(keyExchangeName(14), 'ECDH_ECDSA');
  assert.equal(keyExchangeName(200), '0xC8');
  assert.equal(bulkCipherName(6), '3DES_CBC_EDE');
  assert.equal(macAlgorithmName(3), 'SHA');
  assert.equal(alertName(57), 'duplicate_finished_received');
  assert.equal(alertName(58), '0x3A');
});

const datagrams: Readonly<Record<string, Uint8Array>> = {
  'every record of the vectors': concatBytes(...vectors.records.map(({ bytes }) => bytes)),
  'an alert': encodeRecord({
    contentType: 2,
    ciphered: false,
    sequenceNumber: 3,
    fragment: encodeAlert('fatal', 'unknown_key_id'),
  }),
  'an RSA flight': concatBytes(
    encodeRecord({
      contentType: 3,
      ciphered: false,
      sequenceNumber: 1,
      fragment: encodeHandshake({
        type: 'server-key-exchange',
        parameterIndex: 0,
        publicKey: new Uint8Array(9),
      }),
    }),
    encodeRecord({
      contentType: 3,
      ciphered: false,
      sequenceNumber: 2,
      fragment: encodeHandshake({ type: 'client-key-exchange', body: Uint8Array.of(0, 1, 9) }),
    }),
  ),
  'data and a content type that nobody knows': hexToBytes('84 0002 aabb 0f 112233'),
};
for (const [name, bytes] of Object.entries(datagrams)) {
  test(`annotations cover every octet of ${name} once, in order`, () => {
    const notes: Annotation[] = [];
    const padded = concatBytes(Uint8Array.of(9, 9), bytes);
    decodeWtls(padded, { annotate: (note) => notes.push(note), start: 2 });
    let bit = 16;
    for (const note of notes) {
      if (note.length === 0) continue;
      assert.equal(note.offset * 8 + (note.bit ?? 0), bit, note.field);
      assert.match(note.section, /^WTLS §\d/);
      bit += note.bits ?? note.length * 8;
    }
    assert.equal(bit, padded.length * 8);
  });
}

test('a ClientHello explained to a person', () => {
  const notes: Annotation[] = [];
  decodeWtls(recordBytes('clientHello'), { annotate: (note) => notes.push(note) });
  assert.deepEqual(
    notes.slice(4).map(({ field, value, meaning }) => [field, value, meaning]),
    [
      ['record.contentType', '3', 'handshake'],
      ['record.sequenceNumber', '0', ''],
      ['record.length', '40', 'octets of the fragment'],
      ['handshake.type', '1', 'ClientHello'],
      ['handshake.length', '37', 'octets of the body'],
      ['clientHello.version', '1', ''],
      ['clientHello.random', '65000001a0a1a2a3a4a5a6a7a8a9aaab', ''],
      ['clientHello.random.time', '1694498817', '2023-09-12T06:06:57.000Z'],
      ['clientHello.sessionId length', '0', ''],
      ['clientHello.clientKeyIds length', '8', ''],
      ['clientHello.clientKeyIds.keyExchange', '1', 'SHARED_SECRET'],
      ['clientHello.clientKeyIds.parameterIndex', '0', 'none'],
      ['clientHello.clientKeyIds.identifierType', '2', 'binary'],
      ['clientHello.clientKeyIds.identifier length', '4', ''],
      ['clientHello.clientKeyIds.identifier', '64657631', '"dev1"'],
      ['clientHello.trustedKeyIds length', '0', ''],
      ['clientHello.cipherSuites length', '2', ''],
      ['clientHello.cipherSuites.bulkCipher', '6', '3DES_CBC_EDE'],
      ['clientHello.cipherSuites.macAlgorithm', '3', 'SHA'],
      ['clientHello.compressionMethods length', '1', ''],
      ['clientHello.compressionMethods', '00', 'compression methods; 0 is none'],
      ['clientHello.sequenceMode', '2', 'explicit'],
      ['clientHello.keyRefresh', '4', 'new keys every 16 records'],
    ],
  );
});

function isDecodeError(code: DecodeError['code']): (error: unknown) => boolean {
  return (error) => error instanceof DecodeError && error.code === code;
}
