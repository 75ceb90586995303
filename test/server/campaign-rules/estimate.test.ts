// How long a campaign is said to take.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { estimatedEnd } from '../../../src/server/campaign-rules/estimate.ts';

const from = Date.UTC(2026, 5, 1, 12);
const hour = 3_600_000;

describe('estimatedEnd', () => {
  it('goes by the slowest of pace and carriers', () => {
    const devices = new Map([
      ['sms', 3600],
      ['wap', 36_000],
    ]);
    const end = (rules: object, rates: Readonly<Record<string, number>> = {}) =>
      ((estimatedEnd({ devices, rules, from, rateOf: (name) => rates[name] }) ?? 0) - from) / hour;
    assert.equal(end({}), 0);
    assert.equal(end({ pace: { perSecond: 1 } }), 11);
    assert.equal(end({ pace: { carriers: { sms: 1 } } }), 1);
    assert.equal(end({ pace: { perSecond: 11, carriers: { sms: 0.5 } } }), 2);
    assert.equal(end({}, { wap: 5 }), 2);
  });

  it('waits for windows, and for the canary', () => {
    const devices = new Map([[null, 3600]]);
    const rules = {
      pace: { perSecond: 0.5 },
      timeZone: 'UTC',
      windows: [{ from: 22 * 60, to: 23 * 60 + 30 }],
    };
    // Two hours of work in windows of one and a half.
    assert.equal(estimatedEnd({ devices, rules, from }), Date.UTC(2026, 5, 2, 22, 30));
    const waited = estimatedEnd({ devices, rules, from, canaryWaitMs: 11 * hour });
    assert.equal(waited, Date.UTC(2026, 5, 2, 23, 30));
  });

  it('does not say what is too far', () => {
    const rules = { pace: { perSecond: 0.001 }, timeZone: 'UTC', windows: [{ from: 0, to: 1 }] };
    assert.equal(estimatedEnd({ devices: new Map([[null, 1_000_000]]), rules, from }), undefined);
  });
});
