// Handshakes and pushes over a network that loses, repeats, reorders and cuts datagrams up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeRecords } from '../../../src/codec/wtls/index.ts';
import { bytesToHex } from '../../../src/core/index.ts';
import {
  type Direction,
  drops,
  flipped,
  flows,
  honest,
  type Network,
  Pair,
  serverName,
  terminalName,
} from './support.ts';

const data = Uint8Array.of(0x42);
const helloRequest = Uint8Array.of(0xc3, 0, 0, 0, 3, 0, 0, 0);

type Flow = (typeof flows)[number];

/** Begins a handshake and pushes as soon as there is a session. */
function pushThrough(network: Network, flow: Flow = 'abbreviated'): Pair {
  const pair = new Pair({ network, server: { flow } });
  pair.connect();
  let pushed = false;
  const end = pair.clock.now() + 120_000;
  for (;;) {
    pair.settle();
    if (!pushed && pair.server.counts.sessions === 1) {
      pushed = pair.push(data) !== undefined;
      continue;
    }
    const at = pair.clock.nextTimerAt();
    if (at === undefined || at > end) return pair;
    pair.clock.advance(at - pair.clock.now());
  }
}

function assertArrivedOnce(pair: Pair): void {
  assert.deepEqual(pair.arrived, [data]);
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['established']);
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['established']);
  assert.equal(pair.clock.waiting, 0);
}

const datagrams: Readonly<Record<Flow, readonly string[]>> = {
  abbreviated: [
    'HelloRequest',
    'ClientHello',
    "ServerHello with the server's Finished",
    "the client's Finished",
  ],
  full: ['HelloRequest', 'ClientHello', 'ServerHello', "the client's Finished", "the server's Finished"],
};
for (const flow of flows) {
  for (const [lost, name] of datagrams[flow].entries()) {
    test(`profile 4: ${flow} flow: ${name} is lost: sent again after 2 seconds, and the push arrives`, () => {
      const pair = pushThrough((datagram, _direction, index) => (index === lost ? [] : [datagram]), flow);
      assertArrivedOnce(pair);
      const [first, last] = [pair.sent[0]?.at ?? 0, pair.sent.at(-1)?.at ?? 0];
      assert.equal(last - first, 2000);
    });

    test(`profile 4: ${flow} flow: ${name} arrives twice: the handshake is none the worse`, () => {
      const twice: Network = (datagram, _direction, index) =>
        index === lost ? [datagram, datagram] : [datagram];
      assertArrivedOnce(pushThrough(twice, flow));
    });

    test(`profile 4: ${flow} flow: ${name} comes damaged in any one bit: the handshake comes to an end, and never delivers anything else`, () => {
      const size = pushThrough(honest, flow).sent[lost]?.datagram.length ?? 0;
      let arrived = 0;
      for (let bit = 0; bit < size * 8; bit += 1) {
        const damaged: Network = (datagram, _direction, index) => [
          index === lost ? flipped(datagram, bit) : datagram,
        ];
        const pair = pushThrough(damaged, flow);
        assert.ok(pair.arrived.every((octets) => bytesToHex(octets) === bytesToHex(data)));
        // The outcome is told to whoever waits for it, and nothing is left running.
        const [outcome] = pair.outcomes(pair.serverEvents);
        assert.match(outcome ?? '', /^(established|failed: )/);
        assert.equal(pair.clock.waiting, 0);
        assert.equal(pair.server.counts.handshakes + pair.terminal.counts.handshakes, 0);
        arrived += pair.arrived.length;
      }
      if (lost === 4) assert.equal(arrived, size * 8, 'the terminal asks again');
    });
  }
}

test("profile 4: full flow: the server's Finished and the push after it are lost: the next push brings both", () => {
  // The terminal does not repeat by itself: nobody has proved anything to it.
  let lost = 0;
  const pair = new Pair({ server: { flow: 'full' } });
  pair.network = (datagram, direction, index) => {
    const isLost = direction === 'to-terminal' && index >= 4 && lost < 2;
    if (isLost) lost += 1;
    return isLost ? [] : [datagram];
  };
  pair.connect();
  pair.settle();
  pair.push(data);
  pair.settle();
  assert.deepEqual([lost, pair.arrived.length], [2, 0]);
  pair.clock.advance(10_000);
  assert.equal(pair.sent.length, 6);
  pair.push(Uint8Array.of(0x43));
  pair.run();
  assert.deepEqual(pair.arrived.map(([octet]) => octet).sort(), [0x42, 0x43]);
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['established']);
});

test("profile 4: abbreviated flow: the client's Finished is lost until the last HelloRequest: the server asks under its new keys", () => {
  let lost = 0;
  const pair = pushThrough((datagram, direction, index) => {
    const isLost = direction === 'to-server' && index >= 3 && lost < 3;
    if (isLost) lost += 1;
    return isLost ? [] : [datagram];
  });
  assertArrivedOnce(pair);
  const asked = pair.sent.filter(({ datagram }) => datagram[0] === 0xe3);
  assert.deepEqual(
    asked.map(({ at }) => at - (pair.sent[0]?.at ?? 0)),
    [2000, 6000, 14_000],
  );
});

test('profile 4: once the server has changed its keys no HelloRequest of its goes out in the clear', () => {
  const pair = new Pair();
  pair.network = (datagram, direction, index) => (direction === 'to-terminal' || index < 2 ? [datagram] : []);
  pair.connect();
  pair.run();
  const asked = pair.sent.filter(
    ({ datagram, direction }) => direction === 'to-terminal' && datagram.length < 40,
  );
  assert.deepEqual(
    asked.map(({ datagram }) => bytesToHex(datagram.subarray(0, 3))),
    ['c30000', 'e30001', 'e30002', 'e30003'],
  );
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: no-answer']);
});

test("the push overtakes the server's Finished: it is kept until the handshake is done", () => {
  const held: Uint8Array[] = [];
  const pair = pushThrough((datagram, direction, index) => {
    if (direction === 'to-terminal' && index === 4) {
      held.push(datagram);
      return [];
    }
    return [datagram, ...held.splice(0)];
  }, 'full');
  assertArrivedOnce(pair);
  assert.equal(pair.sent.length, 6);
});

for (const flow of flows) {
  test(`profile 3: ${flow} flow: flights cut into one record a datagram, in the wrong order`, () => {
    assertArrivedOnce(
      pushThrough((datagram) => {
        const records = decodeRecords(datagram).map(({ octets }) => octets.slice());
        return records.reverse();
      }, flow),
    );
  });
}

test('profile 4: a terminal that never answers is asked four times, after 2, 4 and 8 seconds, and given up after 30', () => {
  const at: number[] = [];
  const pair = new Pair();
  const start = pair.clock.now();
  pair.network = () => {
    at.push(pair.clock.now() - start);
    return [];
  };
  pair.connect();
  pair.run();
  assert.deepEqual(at, [0, 2000, 6000, 14_000]);
  assert.equal(pair.clock.now() - start, 30_000);
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['failed: no-answer']);
  assert.equal(new Set(pair.sent.map(({ datagram }) => bytesToHex(datagram))).size, 1);
});

test('profile 4: a server that goes away gets one ClientHello, and is given up after 30 seconds', () => {
  const pair = new Pair();
  const start = pair.clock.now();
  pair.network = () => [];
  pair.terminal.receive(serverName, helloRequest);
  pair.run();
  assert.equal(pair.sent.length, 1);
  assert.equal(pair.clock.now() - start, 30_000);
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: no-answer']);
});

test('profile 4: the same ClientHello again for each HelloRequest again', () => {
  const pair = new Pair();
  pair.network = () => [];
  for (let i = 1; i <= 5; i += 1) {
    pair.terminal.receive(serverName, helloRequest);
    assert.equal(pair.sent.length, i);
  }
  assert.equal(new Set(pair.sent.map(({ datagram }) => bytesToHex(datagram))).size, 1);
  assert.equal(pair.terminal.counts.handshakes, 1);
});

for (const flow of flows) {
  test(`profile 4: ${flow} flow: the server sends its flights again only when it is asked to, and not without end`, () => {
    const pair = new Pair({ server: { flow } });
    pair.network = (datagram, _direction, index) => (index === 2 ? [] : [datagram]);
    pair.connect();
    pair.settle();
    const hello = pair.sent[1]?.datagram;
    assert.ok(hello !== undefined);
    pair.network = () => [];
    for (let i = 0; i < 20; i += 1) pair.server.receive(terminalName, hello);
    const answers = pair.sent.slice(3).map(({ datagram }) => bytesToHex(datagram));
    assert.ok(answers.length <= 8);
    assert.deepEqual([...new Set(answers)], [bytesToHex(pair.sent[2]?.datagram ?? new Uint8Array(0))]);
  });
}

test("profile 4: full flow: the client's Finished again brings the server's again, and not without end", () => {
  const pair = new Pair({ server: { flow: 'full' } });
  pair.connect();
  pair.settle();
  const flight = pair.sent[3]?.datagram;
  assert.ok(flight !== undefined);
  const before = pair.sent.length;
  pair.network = () => [];
  for (let i = 0; i < 20; i += 1) pair.server.receive(terminalName, flight);
  const answers = pair.sent.slice(before).map(({ datagram }) => bytesToHex(datagram));
  assert.equal(answers.length, 8);
  assert.deepEqual([...new Set(answers)], [bytesToHex(pair.sent[4]?.datagram ?? new Uint8Array(0))]);
});

test("profile 4: abbreviated flow: the server's Finished again brings the client's again, for 30 seconds, and not without end", () => {
  const pair = new Pair();
  pair.connect();
  pair.settle();
  const [flight, answer] = [pair.sent[2]?.datagram, pair.sent[3]?.datagram];
  assert.ok(flight !== undefined && answer !== undefined);
  pair.network = () => [];
  for (let i = 0; i < 20; i += 1) pair.terminal.receive(serverName, flight);
  const answers = pair.sent.slice(4).map(({ datagram }) => bytesToHex(datagram));
  assert.equal(answers.length, 8);
  assert.deepEqual([...new Set(answers)], [bytesToHex(answer)]);
  const other = new Pair();
  other.connect();
  other.settle();
  other.clock.advance(30_000);
  other.terminal.receive(serverName, other.sent[2]?.datagram ?? new Uint8Array(0));
  assert.equal(other.sent.length, 4);
});

test('any network that loses, repeats, holds back and damages: what arrives is what was pushed, once', () => {
  const fate = fc.constantFrom('pass', 'pass', 'pass', 'lose', 'twice', 'hold', 'damage');
  fc.assert(
    fc.property(
      fc.array(fate, { maxLength: 24 }),
      fc.nat(),
      fc.constantFrom(...flows),
      (fates, seed, flow) => {
        const held: { datagram: Uint8Array; direction: Direction }[] = [];
        const pair = pushThrough((datagram, direction, index) => {
          const late = held.filter((one) => one.direction === direction).map((one) => one.datagram);
          held.splice(0, held.length, ...held.filter((one) => one.direction !== direction));
          switch (fates[index]) {
            case 'lose':
              return late;
            case 'twice':
              return [datagram, ...late, datagram];
            case 'hold':
              held.push({ datagram, direction });
              return late;
            case 'damage':
              return [flipped(datagram, seed % (datagram.length * 8)), ...late];
            default:
              return [datagram, ...late];
          }
        }, flow);
        assert.ok(pair.arrived.length <= 1);
        assert.ok(pair.arrived.every((octets) => bytesToHex(octets) === bytesToHex(data)));
        const outcomes = pair.outcomes(pair.serverEvents);
        assert.ok(outcomes.length >= 1);
        assert.equal(pair.clock.waiting, 0);
      },
    ),
    { numRuns: 300 },
  );
});

for (const flow of flows) {
  test(`${flow} flow: a terminal that restarts in the middle of the handshake is asked again, and the handshake begins anew`, () => {
    const pair = new Pair({ server: { flow } });
    pair.network = (datagram, _direction, index) => {
      // Before it gets the ServerHello.
      if (index === 2) pair.restartTerminal();
      return [datagram];
    };
    pair.connect();
    pair.run();
    const [first, last] = [pair.sent[0]?.at ?? 0, pair.sent.at(-1)?.at ?? 0];
    // Of what was protected it can say at once that it is lost.
    const isProtected = flow === 'abbreviated';
    assert.equal(last - first, isProtected ? 0 : 2000);
    const dropped = isProtected ? ['unexpected', 'unexpected', 'no-session'] : ['unexpected', 'unexpected'];
    assert.deepEqual(drops(pair.terminalEvents), dropped);
    pair.push(data);
    pair.settle();
    assert.deepEqual(pair.arrived, [data]);
    assert.deepEqual(pair.outcomes(pair.serverEvents), ['established']);
  });
}
