// Alerts: the checksum that ours carry, those that come in the middle of a handshake, and what ends a session.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alertChecksum,
  alertDescriptions,
  alertLevels,
  decodeAlert,
  decodeRecords,
  encodeAlert,
  encodeHandshake,
  encodeRecord,
  RecordProtection,
  recordTypes,
  WtlsClient,
  type WtlsConnection,
  WtlsServer,
  type WtlsStep,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '../../../src/core/index.ts';
import { nodeWtlsCrypto as crypto } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import abbreviated from '../../vectors/wtls-abbreviated.json' with { type: 'json' };
import { connectedPair, device, drops, Pair, secretOf, serverName, terminalName } from './support.ts';
import { recordBytes, secrets, vectors } from './vectors.ts';

const { identity, secret, serverRandom, clientRandom } = vectors;
const clientHello = hexToBytes(abbreviated.clientHello);
const serverFlight = concatBytes(...Object.values(abbreviated.serverFlight).map((hex) => hexToBytes(hex)));
const clientFlight = concatBytes(...Object.values(abbreviated.clientFlight).map((hex) => hexToBytes(hex)));
const clientFinished = hexToBytes(abbreviated.clientFlight.finished);
const serverFinished = hexToBytes(abbreviated.serverFlight.finished);
const [firstPush, secondPush] = abbreviated.pushRecords.map(({ record }) => hexToBytes(record));
assert.ok(firstPush !== undefined && secondPush !== undefined);

function server(): WtlsServer {
  const drawing = { ...crypto, random: () => serverRandom.slice(4) };
  const clock = new ManualClock(0x65000002 * 1000);
  const made = new WtlsServer({ crypto: drawing, clock, secrets: [{ identity, secret }] });
  made.start();
  return made;
}

function client(): WtlsClient {
  const drawing = { ...crypto, random: () => clientRandom.slice(4) };
  const clock = new ManualClock(0x65000001 * 1000);
  const made = new WtlsClient({ crypto: drawing, clock, secrets: [{ identity, secret }] });
  made.start();
  return made;
}

function receive(connection: WtlsConnection, ...octets: readonly Uint8Array[]): WtlsStep {
  return connection.receive(decodeRecords(concatBytes(...octets)));
}

/** Level, description and checksum of the one alert in a step; a protected one is opened with the keys of `side`. */
function alertIn({ send }: WtlsStep, side?: 'client' | 'server'): readonly [number, number, string] {
  const [record, ...others] = decodeRecords(concatBytes(...send));
  assert.ok(record !== undefined && others.length === 0);
  assert.equal(record.contentType, recordTypes.alert);
  assert.equal(record.ciphered, side !== undefined);
  const opened =
    side === undefined ? record.fragment : new RecordProtection(crypto, secrets, side, 4).open(record);
  const { level, description, checksum } = decodeAlert(opened ?? new Uint8Array(0));
  return [level, description, bytesToHex(checksum ?? new Uint8Array(0))];
}

/** The checksum, computed here: blocks of four octets, XORed. */
function checksumOf(record: Uint8Array): string {
  const sum = [0, 0, 0, 0];
  for (const [at, octet] of record.entries()) sum[at % 4] = (sum[at % 4] ?? 0) ^ octet;
  return bytesToHex(Uint8Array.from(sum));
}

const closing = [alertLevels.warning, alertDescriptions.connection_close_notify] as const;
const badRecord = [alertLevels.warning, alertDescriptions.bad_record_mac] as const;
const canceled = [alertLevels.fatal, alertDescriptions.user_canceled] as const;

test("profile 7: our server's close carries the checksum of the last record that came: the terminal's Finished", () => {
  const ours = server();
  receive(ours, clientHello);
  receive(ours, clientFlight);
  ours.protect(vectors.push);
  assert.deepEqual(alertIn(ours.close(), 'server'), [...closing, checksumOf(clientFinished)]);
});

test("profile 7: our terminal's close carries the checksum of the last push, or of the server's Finished", () => {
  const early = client();
  receive(early, serverFlight);
  assert.deepEqual(alertIn(early.close(), 'client'), [...closing, checksumOf(serverFinished)]);
  const ours = client();
  receive(ours, serverFlight);
  receive(ours, firstPush, secondPush);
  assert.deepEqual(alertIn(ours.close(), 'client'), [...closing, checksumOf(secondPush)]);
});

test('profile 7: what a stranger sends into a session does not change the checksum of the close; a record that does not open is answered with its own', () => {
  const ours = client();
  receive(ours, serverFlight);
  receive(ours, firstPush);
  const forged = encodeRecord({
    contentType: recordTypes.applicationData,
    ciphered: true,
    sequenceNumber: 9,
    fragment: new Uint8Array(40).fill(7),
  });
  assert.deepEqual(alertIn(receive(ours, forged), 'client'), [...badRecord, checksumOf(forged)]);
  receive(ours, recordBytes('helloRequest'), firstPush, serverFlight);
  const alert = encodeAlert('warning', 'time_required');
  receive(
    ours,
    encodeRecord({ contentType: recordTypes.alert, ciphered: false, sequenceNumber: 3, fragment: alert }),
  );
  const { send } = ours.close();
  // Before it our Finished goes out again: the server's came again.
  assert.deepEqual(alertIn({ send: send.slice(-1), events: [] }, 'client'), [
    ...closing,
    checksumOf(firstPush),
  ]);
});

test('profile 7: a handshake that is given up says so with the checksum of the last record that came; zeros before there was one', () => {
  assert.deepEqual(alertIn(server().close()), [...canceled, '00000000']);
  const ours = server();
  receive(ours, clientHello);
  assert.deepEqual(alertIn(ours.close(), 'server'), [...canceled, checksumOf(clientHello)]);
  const terminal = client();
  receive(terminal, hexToBytes(abbreviated.serverFlight.serverHello));
  assert.deepEqual(alertIn(terminal.close()), [
    ...canceled,
    checksumOf(hexToBytes(abbreviated.serverFlight.serverHello)),
  ]);
});

test('profile 7: a handshake that fails says so with the checksum of the record at fault', () => {
  const fatal = (description: keyof typeof alertDescriptions, record: Uint8Array) => [
    alertLevels.fatal,
    alertDescriptions[description],
    checksumOf(record),
  ];
  const hello = { ...decodedHello(), version: 2 };
  const other = encodeRecord({
    contentType: recordTypes.handshake,
    ciphered: false,
    sequenceNumber: 0,
    fragment: encodeHandshake({ type: 'client-hello', hello }),
  });
  assert.deepEqual(alertIn(receive(server(), other)), fatal('protocol_version', other));
  const terminal = client();
  const damaged = serverFinished.with(20, 0);
  const { serverHello, changeCipherSpec } = abbreviated.serverFlight;
  const step = receive(terminal, hexToBytes(serverHello), hexToBytes(changeCipherSpec), damaged);
  assert.deepEqual(alertIn(step), fatal('bad_record_mac', damaged));
});

function decodedHello() {
  return {
    version: 1,
    random: clientRandom,
    sessionId: new Uint8Array(0),
    clientKeyIds: { keyIds: [], unread: new Uint8Array(0) },
    trustedKeyIds: { keyIds: [], unread: new Uint8Array(0) },
    cipherSuites: [{ bulk: 6, mac: 3 }],
    compressionMethods: [0],
    sequenceMode: 2,
    keyRefresh: 4,
  };
}

/** A warning in the clear, numbered like the messages around it. */
function warning(sequenceNumber: number): Uint8Array {
  const fragment = encodeAlert('warning', 'time_required');
  return encodeRecord({ contentType: recordTypes.alert, ciphered: false, sequenceNumber, fragment });
}

/** The same record with another number. */
function renumbered(record: Uint8Array, sequenceNumber: number): Uint8Array {
  return record.with(1, sequenceNumber >> 8).with(2, sequenceNumber & 0xff);
}

const hello = hexToBytes(abbreviated.serverFlight.serverHello);
const change = hexToBytes(abbreviated.serverFlight.changeCipherSpec);
const answerTo: Readonly<Record<string, readonly Uint8Array[]>> = {
  'between hello and change_cipher_spec': [hello, warning(2), renumbered(change, 3), serverFinished],
  'two of them': [hello, warning(2), warning(3), renumbered(change, 4), serverFinished],
  'after what follows it': [hello, renumbered(change, 3), warning(2), serverFinished],
  'before the hello': [warning(0), hello, change, serverFinished],
  'before a hello that it follows': [warning(2), hello, renumbered(change, 3), serverFinished],
  twice: [hello, warning(2), warning(2), renumbered(change, 3), serverFinished],
  "with a true record's number": [hello, warning(2), change, serverFinished],
};
for (const [name, records] of Object.entries(answerTo)) {
  test(`profile 7: a numbered warning in the clear does not hold a terminal's handshake up: ${name}`, () => {
    const { send, events } = receive(client(), ...records);
    assert.deepEqual(send.map(bytesToHex), [bytesToHex(clientFlight)]);
    const warnings = records.filter((record) => record[0] === 0xc2).length;
    assert.deepEqual(
      events.map(({ type }) => type).sort(),
      ['established', ...Array.from({ length: warnings }, () => 'warning')].sort(),
    );
  });
}

test("profile 7: nor a server's, nor the full flow's", () => {
  const ours = server();
  receive(ours, clientHello);
  const [ownChange, finished] = decodeRecords(clientFlight).map(({ octets }) => octets);
  assert.ok(ownChange !== undefined && finished !== undefined);
  const { events } = receive(ours, warning(1), renumbered(ownChange, 2), finished);
  assert.deepEqual(
    events.map(({ type }) => type),
    ['warning', 'established'],
  );
  const terminal = client();
  const done = renumbered(recordBytes('serverHelloDone'), 3);
  const { send } = receive(terminal, recordBytes('serverHello'), warning(2), done);
  const wanted = concatBytes(recordBytes('clientChangeCipherSpec'), recordBytes('clientFinished'));
  assert.deepEqual(send.map(bytesToHex), [bytesToHex(wanted)]);
});

test('profile 7: a terminal that lost its session says unexpected_message with the checksum of a push: the session ends', () => {
  const pair = connectedPair();
  pair.network = () => [];
  const push = pair.push(Uint8Array.of(1));
  pair.server.receive(
    terminalName,
    plainAlert('unexpected_message', alertChecksum(push ?? new Uint8Array(0))),
  );
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['established', 'closed']);
  assert.equal(pair.push(Uint8Array.of(1)), undefined);
});

test('profile 7: a server that lost its session says so with the checksum of a record of the terminal: the session ends', () => {
  const pair = connectedPair();
  const answer = decodeRecords(pair.sent.at(-1)?.datagram ?? new Uint8Array(0)).at(-1)?.octets;
  assert.equal(answer?.[0], 0xe3);
  pair.terminal.receive(
    serverName,
    plainAlert('unexpected_message', alertChecksum(answer ?? new Uint8Array(0))),
  );
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['established', 'closed']);
  assert.equal(pair.terminal.counts.sessions, 0);
});

test('profile 7: with another checksum, as some write any, a new handshake tells: a terminal that restarted gets a new session', () => {
  for (const description of ['unexpected_message', 'no_connection'] as const) {
    const pair = connectedPair();
    pair.restartTerminal();
    // For each push that it could not read one; the second meets the handshake that the first began.
    for (let i = 0; i < 2; i += 1) {
      pair.server.receive(terminalName, plainAlert(description, utf8ToBytes('0000')));
    }
    pair.settle();
    assert.deepEqual(pair.outcomes(pair.serverEvents), ['established', 'doubted', 'established']);
    assert.deepEqual([pair.server.counts.sessions, pair.terminal.counts.sessions], [1, 1]);
    pair.push(Uint8Array.of(3));
    pair.settle();
    assert.deepEqual(pair.arrived, [Uint8Array.of(3)]);
  }
});

test('profile 7: such an alert, forged, leaves the session alone, and begins one handshake in 30 seconds at most', () => {
  const pair = connectedPair();
  pair.clock.advance(60_000);
  const before = pair.sent.length;
  pair.network = () => [];
  for (let i = 0; i < 10; i += 1) {
    pair.server.receive(terminalName, plainAlert('unexpected_message', utf8ToBytes('0000')));
    pair.terminal.receive(serverName, plainAlert('unexpected_message', utf8ToBytes('0000')));
  }
  assert.deepEqual(
    pair.sent.slice(before).map(({ direction }) => direction),
    ['to-terminal', 'to-server'],
  );
  pair.network = (datagram) => [datagram];
  pair.push(Uint8Array.of(1));
  pair.settle();
  assert.deepEqual(pair.arrived, [Uint8Array.of(1)]);
  assert.equal(drops(pair.serverEvents).filter((reason) => reason === 'unexpected').length, 9);
});

/** An alert that nobody protects and that would end a session. */
function plainAlert(description: keyof typeof alertDescriptions, checksum: Uint8Array): Uint8Array {
  const fragment = concatBytes(Uint8Array.of(alertLevels.critical, alertDescriptions[description]), checksum);
  return encodeRecord({ contentType: recordTypes.alert, ciphered: false, sequenceNumber: 0, fragment });
}

test('profile 1: an identity or a secret that is given as text is refused, and not written as zeros', () => {
  const clock = new ManualClock();
  const text = (value: string): Uint8Array => value as unknown as Uint8Array;
  const given = [
    [{ ...device, identity: text('dev1') }, 'secrets[0].identity'],
    [{ ...device, secret: text('a'.repeat(20)) }, 'secrets[0].secret'],
  ] as const;
  for (const [one, path] of given) {
    for (const make of [
      () => new WtlsClient({ crypto, clock, secrets: [one] }),
      () => new WtlsServer({ crypto, clock, secrets: [one] }),
      () => new Pair().server.connect('t:1', [one]),
    ]) {
      assert.throws(make, { name: 'ValueError', code: 'WRONG_TYPE', path });
    }
  }
  const hello = { ...decodedHello(), sessionId: text('dev1') };
  assert.throws(() => encodeHandshake({ type: 'client-hello', hello }), { code: 'WRONG_TYPE' });
  assert.throws(() => concatBytes(text('dev1')), { code: 'WRONG_TYPE' });
  assert.doesNotThrow(() => new WtlsClient({ crypto, clock, secrets: [secretOf('dev1')] }));
});
