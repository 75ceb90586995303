// Differences of octets: back to the same octets whatever they are, small where little differs, and damage is noticed or harmless.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { appliedDelta, deltaOf } from '../../../src/fleet/state/delta.ts';

const octets = (options: { readonly maxLength: number }) =>
  fc.uint8Array(options).map((values) => Buffer.from(values.map((value) => value % 4)));

test('any octets come back, from any others', () => {
  fc.assert(
    fc.property(octets({ maxLength: 400 }), octets({ maxLength: 400 }), (text, base) => {
      assert.deepEqual(appliedDelta(deltaOf(text, base), base), text);
    }),
    { numRuns: 500 },
  );
});

test('what is alike is copied, what repeats itself too', () => {
  const base = Buffer.from(Array.from({ length: 3000 }, (_, at) => (at * at * 31 + at * 7) & 0xff));
  assert.ok(deltaOf(base, base).length < 10);
  const changed = Buffer.concat([base.subarray(0, 1000), Buffer.from('something new'), base.subarray(1020)]);
  assert.ok(deltaOf(changed, base).length < 40);
  const repeated = Buffer.from('{"sessionId":1,"state":"settled"}'.repeat(100));
  assert.ok(deltaOf(repeated, Buffer.alloc(0)).length < 60);
  assert.deepEqual(appliedDelta(deltaOf(repeated, base), base), repeated);
});

test('a delta that is cut off or damaged gives nothing, or other octets: never an error or endless work', () => {
  const base = Buffer.from('the quick brown fox jumps over the lazy dog'.repeat(20));
  const delta = deltaOf(Buffer.from(`${base.toString().replace('lazy', 'sleepy')} again and again`), base);
  for (let end = 0; end < delta.length; end += 1) {
    assert.equal(appliedDelta(delta.subarray(0, end), base), undefined);
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (values) => {
      // No size that would only cost memory.
      if ((values[2] ?? 0) > 127) return;
      appliedDelta(Buffer.from(values), base);
    }),
  );
});
