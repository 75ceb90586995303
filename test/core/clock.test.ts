// The two readings of a clock, and the watch that tells when the wall clock was set.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ClockWatch, sleep, systemClock, watchClock } from '../../src/core/index.ts';
import { ManualClock } from '../../src/testing/index.ts';

const hourMs = 3_600_000;

test('clock: the monotonic reading and timers do not follow the wall clock', async () => {
  const clock = new ManualClock();
  const [wall, steady] = [clock.now(), clock.monotonic()];
  let woken = false;
  void sleep(clock, 1000).then(() => {
    woken = true;
  });
  clock.jump(-hourMs);
  assert.deepEqual([clock.now(), clock.monotonic()], [wall - hourMs, steady]);
  clock.advance(999);
  await Promise.resolve();
  assert.equal(woken, false);
  clock.advance(1);
  await Promise.resolve();
  assert.equal(woken, true);
  assert.deepEqual([clock.now(), clock.monotonic()], [wall - hourMs + 1000, steady + 1000]);
});

test('clock: the system gives both readings, and the steady one does not go back', () => {
  const clock = systemClock();
  assert.ok(Math.abs(clock.now() - Date.now()) < 60_000);
  const first = clock.monotonic();
  assert.ok(clock.monotonic() >= first);
});

test('clock: timers of the system that fire early are armed again, so that their end is reached when they run', (context) => {
  let nowMs = 100.25;
  const armed: { readonly run: () => void; readonly ms: number }[] = [];
  context.mock.method(performance, 'now', () => nowMs);
  context.mock.method(globalThis, 'setTimeout', (run: () => void, ms: number) => armed.push({ run, ms }));
  const clock = systemClock();
  for (const delayMs of [1000, 0.7, 3.2]) {
    const end = clock.monotonic() + delayMs;
    let ranAt: number | undefined;
    clock.after(delayMs, () => {
      ranAt = clock.monotonic();
    });
    for (let turns = 0; ranAt === undefined && turns < 5; turns += 1) {
      const timer = armed.pop();
      assert.ok(
        timer !== undefined && Number.isInteger(timer.ms),
        'whole milliseconds, for parts are cut off',
      );
      nowMs += timer.ms - (turns === 0 ? 0.5 : 0);
      timer.run();
    }
    assert.ok(ranAt !== undefined && ranAt >= end, `${ranAt} of ${end}`);
    assert.equal(armed.length, 0);
  }
});

test('clock: a timer of the system that was armed again can be cancelled', (context) => {
  let nowMs = 100;
  const runs: (() => void)[] = [];
  const cleared: unknown[] = [];
  context.mock.method(performance, 'now', () => nowMs);
  context.mock.method(globalThis, 'setTimeout', (run: () => void) => runs.push(run));
  context.mock.method(globalThis, 'clearTimeout', (timer: unknown) => cleared.push(timer));
  const timer = systemClock().after(10, () => assert.fail('cancelled'));
  nowMs += 9.5;
  runs[0]?.();
  timer.cancel();
  assert.deepEqual([runs.length, cleared], [2, [2]]);
});

test('clock watch: a jump either way is told once, with its size', () => {
  const clock = new ManualClock();
  const watch = new ClockWatch(clock);
  clock.advance(hourMs);
  assert.equal(watch.moved(), 0, 'time that passes is no jump');
  clock.jump(-hourMs);
  assert.equal(watch.moved(), -hourMs);
  assert.equal(watch.moved(), 0);
  clock.jump(2 * hourMs);
  assert.equal(watch.moved(), 2 * hourMs);
});

test('clock watch: what is gained little by little counts once it is enough', () => {
  const clock = new ManualClock();
  const watch = new ClockWatch(clock, 1000);
  let told = 0;
  for (let step = 0; step < 25; step += 1) {
    clock.jump(100);
    told += watch.moved();
  }
  assert.equal(told, 2000);
  clock.jump(500);
  assert.equal(watch.moved(), 1000);
});

test('clock watch: a bound that is no time is refused', () => {
  for (const least of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => new ClockWatch(new ManualClock(), least), RangeError);
  }
});

test('clock watch: the listener hears of a jump at the next look, and nothing after the end', () => {
  const clock = new ManualClock();
  const heard: number[] = [];
  const end = watchClock(clock, (byMs) => heard.push(byMs), 1000);
  clock.jump(-hourMs);
  clock.advance(1000);
  clock.advance(5000);
  assert.deepEqual(heard, [-hourMs]);
  end();
  clock.jump(hourMs);
  clock.advance(5000);
  assert.deepEqual([heard.length, clock.waiting], [1, 0]);
});
