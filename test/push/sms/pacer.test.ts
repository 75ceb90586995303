import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pacer } from '../../../src/push/sms/submit/pacer.ts';
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

test('a refusal pauses for 1 s; refusals in a row double it, up to 5 s; the rate is halved each time, down to 1', () => {
  const { clock, pacer } = make(64);
  const pauses: number[] = [];
  for (let i = 0; i < 8; i += 1) {
    assert.ok(pacer.take());
    const sentAt = clock.monotonic();
    pacer.throttled(sentAt);
    // What was in flight with it is the same refusal, whenever its answer comes.
    pacer.throttled(sentAt);
    clock.advance(1);
    pacer.throttled(sentAt);
    let paused = 1;
    while (pacer.paused) {
      clock.advance(1);
      paused += 1;
    }
    pauses.push(paused / 1000);
    clock.advance(900);
  }
  assert.deepEqual(pauses, [1, 2, 4, 5, 5, 5, 5, 5]);
  assert.equal(pacer.rate, 1);
});

test('an answer to a message that was sent after a refusal ends the doubling of pauses; one from before does not', () => {
  const { clock, pacer } = make(64);
  const before = clock.monotonic();
  const pauses: number[] = [];
  for (const accepted of [undefined, 'before', 'after'] as const) {
    clock.advance(1000);
    if (accepted === 'before') pacer.accepted(before);
    if (accepted === 'after') pacer.accepted(clock.monotonic());
    pacer.throttled(clock.monotonic());
    const from = clock.monotonic();
    while (pacer.paused) clock.advance(100);
    pauses.push(clock.monotonic() - from);
  }
  assert.deepEqual(pauses, [1000, 2000, 1000]);
});

test('nothing goes out during a pause, and the rate comes back step by step to the configured one', () => {
  const { clock, pacer, run } = make(100);
  run(1000);
  pacer.throttled(clock.monotonic());
  assert.equal(run(999), 0);
  clock.advance(1);
  const rates: number[] = [];
  for (let second = 0; second < 8; second += 1) {
    rates.push(pacer.rate);
    clock.advance(1000);
  }
  assert.deepEqual(rates, [50, 60, 70, 80, 90, 100, 100, 100]);
});

test('without a limit, half of what was sent in the last second is the new rate; within seconds there is no limit again', () => {
  for (const [sent, seconds] of [
    [80, 18],
    [3000, 9],
    [1, 24],
  ] as const) {
    const { clock, pacer } = make();
    for (let i = 0; i < sent; i += 1) pacer.take();
    pacer.throttled(clock.monotonic());
    assert.equal(pacer.rate, Math.max(sent / 2, 1));
    clock.advance(1000);
    let needed = 0;
    for (; pacer.rate < sent; needed += 1) clock.advance(1000);
    assert.ok(needed <= 5, `${needed} s to what it was`);
    for (; pacer.rate !== Number.POSITIVE_INFINITY; needed += 1) clock.advance(1000);
    assert.ok(needed <= seconds, `${needed} s to no limit`);
  }
});

test('a centre that takes 50 a second: most of that is used, few are refused, and all is used at once when it takes more', () => {
  const { clock, pacer } = make();
  let allowed = 50;
  let tokens = allowed;
  let taken = 0;
  let refused = 0;
  const run = (seconds: number): void => {
    taken = 0;
    refused = 0;
    for (let ms = 0; ms < seconds * 1000; ms += 10) {
      tokens = Math.min(tokens + allowed / 100, allowed);
      // There is always something to send, ten without an answer at a time.
      for (let window = 0; window < 10 && pacer.take(); window += 1) {
        const sentAt = clock.monotonic();
        if (tokens >= 1) {
          tokens -= 1;
          taken += 1;
          pacer.accepted(sentAt);
        } else {
          refused += 1;
          pacer.throttled(sentAt);
        }
      }
      clock.advance(10);
    }
  };
  run(20);
  run(60);
  assert.ok(taken >= 60 * 50 * 0.6, `${taken} of ${60 * 50} taken`);
  assert.ok(refused <= taken / 20, `${refused} refused`);
  allowed = 1_000_000;
  run(10);
  run(1);
  assert.ok(taken >= 250, `${taken} in a second, 10 s later`);
});
