// What is printed of a row: one line of the table, one of JSON.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { failedLine, jsonLine, type RunFacts } from '../../bench/lib/json-line.ts';
import type { RowResult } from '../../bench/lib/measure.ts';
import type { Row } from '../../bench/lib/row.ts';
import { failedRow, numberText, tableHead, tableRow } from '../../bench/lib/table.ts';

const row: Pick<Row, 'name' | 'figures' | 'better'> = {
  name: 'campaign',
  better: 'more',
  figures: [
    { name: 'rate', unit: '/s' },
    { name: 'cpu', unit: 'µs', label: 'CPU a push' },
    { name: 'seconds', unit: 's', hidden: true },
    { name: 'peak', unit: 'MB', label: 'peak' },
  ],
};
const measured = (value: number, spread = 0) => ({ value, spread, samples: [value] });
const result: RowResult = {
  sides: [
    {
      name: 'now',
      figures: {
        rate: measured(32_123.456, 0.0512),
        cpu: measured(24.5),
        seconds: measured(3.1),
        peak: measured(1234.5),
      },
    },
    { name: 'a47cffd', figures: { rate: measured(8031.25, 0.09) } },
    { name: 'later | so', missing: 'no such\nroute' },
  ],
  ratio: 3.99981,
  spread: 0.09,
  noisy: false,
  tries: 1,
};
const facts: RunFacts = {
  commit: 'abcdef0',
  node: 'v24.0.0',
  cpus: 2,
  load: 0.25,
  quick: false,
  rounds: 5,
  at: '2026-11-30T00:00:00.000Z',
};
const cells = (line: string): readonly string[] => line.split(/(?<!\\)\|/).map((cell) => cell.trim());

describe('the table', () => {
  test('a row has a cell for each column, with the spread of the first figure and without what is hidden', () => {
    const line = tableRow(row, result);
    assert.equal(cells(line).length, cells(tableHead.split('\n')[0] ?? '').length);
    const [, name, ours, peer, ratio] = cells(line);
    assert.equal(name, '`campaign`');
    assert.equal(
      ours,
      'now: 32.1k/s ±5 %, 24.5 µs CPU a push, 1.23 GB peak; later \\| so: missing, no such route',
    );
    assert.equal(peer, 'a47cffd: 8031/s ±9 %');
    assert.equal(ratio, '4.00 (more is better)');
    assert.ok(!line.includes('\n'));
  });

  test('noise and missing peers are said', () => {
    const noisy = tableRow(row, { ...result, noisy: true, tries: 3, spread: 0.42 });
    assert.match(noisy, /4\.00 \(more is better\) \*\*noisy\*\*, 42 % after 3 tries \|$/);
    const [ours] = result.sides;
    assert.ok(ours !== undefined);
    const alone = tableRow(row, {
      sides: [ours, { name: 'Kannel', missing: 'not installed' }],
      spread: 0,
      noisy: false,
      tries: 1,
    });
    assert.match(alone, /\| Kannel: missing, not installed \| – \|$/);
    assert.equal(failedRow(row, 'no disk'), '| `campaign` | failed: no disk | – | – |');
  });

  test('numbers have about three digits and their unit', () => {
    const texts = [
      numberText(8031.25, '/s'),
      numberText(9.876, '/s'),
      numberText(241_400, '/s'),
      numberText(1_250_000, '/s'),
      numberText(111.4, 'µs'),
      numberText(0.123, 'ms'),
      numberText(121.5, 's'),
      numberText(285.4, 'MB'),
      numberText(0.995, '%'),
    ];
    const wanted = ['8031/s', '9.88/s', '241k/s', '1.25M/s', '111 µs', '0.12 ms', '122 s', '285 MB', '100 %'];
    assert.deepEqual(texts, wanted);
  });
});

describe('the JSON line', () => {
  test('has all that was measured, in four digits, and what it was measured on', () => {
    const line = jsonLine(row, result, facts);
    assert.ok(!line.includes('\n'));
    const read = JSON.parse(line) as Record<string, unknown>;
    const { row: name, commit, cpus, load, quick, rounds, at, ratio, better, spread, noisy, tries } = read;
    assert.deepEqual(
      { name, commit, cpus, load, quick, rounds, at, ratio, better, spread, noisy, tries },
      {
        name: 'campaign',
        commit: 'abcdef0',
        cpus: 2,
        load: 0.25,
        quick: false,
        rounds: 5,
        at: facts.at,
        ratio: 4,
        better: 'more',
        spread: 0.09,
        noisy: false,
        tries: 1,
      },
    );
    const sides = read.sides as { name: string; missing?: string; figures?: Record<string, unknown> }[];
    assert.deepEqual(sides[0]?.figures?.rate, { value: 32_120, spread: 0.0512, samples: [32_120] });
    assert.deepEqual(sides[0]?.figures?.seconds, { value: 3.1, spread: 0, samples: [3.1] });
    assert.deepEqual(sides[2], { name: 'later | so', missing: 'no such\nroute' });
  });

  test('of a row that failed says why', () => {
    const read = JSON.parse(failedLine(row, 'no disk', facts)) as Record<string, unknown>;
    assert.deepEqual(read, { row: 'campaign', ...facts, failed: 'no disk' });
  });
});
