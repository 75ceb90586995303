import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacer } from '../../../src/push/sms/pacer.ts';
import { ManualClock } from '../../../src/testing/index.ts';

function make(throughput?: number) {
  const clock = new ManualClock();
  let ready = 0;
  const onReady = (): void => {
    ready += 1;
  };
  const pacer = new Pacer({ clock, throughput, pauseMs: 1000, maxPauseMs: 60_000, onReady });
  /** Sends as much as it may for so long. */
  const run = (durationMs: number): number => {
    let sent = 0;
    for (let ms = 0; ms < durationMs; ms += 1) {
      while (sent < 1_000_000 && pacer.take()) sent += 1;
      clock.advance(1);
    }
    return sent;
  };
  return { clock, pacer, run, ready: () => ready };
}

test('without a limit everything may go at once', () => {
  const { pacer } = make();
  for (let i = 0; i < 10_000; i += 1) assert.ok(pacer.take());
  assert.equal(pacer.rate, Number.POSITIVE_INFINITY);
});

for (const throughput of [1, 7, 50, 333, 2000]) {
  test(`a throughput of ${throughput} messages a second is held, and used`, () => {
    const { run } = make(throughput);
    run(1000);
    const sent = run(3000);
    assert.ok(sent <= throughput * 3 + 1 + throughput * 0.03, `${sent}`);
    assert.ok(sent >= throughput * 3 - 1, `${sent}`);
  });
}

test('who was told to wait is called when the time has come, once', () => {
  const { clock, pacer, ready } = make(2);
  assert.ok(pacer.take());
  assert.equal(pacer.take(), false);
  assert.equal(pacer.take(), false);
  clock.advance(489);
  assert.equal(ready(), 0);
  clock.advance(11);
  assert.equal(ready(), 1);
  assert.ok(pacer.take());
});

test('a refusal pauses for 1 s; refusals in a row double it, up to 60 s; the rate is halved each time', () => {
  const { clock, pacer } = make(64);
  const pauses: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    assert.ok(pacer.take());
    pacer.throttled();
    // What was in flight with it is the same refusal.
    pacer.throttled();
    const from = clock.now();
    while (pacer.paused) clock.advance(100);
    pauses.push((clock.now() - from) / 1000);
    clock.advance(1000);
  }
  assert.deepEqual(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
  assert.equal(pacer.rate, 1);
});

test('nothing goes out during a pause, and the rate comes back step by step to the configured one', () => {
  const { clock, pacer, run } = make(100);
  run(1000);
  pacer.throttled();
  assert.equal(run(999), 0);
  const rates: number[] = [];
  for (let second = 0; second < 8; second += 1) {
    clock.advance(1000);
    assert.ok(pacer.take());
    pacer.accepted();
    rates.push(pacer.rate);
  }
  assert.deepEqual(rates, [50, 60, 70, 80, 90, 100, 100, 100]);
});

test('without a limit, half of what was sent in the last second is the new rate; then there is no limit again', () => {
  const { clock, pacer } = make();
  for (let i = 0; i < 80; i += 1) pacer.take();
  pacer.throttled();
  assert.equal(pacer.rate, 40);
  for (let second = 0; second < 7; second += 1) {
    clock.advance(1000);
    pacer.accepted();
  }
  assert.equal(pacer.rate, Number.POSITIVE_INFINITY);
});
