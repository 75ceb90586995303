import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { FailureTable } from '../../src/core/failure-rate.ts';
import { AttemptGuard, ConfigError } from '../../src/core/index.ts';

const small = {
  pair: { maxFailures: 3, windowMs: 1000, maxKeys: 20 },
  source: { maxFailures: 10, windowMs: 1000, maxKeys: 20 },
  identity: { maxFailures: 6, windowMs: 1000, maxKeys: 20 },
};

/** Fails `count` times, as long as it is let. Gives how many were judged. */
function fail(guard: AttemptGuard, identity: string, peer: string, nowMs: number, count: number): number {
  let judged = 0;
  for (let each = 0; each < count; each += 1) {
    if (guard.begin(identity, peer, nowMs).refusal === undefined) judged += 1;
  }
  return judged;
}

describe('attempts of identities from sources', () => {
  test('a pair is refused after its failures, until a window has passed', () => {
    const guard = new AttemptGuard(small);
    assert.equal(fail(guard, 'device', '192.0.2.1', 0, 5), 3);
    assert.deepEqual(guard.refusal('device', '192.0.2.1', 400), { because: 'pair', retryAfterMs: 600 });
    assert.equal(guard.refusal('device', '192.0.2.2', 400), undefined);
    assert.equal(guard.refusal('other', '192.0.2.1', 400), undefined);
    assert.equal(guard.refusal('device', '192.0.2.1', 1000), undefined);
  });

  test('failures from many sources close an identity, but not to a source from where it proved itself', () => {
    const guard = new AttemptGuard(small);
    guard.succeeded('device', '192.0.2.1', 0);
    for (let each = 0; each < 10; each += 1) fail(guard, 'device', `203.0.113.${each}`, 1, 3);
    assert.equal(guard.refusal('device', '198.51.100.1', 2)?.because, 'identity');
    assert.equal(guard.refusal('device', '192.0.2.1', 2), undefined);
  });

  test('failures in many names close a source, but not to an identity that proved itself from there', () => {
    const guard = new AttemptGuard(small);
    guard.succeeded('device', '192.0.2.1', 0);
    for (let each = 0; each < 10; each += 1) fail(guard, `made up ${each}`, '192.0.2.1', 1, 3);
    assert.equal(guard.refusal('device 2', '192.0.2.1', 2)?.because, 'source');
    assert.equal(guard.refusal('device', '192.0.2.1', 2), undefined);
  });

  test('a proven pair is refused for its own failures alone', () => {
    const guard = new AttemptGuard(small);
    guard.succeeded('device', '192.0.2.1', 0);
    assert.equal(fail(guard, 'device', '192.0.2.1', 1, 5), 3);
    assert.deepEqual(guard.refusal('device', '192.0.2.1', 1), { because: 'pair', retryAfterMs: 1000 });
    assert.equal(guard.refusal('device', '192.0.2.1', 1001), undefined);
  });

  test('a success forgets the failures of its pair, and takes its own back from the others', () => {
    const guard = new AttemptGuard({ ...small, source: { ...small.source, maxFailures: 3 } });
    fail(guard, 'device', '192.0.2.1', 0, 1);
    const attempt = guard.begin('device', '192.0.2.1', 0);
    attempt.succeeded(0, 1);
    attempt.succeeded(0, 1);
    attempt.withdraw();
    assert.equal(fail(guard, 'device', '192.0.2.1', 0, 9), 3);
    assert.equal(fail(guard, 'device 2', '192.0.2.1', 0, 9), 0);
  });

  test('a success from a proven source does not open an identity, or a source, that others closed', () => {
    const guard = new AttemptGuard(small);
    guard.succeeded('device', '192.0.2.1', 0);
    for (let each = 0; each < 10; each += 1) fail(guard, 'device', `203.0.113.${each}`, 1, 3);
    for (let each = 0; each < 10; each += 1) fail(guard, `made up ${each}`, '192.0.2.1', 1, 3);
    for (let round = 0; round < 5; round += 1) {
      fail(guard, 'device', '192.0.2.1', 1, 1);
      guard.begin('device', '192.0.2.1', 1).succeeded(1, 1);
    }
    assert.deepEqual(guard.refusal('device', '198.51.100.1', 1), { because: 'identity', retryAfterMs: 1000 });
    assert.deepEqual(guard.refusal('device 2', '192.0.2.1', 1), { because: 'source', retryAfterMs: 1000 });
    // Nor does it keep them closed for longer.
    fail(guard, 'device', '192.0.2.1', 900, 1);
    guard.begin('device', '192.0.2.1', 900).succeeded(900, 1);
    assert.equal(guard.refusal('device', '198.51.100.1', 1001), undefined);
    assert.equal(guard.refusal('device 2', '192.0.2.1', 1001), undefined);
  });

  test('of many attempts at once no more are judged than may fail', () => {
    const guard = new AttemptGuard(small);
    const attempts = Array.from({ length: 9 }, () => guard.begin('device', '192.0.2.1', 0));
    assert.equal(attempts.filter(({ refusal }) => refusal === undefined).length, 3);
    for (const attempt of attempts) attempt.withdraw();
    assert.equal(fail(guard, 'device', '192.0.2.1', 0, 9), 3);
  });

  test('all addresses of an IPv6 network are one source', () => {
    const guard = new AttemptGuard(small);
    assert.equal(fail(guard, 'device', '2001:db8::1', 0, 2) + fail(guard, 'device', '2001:db8::2', 0, 2), 3);
    assert.equal(guard.refusal('device', '2001:db8:0:1::1', 0), undefined);
  });

  test('made-up identities and sources push out no mark of one that proved itself', () => {
    const guard = new AttemptGuard({ ...small, proven: { total: 5, perIdentity: 2 } });
    for (let each = 0; each < 5; each += 1) guard.succeeded(`device ${each}`, `192.0.2.${each}`, 0);
    for (let each = 0; each < 1000; each += 1) guard.failed(`made up ${each}`, `203.0.113.${each}`, 1);
    for (let each = 0; each < 5; each += 1) {
      assert.equal(guard.isProven(`device ${each}`, `192.0.2.${each}`, 2), true);
      assert.equal(guard.refusal(`device ${each}`, `192.0.2.${each}`, 2), undefined);
    }
  });

  test('one identity that proves itself from many sources pushes out its own marks only', () => {
    const guard = new AttemptGuard({ proven: { total: 5, perIdentity: 2 } });
    guard.succeeded('device', '192.0.2.1', 0);
    for (let each = 0; each < 100; each += 1) guard.succeeded('rover', `203.0.113.${each}`, 1);
    assert.equal(guard.isProven('device', '192.0.2.1', 2), true);
    assert.equal(guard.isProven('rover', '203.0.113.99', 2), true);
    assert.equal(guard.isProven('rover', '203.0.113.97', 2), false);
  });

  test('a mark ends after its time, and beyond the total the longest past success gives way', () => {
    const guard = new AttemptGuard({ proven: { total: 2, perIdentity: 2, ttlMs: 1000 } });
    guard.succeeded('a', '192.0.2.1', 0);
    guard.succeeded('b', '192.0.2.1', 1);
    guard.succeeded('a', '192.0.2.1', 2);
    guard.succeeded('c', '192.0.2.1', 3);
    const proven = (nowMs: number) => ['a', 'b', 'c'].filter((id) => guard.isProven(id, '192.0.2.1', nowMs));
    assert.deepEqual(proven(4), ['a', 'c']);
    assert.deepEqual(proven(1002), ['c']);
  });

  test('inventing identities does not forget failures: a full table counts unknown keys as it forgot them', () => {
    const guard = new AttemptGuard({ ...small, source: 'none', identity: 'none' });
    fail(guard, 'victim', '192.0.2.1', 0, 3);
    // Each invented name fails as often as the victim did, so that its count is the least one some time.
    for (let each = 0; each < 100; each += 1) fail(guard, `made up ${each}`, '192.0.2.1', 0, 3);
    assert.equal(guard.refusal('victim', '192.0.2.1', 0)?.because, 'pair');
    assert.equal(guard.refusal('victim', '192.0.2.1', 1001), undefined);
  });

  test('property: whatever else fails, no pair is judged more often than its limit in an instant', () => {
    const attempt = fc.record({
      identity: fc.integer({ min: 0, max: 60 }),
      peer: fc.integer({ min: 0, max: 3 }),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 600 }), (attempts) => {
        const guard = new AttemptGuard({ ...small, source: 'none', identity: 'none' });
        const judged = new Map<string, number>();
        for (const { identity, peer } of attempts) {
          if (guard.begin(`id ${identity}`, `peer ${peer}`, 5).refusal !== undefined) continue;
          const key = `${identity} ${peer}`;
          judged.set(key, (judged.get(key) ?? 0) + 1);
        }
        for (const count of judged.values()) assert.ok(count <= 3);
      }),
    );
  });

  test('memory is bounded whatever is tried, also by names of any length', () => {
    const table = new FailureTable(small.pair);
    for (let each = 0; each < 1000; each += 1) table.failed(`key ${each}`, each % 7);
    assert.equal(table.size, 20);
    table.failed('late', 5000);
    assert.equal(table.size, 1);
    const guard = new AttemptGuard(small);
    fail(guard, 'x'.repeat(1_000_000), '192.0.2.1', 0, 3);
    assert.equal(guard.refusal('x'.repeat(1_000_000), '192.0.2.1', 1)?.because, 'pair');
    assert.equal(guard.refusal(`${'x'.repeat(999_999)}y`, '192.0.2.1', 1), undefined);
  });

  test('a clock that goes back keeps nobody out for longer', () => {
    const guard = new AttemptGuard(small);
    fail(guard, 'device', '192.0.2.1', 3_600_000, 3);
    assert.equal(guard.refusal('device', '192.0.2.1', 0)?.retryAfterMs, 1000);
    assert.equal(guard.refusal('device', '192.0.2.1', 1000), undefined);
  });

  test('a bound that is none is refused by name', () => {
    for (const maxFailures of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(
        () => new AttemptGuard({ source: { maxFailures } }),
        (error) => error instanceof ConfigError && error.message.includes('source.maxFailures'),
      );
    }
    assert.throws(() => new AttemptGuard({ pair: { windowMs: Number.NaN } }), /pair\.windowMs/);
    assert.throws(() => new AttemptGuard({ proven: { ttlMs: 0 } }), /proven\.ttlMs/);
  });
});
