// WTLS read from outside: vectors that others computed, exchanges of both our ends, and a recorded one with Kannel.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  desSuite,
  encodeHandshake,
  masterSecretOf,
  RecordProtection,
  type ServerHello,
  type WtlsSecret,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex, DecodeError, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { portableWtlsCrypto } from '../../../src/inspect/secret/wtls-crypto.ts';
import { type End, type ReadWtlsRecord, WtlsReader } from '../../../src/inspect/secret/wtls-reader.ts';
import { device, flows, Pair, secretOf } from '../../codec/wtls/support.ts';
import vectors from '../../vectors/wtls.json' with { type: 'json' };
import kannel from '../../vectors/wtls-kannel.json' with { type: 'json' };

type Sent = Pair['sent'];

function readAll(sent: Sent, secrets: readonly WtlsSecret[] = [device]): readonly ReadWtlsRecord[] {
  const reader = new WtlsReader(secrets);
  return sent.flatMap(({ direction, datagram }) =>
    reader.read(datagram, direction === 'to-terminal' ? 0 : 1),
  );
}

const dataOf = (records: readonly ReadWtlsRecord[]): readonly string[] =>
  records.flatMap(({ opened }) =>
    opened?.content.type === 'application-data' ? [bytesToHex(opened.content.data)] : [],
  );

const whys = (records: readonly ReadWtlsRecord[]): readonly string[] => [
  ...new Set(records.flatMap(({ why }) => (why === undefined ? [] : [why]))),
];

for (const flow of flows) {
  test(`WTLS §11: the ${flow} flow is read with its secret, over renewals of the keys, to the closing alert`, () => {
    const pair = new Pair({ server: { flow } });
    pair.connect();
    pair.run();
    const pushes = Array.from({ length: 40 }, (_, index) => Uint8Array.of(1, 6, index));
    for (const push of pushes) pair.push(push);
    pair.run();
    pair.server.close();
    pair.run();
    const records = readAll(pair.sent);
    assert.deepEqual(dataOf(records), pushes.map(bytesToHex));
    assert.deepEqual(whys(records), []);
    const opened = records.flatMap(({ opened: one, from }) => (one === undefined ? [] : [{ from, ...one }]));
    assert.deepEqual(
      opened.flatMap(({ content, from }) =>
        content.type === 'handshake' ? content.messages.map(({ message }) => `${from} ${message.type}`) : [],
      ),
      flow === 'full' ? ['client finished', 'server finished'] : ['server finished', 'client finished'],
    );
    assert.ok(opened.every(({ by }) => by === 'identity "dev1"'));
    assert.equal(opened.at(-1)?.content.type, 'alert');
  });
}

test('datagrams that are missing, doubled or change places in the capture hold up nothing', () => {
  const pair = new Pair();
  pair.connect();
  pair.run();
  const pushes = Array.from({ length: 40 }, (_, index) => Uint8Array.of(1, 6, index));
  for (const push of pushes) pair.push(push);
  pair.run();
  const isData = (datagram: Uint8Array): boolean => datagram[0] === 0xe4;
  const kept = pair.sent.filter(({ datagram }, index) => !isData(datagram) || index % 3 !== 0);
  const data = kept.filter(({ datagram }) => isData(datagram));
  // No change_cipher_spec of the terminal, and data turned around.
  const others = kept.filter(({ datagram }) => !isData(datagram)).slice(0, -1);
  const records = readAll([...others, ...others, ...[...data].reverse()]);
  assert.equal(dataOf(records).length, data.length);
  assert.deepEqual(whys(records), []);
});

test('a handshake that begins anew after a restart, and the session before it, are both read', () => {
  const pair = new Pair();
  pair.connect();
  pair.run();
  const before = pair.push(Uint8Array.of(1));
  pair.run();
  pair.restartTerminal();
  pair.restartServer();
  pair.connect();
  pair.run();
  pair.push(Uint8Array.of(2));
  pair.run();
  assert.ok(before !== undefined);
  // A straggler of the first session.
  const sent = [...pair.sent, { at: 0, direction: 'to-terminal' as const, datagram: before }];
  assert.deepEqual(dataOf(readAll(sent)), ['01', '02', '01']);
});

test('without the secret, with another, and without the handshake: said, never guessed', () => {
  const pair = new Pair();
  pair.connect();
  pair.run();
  pair.push(Uint8Array.of(1, 6, 4));
  pair.run();
  assert.deepEqual(whys(readAll(pair.sent, [])), [
    'the secret under the identity "dev1" would open it, and was not given',
  ]);
  const wrong = readAll(pair.sent, [secretOf('dev1', 0x11)]);
  assert.deepEqual(dataOf(wrong), []);
  assert.deepEqual(whys(wrong), [
    'it does not open: another secret belongs to the identity "dev1" than the one given, or it was damaged',
  ]);
  // Two under one name: the MAC says which.
  assert.deepEqual(dataOf(readAll(pair.sent, [secretOf('dev1', 0x11), device])), ['010604']);
  assert.deepEqual(whys(readAll(pair.sent.slice(3))), ['no handshake of it is in the capture so far']);
  const withoutHello = pair.sent.filter((_, index) => index !== 1);
  assert.deepEqual(whys(readAll(withoutHello)), ['the ClientHello of its handshake is not in the capture']);
});

test('a damaged record is said to be damaged, and the next one is read', () => {
  const pair = new Pair();
  pair.connect();
  pair.run();
  for (const octet of [1, 2]) pair.push(Uint8Array.of(octet));
  pair.run();
  const sent = pair.sent.map((one) => ({ ...one, datagram: one.datagram.slice() }));
  const first = sent.findIndex(({ datagram }) => datagram[0] === 0xe4);
  const datagram = sent[first]?.datagram ?? new Uint8Array(0);
  datagram[12] = (datagram[12] ?? 0) ^ 1;
  const records = readAll(sent);
  assert.deepEqual(dataOf(records), ['02']);
  assert.match(whys(records).join(), /^padding or MAC is wrong/);
});

test('vectors of another implementation: both Finished messages and the data after them', () => {
  const reader = new WtlsReader([
    { identity: utf8ToBytes(vectors.identity), secret: hexToBytes(vectors.secret) },
  ]);
  const { records } = vectors;
  const sent: readonly (readonly [End, string])[] = [
    [0, records.helloRequest],
    [1, records.clientHello],
    [0, records.serverHello + records.serverHelloDone],
    [1, records.clientChangeCipherSpec + records.clientFinished],
    [0, records.serverChangeCipherSpec + records.serverFinished],
  ];
  const read = sent.flatMap(([end, hex]) => reader.read(hexToBytes(hex), end));
  const finished = read.flatMap(({ opened, from }) =>
    opened?.content.type === 'handshake'
      ? opened.content.messages.map(({ message }) => `${from} ${message.type}`)
      : [],
  );
  assert.deepEqual(finished, ['client finished', 'server finished']);
});

test('profile 9: a recorded RSA_anon exchange with Kannel says that only the key of the server would open it', () => {
  const reader = new WtlsReader([device]);
  const [hello = '', answer = ''] = kannel.sent;
  const [serverHello = '', ...rest] = kannel.received;
  const read = [
    ...reader.read(hexToBytes(hello), 1),
    ...reader.read(hexToBytes(serverHello), 0),
    ...reader.read(hexToBytes(answer), 1),
    ...rest.flatMap((hex) => reader.read(hexToBytes(hex), 0)),
  ];
  assert.deepEqual(whys(read), [
    "its key exchange is RSA_anon: only the server's private RSA key would open it",
  ]);
  assert.ok(read.some(({ content, why }) => content.type === 'encrypted' && why !== undefined));
});

test('a resumed session is read by the one that began it, and without that says so', () => {
  const random = (octet: number): Uint8Array => new Uint8Array(16).fill(octet);
  const sessionId = Uint8Array.of(7, 7);
  const keyId = {
    keyExchange: 1,
    parameterIndex: 0,
    identifier: { type: 'binary' as const, octets: device.identity },
  };
  const common = { version: 1, sequenceMode: 2, keyRefresh: 3 } as const;
  const handshake = (client: number, offered: Uint8Array): { hellos: [Uint8Array, Uint8Array] } => {
    const clientHello = {
      ...common,
      random: random(client),
      sessionId: offered,
      clientKeyIds: { keyIds: [keyId], unread: new Uint8Array(0) },
      trustedKeyIds: { keyIds: [], unread: new Uint8Array(0) },
      cipherSuites: [desSuite.numbers],
      compressionMethods: [0],
    };
    const serverHello: ServerHello = {
      ...common,
      random: random(client + 1),
      sessionId,
      clientKeyId: 1,
      cipherSuite: desSuite.numbers,
      compressionMethod: 0,
    };
    return {
      hellos: [
        encodeHandshake({ type: 'client-hello', hello: clientHello }),
        encodeHandshake({ type: 'server-hello', hello: serverHello }),
      ],
    };
  };
  const plain = (fragment: Uint8Array): Uint8Array =>
    Uint8Array.of(0xc3, 0, 0, fragment.length >> 8, fragment.length & 0xff, ...fragment);
  const master = masterSecretOf(portableWtlsCrypto, device.secret, random(1), random(2));
  const sealed = (client: number): Uint8Array =>
    new RecordProtection(
      portableWtlsCrypto,
      {
        masterSecret: master,
        clientRandom: random(client),
        serverRandom: random(client + 1),
        suite: desSuite,
      },
      'server',
      3,
    ).seal(4, 9, Uint8Array.of(client));
  const sessions = new Map<string, Uint8Array>();
  const first = handshake(1, new Uint8Array(0)).hellos;
  const second = handshake(3, sessionId).hellos;
  const conversation = (
    [client, server]: readonly [Uint8Array, Uint8Array],
    octet: number,
    map = sessions,
  ) => {
    const reader = new WtlsReader([device], map);
    reader.read(plain(client), 0);
    reader.read(plain(server), 1);
    return reader.read(sealed(octet), 1);
  };
  assert.match(whys(conversation(second, 3)).join(), /^it resumes session 0707; the handshake that began it/);
  assert.deepEqual(dataOf(conversation(first, 1)), ['01']);
  const resumed = conversation(second, 3);
  assert.deepEqual(dataOf(resumed), ['03']);
  assert.equal(resumed[0]?.opened?.by, 'resumed session 0707');
});

test('any octets, and any changed datagram of an exchange, are read or refused with their place', () => {
  const pair = new Pair();
  pair.connect();
  pair.run();
  pair.push(Uint8Array.of(1, 6, 4));
  pair.run();
  const { sent } = pair;
  const changed = fc.tuple(fc.nat(sent.length - 1), fc.nat(60), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), changed, (octets, [which, at, by]) => {
      const reader = new WtlsReader([device]);
      const given = [...sent.map(({ datagram }) => datagram.slice()), octets];
      const target = given[which];
      if (target !== undefined && at < target.length) target[at] = (target[at] ?? 0) ^ by;
      for (const datagram of given) {
        try {
          reader.read(datagram, which % 2 === 0 ? 0 : 1);
        } catch (error) {
          assert.ok(error instanceof DecodeError);
        }
      }
    }),
  );
});
