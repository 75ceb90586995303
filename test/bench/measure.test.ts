// How rows are measured: sides in turn, again while they spread too far.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureRow } from '../../bench/lib/measure.ts';
import type { Figure, Missing, OpenRow, Side } from '../../bench/lib/row.ts';

const rate: Figure = { name: 'rate', unit: '/s' };
const peak: Figure = { name: 'peak', unit: 'MB', of: 'most' };
const share: Figure = { name: 'share', unit: '%', of: 'least' };
const row = { figures: [rate, peak, share] } as const;

/** A side that gives these rates in turn, and notes that it was asked. */
function sideOf(name: string, rates: readonly number[], asked: string[] = []): Side {
  let round = 0;
  return {
    name,
    measure: async () => {
      asked.push(name);
      const value = rates[round] ?? Number.NaN;
      round += 1;
      return { rate: value, peak: value * 2, share: value / 1000 };
    },
  };
}

function open(ours: Side | Missing, other: Side | Missing, ...more: Side[]): OpenRow {
  return { sides: [ours, other, ...more], close: async () => {} };
}

describe('measuring a row', () => {
  test('the sides alternate, and each figure is the median, the most or the least of its rounds', async () => {
    const asked: string[] = [];
    const sides = open(sideOf('ours', [100, 102, 101], asked), sideOf('peer', [50, 50, 51], asked));
    const told: string[] = [];
    const result = await measureRow(row, sides, {
      rounds: 3,
      tries: 2,
      onRound: (side, round, attempt) => told.push(`${side} ${round} ${attempt}`),
    });
    assert.deepEqual(asked, ['ours', 'peer', 'ours', 'peer', 'ours', 'peer']);
    assert.deepEqual(told.slice(0, 3), ['ours 1 1', 'peer 1 1', 'ours 2 1']);
    const [ours] = result.sides;
    assert.ok(ours !== undefined && 'figures' in ours);
    assert.deepEqual(ours.figures.rate, { value: 101, spread: 2 / 101, samples: [100, 102, 101] });
    assert.equal(ours.figures.peak?.value, 204);
    assert.equal(ours.figures.share?.value, 0.1);
    assert.equal(result.ratio, 101 / 50);
    assert.equal(result.noisy, false);
    assert.equal(result.tries, 1);
  });

  test('a spread beyond 15 % on either side has all of it measured again; the calm time counts alone', async () => {
    const asked: string[] = [];
    const sides = open(sideOf('ours', [100, 101, 102, 100], asked), sideOf('peer', [50, 90, 60, 61], asked));
    const result = await measureRow(row, sides, { rounds: 2, tries: 3 });
    assert.equal(asked.length, 8);
    assert.equal(result.tries, 2);
    assert.equal(result.noisy, false);
    const [ours, peer] = result.sides;
    assert.ok(ours !== undefined && 'figures' in ours && peer !== undefined && 'figures' in peer);
    assert.deepEqual(ours.figures.rate?.samples, [102, 100]);
    assert.deepEqual(peer.figures.rate?.samples, [60, 61]);
  });

  test('when no time is calm the calmest counts, and the row is noisy after all tries', async () => {
    const sides = open(sideOf('ours', [100, 200, 100, 130, 100, 150]), sideOf('peer', [9, 9, 9, 9, 9, 9]));
    const result = await measureRow(row, sides, { rounds: 2, tries: 3 });
    assert.equal(result.noisy, true);
    assert.equal(result.tries, 3);
    assert.equal(result.spread, 30 / 115);
    assert.equal(result.ratio, 115 / 9);
  });

  test('15 % itself is calm, and the spread of other figures is nobody’s concern', async () => {
    const sides = open(sideOf('ours', [92.5, 107.5]), sideOf('peer', [1, 1]));
    assert.equal((await measureRow(row, sides, { rounds: 2, tries: 1 })).noisy, false);
    let peaks = 0;
    const measure = async () => {
      peaks += 100;
      return { rate: 1, peak: peaks };
    };
    const uneven: Side = { name: 'ours', measure };
    assert.equal((await measureRow(row, open(uneven, uneven), { rounds: 2, tries: 1 })).noisy, false);
  });

  test('a side that is missing is said, the other is measured, and there is no ratio', async () => {
    const peer = { name: 'peer', missing: 'not installed' };
    const result = await measureRow(row, open(sideOf('ours', [1]), peer, sideOf('more', [2])), {
      rounds: 1,
      tries: 1,
    });
    assert.equal(result.ratio, undefined);
    assert.deepEqual(result.sides[1], peer);
    const [ours, , more] = result.sides;
    assert.ok(ours !== undefined && 'figures' in ours && more !== undefined && 'figures' in more);
    assert.equal(ours.figures.rate?.value, 1);
    assert.equal(more.figures.rate?.value, 2);
    const none = await measureRow(row, open(peer, peer), { rounds: 1, tries: 2 });
    assert.deepEqual([none.noisy, none.tries, none.spread], [false, 1, undefined]);
  });

  test('a round that fails fails the row', async () => {
    const broken: Side = { name: 'ours', measure: () => Promise.reject(new Error('refused')) };
    const measuring = measureRow(row, open(broken, sideOf('peer', [1])), { rounds: 1, tries: 2 });
    await assert.rejects(measuring, /refused/);
    const never = measureRow(row, open(broken, broken), { rounds: 1, tries: 0 });
    await assert.rejects(never, RangeError);
  });
});
