// Full handshakes between our two ends, and what sessions do with records.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeRecords,
  lastSequenceNumber,
  WtlsClient,
  type WtlsCrypto,
  WtlsServer,
} from '../../../src/codec/wtls/index.ts';
import { bytesToHex, concatBytes } from '../../../src/core/index.ts';
import { nodeWtlsCrypto } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { connectedPair, device, drops, flipped, flows, Pair, secretOf, serverName } from './support.ts';
import { recordBytes, vectors } from './vectors.ts';

test('WTLS §10.3: our client carries the handshake of the vectors through, octet by octet', () => {
  const { clientRandom, identity, secret } = vectors;
  const crypto: WtlsCrypto = { ...nodeWtlsCrypto, random: () => clientRandom.slice(4) };
  const clock = new ManualClock(0x65000001 * 1000);
  const client = new WtlsClient({ crypto, clock, secrets: [{ identity, secret }] });
  assert.deepEqual(client.start().send.map(bytesToHex), [bytesToHex(recordBytes('clientHello'))]);
  const serverFlight = concatBytes(recordBytes('serverHello'), recordBytes('serverHelloDone'));
  const ours = concatBytes(recordBytes('clientChangeCipherSpec'), recordBytes('clientFinished'));
  const { send } = client.receive(decodeRecords(serverFlight));
  assert.deepEqual(send.map(bytesToHex), [bytesToHex(ours)]);
  const last = concatBytes(recordBytes('serverChangeCipherSpec'), recordBytes('serverFinished'));
  const done = client.receive(decodeRecords(last));
  assert.deepEqual(done.events, [{ type: 'established', keyExchange: 'SHARED_SECRET', identity }]);
  const pushes = vectors.pushRecords.map(({ record }) => Buffer.from(record, 'hex'));
  const { events } = client.receive(decodeRecords(concatBytes(...pushes)));
  assert.deepEqual(
    events.map((event) => (event.type === 'data' ? bytesToHex(event.data) : event.type)),
    [bytesToHex(vectors.push), bytesToHex(vectors.push)],
  );
});

test('WTLS §9.2, §10.5: several messages in one record, and a last record without its length', () => {
  const { clientRandom, identity, secret } = vectors;
  const crypto: WtlsCrypto = { ...nodeWtlsCrypto, random: () => clientRandom.slice(4) };
  const clock = new ManualClock(0x65000001 * 1000);
  const client = new WtlsClient({ crypto, clock, secrets: [{ identity, secret }] });
  client.start();
  const messages = [recordBytes('serverHello').subarray(5), recordBytes('serverHelloDone').subarray(5)];
  const { send } = client.receive(decodeRecords(concatBytes(Uint8Array.of(0x43, 0, 2), ...messages)));
  const ours = concatBytes(recordBytes('clientChangeCipherSpec'), recordBytes('clientFinished'));
  assert.deepEqual(send.map(bytesToHex), [bytesToHex(ours)]);
  const last = concatBytes(recordBytes('serverChangeCipherSpec'), recordBytes('serverFinished'));
  assert.equal(client.receive(decodeRecords(last)).events[0]?.type, 'established');
});

const shapes = {
  abbreviated: [['c3'], ['c3'], ['c3', 'c1', 'e3'], ['c1', 'e3']],
  full: [['c3'], ['c3'], ['c3', 'c3'], ['c1', 'e3'], ['c1', 'e3']],
};
for (const flow of flows) {
  test(`PB-C-003 PB-S-003 DM-PUSH §5.1.2: ${flow} flow: HelloRequest, handshake, data in one record; the session serves the next push`, () => {
    serveTwoPushes(flow);
  });
}

function serveTwoPushes(flow: (typeof flows)[number]): void {
  const pair = new Pair({ server: { flow } });
  assert.equal(pair.push(Uint8Array.of(1)), undefined);
  pair.connect();
  pair.settle();
  const established = { type: 'established', keyExchange: 'SHARED_SECRET', identity: device.identity };
  assert.deepEqual(pair.serverEvents, [established]);
  assert.deepEqual(pair.terminalEvents, [established]);
  assert.deepEqual(
    pair.sent.map(({ datagram }) => decodeRecords(datagram).map(({ typeOctet }) => typeOctet.toString(16))),
    shapes[flow],
  );
  pair.push(Uint8Array.of(1));
  pair.settle();
  pair.clock.advance(23 * 3_600_000);
  pair.push(Uint8Array.of(2));
  pair.settle();
  assert.deepEqual(pair.arrived, [Uint8Array.of(1), Uint8Array.of(2)]);
  assert.deepEqual(pair.terminalEvents[1], {
    type: 'data',
    data: Uint8Array.of(1),
    identity: device.identity,
  });
  assert.equal(pair.sent.length, shapes[flow].length + 2);
  assert.equal(pair.clock.waiting, 0);
}

test('WTLS §10.5.1: of several secrets the server takes the one that it knows', () => {
  const mine = secretOf('server-2', 0x22);
  const pair = new Pair({ terminal: { secrets: () => [secretOf('server-1'), mine, secretOf('server-3')] } });
  pair.connect([mine]);
  // The ClientHello is so long that it answers two HelloRequests.
  pair.run();
  assert.deepEqual(pair.serverEvents, [
    { type: 'established', keyExchange: 'SHARED_SECRET', identity: mine.identity },
  ]);
  pair.push(Uint8Array.of(7), [mine]);
  pair.settle();
  assert.deepEqual(pair.arrived, [Uint8Array.of(7)]);
});

test('a session is used only while its secret is given for the device', () => {
  const pair = connectedPair();
  assert.equal(pair.push(Uint8Array.of(1), [secretOf('dev1', 0x77)]), undefined);
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['established', 'closed']);
  assert.equal(pair.push(Uint8Array.of(1)), undefined);
});

for (const [offered, wanted] of [
  [4, 4],
  [4, 0],
  [0, 4],
  [3, 2],
] as const) {
  test(`WTLS §11.2: keys are renewed every ${2 ** Math.min(offered, wanted)} records (client ${offered}, server ${wanted}), over 70 records in any order`, () => {
    const pair = connectedPair({ terminal: { keyRefresh: offered }, server: { keyRefresh: wanted } });
    const held: Uint8Array[] = [];
    pair.network = (datagram) => {
      held.push(datagram);
      return [];
    };
    for (let i = 0; i < 70; i += 1) pair.push(Uint8Array.of(i));
    // Neighbours change places, around each renewal too.
    for (let i = 0; i < 70; i += 2) {
      for (const datagram of [held[i + 1], held[i]]) {
        assert.ok(datagram !== undefined);
        pair.terminal.receive(serverName, datagram);
      }
    }
    const seen = pair.arrived.map(([octet]) => octet ?? -1);
    assert.deepEqual(
      [...seen].sort((a, b) => a - b),
      Array.from({ length: 70 }, (_, i) => i),
    );
    assert.deepEqual(drops(pair.terminalEvents), []);
  });
}

test('profile 3: a replayed record, and one left of the window of 64, are dropped without an answer', () => {
  const pair = connectedPair();
  const datagrams = Array.from({ length: 80 }, (_, i) => pair.push(Uint8Array.of(i)) ?? new Uint8Array(0));
  pair.settle();
  pair.network = () => [];
  assert.equal(pair.arrived.length, 80);
  const before = pair.sent.length;
  for (const datagram of datagrams) pair.terminal.receive(serverName, datagram);
  assert.equal(pair.arrived.length, 80);
  assert.deepEqual(
    drops(pair.terminalEvents),
    datagrams.map(() => 'replay'),
  );
  assert.equal(pair.sent.length, before);
});

test('profile 3: a record that was never seen, but is older than the window, is dropped', () => {
  const pair = connectedPair();
  const held: Uint8Array[] = [];
  pair.network = (datagram) => {
    held.push(datagram);
    return [];
  };
  for (let i = 0; i < 66; i += 1) pair.push(Uint8Array.of(i));
  const [first, second] = held;
  const last = held[65];
  assert.ok(first !== undefined && second !== undefined && last !== undefined);
  pair.terminal.receive(serverName, last);
  pair.terminal.receive(serverName, first);
  pair.terminal.receive(serverName, second);
  const third = held[2];
  assert.ok(third !== undefined);
  pair.terminal.receive(serverName, third);
  assert.deepEqual(
    pair.arrived.map(([octet]) => octet),
    [65, 2],
  );
  assert.deepEqual(drops(pair.terminalEvents), ['replay', 'replay']);
});

test('WTLS §9.2.3: with any one bit of a record turned nothing is delivered, and the true record still is', () => {
  const pair = connectedPair();
  pair.network = () => [];
  const datagram = pair.push(vectors.push);
  assert.ok(datagram !== undefined);
  for (let bit = 0; bit < datagram.length * 8; bit += 1) {
    pair.terminal.receive(serverName, flipped(datagram, bit));
  }
  assert.deepEqual(pair.arrived, []);
  assert.equal(pair.terminal.counts.sessions, 1);
  assert.ok(drops(pair.terminalEvents).length >= datagram.length * 8);
  pair.terminal.receive(serverName, datagram);
  assert.deepEqual(pair.arrived, [vectors.push]);
  // Of its answers, warnings about records that do not open, there are few.
  const answers = pair.sent.filter(({ direction }) => direction === 'to-server').slice(2);
  assert.equal(answers.length, 4);
});

test('profile 3: at 65535 the connection has no numbers left, and the next push needs a handshake', () => {
  // Nothing is protected here: only the counting matters.
  const crypto: WtlsCrypto = {
    ...nodeWtlsCrypto,
    hmacSha1: (_key, ...parts) => new Uint8Array(20).fill(parts.length),
    encryptTripleDes: (_key, _iv, data) => data,
    decryptTripleDes: (_key, _iv, data) => data,
    sha1: () => new Uint8Array(20),
  };
  const pair = connectedPair({ terminal: { crypto }, server: { crypto } });
  pair.network = () => [];
  let records = 0;
  while (pair.server.protect('terminal:2949', [device], Uint8Array.of(1)) !== undefined) records += 1;
  // Finished took the number 0.
  assert.equal(records, lastSequenceNumber - 1);
  assert.equal(pair.server.counts.sessions, 0);
});

test('WTLS §9.2: several records in a datagram are each taken', () => {
  const pair = connectedPair();
  pair.network = () => [];
  const one = pair.push(Uint8Array.of(1));
  const two = pair.push(Uint8Array.of(2));
  assert.ok(one !== undefined && two !== undefined);
  pair.terminal.receive(serverName, concatBytes(one, two));
  assert.deepEqual(pair.arrived, [Uint8Array.of(1), Uint8Array.of(2)]);
});

test('secrets and settings that cannot be used are refused without showing the secret', () => {
  const clock = new ManualClock();
  const crypto = nodeWtlsCrypto;
  const identity = device.identity;
  const refused: readonly (readonly [() => unknown, RegExp])[] = [
    [
      () => new WtlsServer({ crypto, clock, secrets: [{ identity, secret: new Uint8Array(15) }] }),
      /^secrets\[0\]\.secret: has 15 octets, at least 16 are needed$/,
    ],
    [
      () => new WtlsClient({ crypto, clock, secrets: [{ ...device, identity: new Uint8Array(0) }] }),
      /^secrets\[0\]\.identity: must have 1 to 255 octets$/,
    ],
    [() => new WtlsClient({ crypto, clock, secrets: [] }), /^secrets: needs at least one/],
    [
      () => new WtlsClient({ crypto, clock, secrets: Array.from({ length: 17 }, () => device) }),
      /^secrets: 17 secrets, at most 16$/,
    ],
    [() => new WtlsServer({ crypto, clock, secrets: [], keyRefresh: 5 }), /^keyRefresh: .*0 to 4$/],
    [() => new WtlsServer({ crypto, clock, secrets: [], tries: 0 }), /^tries: .*1 to 8$/],
    [() => new WtlsServer({ crypto, clock, secrets: [], retransmitMs: 0.5 }), /^retransmitMs: /],
    [() => new Pair({ server: { maxSessions: 0 } }), /^maxSessions: /],
    [() => new Pair({ terminal: { tries: 9 } }), /^tries: /],
  ];
  for (const [make, message] of refused) assert.throws(make, { name: 'ValueError', message });
});
