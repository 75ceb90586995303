import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { OctetPlaces } from '../../src/core/index.ts';

describe('octets that peers make us hold', () => {
  test('a holder takes no more than its share, and the others what is left', () => {
    const places = new OctetPlaces({ total: 100, perHolder: 60 });
    const one = places.open('a');
    assert.equal(one.take(50), true);
    assert.equal(places.open('a').take(20), false);
    assert.equal(places.open('b').take(50), true);
    assert.equal(places.open('c').take(1), false);
    assert.equal(places.held, 100);
    assert.equal(places.room, 0);
    assert.deepEqual(places.counters, { displaced: 0, refused: 2 });
  });

  test('what is given back may be taken by others, once', () => {
    const places = new OctetPlaces({ total: 100, perHolder: 100 });
    const one = places.open('a');
    one.take(80);
    one.give(30);
    assert.equal(one.octets, 50);
    one.release();
    one.release();
    one.give(50);
    assert.equal(places.held, 0);
    assert.equal(one.take(1), false);
  });

  test('the oldest that is unfinished gives way, and is told so', () => {
    const places = new OctetPlaces({ total: 100, perHolder: 60 });
    const gone: string[] = [];
    const open = (holder: string, name: string) => places.open(holder, () => gone.push(name));
    open('a', 'a1').take(50);
    const second = open('b', 'b1');
    second.take(50);
    assert.equal(open('c', 'c1').take(40), true);
    assert.deepEqual(gone, ['a1']);
    // Of one's own share, one's own give way first.
    assert.equal(open('c', 'c2').take(50), true);
    assert.deepEqual(gone, ['a1', 'c1']);
    second.finish();
    assert.equal(open('d', 'd1').take(60), false, 'what is finished does not give way');
    assert.deepEqual(gone, ['a1', 'c1', 'c2']);
  });

  test('one that would need more than there is does not displace itself', () => {
    const places = new OctetPlaces({ total: 100, perHolder: 100 });
    const one = places.open('a', () => assert.fail('displaced'));
    one.take(90);
    assert.equal(one.take(20), false);
    assert.equal(one.octets, 90);
  });

  test('what is charged counts against the others beyond the bounds', () => {
    const places = new OctetPlaces({ total: 100, perHolder: 100 });
    const one = places.open('a');
    one.charge(150);
    assert.equal(places.room, 0);
    assert.equal(places.open('b').take(1), false);
    one.release();
    assert.equal(places.room, 100);
  });

  test('property: what is held is the sum of what is open, and never beyond the bounds', () => {
    const step = fc.record({
      holder: fc.constantFrom('a', 'b', 'c'),
      octets: fc.integer({ min: 0, max: 40 }),
      mayGiveWay: fc.boolean(),
      release: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const places = new OctetPlaces({ total: 100, perHolder: 60 });
        const open = new Map<ReturnType<OctetPlaces['open']>, string>();
        for (const { holder, octets, mayGiveWay, release } of steps) {
          const place = places.open(holder, mayGiveWay ? () => undefined : undefined);
          open.set(place, holder);
          place.take(octets);
          if (release) {
            const [first] = open.keys();
            first?.release();
            if (first !== undefined) open.delete(first);
          }
          let sum = 0;
          const shares = new Map<string, number>();
          for (const [each, of] of open) {
            sum += each.octets;
            shares.set(of, (shares.get(of) ?? 0) + each.octets);
          }
          assert.equal(places.held, sum);
          assert.ok(sum <= 100);
          for (const share of shares.values()) assert.ok(share <= 60);
        }
      }),
    );
  });

  test('a bound that is none is refused by name', () => {
    assert.throws(() => new OctetPlaces({ total: Number.NaN, perHolder: 1 }), /total/);
    assert.throws(() => new OctetPlaces({ total: 1, perHolder: 1.5 }), /perHolder/);
  });
});
