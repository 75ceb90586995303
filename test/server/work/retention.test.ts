// What is over goes after its age, in steps with pauses between them, and the log says how much it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, type Logger, StoreError, silentLogger } from '../../../src/core/index.ts';
import { type RetentionSettings, retentionDefaults } from '../../../src/server/index.ts';
import type { RetentionLimits, Store } from '../../../src/store/index.ts';
import { eventually, samplePushMessage } from '../../../src/testing/index.ts';
import { sampleCampaign, samplePlan } from '../../../src/testing/store-campaign/campaign-samples.ts';
import { withServer } from '../server-bench.ts';
import { settle } from '../settle.ts';

const day = 86_400_000;
const hour = 3_600_000;

/** Counts what is asked of a store, and lets it fail while the test says so. */
function watched() {
  const asked: { readonly limits: RetentionLimits; readonly limit: number; readonly at: number }[] = [];
  const state = { asked, trouble: undefined as StoreError | undefined, now: () => 0 };
  const wrapStore = (store: Store): Store => ({
    ...store,
    removeOver: (limits, limit) => {
      asked.push({ limits, limit, at: state.now() });
      return state.trouble === undefined ? store.removeOver(limits, limit) : Promise.reject(state.trouble);
    },
  });
  return { state, wrapStore };
}

function logOf(lines: object[]): Logger {
  return {
    ...silentLogger,
    info: (about, text) => {
      if (/removed/.test(text)) lines.push(about);
    },
  };
}

test('a push that is over goes with its timeline after its age, and its job after another; what is open stays', () => {
  const lines: object[] = [];
  const { state, wrapStore } = watched();
  const retention = { pushesMs: 2 * day, jobsMs: 3 * day };
  return withServer({ wrapStore, server: { retention, logger: logOf(lines) } }, async (bench) => {
    const { server, clock, store, device, wap, reaches } = bench;
    state.now = () => clock.now();
    const deviceId = device.state.deviceId;
    const get = { command: 'get', uri: './A' };
    const { push, job } = await server.jobs.createNotification({ device: deviceId, job: [get] });
    await reaches(push.id, 'sent');
    await server.jobs.cancel(job?.id ?? '');
    assert.equal((await store.push(push.id))?.state, 'cancelled');
    const timeoutSeconds = 30 * 86_400;
    const waits = await server.jobs.create({
      device: deviceId,
      commands: [get],
      wake: false,
      timeoutSeconds,
    });
    const hours = async (count: number): Promise<void> => {
      for (let passed = 0; passed < count; passed += 1) {
        clock.advance(hour);
        await settle(store);
      }
    };
    await hours(47);
    assert.equal((await store.push(push.id))?.state, 'cancelled');
    await hours(2);
    await eventually(async () => (await store.push(push.id)) === undefined, 'the end of the push');
    assert.equal(await store.timeline(push.id), undefined);
    assert.equal((await store.job(job?.id ?? ''))?.state, 'cancelled');
    await hours(24);
    await eventually(async () => (await store.job(job?.id ?? '')) === undefined, 'the end of the job');
    assert.equal((await store.job(waits.job.id))?.state, 'pending');
    assert.equal(wap.pushes.length, 1);
    assert.deepEqual(lines, [
      { pushes: 1, jobs: 0, events: 0 },
      { pushes: 0, jobs: 1, events: 0 },
    ]);
    const [first] = state.asked;
    assert.equal(first?.limit, 500);
    assert.deepEqual(first?.limits, {
      pushes: first.at - 2 * day,
      jobs: first.at - 3 * day,
      events: first.at - retentionDefaults.eventsMs,
    });
  });
});

test('what is more than a step has goes in several, with pauses in which others write, and is one line of the log', () => {
  const lines: object[] = [];
  const { state, wrapStore } = watched();
  const server = { retention: { pushesMs: day, eventsMs: 0 }, logger: logOf(lines) } as const;
  return withServer({ wrapStore, server }, async ({ store, clock }) => {
    state.now = () => clock.now();
    const notBefore = clock.now() + 5 * day;
    const request = samplePushMessage({ notBefore, expiresAt: notBefore + day });
    const queued = await store.enqueue(Array.from({ length: 1001 }, () => request));
    const ids = queued.flatMap((outcome) => (outcome.outcome === 'queued' ? outcome.push.id : []));
    await store.change(ids.map((id) => ({ id, change: { event: 'cancelled' } })));
    clock.advance(day + hour);
    await eventually(() => state.asked.length > 0, 'the first step');
    await settle(store);
    const count = async () => (await store.listPushes({ limit: 500 })).items.length;
    assert.equal(await count(), 500);
    const first = state.asked.length;
    clock.advance(249);
    await settle(store);
    assert.equal(state.asked.length, first);
    clock.advance(1);
    await eventually(async () => (await count()) === 1, 'the second step');
    // What it removed can be seen a little before it hears of that, and begins its pause.
    await settle(store);
    clock.advance(250);
    await eventually(async () => (await count()) === 0, 'the last step');
    await eventually(() => lines.length === 1, 'the line of the log');
    assert.deepEqual(lines, [{ pushes: 1001, jobs: 0, events: 0 }]);
  });
});

test('entries of the audit log go after their age, in steps as all else, and are counted', () => {
  const lines: object[] = [];
  const server = { retention: { pushesMs: 0, eventsMs: 0, auditMs: day }, logger: logOf(lines) } as const;
  return withServer({ server }, async ({ store, clock }) => {
    const entry = { actor: 'somebody', action: 'device.create', outcome: 'done' } as const;
    const at = clock.now();
    await store.addAudit(Array.from({ length: 501 }, () => ({ ...entry, at })));
    await store.addAudit([{ ...entry, at: at + day }]);
    const count = async () => (await store.listAudit({ limit: 1000 })).items.length;
    await settle(store);
    clock.advance(day + 60_000);
    await eventually(async () => (await count()) === 2, 'the first step');
    await settle(store);
    clock.advance(250);
    await eventually(async () => (await count()) === 1, 'the second step');
    await eventually(() => lines.length === 1, 'the line of the log');
    assert.deepEqual(lines, [{ pushes: 0, jobs: 0, events: 0, audit: 501 }]);
  });
});

test('it looks once a minute, whatever the wall clock is set to', () => {
  const { state, wrapStore } = watched();
  return withServer({ wrapStore }, async ({ clock, store }) => {
    for (const byMs of [0, -hour, hour]) {
      await settle(store);
      clock.jump(byMs);
      await settle(store);
      const { length } = state.asked;
      clock.advance(59_999);
      await settle(store);
      assert.equal(state.asked.length, length, String(byMs));
      clock.advance(1);
      await settle(store);
      assert.equal(state.asked.length, length + 1, String(byMs));
    }
  });
});

test('0 and false keep for ever, and what is left out has its default', () => {
  const { state, wrapStore } = watched();
  const retention = { jobsMs: 0, eventsMs: false } as const;
  return withServer({ wrapStore, server: { retention } }, async ({ clock, store }) => {
    state.now = () => clock.now();
    await settle(store);
    clock.advance(60_000);
    const asked = await eventually(() => state.asked[0], 'a step');
    assert.deepEqual(asked.limits, { pushes: asked.at - retentionDefaults.pushesMs });
  });
});

test('jobs stay at least as long as pushes', async () => {
  for (const [retention, ages] of [
    [{ pushesMs: 0 }, { events: retentionDefaults.eventsMs }],
    [
      { pushesMs: 9 * day, jobsMs: 3 * day, eventsMs: 0 },
      { pushes: 9 * day, jobs: 9 * day },
    ],
  ] as const) {
    const { state, wrapStore } = watched();
    await withServer({ wrapStore, server: { retention } }, async ({ clock, store }) => {
      state.now = () => clock.now();
      await settle(store);
      clock.advance(60_000);
      const { at, limits } = await eventually(() => state.asked[0], 'a step');
      const wanted = Object.entries(ages).map(([kind, age]) => [kind, at - age]);
      assert.deepEqual(limits, Object.fromEntries(wanted));
    });
  }
});

test('while the store is in trouble it is tried again after a pause, not in circles', () => {
  const { state, wrapStore } = watched();
  return withServer({ wrapStore }, async ({ clock, store }) => {
    state.trouble = new StoreError('FULL', 'no room');
    await settle(store);
    clock.advance(60_000);
    await settle(store);
    assert.equal(state.asked.length, 1);
    for (let second = 0; second < 10; second += 1) {
      clock.advance(1000);
      await settle(store);
    }
    assert.ok(state.asked.length <= 11, `${state.asked.length} tries in ten seconds`);
    state.trouble = undefined;
    clock.advance(1000);
    await settle(store);
    const { length } = state.asked;
    clock.advance(59_000);
    await settle(store);
    assert.equal(state.asked.length, length);
  });
});

test('an age below 0 is refused', async () => {
  for (const retention of [
    { pushesMs: -1 },
    { jobsMs: Number.NaN },
    { auditMs: -1 },
  ] as RetentionSettings[]) {
    await assert.rejects(
      withServer({ server: { retention } }, async () => undefined),
      ConfigError,
    );
  }
});

test('a campaign that is over goes with its devices when pushes do, and one that is not stays', () =>
  withServer({ server: { retention: { pushesMs: 2 * day } } }, async ({ clock, store, device }) => {
    const plan = samplePlan({ target: { by: 'list' } });
    const list = [device.state.deviceId];
    const made = async () =>
      (await store.createCampaign(sampleCampaign({ plan, list, state: 'awaiting-approval' }))).campaign.id;
    const [over, open] = [await made(), await made()];
    await store.changeCampaign(over, { state: 'cancelled', endedAt: clock.now() });
    const hours = async (count: number): Promise<void> => {
      for (let passed = 0; passed < count; passed += 1) {
        clock.advance(hour);
        await settle(store);
      }
    };
    await hours(47);
    assert.equal((await store.campaign(over))?.state, 'cancelled');
    await hours(2);
    await eventually(async () => (await store.campaign(over)) === undefined, 'the end of the campaign');
    assert.deepEqual(await store.campaignDevices(over, { limit: 9 }), []);
    assert.equal((await store.campaign(open))?.state, 'awaiting-approval');
  }));
