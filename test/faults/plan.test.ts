// Plans of runs with faults: the same from the same seed, with every fault in them.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { makePlan } from './plan.ts';

describe('plan of a run with faults', () => {
  it('is the same from the same seed, and another from another', () => {
    assert.deepEqual(makePlan(7, 500, true), makePlan(7, 500, true));
    assert.notDeepEqual(makePlan(7, 500, true), makePlan(8, 500, true));
  });

  it('has each fault, in the order in which it is due, and starts again what it kills', () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const { strikes } = makePlan(seed, 2000, true);
      const due = strikes.map(({ after }) => after);
      assert.deepEqual(
        due,
        [...due].sort((one, other) => one - other),
      );
      const kinds = new Set(
        strikes.map(({ what }) => ('victim' in what ? `${what.strike} ${what.victim}` : what.strike)),
      );
      for (const kind of [
        'kill server',
        'kill centre',
        'kill fleet',
        'kill-device',
        'clock',
        'full-disk',
        'restart',
      ]) {
        assert.ok(kinds.has(kind), kind);
      }
      for (const victim of ['centre', 'registrar', 'gateway', 'fleet']) {
        const kills = strikes.findLastIndex(({ what }) => what.strike === 'kill' && what.victim === victim);
        const starts = strikes.findLastIndex(({ what }) => what.strike === 'start' && what.victim === victim);
        assert.ok(starts > kills, victim);
      }
    }
  });

  it('leaves the disk alone where it cannot be filled', () => {
    assert.ok(makePlan(1, 2000, false).strikes.every(({ what }) => what.strike !== 'full-disk'));
  });
});
