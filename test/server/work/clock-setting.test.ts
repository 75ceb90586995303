import assert from 'node:assert/strict';
import { test } from 'node:test';
import { movedChange, setSince, settingOf } from '../../../src/server/work/clock-setting.ts';
import { ManualClock } from '../../../src/testing/index.ts';

test('time that passes is no setting of the clock; a jump is, either way, and less than a second is drift', () => {
  const clock = new ManualClock();
  const setting = settingOf(clock);
  clock.advance(3_600_000);
  assert.equal(setSince(clock, setting), 0);
  clock.jump(-90_000);
  assert.equal(setSince(clock, setting), -90_000);
  clock.jump(100_000);
  assert.equal(setSince(clock, setting), 10_000);
  clock.jump(-9001);
  assert.equal(setSince(clock, setting), 0);
  clock.jump(1);
  assert.equal(setSince(clock, setting), 1000);
});

test('the moments of a change go with the clock, and nothing else of it', () => {
  const change = { event: 'sent', dueAt: 5000, carrier: 'wap' } as const;
  assert.deepEqual(movedChange(change, -2000), { event: 'sent', dueAt: 3000, carrier: 'wap' });
  assert.equal(movedChange(change, 0), change);
  const told = { event: 'note', resultDueAt: 5000 } as const;
  assert.deepEqual(movedChange(told, 2000), { event: 'note', resultDueAt: 7000 });
  const over = { event: 'result-told', resultDueAt: null } as const;
  assert.equal(movedChange(over, 2000), over);
  const failed = { event: 'failed', detail: 'why' } as const;
  assert.equal(movedChange(failed, 2000), failed);
});
