import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodeUserData,
  Reassembler,
  type ReassemblerOptions,
  type ReassemblyDrop,
  type SmsPart,
  segmentDatagram,
} from '../../../src/codec/sms/index.ts';
import { bytesToHex, ValueError } from '../../../src/core/index.ts';
import { ManualClock } from '../../../src/testing/index.ts';

const minute = 60_000;

function setUp(options: Partial<ReassemblerOptions> = {}): {
  readonly clock: ManualClock;
  readonly drops: string[];
  readonly reassembler: Reassembler;
} {
  const clock = new ManualClock();
  const drops: string[] = [];
  const onDrop = (drop: ReassemblyDrop): void => {
    drops.push(`${drop.reason} ${drop.from} ${drop.reference} ${drop.received}/${drop.total}`);
  };
  return { clock, drops, reassembler: new Reassembler({ clock, onDrop, ...options }) };
}

/** Parts of a datagram of `octets` octets, all equal to `fill`. */
function partsOf(
  octets: number,
  fill: number,
  reference: number,
  from = 'a',
  bits: 8 | 16 = 8,
): readonly SmsPart[] {
  const datagram = new Uint8Array(octets).fill(fill);
  return segmentDatagram(datagram, { reference, referenceBits: bits }).map((bytes) => {
    const { header, payload } = decodeUserData(bytes);
    return { from, to: 'me', header, payload };
  });
}

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  assert.ok(item !== undefined);
  return item;
}

test('a message without concatenation is a datagram at once', () => {
  const { reassembler } = setUp();
  const result = reassembler.add(at(partsOf(10, 7, 0), 0));
  assert.ok(result.status === 'complete');
  assert.equal(bytesToHex(result.datagram), '07'.repeat(10));
  assert.equal(result.ports?.destination, 2948);
});

test('parts in any order, and of several datagrams mixed, come together', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 134, max: 900 }), fc.constantFrom(8 as const, 16 as const)), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.infiniteStream(fc.nat()),
      (datagrams, order) => {
        const { reassembler } = setUp();
        const parts = datagrams.flatMap(([octets, bits], index) => partsOf(octets, index, index, 'a', bits));
        const shuffled = [...parts].sort(() => ((order.next().value ?? 0) % 3) - 1);
        const complete = shuffled
          .map((part) => reassembler.add(part))
          .filter((result) => result.status === 'complete');
        assert.deepEqual(
          complete.map(({ datagram }) => [datagram.length, datagram[0]]).sort(),
          datagrams.map(([octets], index) => [octets, index]).sort(),
        );
        assert.equal(reassembler.counters().octets, 0);
        assert.equal(reassembler.counters().open, 0);
        assert.equal(reassembler.counters().completed, datagrams.length);
      },
    ),
  );
});

test('a repeated part is dropped and counted, the first one counts', () => {
  const { reassembler, drops } = setUp();
  const [first, second] = partsOf(200, 1, 5);
  assert.ok(first && second);
  assert.deepEqual(reassembler.add(first), { status: 'waiting', received: 1, total: 2 });
  const other = { ...first, payload: new Uint8Array(first.payload.length).fill(9) };
  assert.deepEqual(reassembler.add(other), { status: 'dropped', reason: 'duplicate' });
  const result = reassembler.add(second);
  assert.ok(result.status === 'complete');
  assert.ok(result.datagram.every((octet) => octet === 1));
  assert.deepEqual(drops, ['duplicate a 5 1/2']);
});

test('a part of a completed datagram starts no ghost until the timeout has passed', () => {
  const { reassembler, clock, drops } = setUp();
  const parts = partsOf(200, 1, 5);
  for (const part of parts) reassembler.add(part);
  clock.advance(9 * minute);
  assert.deepEqual(reassembler.add(at(parts, 1)), { status: 'dropped', reason: 'late' });
  assert.equal(reassembler.counters().open, 0);
  clock.advance(minute);
  assert.equal(reassembler.add(at(parts, 1)).status, 'waiting');
  assert.deepEqual(drops, ['late a 5 0/2']);
});

test('another number of parts under the same reference is a new datagram', () => {
  const { reassembler, drops } = setUp();
  reassembler.add(at(partsOf(200, 1, 5), 0));
  const three = partsOf(300, 2, 5);
  for (const part of three.slice(0, 2)) assert.equal(reassembler.add(part).status, 'waiting');
  assert.equal(reassembler.add(at(three, 2)).status, 'complete');
  assert.deepEqual(drops, ['superseded a 5 1/2']);
  // And again after completion: the remembered one had three parts.
  assert.equal(reassembler.add(at(partsOf(200, 1, 5), 0)).status, 'waiting');
});

test('one part of one: returned, remembered, and it supersedes what was open', () => {
  const { reassembler, drops } = setUp();
  const [part] = partsOf(200, 1, 5);
  assert.ok(part);
  reassembler.add(part);
  const concatenation = { reference: 5, referenceBits: 8, total: 1, sequence: 1 } as const;
  const single = { ...part, header: { ...part.header, concatenation } };
  assert.equal(reassembler.add(single).status, 'complete');
  assert.deepEqual(reassembler.add(single), { status: 'dropped', reason: 'late' });
  assert.deepEqual(drops, ['superseded a 5 1/2', 'late a 5 0/1']);
});

test('sender, receiver, ports, reference and its width keep datagrams apart', () => {
  const { reassembler } = setUp();
  const [first] = partsOf(200, 1, 5);
  const [wide] = partsOf(200, 1, 5, 'a', 16);
  const [otherReference] = partsOf(200, 1, 6);
  assert.ok(first && wide && otherReference);
  const ports = { destination: 2949, source: 1, bits: 16 } as const;
  const apart = [
    first,
    wide,
    otherReference,
    { ...first, from: 'b' },
    { ...first, to: 'you' },
    { ...first, header: { ...first.header, ports } },
  ];
  for (const part of apart) assert.equal(reassembler.add(part).status, 'waiting');
  assert.equal(reassembler.counters().open, apart.length);
});

test('a lost part: the datagram is given up by the timer, counted from its last part, and memory is free', () => {
  const { reassembler, clock, drops } = setUp();
  const parts = partsOf(400, 1, 5);
  reassembler.add(at(parts, 0));
  clock.advance(9 * minute);
  reassembler.add(at(parts, 1));
  clock.advance(9 * minute);
  assert.equal(reassembler.counters().open, 1);
  clock.advance(minute);
  assert.deepEqual(drops, ['expired a 5 2/4']);
  assert.equal(reassembler.counters().open, 0);
  assert.equal(reassembler.counters().octets, 0);
  assert.equal(clock.waiting, 0);
});

test('the timer ends with the last thing that it waits for, and with close', () => {
  const { reassembler, clock } = setUp();
  const parts = partsOf(200, 1, 5);
  for (const part of parts) reassembler.add(part);
  assert.equal(clock.waiting, 1);
  clock.advance(10 * minute);
  assert.equal(clock.waiting, 0);
  reassembler.add(at(partsOf(200, 1, 6), 0));
  reassembler.close();
  assert.equal(clock.waiting, 0);
  assert.equal(reassembler.counters().open, 0);
});

test('bounded: open datagrams of one sender, and overall, where the one that waited longest gives way', () => {
  const { reassembler, drops } = setUp({ maxOpen: 3, maxOpenPerSender: 2 });
  for (const reference of [1, 2, 3]) reassembler.add(at(partsOf(200, 1, reference), 0));
  assert.deepEqual(drops, ['sender-limit a 1 1/2']);
  reassembler.add(at(partsOf(200, 1, 1, 'b'), 0));
  reassembler.add(at(partsOf(200, 1, 1, 'c'), 0));
  assert.deepEqual(drops.slice(1), ['open-limit a 2 1/2']);
  assert.equal(reassembler.counters().open, 3);
});

test('bounded: octets held, and a datagram that alone is too large', () => {
  const { reassembler, drops } = setUp({ maxOctets: 300 });
  reassembler.add(at(partsOf(200, 1, 1), 0));
  reassembler.add(at(partsOf(200, 1, 2), 0));
  reassembler.add(at(partsOf(200, 1, 3), 0));
  assert.deepEqual(drops, ['octet-limit a 1 1/2']);
  assert.ok(reassembler.counters().octets <= 300);
  const large = partsOf(500, 1, 4, 'b');
  assert.deepEqual(
    large.map((part) => reassembler.add(part).status),
    ['waiting', 'waiting', 'dropped', 'waiting'],
  );
  assert.ok(reassembler.counters().octets <= 300);
  assert.equal(reassembler.counters().dropped['octet-limit'], 4);
});

test('bounded: completed datagrams that are remembered', () => {
  const { reassembler } = setUp({ maxOpen: 2 });
  for (const reference of [1, 2, 3]) for (const part of partsOf(200, 1, reference)) reassembler.add(part);
  assert.equal(reassembler.add(at(partsOf(200, 1, 1), 0)).status, 'waiting');
  assert.equal(reassembler.add(at(partsOf(200, 1, 3), 0)).status, 'dropped');
});

test('bounded: whatever comes, limits hold and every part is accounted for', () => {
  const part = fc.record(
    {
      from: fc.constantFrom('a', 'b', 'c'),
      reference: fc.nat(5),
      total: fc.integer({ min: 1, max: 4 }),
      size: fc.nat(60),
      wait: fc.constantFrom(0, 0, 0, minute, 11 * minute),
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(part, fc.nat(3)), { maxLength: 80 }), (given) => {
      const { reassembler, clock } = setUp({ maxOpen: 4, maxOpenPerSender: 2, maxOctets: 200 });
      for (const [{ from, reference, total, size, wait }, sequence] of given) {
        clock.advance(wait);
        const concatenation = {
          reference,
          referenceBits: 8,
          total,
          sequence: (sequence % total) + 1,
        } as const;
        reassembler.add({ from, to: 'me', header: { concatenation }, payload: new Uint8Array(size) });
        const { open, octets } = reassembler.counters();
        assert.ok(open <= 4 && octets <= 200);
      }
      clock.advance(20 * minute);
      const { open, octets, parts } = reassembler.counters();
      assert.deepEqual([open, octets, parts, clock.waiting], [0, 0, given.length, 0]);
    }),
  );
});

test('a bound that is not a positive integer is refused', () => {
  for (const option of ['timeoutMs', 'maxOpen', 'maxOpenPerSender', 'maxOctets']) {
    assert.throws(() => setUp({ [option]: 0 }), ValueError);
    assert.throws(() => setUp({ [option]: 1.5 }), ValueError);
  }
});

for (const byMs of [-60 * minute, 60 * minute]) {
  test(`clock set by ${byMs / minute} min: parts are waited for as long as before, and no longer`, () => {
    const { clock, drops, reassembler } = setUp({ timeoutMs: 10 * minute });
    const parts = partsOf(200, 1, 7);
    assert.equal(reassembler.add(at(parts, 0)).status, 'waiting');
    clock.jump(byMs);
    clock.advance(10 * minute - 1);
    assert.deepEqual(drops, []);
    clock.advance(1);
    assert.equal(drops.length, 1);
    reassembler.close();
  });
}
