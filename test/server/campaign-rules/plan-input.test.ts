// Plans of campaigns as callers give them: what is taken, and how what is wrong is named.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readPlan } from '../../../src/server/campaign-rules/plan-input.ts';
import { changedPlan } from '../../../src/server/campaign-rules/rules-input.ts';

const now = Date.UTC(2026, 5, 1);
const day = 86_400_000;
const least = {
  name: 'night',
  content: { kind: 'wake' },
  target: { filter: 'labels.site = "north"' },
};

describe('readPlan', () => {
  it('takes the least there is', () => {
    const { plan, filter, list } = readPlan(least, now);
    assert.deepEqual(plan, {
      name: 'night',
      content: { kind: 'wake', body: {} },
      target: { by: 'filter', filter: 'labels.site = "north"', mode: 'fixed' },
      expiresAt: now + 7 * day,
    });
    assert.ok(filter !== undefined && list === undefined);
  });

  it('takes all there is', () => {
    const { plan } = readPlan(
      {
        ...least,
        content: { kind: 'job', body: { commands: [{ command: 'get', uri: './DevInfo' }] } },
        target: { filter: 'id != ""', mode: 'live' },
        startAt: '2026-06-02T00:00:00Z',
        expiresAt: '2026-07-02T00:00:00Z',
        priority: -3,
        pace: { perSecond: 0.5, carriers: { sms: 2.5 } },
        timeZone: 'Europe/Berlin',
        windows: [
          { days: [7, 1], from: '22:30', to: '06:00' },
          { from: '12:00', to: '24:00' },
          { from: '01:00', to: '00:00' },
        ],
        canary: { percent: 1.5, waitSeconds: 3600 },
        stop: { failureRate: 0.1, rateFrom: 20, failures: 0 },
        wakesPerDay: 3,
      },
      now,
    );
    assert.deepEqual(plan, {
      name: 'night',
      content: { kind: 'job', body: { commands: [{ command: 'get', uri: './DevInfo' }] } },
      target: { by: 'filter', filter: 'id != ""', mode: 'live' },
      startAt: now + day,
      expiresAt: now + 31 * day,
      priority: -3,
      pace: { perSecond: 0.5, carriers: { sms: 2.5 } },
      timeZone: 'Europe/Berlin',
      windows: [
        { days: [1, 7], from: 1350, to: 360 },
        { from: 720, to: 1440 },
        { from: 60, to: 1440 },
      ],
      canary: { percent: 1.5, waitMs: 3_600_000 },
      stop: { failureRate: 0.1, rateFrom: 20, failures: 0 },
      wakesPerDay: 3,
    });
  });

  it('takes a list, each id once', () => {
    const { plan, list } = readPlan({ ...least, target: { devices: ['b', 'a', 'b'] } }, now);
    assert.deepEqual(plan.target, { by: 'list' });
    assert.deepEqual(list, ['b', 'a']);
  });

  it('names what is wrong', () => {
    const cases: readonly (readonly [object, string, string])[] = [
      [{ name: undefined }, 'name', 'MISSING'],
      [{ name: 'x'.repeat(256) }, 'name', 'TOO_LONG'],
      [{ nmae: 'x' }, 'nmae', 'UNKNOWN_FIELD'],
      [{ content: undefined }, 'content', 'MISSING'],
      [{ content: { body: {} } }, 'content.kind', 'MISSING'],
      [{ content: { kind: 'call' } }, 'content.kind', 'OUT_OF_RANGE'],
      [{ content: { kind: 'wake', body: [] } }, 'content.body', 'WRONG_TYPE'],
      [{ content: { kind: 'wake', body: { device: 'x' } } }, 'content.body.device', 'UNKNOWN_FIELD'],
      [{ content: { kind: 'job', body: { notBefore: 'x' } } }, 'content.body.notBefore', 'UNKNOWN_FIELD'],
      [{ content: { kind: 'wake', body: { job: [] } } }, 'content.body.job', 'UNKNOWN_FIELD'],
      [{ target: undefined }, 'target', 'MISSING'],
      [{ target: {} }, 'target', 'MISSING'],
      [{ target: { filter: 'id =', mode: 'fixed' } }, 'target.filter', 'BAD_FORMAT'],
      [{ target: { filter: 'id = "a"', devices: ['a'] } }, 'target', 'MISSING'],
      [{ target: { devices: [] } }, 'target.devices', 'OUT_OF_RANGE'],
      [{ target: { devices: 'a' } }, 'target.devices', 'WRONG_TYPE'],
      [{ target: { devices: ['a', 7] } }, 'target.devices[1]', 'WRONG_TYPE'],
      [{ target: { devices: new Array(100_001).fill('a') } }, 'target.devices', 'TOO_LONG'],
      [{ target: { devices: ['a'], mode: 'live' } }, 'target.mode', 'UNKNOWN_FIELD'],
      [{ startAt: 'tomorrow' }, 'startAt', 'BAD_FORMAT'],
      [{ startAt: '2028-01-01T00:00:00Z' }, 'startAt', 'OUT_OF_RANGE'],
      [{ expiresAt: '2026-05-31T00:00:00Z' }, 'expiresAt', 'OUT_OF_RANGE'],
      [{ startAt: '2026-07-01T00:00:00Z', expiresAt: '2026-06-15T00:00:00Z' }, 'expiresAt', 'OUT_OF_RANGE'],
      [{ expiresAt: '2027-07-01T00:00:00Z' }, 'expiresAt', 'OUT_OF_RANGE'],
      [{ pace: { perSecond: 0 } }, 'pace.perSecond', 'OUT_OF_RANGE'],
      [{ pace: { carriers: { sms: -1 } } }, 'pace.carriers.sms', 'OUT_OF_RANGE'],
      [{ pace: { perHour: 1 } }, 'pace.perHour', 'UNKNOWN_FIELD'],
      [{ timeZone: 'Berlin time', windows: [{ from: '01:00', to: '02:00' }] }, 'timeZone', 'OUT_OF_RANGE'],
      [{ timeZone: 'UTC' }, 'windows', 'MISSING'],
      [{ windows: [{ from: '01:00', to: '02:00' }] }, 'timeZone', 'MISSING'],
      [{ timeZone: 'UTC', windows: [] }, 'windows', 'OUT_OF_RANGE'],
      [{ timeZone: 'UTC', windows: [{ from: '01:00', to: '25:00' }] }, 'windows[0].to', 'BAD_FORMAT'],
      [
        { timeZone: 'UTC', windows: [{ days: [8], from: '01:00', to: '02:00' }] },
        'windows[0].days',
        'OUT_OF_RANGE',
      ],
      [
        { timeZone: 'UTC', windows: [{ days: [1, 1], from: '01:00', to: '02:00' }] },
        'windows[0].days',
        'OUT_OF_RANGE',
      ],
      [
        { timeZone: 'UTC', windows: [{ from: '05:00', to: '06:00' }], expiresAt: '2026-06-01T04:00:00Z' },
        'windows',
        'OUT_OF_RANGE',
      ],
      [{ canary: { waitSeconds: 1 } }, 'canary', 'MISSING'],
      [{ canary: { devices: 1, percent: 1, waitSeconds: 1 } }, 'canary', 'MISSING'],
      [{ canary: { devices: 1 } }, 'canary.waitSeconds', 'MISSING'],
      [{ canary: { percent: 101, waitSeconds: 1 } }, 'canary.percent', 'OUT_OF_RANGE'],
      [{ canary: { devices: 1, waitSeconds: 1 } }, 'stop', 'MISSING'],
      [{ stop: {} }, 'stop', 'MISSING'],
      [{ stop: { failureRate: 1.5 } }, 'stop.failureRate', 'OUT_OF_RANGE'],
      [{ priority: 11 }, 'priority', 'OUT_OF_RANGE'],
      [{ wakesPerDay: 0 }, 'wakesPerDay', 'OUT_OF_RANGE'],
    ];
    for (const [change, path, code] of cases) {
      assert.throws(
        () => readPlan({ ...least, ...change }, now),
        { path, code },
        JSON.stringify(change).slice(0, 200),
      );
    }
  });
});

describe('changedPlan', () => {
  const { plan } = readPlan(
    { ...least, pace: { perSecond: 5 }, timeZone: 'UTC', windows: [{ from: '01:00', to: '02:00' }] },
    now,
  );

  it('changes what is given, and takes away what is null', () => {
    const next = changedPlan(
      { pace: { perSecond: 9 }, windows: null, priority: 2, name: 'later' },
      plan,
      now,
      now,
    );
    assert.deepEqual(next, {
      name: 'later',
      content: plan.content,
      target: plan.target,
      pace: { perSecond: 9 },
      priority: 2,
      expiresAt: plan.expiresAt,
    });
  });

  it('refuses what may not change, and what would not be right then', () => {
    const cases: readonly (readonly [object, string])[] = [
      [{ target: { devices: ['a'] } }, 'target'],
      [{ content: {} }, 'content'],
      [{ timeZone: null }, 'timeZone'],
      [{ expiresAt: '2026-05-01T00:00:00Z' }, 'expiresAt'],
      [{ pace: { perSecond: -1 } }, 'pace.perSecond'],
    ];
    for (const [change, path] of cases) assert.throws(() => changedPlan(change, plan, now, now), { path });
    const judged = readPlan(
      { ...least, canary: { devices: 1, waitSeconds: 5 }, stop: { failures: 1 } },
      now,
    ).plan;
    assert.throws(() => changedPlan({ stop: null }, judged, now, now), { path: 'stop', code: 'MISSING' });
  });
});
