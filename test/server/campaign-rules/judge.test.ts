// When a campaign stops, and when its canary lets the rest go.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { forgivenOf, type Judged, judge, tallyOf } from '../../../src/server/campaign-rules/judge.ts';
import type {
  CampaignCount,
  CampaignDeviceState,
  CampaignPlan,
  CampaignStep,
} from '../../../src/store/index.ts';

const plan: CampaignPlan = {
  name: 'night',
  content: { kind: 'wake', body: {} },
  target: { by: 'list' },
  expiresAt: 1e12,
};

function counts(
  step: 'canary' | 'rest',
  by: Partial<Record<CampaignDeviceState, number>>,
): readonly CampaignCount[] {
  return Object.entries(by).map(([state, count]) => ({
    step,
    state: state as CampaignDeviceState,
    reason: '',
    count,
  }));
}

function campaign(step: CampaignStep, more: Partial<CampaignPlan>, rest: Partial<Judged> = {}): Judged {
  return { plan: { ...plan, ...more }, step, canaryDevices: 20, ...rest };
}

const canary = { devices: 20, waitMs: 60_000 };

describe('judge', () => {
  it('counts what failed and expired as failed, and leaves out who was left out', () => {
    const mixed = counts('rest', {
      completed: 5,
      failed: 2,
      expired: 1,
      cancelled: 4,
      'left-out': 9,
      pending: 3,
      'under-way': 2,
    });
    assert.deepEqual(tallyOf(mixed, 'rest'), { ended: 8, failed: 3, open: 5, underWay: 2, apart: 13 });
  });

  it('stops by rate when enough have ended', () => {
    const of = campaign('rest', { stop: { failureRate: 0.1 } });
    assert.equal(
      judge(of, counts('rest', { completed: 20, failed: 29 }), 0).verdict,
      'go-on',
      '49 are too few',
    );
    assert.equal(
      judge(of, counts('rest', { completed: 45, failed: 5 }), 0).verdict,
      'go-on',
      'as many as may',
    );
    assert.deepEqual(judge(of, counts('rest', { completed: 44, failed: 5, expired: 1 }), 0), {
      verdict: 'stop',
      reason: '6 of 50 devices failed: more than 10 %',
    });
    const early = campaign('rest', { stop: { failureRate: 0.1, rateFrom: 3 } });
    assert.equal(judge(early, counts('rest', { failed: 3 }), 0).verdict, 'stop');
  });

  it('stops by number, over both steps', () => {
    const of = campaign('rest', { stop: { failures: 5 } });
    const before = counts('canary', { completed: 17, failed: 3 });
    assert.equal(judge(of, [...before, ...counts('rest', { failed: 2 })], 0).verdict, 'go-on');
    assert.deepEqual(judge(of, [...before, ...counts('rest', { expired: 3 })], 0), {
      verdict: 'stop',
      reason: '6 devices failed, and 5 may',
    });
  });

  it('forgives what failed before it was resumed', () => {
    const was = counts('rest', { completed: 40, failed: 20 });
    const forgiven = forgivenOf(was, 'rest');
    assert.deepEqual(forgiven, { step: 'rest', ended: 60, failed: 20, failures: 20 });
    const of = campaign('rest', { stop: { failureRate: 0.2, failures: 10 } }, { forgiven });
    assert.equal(judge(of, was, 0).verdict, 'go-on');
    assert.equal(judge(of, counts('rest', { completed: 85, failed: 24 }), 0).verdict, 'go-on', '4 of 49');
    assert.equal(judge(of, counts('rest', { completed: 79, failed: 31 }), 0).verdict, 'stop', '11 more');
    // A retry makes less of them.
    assert.equal(judge(of, counts('rest', { completed: 40 }), 0).verdict, 'go-on');
  });

  it('waits for the canary, and lets the rest go when all of it has ended', () => {
    const of = campaign('canary-wait', { canary, stop: { failureRate: 0.1 } }, { canaryAt: 1000 });
    const some = counts('canary', { completed: 10, 'under-way': 10 });
    assert.deepEqual(judge(of, some, 2000), { verdict: 'wait', until: 61_000 });
    assert.equal(judge(of, counts('canary', { completed: 20 }), 2000).verdict, 'rest');
    assert.equal(judge(of, counts('canary', { completed: 18, failed: 2 }), 2000).verdict, 'rest');
    assert.deepEqual(judge(of, counts('canary', { completed: 17, failed: 3 }), 2000), {
      verdict: 'stop',
      reason: '3 of 20 devices of the canary failed: more than 10 %',
    });
  });

  it('judges by what has ended when the time is over, and stops where that is too little', () => {
    const of = campaign('canary-wait', { canary, stop: { failureRate: 0.1 } }, { canaryAt: 0 });
    assert.deepEqual(judge(of, counts('canary', { completed: 3, 'under-way': 17 }), 60_000), {
      verdict: 'stop',
      reason: 'the canary could not be judged: 3 of 20 ended',
    });
    const less = campaign(
      'canary-wait',
      { canary, stop: { failureRate: 0.1, rateFrom: 10 } },
      { canaryAt: 0 },
    );
    assert.equal(judge(less, counts('canary', { completed: 10, 'under-way': 10 }), 60_000).verdict, 'rest');
    assert.equal(
      judge(less, counts('canary', { completed: 8, failed: 2, 'under-way': 10 }), 60_000).verdict,
      'stop',
    );
  });

  it('stops a canary as soon as it has failed by number', () => {
    const of = campaign('canary', { canary, stop: { failures: 2 } });
    assert.equal(judge(of, counts('canary', { pending: 10, failed: 3 }), 0).verdict, 'stop');
  });

  it('lets nothing go on a canary of which nothing is known', () => {
    const of = campaign('canary-wait', { canary, stop: { failures: 2 } }, { canaryAt: 0 });
    assert.deepEqual(judge(of, counts('canary', { 'left-out': 20 }), 1), {
      verdict: 'stop',
      reason: 'the canary could not be judged: all its devices were left out or cancelled',
    });
    assert.equal(judge(of, [], 1).verdict, 'stop');
  });

  it('goes on without rules', () => {
    assert.equal(judge(campaign('rest', {}), counts('rest', { failed: 1000 }), 0).verdict, 'go-on');
  });
});
