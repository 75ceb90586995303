// What carriers did of late.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CarrierMetrics } from '../../../src/server/metrics/carrier-metrics.ts';
import { ManualClock } from '../../../src/testing/index.ts';

test('the rate is the mean of the last ten seconds', () => {
  const clock = new ManualClock();
  const metrics = new CarrierMetrics(clock);
  assert.deepEqual(metrics.activity('wap'), { perSecond: 0 });
  for (let second = 0; second < 30; second += 1) {
    for (let index = 0; index < 7; index += 1) metrics.took('wap');
    if (second >= 10) assert.equal(metrics.activity('wap').perSecond, 7);
    clock.advance(1000);
  }
  clock.advance(20_000);
  assert.deepEqual(metrics.activity('wap'), { perSecond: 0 });
});

test('what it refused last is remembered, and throttling stands apart', () => {
  const clock = new ManualClock();
  const metrics = new CarrierMetrics(clock);
  metrics.refused('sms', 'ESME_RTHROTTLED', 'slower');
  metrics.refused('sms', 'ESME_RINVDSTADR', 'no such number');
  assert.deepEqual(metrics.activity('sms').lastRefusal, { at: clock.now(), why: 'no such number' });
  const [attempts] = metrics.families();
  assert.deepEqual(attempts?.samples, [
    { labels: ['sms', 'throttled'], value: 1 },
    { labels: ['sms', 'refused'], value: 1 },
  ]);
});
