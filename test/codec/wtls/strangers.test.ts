// What strangers can do to a terminal: begin handshakes. They displace each other, get little for what they send, and
// leave sessions and honest servers alone.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeRecords,
  encodeRecord,
  helloRequestsFor,
  recordTypes,
  WtlsClientEndpoint,
  type WtlsClientEndpointOptions,
  type WtlsEvent,
  WtlsServer,
  WtlsServerEndpoint,
  type WtlsServerOptions,
} from '../../../src/codec/wtls/index.ts';
import { concatBytes } from '../../../src/core/index.ts';
import { nodeWtlsCrypto as crypto, nodeRsaKey } from '../../../src/push/waps/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';
import { connectedPair, device, drops, Pair, secretOf, serverName } from './support.ts';

const helloRequest = Uint8Array.of(0xc3, 0, 0, 0, 3, 0, 0, 0);
/** Octets of IP and UDP headers. */
const headers = 28;

/** A terminal as a listener makes it; peers are `address:port`. */
class Terminal {
  readonly clock = new ManualClock();
  readonly sent: { readonly peer: string; readonly datagram: Uint8Array }[] = [];
  readonly events: { readonly peer: string; readonly event: WtlsEvent }[] = [];
  readonly endpoint: WtlsClientEndpoint;
  onSend: ((peer: string, datagram: Uint8Array) => void) | undefined;

  constructor(options: Partial<WtlsClientEndpointOptions> = {}) {
    this.endpoint = new WtlsClientEndpoint({
      crypto,
      clock: this.clock,
      secrets: () => [device],
      transmit: (peer, datagram) => {
        this.sent.push({ peer, datagram });
        this.onSend?.(peer, datagram);
      },
      onEvent: (peer, event) => this.events.push({ peer, event }),
      maxHandshakes: 4096,
      maxHandshakesPerSource: 32,
      maxSessions: 64,
      sessionMs: 25 * 3_600_000,
      sourceOf: (peer) => peer.slice(0, peer.lastIndexOf(':')),
      ...options,
    });
  }

  /** What became of the handshakes and sessions of a peer. */
  outcomes(peer: string): readonly string[] {
    return this.events.flatMap(({ peer: of, event }) =>
      of !== peer || event.type === 'dropped' ? [] : [event.type === 'failed' ? event.reason : event.type],
    );
  }

  /** A session with a server of ours at `peer`. */
  connect(peer: string, options: Partial<WtlsServerOptions> = {}): WtlsServer {
    const server = new WtlsServer({ crypto, clock: this.clock, secrets: [device], ...options });
    const queue = [...server.start().send];
    const others = this.onSend;
    this.onSend = (to, datagram) => {
      if (to === peer) queue.push(...server.receive(decodeRecords(datagram)).send);
    };
    for (let next = queue.shift(); next !== undefined; next = queue.shift())
      this.endpoint.receive(peer, next);
    this.onSend = others;
    return server;
  }
}

test('profile 10: a flood of 200 HelloRequests a second from 64 addresses for three minutes leaves a server with a round trip of 5 seconds its handshake', () => {
  const terminal = new Terminal();
  const { clock } = terminal;
  const honest = '192.0.2.1:40000';
  const done: WtlsEvent[] = [];
  const delayMs = 2500;
  const server = new WtlsServerEndpoint({
    crypto,
    clock,
    transmit: (_peer, datagram) => {
      clock.after(delayMs, () => terminal.endpoint.receive(honest, datagram));
    },
    onEvent: (_peer, event) => done.push(event),
    maxHandshakes: 1,
    maxSessions: 1,
    sessionMs: 60_000,
  });
  terminal.onSend = (peer, datagram) => {
    if (peer === honest) clock.after(delayMs, () => server.receive('terminal:2949', datagram));
  };
  let count = 0;
  const flood = (ms: number): void => {
    for (let at = 0; at < ms; at += 100) {
      for (let i = 0; i < 20; i += 1) {
        terminal.endpoint.receive(`198.51.100.${count % 64}:${1024 + (count % 50_000)}`, helloRequest);
        count += 1;
      }
      clock.advance(100);
    }
  };
  flood(90_000);
  server.connect('terminal:2949', [device]);
  flood(90_000);
  assert.equal(count, 36_000);
  assert.deepEqual(
    done.filter(({ type }) => type === 'established' || type === 'failed').map(({ type }) => type),
    ['established'],
  );
  assert.deepEqual(terminal.outcomes(honest), ['established']);
  assert.ok(terminal.endpoint.counts.handshakes <= 64 * 32);
  terminal.endpoint.close();
});

test('profile 10: of one source the oldest handshake gives way; those of others stay', () => {
  const terminal = new Terminal({ maxHandshakes: 8, maxHandshakesPerSource: 3 });
  terminal.endpoint.receive('b:1', helloRequest);
  for (let port = 1; port <= 5; port += 1) terminal.endpoint.receive(`a:${port}`, helloRequest);
  assert.equal(terminal.endpoint.counts.handshakes, 4);
  assert.deepEqual(
    ['a:1', 'a:2', 'a:3', 'a:5', 'b:1'].map((peer) => terminal.outcomes(peer)),
    [['displaced'], ['displaced'], [], [], []],
  );
  // In all: the oldest of all.
  for (const peer of ['c:1', 'c:2', 'c:3', 'd:1', 'd:2']) terminal.endpoint.receive(peer, helloRequest);
  assert.equal(terminal.endpoint.counts.handshakes, 8);
  assert.deepEqual(terminal.outcomes('b:1'), ['displaced']);
});

test('profile 10: an unfinished handshake ends after 30 seconds, and its place is free', () => {
  const terminal = new Terminal({ maxHandshakes: 2, maxHandshakesPerSource: 2 });
  terminal.endpoint.receive('a:1', helloRequest);
  terminal.clock.advance(30_000);
  assert.deepEqual(terminal.outcomes('a:1'), ['no-answer']);
  assert.equal(terminal.endpoint.counts.handshakes, 0);
  for (const peer of ['a:2', 'a:3']) terminal.endpoint.receive(peer, helloRequest);
  assert.equal(terminal.endpoint.counts.handshakes, 2);
  assert.equal(terminal.events.length, 1);
});

test('profile 10: one ClientHello for each HelloRequest, nothing by itself, 2.5 times what came at most', () => {
  const terminal = new Terminal();
  for (let i = 1; i <= 3; i += 1) {
    terminal.endpoint.receive('a:1', helloRequest);
    assert.equal(terminal.sent.length, i);
  }
  terminal.clock.advance(60_000);
  assert.equal(terminal.sent.length, 3);
  const [{ datagram } = { datagram: new Uint8Array(0) }] = terminal.sent;
  assert.ok(datagram.length + headers <= 2.5 * (helloRequest.length + headers));
});

test('profile 10: an identity of 21 octets is offered at once; more waits for as many HelloRequests as pay for it', () => {
  const named = (...lengths: readonly number[]) =>
    lengths.map((length, i) => ({ ...device, identity: new Uint8Array(length).fill(65 + i) }));
  for (const [secrets, needed] of [
    [named(1), 1],
    [named(21), 1],
    [named(22), 2],
    [named(8, 8), 1],
    [named(20, 20), 2],
    [named(255), 4],
    [named(...Array.from({ length: 16 }, () => 12)), 4],
    [named(255, 255), 7],
  ] as const) {
    assert.equal(helloRequestsFor(secrets, false), needed);
    const terminal = new Terminal({ secrets: () => secrets });
    for (let i = 1; i < needed; i += 1) terminal.endpoint.receive('a:1', helloRequest);
    assert.equal(terminal.sent.length, 0);
    assert.equal(terminal.outcomes('a:1').length, needed - 1);
    terminal.endpoint.receive('a:1', helloRequest);
    assert.equal(terminal.sent.length, 1);
  }
});

/** Small records that may be answered. */
const pieces = [
  helloRequest,
  encodeRecord({
    contentType: 2,
    ciphered: false,
    sequenceNumber: 0,
    fragment: Uint8Array.of(3, 10, 0, 0, 0, 0),
  }),
  encodeRecord({ contentType: 4, ciphered: true, sequenceNumber: 1, fragment: new Uint8Array(6) }),
  encodeRecord({ contentType: 3, ciphered: true, sequenceNumber: 1, fragment: new Uint8Array(24) }),
  encodeRecord({ contentType: 3, ciphered: false, sequenceNumber: 1, fragment: Uint8Array.of(14, 0, 0) }),
];

const stranger = fc.tuple(
  fc.constantFrom('a:1', 'a:2', 'b:1'),
  fc.oneof(
    fc.constant(helloRequest),
    fc
      .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 20 })
      .map((parts) => concatBytes(...parts)),
    fc
      .record({
        contentType: fc.integer({ min: 1, max: 4 }),
        ciphered: fc.boolean(),
        sequenceNumber: fc.integer({ min: 0, max: 12 }),
        fragment: fc.oneof(fc.uint8Array({ maxLength: 48 }), fc.constant(new Uint8Array(24))),
      })
      .map(encodeRecord),
  ),
);

test('profile 10: whatever strangers send, they get 2.5 times as many octets at most, counted with headers', () => {
  fc.assert(
    fc.property(fc.array(stranger, { maxLength: 30 }), fc.nat(20_000), (datagrams, waitMs) => {
      const terminal = new Terminal();
      const came = new Map<string, number>();
      const went = new Map<string, number>();
      terminal.onSend = (peer, { length }) => went.set(peer, (went.get(peer) ?? 0) + length + headers);
      for (const [peer, datagram] of datagrams) {
        came.set(peer, (came.get(peer) ?? 0) + datagram.length + headers);
        terminal.endpoint.receive(peer, datagram);
        terminal.clock.advance(waitMs / 10);
      }
      terminal.clock.advance(120_000);
      for (const [peer, octets] of went) assert.ok(octets <= 2.5 * (came.get(peer) ?? 0), peer);
      assert.ok(terminal.sent.length <= datagrams.length);
    }),
    { numRuns: 300 },
  );
});

test('profile 10: nor with many records in one datagram: alerts about lost sessions, handshakes that end and begin, warnings', () => {
  const lost = encodeRecord({
    contentType: recordTypes.applicationData,
    ciphered: true,
    sequenceNumber: 1,
    fragment: new Uint8Array(6),
  });
  const fatal = encodeRecord({
    contentType: recordTypes.alert,
    ciphered: false,
    sequenceNumber: 0,
    fragment: Uint8Array.of(3, 10, 0, 0, 0, 0),
  });
  const empty = encodeRecord({
    contentType: recordTypes.applicationData,
    ciphered: true,
    sequenceNumber: 9,
    fragment: new Uint8Array(0),
  });
  const datagrams = [
    concatBytes(...Array.from({ length: 16 }, () => lost)),
    concatBytes(lost, lost, helloRequest),
    concatBytes(helloRequest, fatal, helloRequest, fatal, helloRequest),
    concatBytes(...Array.from({ length: 20 }, () => helloRequest)),
    concatBytes(...Array.from({ length: 20 }, () => empty)),
  ];
  for (const standing of [false, true]) {
    for (const datagram of datagrams) {
      const terminal = new Terminal();
      if (standing) terminal.connect('a:1');
      terminal.clock.advance(60_000);
      const before = terminal.sent.length;
      for (let i = 0; i < 8; i += 1) terminal.endpoint.receive('a:1', datagram);
      const went = terminal.sent
        .slice(before)
        .reduce((sum, { datagram: answer }) => sum + answer.length + headers, 0);
      assert.ok(went <= 8 * 2.5 * (datagram.length + headers), `${went} octets`);
      // So it holds with the longer headers of IPv6.
      assert.ok(terminal.sent.length - before <= 8);
    }
  }
});

test('profile 10: a server that goes through the handshake without the secret gets 2.5 times its octets at most, in both flows', () => {
  for (const flow of ['abbreviated', 'full'] as const) {
    const terminal = new Terminal();
    let came = 0;
    let went = 0;
    const receive = terminal.endpoint.receive.bind(terminal.endpoint);
    terminal.endpoint.receive = (peer, datagram) => {
      came += datagram.length + headers;
      receive(peer, datagram);
    };
    terminal.connect('a:1', { secrets: [secretOf('dev1', 1)], flow });
    terminal.clock.advance(60_000);
    for (const { datagram } of terminal.sent) went += datagram.length + headers;
    assert.equal(terminal.endpoint.counts.sessions, 0);
    assert.ok(went <= 2.5 * came, `${flow}: ${went} for ${came}`);
  }
});

test('profile 10: of what comes too early 8 records in the clear and 8 protected are kept, and 2048 octets of each', () => {
  for (const [fragmentOctets, kept] of [
    [40, 8],
    [1000, 2],
    [2043, 1],
    [2044, 0],
  ] as const) {
    for (const ciphered of [true, false]) {
      const pair = new Pair();
      pair.network = () => [];
      pair.terminal.receive(serverName, helloRequest);
      for (let sequenceNumber = 1; sequenceNumber <= 20; sequenceNumber += 1) {
        const fragment = new Uint8Array(fragmentOctets);
        const record = { contentType: recordTypes.handshake, ciphered, sequenceNumber, fragment };
        pair.terminal.receive(serverName, encodeRecord(record));
      }
      assert.equal(drops(pair.terminalEvents).length, 20 - kept);
    }
  }
});

test('profile 6: handshakes displace no session, however many there are', () => {
  const terminal = new Terminal({ maxHandshakes: 4, maxHandshakesPerSource: 4 });
  const server = terminal.connect('192.0.2.1:1');
  for (let i = 0; i < 500; i += 1) terminal.endpoint.receive(`${i}:1`, helloRequest);
  terminal.endpoint.receive('192.0.2.1:1', server.protect(Uint8Array.of(7)) ?? new Uint8Array(0));
  assert.deepEqual(terminal.outcomes('192.0.2.1:1'), ['established', 'data']);
});

test('profile 6: beyond the sessions of a source, or of all, the one that was not used for longest ends', () => {
  const terminal = new Terminal({ maxSessions: 4, maxSessionsPerSource: 2 });
  const first = terminal.connect('a:1');
  terminal.connect('a:2');
  terminal.endpoint.receive('a:1', first.protect(Uint8Array.of(1)) ?? new Uint8Array(0));
  terminal.connect('a:3');
  assert.equal(terminal.endpoint.counts.sessions, 2);
  for (const peer of ['b:1', 'c:1', 'd:1']) terminal.connect(peer);
  assert.equal(terminal.endpoint.counts.sessions, 4);
  // a:2 went for its source, then a:1, the oldest that was used before the others.
  terminal.endpoint.receive('a:1', first.protect(Uint8Array.of(2)) ?? new Uint8Array(0));
  assert.deepEqual(
    terminal.events.flatMap(({ event }) => (event.type === 'data' ? [event.data[0]] : [])),
    [1],
  );
});

test('profile 6: a session that is not used ends after its idle time, and the other end is told; a used one stays', () => {
  const terminal = new Terminal({ idleMs: 1000 });
  const idle = terminal.connect('a:1');
  const used = terminal.connect('b:1');
  terminal.clock.advance(600);
  terminal.endpoint.receive('b:1', used.protect(Uint8Array.of(1)) ?? new Uint8Array(0));
  terminal.clock.advance(600);
  const before = terminal.sent.length;
  terminal.endpoint.receive('c:1', Uint8Array.of(0));
  assert.equal(terminal.endpoint.counts.sessions, 1);
  const told = terminal.sent.slice(before);
  assert.deepEqual(
    told.map(({ peer }) => peer),
    ['a:1'],
  );
  const { events } = idle.receive(decodeRecords(told[0]?.datagram ?? new Uint8Array(0)));
  assert.deepEqual(
    events.map(({ type }) => type),
    ['closed'],
  );
  terminal.endpoint.receive('b:1', used.protect(Uint8Array.of(2)) ?? new Uint8Array(0));
  assert.deepEqual(terminal.outcomes('b:1'), ['established', 'data', 'data']);
});

test('profile 6: a server too ends sessions that it does not use', () => {
  const pair = connectedPair({ server: { idleMs: 1000 } });
  pair.clock.advance(1000);
  pair.server.receive('anybody:1', Uint8Array.of(0));
  assert.equal(pair.server.counts.sessions, 0);
  pair.settle();
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['established', 'closed']);
});

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
const rsaKey = nodeRsaKey(privateKey);

test('profile 6: a session that proves nothing makes none end that was proved', () => {
  const terminal = new Terminal({ anonymous: true, maxSessions: 3, maxSessionsPerSource: 2 });
  const server = terminal.connect('a:1');
  terminal.connect('b:1');
  for (let port = 2; port < 8; port += 1) terminal.connect(`a:${port}`, { secrets: [], rsaKey });
  assert.equal(terminal.endpoint.counts.sessions, 3);
  terminal.connect('c:1');
  terminal.connect('d:1', { secrets: [], rsaKey });
  assert.equal(terminal.endpoint.counts.sessions, 3);
  terminal.endpoint.receive('a:1', server.protect(Uint8Array.of(9)) ?? new Uint8Array(0));
  assert.deepEqual(terminal.outcomes('a:1'), ['established', 'data']);
});

test('profile 9: a device computes with RSA for 16 handshakes of a source in ten seconds, and for others all the same', () => {
  let computed = 0;
  const terminal = new Terminal({
    anonymous: true,
    secrets: () => [],
    crypto: {
      ...crypto,
      encryptRsa: (key, message) => {
        computed += 1;
        return crypto.encryptRsa(key, message);
      },
    },
  });
  for (let port = 1; port <= 40; port += 1) terminal.connect(`a:${port}`, { secrets: [], rsaKey });
  assert.equal(computed, 16);
  assert.deepEqual(terminal.outcomes('a:17'), ['busy']);
  terminal.connect('b:1', { secrets: [], rsaKey });
  assert.deepEqual(terminal.outcomes('b:1'), ['established']);
  for (let i = 0; i < 400; i += 1) terminal.connect(`${i}:1`, { secrets: [], rsaKey });
  assert.equal(computed, 256);
  terminal.clock.advance(10_000);
  terminal.connect('a:50', { secrets: [], rsaKey });
  assert.deepEqual(terminal.outcomes('a:50'), ['established']);
});

test('profile 10: answers about lost sessions are bounded for each source, and others get theirs', () => {
  const terminal = new Terminal();
  const record = encodeRecord({
    contentType: recordTypes.applicationData,
    ciphered: true,
    sequenceNumber: 1,
    fragment: new Uint8Array(32),
  });
  for (let port = 1; port <= 40; port += 1) terminal.endpoint.receive(`a:${port}`, record);
  assert.equal(terminal.sent.length, 16);
  terminal.endpoint.receive('b:1', record);
  assert.equal(terminal.sent.length, 17);
});

test('bounds that are none are refused with their names', () => {
  for (const name of [
    'maxHandshakes',
    'maxHandshakesPerSource',
    'maxSessions',
    'maxSessionsPerSource',
    'sessionMs',
    'idleMs',
  ]) {
    for (const value of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => new Terminal({ [name]: value }), { name: 'ValueError', path: name });
    }
  }
});
