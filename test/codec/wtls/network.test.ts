// Handshakes and pushes over a network that loses, repeats, reorders and cuts datagrams up.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeRecords } from '../../../src/codec/wtls/index.ts';
import { bytesToHex } from '../../../src/core/index.ts';
import { type Direction, drops, flipped, honest, type Network, Pair, serverName } from './support.ts';

const data = Uint8Array.of(0x42);

/** Begins a handshake and pushes as soon as there is a session. */
function pushThrough(network: Network): Pair {
  const pair = new Pair();
  pair.network = network;
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

const names = [
  'HelloRequest',
  'ClientHello',
  'ServerHello',
  "the client's Finished",
  "the server's Finished",
];
for (const [lost, name] of names.entries()) {
  test(`profile 4: ${name} is lost: sent again after 2 seconds, and the push arrives`, () => {
    const pair = pushThrough((datagram, _direction, index) => (index === lost ? [] : [datagram]));
    assertArrivedOnce(pair);
    const [first, last] = [pair.sent[0]?.at ?? 0, pair.sent.at(-1)?.at ?? 0];
    assert.equal(last - first, 2000);
  });

  test(`profile 4: ${name} arrives twice: the handshake is none the worse`, () => {
    assertArrivedOnce(
      pushThrough((datagram, _direction, index) => (index === lost ? [datagram, datagram] : [datagram])),
    );
  });

  test(`profile 4: ${name} comes damaged in any one bit: the handshake comes to an end, and never delivers anything else`, () => {
    const size = pushThrough(honest).sent[lost]?.datagram.length ?? 0;
    let arrived = 0;
    for (let bit = 0; bit < size * 8; bit += 1) {
      const pair = pushThrough((datagram, _direction, index) => [
        index === lost ? flipped(datagram, bit) : datagram,
      ]);
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

test("profile 4: the server's Finished and the push after it are lost: both come again with the client's flight", () => {
  let lost = 0;
  const pair = pushThrough((datagram, direction, index) => {
    const isLost = direction === 'to-terminal' && index >= 4 && lost < 2;
    if (isLost) lost += 1;
    return isLost ? [] : [datagram];
  });
  assert.equal(lost, 2);
  assertArrivedOnce(pair);
});

test("the push overtakes the server's Finished: it is kept until the handshake is done", () => {
  const held: Uint8Array[] = [];
  const pair = pushThrough((datagram, direction, index) => {
    if (direction === 'to-terminal' && index === 4) {
      held.push(datagram);
      return [];
    }
    return [datagram, ...held.splice(0)];
  });
  assertArrivedOnce(pair);
  assert.equal(pair.sent.length, 6);
});

test('profile 3: flights cut into one record a datagram, in the wrong order', () => {
  assertArrivedOnce(
    pushThrough((datagram) => {
      const records = decodeRecords(datagram).map(({ octets }) => octets.slice());
      return records.reverse();
    }),
  );
});

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

test('profile 4: a server that goes away is asked four times by the terminal, with the same ClientHello', () => {
  const at: number[] = [];
  const pair = new Pair();
  const start = pair.clock.now();
  pair.terminal.receive(serverName, Uint8Array.of(0xc3, 0, 0, 0, 3, 0, 0, 0));
  pair.network = () => {
    at.push(pair.clock.now() - start);
    return [];
  };
  pair.run();
  assert.deepEqual(at, [2000, 6000, 14_000]);
  assert.equal(pair.clock.now() - start, 30_000);
  assert.equal(new Set(pair.sent.map(({ datagram }) => bytesToHex(datagram))).size, 1);
  assert.deepEqual(pair.outcomes(pair.terminalEvents), ['failed: no-answer']);
});

test('profile 4: the server sends its flights again only when it is asked to, and not without end', () => {
  const pair = new Pair();
  pair.connect();
  pair.settle();
  const flight = pair.sent[3]?.datagram;
  assert.ok(flight !== undefined);
  const before = pair.sent.length;
  pair.network = () => [];
  for (let i = 0; i < 20; i += 1) pair.server.receive('terminal:2949', flight);
  const answers = pair.sent.slice(before).map(({ datagram }) => bytesToHex(datagram));
  assert.equal(answers.length, 8);
  assert.deepEqual([...new Set(answers)], [bytesToHex(pair.sent[4]?.datagram ?? new Uint8Array(0))]);
});

test('any network that loses, repeats, holds back and damages: what arrives is what was pushed, once', () => {
  const fate = fc.constantFrom('pass', 'pass', 'pass', 'lose', 'twice', 'hold', 'damage');
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 24 }), fc.nat(), (fates, seed) => {
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
      });
      assert.ok(pair.arrived.length <= 1);
      assert.ok(pair.arrived.every((octets) => bytesToHex(octets) === bytesToHex(data)));
      const outcomes = pair.outcomes(pair.serverEvents);
      assert.ok(outcomes.length >= 1);
      assert.equal(pair.clock.waiting, 0);
    }),
    { numRuns: 300 },
  );
});

test('a terminal that restarts in the middle of the handshake is asked again, and the handshake begins anew', () => {
  const pair = new Pair();
  pair.network = (datagram, _direction, index) => {
    // Before it gets the ServerHello.
    if (index === 2) pair.restartTerminal();
    return [datagram];
  };
  pair.connect();
  pair.run();
  pair.push(data);
  pair.settle();
  assert.deepEqual(pair.arrived, [data]);
  assert.deepEqual(pair.outcomes(pair.serverEvents), ['established']);
  assert.deepEqual(drops(pair.terminalEvents), ['unexpected', 'unexpected']);
});
