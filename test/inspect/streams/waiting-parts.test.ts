// What waits for its other parts: bounds in all, of one source, of time; the oldest goes first, and who goes is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type WaitingBounds, WaitingParts } from '../../../src/inspect/streams/waiting-parts.ts';

const bounds: WaitingBounds = { open: 4, ofOneSource: 2, octets: 100, seconds: 10 };

function waiting(): { parts: WaitingParts<string>; gone: string[] } {
  const gone: string[] = [];
  return { gone, parts: new WaitingParts(bounds, (entry, octets) => gone.push(`${entry} ${octets}`)) };
}

test('the oldest gives way: in all, of its source, for octets, by time', () => {
  const { parts, gone } = waiting();
  for (const [key, source] of [
    ['a', 'x'],
    ['b', 'y'],
    ['c', 'x'],
  ] as const) {
    assert.equal(parts.begin(key, source, 1, key), key);
    parts.grow(key, 20);
  }
  parts.begin('d', 'x', 2, 'd');
  assert.deepEqual(gone, ['a 20']);
  parts.begin('e', 'z', 3, 'e');
  parts.begin('f', 'z', 3, 'f');
  assert.deepEqual(gone, ['a 20', 'b 20']);
  parts.grow('f', 90);
  assert.deepEqual(gone, ['a 20', 'b 20', 'c 20']);
  parts.expire(11);
  assert.deepEqual(gone.length, 3);
  parts.expire(12);
  assert.deepEqual(gone.slice(3), ['d 0']);
  parts.take('e');
  assert.deepEqual([parts.get('e'), parts.get('f')], [undefined, 'f']);
  parts.end();
  assert.deepEqual(gone.slice(4), ['f 90']);
});

test('one that is larger than all may be goes itself', () => {
  const { parts, gone } = waiting();
  parts.begin('a', 'x', 1, 'a');
  parts.grow('a', 101);
  assert.deepEqual([gone, parts.get('a')], [['a 101'], undefined]);
});

test('whatever comes, bounds hold and each that began is told or taken once', () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
    source: fc.constantFrom('x', 'y', 'z'),
    octets: fc.nat(60),
    take: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const { parts, gone } = waiting();
      const held = new Map<string, number>();
      let told = 0;
      for (const [now, { key, source, octets, take }] of steps.entries()) {
        parts.expire(now);
        if (parts.get(key) === undefined) {
          parts.begin(key, source, now, key);
          held.set(key, 0);
        }
        parts.grow(key, octets);
        held.set(key, (held.get(key) ?? 0) + octets);
        for (; told < gone.length; told += 1) {
          const [entry = '', had] = (gone[told] ?? '').split(' ');
          assert.equal(Number(had), held.get(entry));
          held.delete(entry);
        }
        if (take && parts.get(key) !== undefined) {
          parts.take(key);
          held.delete(key);
        }
        assert.ok(held.size <= bounds.open);
        assert.ok([...held.values()].reduce((sum, each) => sum + each, 0) <= bounds.octets);
        for (const each of held.keys()) assert.equal(parts.get(each), each);
      }
    }),
  );
});
