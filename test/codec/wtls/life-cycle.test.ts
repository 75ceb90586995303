// How sessions and handshakes end: refusals, alerts, restarts, age, limits.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  alertChecksum,
  alertDescriptions,
  alertLevels,
  type ClientHello,
  decodeAlert,
  decodeRecords,
  encodeAlert,
  encodeHandshake,
  encodeRecord,
  noKeyIds,
  recordTypes,
  WtlsServer,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex } from '../../../src/core/index.ts';
import { nodeWtlsCrypto } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { connectedPair, device, drops, flows, Pair, secretOf, serverName, terminalName } from './support.ts';

const data = Uint8Array.of(0x42);
const helloRequest = Uint8Array.of(0xc3, 0, 0, 0, 3, 0, 0, 0);

/** An alert that nobody protects. */
function plainAlert(
  level: keyof typeof alertLevels,
  description: keyof typeof alertDescriptions,
  cause?: Uint8Array,
): Uint8Array {
  const fragment = encodeAlert(level, description, cause);
  return encodeRecord({ contentType: recordTypes.alert, ciphered: false, sequenceNumber: 0, fragment });
}

/** Level and description of an unprotected alert. */
function alertIn(datagram: Uint8Array | undefined): readonly [number, number] {
  const [record] = decodeRecords(datagram ?? new Uint8Array(0));
  const { level, description } = decodeAlert(record?.fragment ?? new Uint8Array(0));
  return [level, description];
}

for (const flow of flows) {
  test(`profile 1: ${flow} flow: another secret at the other end ends the handshake with bad_record_mac, and nothing is pushed`, () => {
    const pair = new Pair({ terminal: { secrets: () => [secretOf('dev1', 0x01)] }, server: { flow } });
    pair.connect();
    pair.settle();
    assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: wrong-secret']);
    assert.deepEqual(alertIn(pair.sent.at(-1)?.datagram), [
      alertLevels.fatal,
      alertDescriptions.bad_record_mac,
    ]);
    // Who has to prove it first is refused.
    const refused = flow === 'full';
    assert.equal(pair.sent.at(-1)?.direction, refused ? 'to-terminal' : 'to-server');
    const wanted = refused ? ['failed: alert'] : ['failed: wrong-secret'];
    assert.deepEqual(pair.outcomes(pair.terminalEvents), wanted);
    assert.equal(pair.push(data), undefined);
    assert.equal(pair.clock.waiting, 0);
  });
}

test('profile 1: a terminal with another identity is refused with unknown_key_id', () => {
  const pair = new Pair({ terminal: { secrets: () => [secretOf('dev2')] } });
  pair.connect();
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: unknown-identity']);
  assert.deepEqual(alertIn(pair.sent.at(-1)?.datagram), [
    alertLevels.fatal,
    alertDescriptions.unknown_key_id,
  ]);
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: alert']);
});

const hello: ClientHello = {
  version: 1,
  random: new Uint8Array(16),
  sessionId: new Uint8Array(0),
  clientKeyIds: {
    ...noKeyIds,
    keyIds: [
      {
        keyExchange: 1,
        parameterIndex: 0,
        identifier: { type: 'text', charset: 106, name: device.identity } as const,
      },
    ],
  },
  trustedKeyIds: noKeyIds,
  cipherSuites: [
    { bulk: 0, mac: 0 },
    { bulk: 6, mac: 3 },
  ],
  compressionMethods: [1, 0],
  sequenceMode: 2,
  keyRefresh: 15,
};
const refusals: Readonly<Record<string, readonly [Partial<ClientHello>, string, string]>> = {
  'another version': [{ version: 2 }, 'version', 'protocol_version'],
  'no explicit sequence numbers': [{ sequenceMode: 1 }, 'nothing-in-common', 'handshake_failure'],
  'only compression': [{ compressionMethods: [1] }, 'nothing-in-common', 'handshake_failure'],
  'NULL as its only cipher': [
    { cipherSuites: [{ bulk: 0, mac: 0 }] },
    'nothing-in-common',
    'handshake_failure',
  ],
  'a shortened MAC': [{ cipherSuites: [{ bulk: 6, mac: 1 }] }, 'nothing-in-common', 'handshake_failure'],
  'single DES': [{ cipherSuites: [{ bulk: 5, mac: 3 }] }, 'nothing-in-common', 'handshake_failure'],
  'no keys': [{ clientKeyIds: noKeyIds }, 'nothing-in-common', 'handshake_failure'],
};
for (const [name, [change, reason, alert]] of Object.entries(refusals)) {
  test(`WTLS §10.5.1: a ClientHello with ${name} is refused with ${alert}`, () => {
    const clock = new ManualClock();
    const server = new WtlsServer({ crypto: nodeWtlsCrypto, clock, secrets: [device] });
    server.start();
    const fragment = encodeHandshake({ type: 'client-hello', hello: { ...hello, ...change } });
    const record = { contentType: recordTypes.handshake, ciphered: false, sequenceNumber: 0, fragment };
    const { send, events } = server.receive(decodeRecords(encodeRecord(record)));
    assert.deepEqual(
      events.map((event) => (event.type === 'failed' ? event.reason : event.type)),
      [reason],
    );
    const wanted = Object.entries(alertDescriptions).find(([description]) => description === alert)?.[1];
    assert.deepEqual(alertIn(send[0]), [alertLevels.fatal, wanted]);
    assert.equal(server.phase, 'closed');
  });
}

test('WTLS §10.5.1: an identity as text counts as well, among other offers, and keys are renewed as often as we say', () => {
  const clock = new ManualClock();
  const server = new WtlsServer({ crypto: nodeWtlsCrypto, clock, secrets: [device], keyRefresh: 2 });
  server.start();
  const [keyId] = hello.clientKeyIds.keyIds;
  assert.ok(keyId !== undefined);
  const keyIds = [{ keyExchange: 2, parameterIndex: 1, identifier: { type: 'none' } as const }, keyId];
  const fragment = encodeHandshake({
    type: 'client-hello',
    hello: { ...hello, clientKeyIds: { keyIds, unread: new Uint8Array(0) } },
  });
  const record = { contentType: recordTypes.handshake, ciphered: false, sequenceNumber: 0, fragment };
  const { send } = server.receive(decodeRecords(encodeRecord(record)));
  const [answer] = decodeRecords(send[0] ?? new Uint8Array(0));
  // …, no session id, key identifier 2, 3DES_CBC_EDE, SHA, no compression, explicit numbers, 2.
  assert.match(bytesToHex(answer?.fragment ?? new Uint8Array(0)), /^020018.*000206030002 ?02$/);
});

test('profile 7: a terminal that restarted tells by no_connection that it lost the session, and a handshake renews it', () => {
  const pair = connectedPair();
  pair.restartTerminal();
  pair.terminalEvents.length = 0;
  const datagram = pair.push(data);
  pair.settle();
  assert.deepEqual(drops(pair.terminalEvents), ['no-session']);
  const answer = pair.sent.at(-1)?.datagram;
  assert.deepEqual(alertIn(answer), [alertLevels.critical, alertDescriptions.no_connection]);
  assert.ok((answer?.length ?? 0) < (datagram?.length ?? 0));
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['established', 'closed']);
  assert.equal(pair.push(data), undefined);
  pair.connect();
  pair.settle();
  pair.push(data);
  pair.settle();
  assert.deepEqual(pair.arrived, [data]);
});

test('profile 7: an alert that nobody vouches for ends a session only with the checksum of a record that we sent', () => {
  const pair = connectedPair();
  const datagram = pair.push(data);
  pair.settle();
  assert.ok(datagram !== undefined);
  for (const alert of [
    plainAlert('critical', 'no_connection'),
    plainAlert('fatal', 'no_connection', Uint8Array.of(1, 2, 3)),
    plainAlert('warning', 'connection_close_notify', datagram),
  ]) {
    pair.server.receive(terminalName, alert);
    pair.terminal.receive(serverName, alert);
  }
  assert.deepEqual([pair.server.counts.sessions, pair.terminal.counts.sessions], [1, 1]);
  pair.terminal.receive(serverName, plainAlert('fatal', 'no_connection', datagram));
  assert.equal(pair.terminal.counts.sessions, 1);
  pair.server.receive(terminalName, plainAlert('fatal', 'no_connection', datagram));
  assert.equal(pair.server.counts.sessions, 0);
});

test('WTLS §10.2: the checksum is the record in blocks of four octets, XORed', () => {
  assert.equal(bytesToHex(alertChecksum(Uint8Array.of(1, 2, 3, 4, 0x10, 0x20))), '11220304');
});

test('profile 7: during a handshake a fatal or critical alert ends it at once, whatever its checksum; a warning does not', () => {
  for (const level of ['fatal', 'critical', 'warning'] as const) {
    const pair = new Pair();
    pair.network = (datagram, direction) => (direction === 'to-server' ? [] : [datagram]);
    pair.connect();
    pair.settle();
    const fragment = Uint8Array.of(
      alertLevels[level],
      alertDescriptions.internal_error,
      0x30,
      0x30,
      0x30,
      0x30,
    );
    const alert = { contentType: recordTypes.alert, ciphered: false, sequenceNumber: 9, fragment };
    pair.terminal.receive(serverName, encodeRecord(alert));
    const wanted = level === 'warning' ? ['warning'] : ['failed: alert'];
    assert.deepEqual(pair.outcomes(pair.terminalEvents), wanted);
  }
});

test('profile 7: no_connection that arrives during a handshake is about a session before it, and changes nothing', () => {
  const pair = new Pair();
  pair.connect();
  pair.server.receive(terminalName, plainAlert('critical', 'no_connection', Uint8Array.of(1)));
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['established']);
  assert.deepEqual(drops(pair.serverEvents), ['unexpected']);
});

for (const flow of flows) {
  test(`profile 5: ${flow} flow: a server that restarted asks again; the session that stands is used until the new one does`, () => {
    const pair = connectedPair({ server: { flow } });
    const old = pair.server;
    pair.restartServer();
    pair.serverEvents.length = 0;
    pair.clock.advance(60_000);
    pair.connect();
    const stray = old.protect(terminalName, [device], Uint8Array.of(1)) ?? new Uint8Array(0);
    // In the middle of the new handshake a record of the old session arrives.
    const middle = pair.sent.length + 1;
    pair.network = (datagram, direction, index) =>
      direction === 'to-terminal' && index === middle ? [stray, datagram] : [datagram];
    pair.settle();
    assert.deepEqual(pair.outcomes(pair.serverEvents), ['established']);
    pair.push(Uint8Array.of(2));
    pair.settle();
    assert.deepEqual(pair.arrived, [Uint8Array.of(1), Uint8Array.of(2)]);
    assert.equal(pair.terminal.counts.sessions, 1);
  });
}

test('profile 5: a forged HelloRequest does not end a session', () => {
  const pair = connectedPair();
  pair.clock.advance(60_000);
  pair.network = (datagram, direction) => (direction === 'to-server' ? [] : [datagram]);
  pair.terminal.receive(serverName, helloRequest);
  assert.equal(pair.terminal.counts.handshakes, 1);
  pair.push(data);
  pair.run();
  assert.deepEqual(pair.arrived, [data]);
  assert.deepEqual([pair.terminal.counts.handshakes, pair.terminal.counts.sessions], [0, 1]);
});

test('profile 5: a HelloRequest that the network repeats just after the handshake begins none', () => {
  const pair = connectedPair();
  pair.terminal.receive(serverName, helloRequest);
  assert.equal(pair.terminal.counts.handshakes, 0);
  assert.deepEqual(drops(pair.terminalEvents), ['replay']);
});

test('profile 6: a session is used for its time and then renewed; both ends forget it', () => {
  const pair = connectedPair({ server: { sessionMs: 1000 }, terminal: { sessionMs: 2000 } });
  pair.clock.advance(999);
  assert.notEqual(pair.push(data), undefined);
  pair.settle();
  pair.clock.advance(1);
  assert.equal(pair.push(data), undefined);
  assert.equal(pair.server.counts.sessions, 0);
  pair.settle();
  // It was told.
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['established', 'closed']);
  pair.clock.advance(5000);
  pair.connect();
  pair.settle();
  assert.notEqual(pair.push(data), undefined);
  pair.settle();
  assert.equal(pair.arrived.length, 2);
  pair.clock.advance(3000);
  pair.terminal.receive('anybody:1', Uint8Array.of(0));
  assert.equal(pair.terminal.counts.sessions, 0);
});

test('profile 6: close tells the other end, which then begins anew', () => {
  const pair = connectedPair();
  pair.terminal.close();
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['established', 'closed']);
  assert.equal(pair.push(data), undefined);
  const other = new Pair();
  other.connect();
  other.server.close();
  assert.deepEqual(other.outcomes(other.serverEvents), ['failed: cancelled']);
  other.settle();
  assert.deepEqual(other.outcomes(other.terminalEvents), ['failed: alert']);
  assert.equal(other.clock.waiting, 0);
});

test('profile 6: beyond the limit the oldest session ends, and its peer is told', () => {
  const pair = new Pair({ terminal: { maxSessions: 2 } });
  const servers = ['a:1', 'b:2', 'c:3'];
  for (const name of servers) {
    pair.restartServer();
    pair.connect();
    // The same server under another name.
    const { terminal } = pair;
    const settle = terminal.receive.bind(terminal);
    terminal.receive = (_peer, datagram) => settle(name, datagram);
    pair.settle();
    terminal.receive = settle;
  }
  assert.equal(pair.terminal.counts.sessions, 2);
});

test('profile 10: handshakes are limited on both ends; those that strangers began give way to newer ones', () => {
  const pair = new Pair();
  for (let i = 0; i < 4; i += 1) assert.equal(pair.server.connect(`t${i}:2949`, [device]), true);
  assert.equal(pair.server.connect('t4:2949', [device]), false);
  assert.equal(pair.server.connect('t0:2949', [device]), true);
  for (let i = 0; i < 6; i += 1) pair.terminal.receive(`s${i}:1`, helloRequest);
  assert.equal(pair.terminal.counts.handshakes, 4);
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: displaced', 'failed: displaced']);
  pair.server.cancel('t0:2949');
  assert.equal(pair.server.connect('t4:2949', [device]), true);
});

test('profile 10: a terminal answers nobody for whom it has no secret', () => {
  const pair = new Pair({ terminal: { secrets: (peer) => (peer === serverName ? [device] : []) } });
  pair.terminal.receive('stranger:1', helloRequest);
  assert.equal(pair.sent.length, 0);
  assert.deepEqual(drops(pair.terminalEvents), ['stranger']);
});

test('profile 5: a server answers no terminal that it did not ask', () => {
  const pair = new Pair();
  pair.network = () => [];
  pair.terminal.receive(serverName, helloRequest);
  const clientHello = pair.sent[0]?.datagram;
  assert.ok(clientHello !== undefined);
  pair.server.receive(terminalName, clientHello);
  assert.equal(pair.sent.length, 1);
  assert.deepEqual(drops(pair.serverEvents), ['unexpected']);
});
