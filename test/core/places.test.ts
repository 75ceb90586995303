import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type HeldPlace, Places, sourceOf } from '../../src/core/index.ts';

describe('places for what strangers leave unfinished', () => {
  const none = () => undefined;

  test('when all are taken, the oldest unfinished one gives way', () => {
    const places = new Places({ total: 2, perSource: 2 });
    const gone: string[] = [];
    places.take('a', () => gone.push('a'));
    places.take('b', () => gone.push('b'));
    assert.ok(places.take('c', () => gone.push('c')));
    assert.deepEqual(gone, ['a']);
    assert.equal(places.held, 2);
    assert.deepEqual(places.counters, { displaced: 1, refused: 0 });
  });

  test('a source that holds its share displaces itself and nobody else', () => {
    const places = new Places({ total: 10, perSource: 2 });
    const gone: string[] = [];
    places.take('honest', () => gone.push('honest'));
    for (const name of ['1', '2', '3', '4']) places.take('flood', () => gone.push(name));
    assert.deepEqual(gone, ['1', '2']);
    assert.equal(places.held, 3);
  });

  test('what is finished does not give way; where all are, a new one is refused', () => {
    const places = new Places({ total: 2, perSource: 2 });
    const gone: string[] = [];
    places.take('a', () => gone.push('a'))?.finish();
    const second = places.take('b', () => gone.push('b'));
    second?.finish();
    assert.equal(places.take('c', none), undefined);
    assert.deepEqual(gone, []);
    second?.release();
    assert.ok(places.take('c', none));
    assert.deepEqual(places.counters, { displaced: 0, refused: 1 });
  });

  test('releasing twice, after being displaced, or finishing late frees nothing that is another’s', () => {
    const places = new Places({ total: 1, perSource: 1 });
    const first = places.take('a', none);
    places.take('b', none);
    first?.finish();
    first?.release();
    first?.release();
    assert.equal(places.held, 1);
  });

  test('a displaced one may release within its callback', () => {
    const places = new Places({ total: 1, perSource: 1 });
    const first: HeldPlace | undefined = places.take('a', () => first?.release());
    assert.ok(places.take('a', none));
    assert.equal(places.held, 1);
  });

  test('bounds have to be whole numbers above 0', () => {
    for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => new Places({ total: bad, perSource: 1 }), RangeError);
      assert.throws(() => new Places({ total: 1, perSource: bad }), RangeError);
    }
  });

  test('whatever comes and goes, both bounds hold and all places come back', () => {
    const step = fc.record({
      source: fc.constantFrom('a', 'b', 'c'),
      act: fc.constantFrom('take', 'finish', 'release'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const places = new Places({ total: 4, perSource: 2 });
        const live: { source: string; place: HeldPlace }[] = [];
        for (const { source, act } of steps) {
          if (act === 'take') {
            const entry = { source } as { source: string; place: HeldPlace };
            const place = places.take(source, () => live.splice(live.indexOf(entry), 1));
            if (place !== undefined) live.push(Object.assign(entry, { place }));
          } else if (act === 'finish') live.find((entry) => entry.source === source)?.place.finish();
          else {
            const at = live.findIndex((entry) => entry.source === source);
            if (at >= 0) live.splice(at, 1)[0]?.place.release();
          }
          assert.equal(places.held, live.length);
          assert.ok(live.length <= 4);
          for (const name of ['a', 'b', 'c'])
            assert.ok(live.filter((entry) => entry.source === name).length <= 2);
        }
        for (const { place } of live.splice(0)) place.release();
        assert.equal(places.held, 0);
      }),
    );
  });
});

describe('who a peer is', () => {
  test('an IPv4 address is itself, also in IPv6 clothing', () => {
    assert.equal(sourceOf('192.0.2.7'), '192.0.2.7');
    assert.equal(sourceOf('::ffff:192.0.2.7'), '192.0.2.7');
    assert.equal(sourceOf('0:0:0:0:0:FFFF:192.0.2.7'), '192.0.2.7');
  });

  test('addresses of one IPv6 network of 64 bits are one source', () => {
    const one = sourceOf('2001:db8::1');
    assert.equal(one, '2001:db8:0:0::/64');
    for (const same of ['2001:DB8:0:0:ffff:ffff:ffff:ffff', '2001:0db8:0000::9', '2001:db8::192.0.2.1']) {
      assert.equal(sourceOf(same), one, same);
    }
    assert.notEqual(sourceOf('2001:db8:0:1::1'), one);
    assert.equal(sourceOf('fe80::1%eth0'), sourceOf('fe80::2'));
    assert.equal(sourceOf('::1'), '0:0:0:0::/64');
  });

  test('what is no IP address is its own source', () => {
    assert.equal(sourceOf('gateway.example'), 'gateway.example');
    assert.equal(sourceOf('1:2::3::4'), '1:2::3::4');
    assert.equal(sourceOf('unknown:1'), 'unknown:1');
  });
});
