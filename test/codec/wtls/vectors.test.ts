// A whole handshake and pushes after it, octet by octet against values that another implementation computed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeHandshake,
  decodeRecords,
  encodeHandshake,
  encodeRecord,
  type HandshakeMessage,
  keyBlockOf,
  masterSecretOf,
  noKeyIds,
  RecordProtection,
  recordIvOf,
  recordTypes,
  verifyDataOf,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex, concatBytes, hexToBytes } from '../../../src/core/index.ts';
import { nodeWtlsCrypto as crypto } from '../../../src/push/waps/index.ts';
import { recordBytes, secrets, vectors } from './vectors.ts';

const common = { version: 1, sequenceMode: 2, keyRefresh: 4 };
const messages: readonly {
  readonly name: 'helloRequest' | 'clientHello' | 'serverHello' | 'serverHelloDone';
  readonly sequenceNumber: number;
  readonly message: HandshakeMessage;
}[] = [
  { name: 'helloRequest', sequenceNumber: 0, message: { type: 'hello-request' } },
  {
    name: 'clientHello',
    sequenceNumber: 0,
    message: {
      type: 'client-hello',
      hello: {
        ...common,
        random: vectors.clientRandom,
        sessionId: new Uint8Array(0),
        clientKeyIds: {
          ...noKeyIds,
          keyIds: [
            {
              keyExchange: 1,
              parameterIndex: 0,
              identifier: { type: 'binary', octets: vectors.identity },
            },
          ],
        },
        trustedKeyIds: noKeyIds,
        cipherSuites: [{ bulk: 6, mac: 3 }],
        compressionMethods: [0],
      },
    },
  },
  {
    name: 'serverHello',
    sequenceNumber: 1,
    message: {
      type: 'server-hello',
      hello: {
        ...common,
        random: vectors.serverRandom,
        sessionId: vectors.sessionId,
        clientKeyId: 1,
        cipherSuite: { bulk: 6, mac: 3 },
        compressionMethod: 0,
      },
    },
  },
  { name: 'serverHelloDone', sequenceNumber: 2, message: { type: 'server-hello-done' } },
];

for (const { name, sequenceNumber, message } of messages) {
  test(`WTLS §10.5: ${name} of the vectors, both directions`, () => {
    const fragment = encodeHandshake(message);
    const record = { contentType: recordTypes.handshake, ciphered: false, sequenceNumber, fragment };
    const wanted = recordBytes(name);
    assert.equal(bytesToHex(encodeRecord(record)), bytesToHex(wanted));
    const [read, ...others] = decodeRecords(wanted);
    assert.ok(read !== undefined && others.length === 0);
    assert.deepEqual([read.contentType, read.ciphered, read.sequenceNumber], [3, false, sequenceNumber]);
    assert.deepEqual(
      decodeHandshake(read.fragment).map((one) => one.message),
      [message],
    );
  });
}

test('WTLS §11.1: master secret of the vectors', () => {
  const { secret, clientRandom, serverRandom } = vectors;
  const made = masterSecretOf(crypto, secret, clientRandom, serverRandom);
  assert.equal(bytesToHex(made), bytesToHex(vectors.masterSecret));
});

for (const { side, sequenceNumber, ...wanted } of vectors.keyBlocks) {
  test(`WTLS §11.2: key block of the ${side} at ${sequenceNumber}`, () => {
    const block = keyBlockOf(crypto, secrets, side === 'client' ? 'client' : 'server', sequenceNumber);
    const shown = {
      macSecret: bytesToHex(block.macSecret),
      key: bytesToHex(block.key),
      iv: bytesToHex(block.iv),
    };
    assert.deepEqual(shown, wanted);
  });
}

test('WTLS §9.2.3: IV of a record', () => {
  const iv = hexToBytes(vectors.keyBlocks[1]?.iv ?? '');
  assert.equal(bytesToHex(recordIvOf(iv, vectors.recordIv.sequenceNumber)), vectors.recordIv.iv);
});

test('WTLS §10.5.9: hash of the handshake, verify_data, and the Finished records of both ends', () => {
  const transcript = (['clientHello', 'serverHello', 'serverHelloDone'] as const).map(
    (name) => decodeRecords(recordBytes(name))[0]?.fragment ?? new Uint8Array(0),
  );
  assert.equal(bytesToHex(crypto.sha1(...transcript)), vectors.handshakeHash);
  const read: Uint8Array[] = [];
  for (const side of ['client', 'server'] as const) {
    const verifyData = verifyDataOf(crypto, vectors.masterSecret, side, transcript);
    const finished = encodeHandshake({ type: 'finished', verifyData });
    assert.equal(bytesToHex(finished), vectors.finished[side]);
    transcript.push(finished);
    const protection = new RecordProtection(crypto, secrets, side, vectors.keyRefresh);
    const wanted = recordBytes(side === 'client' ? 'clientFinished' : 'serverFinished');
    assert.equal(bytesToHex(protection.seal(recordTypes.handshake, 0, finished)), bytesToHex(wanted));
    const [record] = decodeRecords(wanted);
    assert.ok(record !== undefined);
    read.push(new RecordProtection(crypto, secrets, side, 4).open(record) ?? new Uint8Array(0));
  }
  assert.equal(bytesToHex(concatBytes(...read)), vectors.finished.client + vectors.finished.server);
});

test('WTLS §10.1: change_cipher_spec of both ends', () => {
  for (const [name, sequenceNumber] of [
    ['clientChangeCipherSpec', 1],
    ['serverChangeCipherSpec', 3],
  ] as const) {
    const record = { contentType: recordTypes.changeCipherSpec, ciphered: false, sequenceNumber };
    const made = encodeRecord({ ...record, fragment: Uint8Array.of(1) });
    assert.equal(bytesToHex(made), bytesToHex(recordBytes(name)));
  }
});

for (const { sequenceNumber, record } of vectors.pushRecords) {
  test(`PB-S-003 DM-PUSH §5.1.2: a push as record ${sequenceNumber}, both directions`, () => {
    const server = new RecordProtection(crypto, secrets, 'server', vectors.keyRefresh);
    const made = server.seal(recordTypes.applicationData, sequenceNumber, vectors.push);
    assert.equal(bytesToHex(made), record);
    const [read] = decodeRecords(hexToBytes(record));
    assert.ok(read !== undefined);
    const opened = new RecordProtection(crypto, secrets, 'server', vectors.keyRefresh).open(read);
    assert.equal(bytesToHex(opened ?? new Uint8Array(0)), bytesToHex(vectors.push));
  });
}
