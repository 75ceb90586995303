// Lines that a flood can cause: the first of its kind at once, then a count for each interval.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogSummary, type LogSummaryOptions, otherKinds, ValueError } from '../../src/core/index.ts';
import { ManualClock } from '../../src/testing/index.ts';

function scene(more: Partial<LogSummaryOptions<string>> = {}) {
  const clock = new ManualClock();
  const lines: string[] = [];
  const summary = new LogSummary<string>({
    clock,
    write: (entry) => lines.push(entry),
    writeSum: ({ kind, count, latest, withinMs }) => lines.push(`${count} ${kind} in ${withinMs}: ${latest}`),
    intervalMs: 1000,
    ...more,
  });
  return { clock, lines, summary };
}

test('the first of a kind is written at once, the others as one count when its interval is over', () => {
  const { clock, lines, summary } = scene();
  for (let count = 1; count <= 1000; count += 1) summary.note('wap malformed', `m${count}`);
  assert.deepEqual(lines, ['m1']);
  clock.advance(999);
  assert.equal(lines.length, 1);
  clock.advance(1);
  assert.deepEqual(lines, ['m1', '999 wap malformed in 1000: m1000']);
});

test('a flood that goes on writes one line an interval, and one that is over begins anew', () => {
  const { clock, lines, summary } = scene();
  for (let count = 0; count < 50; count += 1) {
    summary.note('k', 'm');
    clock.advance(100);
  }
  const counts = lines.filter((line) => line !== 'm').map((line) => Number(line.split(' ')[0]));
  assert.equal(lines.filter((line) => line === 'm').length, 1);
  assert.equal(counts.length, 5);
  assert.equal(
    counts.reduce((sum, each) => sum + each, 0),
    49,
  );
  clock.advance(2000);
  lines.length = 0;
  summary.note('k', 'again');
  assert.deepEqual(lines, ['again']);
});

test('one alone leaves no timer, and is not told twice', () => {
  const { clock, lines, summary } = scene();
  summary.note('k', 'm');
  assert.equal(clock.waiting, 0);
  clock.advance(5000);
  assert.deepEqual(lines, ['m']);
});

test('kinds are counted each for itself', () => {
  const { clock, lines, summary } = scene();
  for (const kind of ['a', 'b', 'a', 'b', 'b']) summary.note(kind, kind);
  clock.advance(1000);
  assert.deepEqual(lines, ['a', 'b', '1 a in 1000: a', '2 b in 1000: b']);
});

test('memory and lines are bounded where somebody invents kinds, and kinds that are over give their room back', () => {
  const { clock, lines, summary } = scene({ maxKinds: 3 });
  for (let count = 0; count < 100; count += 1) summary.note(`kind ${count}`, `m${count}`);
  assert.equal(summary.size, 4);
  assert.deepEqual(lines, ['m0', 'm1', 'm2', 'm3']);
  clock.advance(1000);
  assert.equal(lines.at(-1), `96 ${otherKinds} in 1000: m99`);
  clock.advance(2000);
  summary.note('new', 'new');
  assert.equal(lines.at(-1), 'new');
});

test('a burst is written as it comes', () => {
  const { clock, lines, summary } = scene({ burst: 3 });
  for (let count = 0; count < 5; count += 1) summary.note('k', 'm');
  assert.deepEqual(lines, ['m', 'm', 'm']);
  clock.advance(1000);
  assert.deepEqual(lines.slice(3), ['2 k in 1000: m']);
});

test('at the end what was not told is told, and nothing waits', () => {
  const { clock, lines, summary } = scene();
  for (const kind of ['a', 'a', 'b']) summary.note(kind, kind);
  summary.flush();
  assert.deepEqual(lines, ['a', 'b', '1 a in 1000: a']);
  assert.equal(clock.waiting, 0);
  summary.note('a', 'anew');
  assert.equal(lines.at(-1), 'anew');
});

test('setting the wall clock neither holds a count back nor tells it early', () => {
  const { clock, lines, summary } = scene();
  summary.note('k', 'm');
  summary.note('k', 'm');
  clock.jump(-86_400_000);
  clock.advance(999);
  assert.equal(lines.length, 1);
  clock.advance(1);
  assert.equal(lines.length, 2);
});

test('options that are no numbers of the kind are refused by name', () => {
  for (const name of ['intervalMs', 'maxKinds', 'burst'] as const) {
    for (const value of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(
        () => scene({ [name]: value }),
        (error) => error instanceof ValueError && error.path === name,
        `${name} ${value}`,
      );
    }
  }
});
