// What the log is told of pushes that go by another road.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FallOverLog } from '../../../src/cli/roads/fall-over-log.ts';
import { ManualClock } from '../../../src/testing/index.ts';

test('the first of its kind at once, then a count for each minute, by the two roads and the reason', () => {
  const clock = new ManualClock();
  const lines: string[] = [];
  const log = new FallOverLog(clock, (line) => lines.push(line));
  const busy = { from: 'gw1', to: 'gw2', reason: 'KANNEL_BUSY', detail: 'gw1: not now' };
  for (let count = 0; count < 1000; count += 1) log.note(busy);
  log.note({ from: 'gw1', to: 'gw2', reason: 'down' });
  log.note({ from: 'gw1', to: 'gw2', reason: 'down', detail: 'gw1: connect ECONNREFUSED' });
  assert.deepEqual(lines.splice(0), [
    'gw1 > gw2 (KANNEL_BUSY): a push; gw1: not now',
    'gw1 > gw2 (down): a push',
  ]);
  clock.advance(60_000);
  assert.deepEqual(lines.splice(0).sort(), [
    'gw1 > gw2 (KANNEL_BUSY): 999 more within 60 s; gw1: not now',
    'gw1 > gw2 (down): 1 more within 60 s; gw1: connect ECONNREFUSED',
  ]);
  log.note(busy);
  log.end();
  assert.deepEqual(lines, ['gw1 > gw2 (KANNEL_BUSY): 1 more within 60 s; gw1: not now']);
});
