// Store contract: devices of campaigns begin together with their pushes and jobs, and share the wakes of one another.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FeedItem } from '../../store/index.ts';
import { jobLimits } from '../../store/index.ts';
import { changeOne, enqueueOne, type WithStore } from '../store/store-contract-base.ts';
import { sampleDevice, sampleJob, samplePushMessage, sampleRequest } from '../store/store-samples.ts';
import {
  addCampaign,
  addDevices,
  countsOf,
  deviceOf,
  feedWakes,
  samplePlan,
  wake,
} from './campaign-samples.ts';

const none = { joinable: [], alongside: [] } as const;
const kindOf = (kind: 'job' | 'message') => ({ plan: samplePlan({ content: { kind, body: {} } }) });

const job = (deviceId: string, woken = true): FeedItem => ({
  deviceId,
  do: 'job',
  request: sampleJob({ deviceId, ...(woken && { wake: sampleRequest({ deviceId }) }) }),
});

export function campaignFeedContract(withStore: WithStore): void {
  test('campaign feed: a wake, a job and a message begin a device each, and their pushes name the campaign', () =>
    withStore(async ({ store, clock }) => {
      const [a = '', b = '', c = '', d = ''] = await addDevices(store, 4);
      const { id } = await addCampaign(store, [a, b, c, d], {}, 1);
      const fed = await store.feedCampaign(
        id,
        [
          wake(a),
          job(b),
          { deviceId: c, do: 'message', request: samplePushMessage({ deviceId: c }) },
          job(d, false),
        ],
        { ...none, actor: 'ann/desk' },
      );
      assert.deepEqual(
        fed.map(({ deviceId, outcome }) => [deviceId, outcome]),
        [a, b, c, d].map((each) => [each, 'begun']),
      );
      for (const [index, each] of [a, b, c].entries()) {
        const push = await store.push(fed[index]?.pushId ?? '');
        assert.deepEqual([push?.deviceId, push?.campaign, push?.campaigns], [each, id, [id]]);
        assert.equal((await store.timeline(push?.id ?? ''))?.[0]?.actor, 'ann/desk');
      }
      const device = await deviceOf(store, id, b);
      assert.deepEqual(device, {
        deviceId: b,
        ordinal: 1,
        step: 'rest',
        state: 'under-way',
        carrier: 'a',
        tries: 1,
        pushId: fed[1]?.pushId,
        jobId: device.jobId,
        shared: false,
        beganAt: clock.now(),
      });
      assert.equal((await store.jobOfPush(device.pushId ?? ''))?.id, device.jobId);
      const alone = await deviceOf(store, id, d);
      assert.deepEqual(['pushId' in alone, typeof alone.jobId], [false, 'string']);
      assert.deepEqual(await countsOf(store, id), ['canary under-way  1', 'rest under-way  3']);
      const again = await store.feedCampaign(id, [wake(a), wake('other'), wake(b), wake(b)], none);
      assert.ok(again.every(({ outcome }) => outcome === 'skipped'));
    }));

  test('campaign feed: what the queue refuses is left out with its reason, and keeps none of the others', () =>
    withStore(async ({ store, clock }) => {
      const [a = '', b = '', c = '', d = ''] = await addDevices(store, 4);
      await store.updateDevice(a, { suspended: true });
      await store.createJobs(Array.from({ length: jobLimits.openJobs }, () => sampleJob({ deviceId: c })));
      const { id } = await addCampaign(store, [a, b, c, d, 'gone']);
      const fed = await store.feedCampaign(
        id,
        [
          wake(a),
          wake(b),
          job(c),
          { deviceId: d, do: 'leave-out', reason: 'no-route', detail: 'no binding' },
          wake('gone'),
        ],
        none,
      );
      assert.deepEqual(
        fed.map(({ outcome }) => outcome),
        ['settled', 'begun', 'settled', 'settled', 'settled'],
      );
      assert.deepEqual(await countsOf(store, id), [
        'rest left-out deleted 1',
        'rest left-out no-route 1',
        'rest left-out refused 1',
        'rest left-out suspended 1',
        'rest under-way  1',
      ]);
      assert.match((await deviceOf(store, id, c)).detail ?? '', /has 100 jobs that are not over/);
      assert.deepEqual(await store.listPushes({ limit: 9, deviceId: c }), { items: [] });
      const { reason, detail, endedAt, tries } = await deviceOf(store, id, d);
      assert.deepEqual([reason, detail, endedAt, tries], ['no-route', 'no binding', clock.now(), 0]);
    }));

  test('campaign feed: one that is not running begins nothing', () =>
    withStore(async ({ store }) => {
      const [a = ''] = await addDevices(store, 1);
      const { id } = await addCampaign(store, [a]);
      await store.changeCampaign(id, { state: 'paused' });
      const fed = await store.feedCampaign(id, [wake(a)], none);
      assert.deepEqual(fed, [{ deviceId: a, outcome: 'skipped' }]);
      assert.deepEqual(await store.listPushes({ limit: 9 }), { items: [] });
      assert.deepEqual(await store.feedCampaign('another', [wake(a)], none), fed);
      assert.deepEqual(await store.feedCampaign(id, [], none), []);
    }));

  test('campaign feed: a wake joins an open one of its device, that a caller or a campaign asked for', () =>
    withStore(async ({ store }) => {
      const [a = '', b = ''] = await addDevices(store, 2);
      const called = await enqueueOne(store, sampleRequest({ deviceId: a }));
      const first = await addCampaign(store, [b]);
      const [ofFirst = ''] = await feedWakes(store, first.id, [b]);
      const second = await addCampaign(store, [a, b]);
      const fed = await store.feedCampaign(second.id, [wake(a), wake(b)], {
        ...none,
        joinable: [first.id],
        actor: 'bob/x',
      });
      assert.deepEqual(fed, [
        { deviceId: a, outcome: 'joined', pushId: called.id },
        { deviceId: b, outcome: 'joined', pushId: ofFirst },
      ]);
      assert.deepEqual((await deviceOf(store, second.id, b)).shared, true);
      const joined = await store.push(called.id);
      assert.deepEqual([joined && 'campaign' in joined, joined?.campaigns], [false, [second.id]]);
      const shared = await store.push(ofFirst);
      assert.deepEqual([shared?.campaign, shared?.campaigns], [first.id, [first.id, second.id]]);
      const note = (await store.timeline(ofFirst))?.at(-1);
      assert.deepEqual(
        [note?.event, note?.detail, note?.actor],
        ['note', `also for the campaign ${second.id}`, 'bob/x'],
      );
      const third = await addCampaign(store, [b]);
      const [own] = await store.feedCampaign(third.id, [wake(b)], none);
      assert.equal(own?.outcome, 'begun', 'it is not to wait for those');
    }));

  test('campaign feed: nothing joins what is held, answered, over, suspended, late, or waits for a date', () =>
    withStore(async ({ store, clock }) => {
      const ids = await addDevices(store, 5);
      const [later = '', answered = '', over = '', asleep = '', short = ''] = ids;
      await enqueueOne(store, sampleRequest({ deviceId: later, notBefore: clock.now() + 1000 }));
      const ended = await enqueueOne(store, sampleRequest({ deviceId: over }));
      await changeOne(store, ended.id, { event: 'cancelled' });
      const come = await enqueueOne(store, sampleRequest({ deviceId: answered }));
      await changeOne(store, come.id, { event: 'answered' });
      await enqueueOne(store, sampleRequest({ deviceId: asleep }));
      await store.updateDevice(asleep, { suspended: true });
      await enqueueOne(store, sampleRequest({ deviceId: short, expiresAt: clock.now() + 10 }));
      clock.advance(10);
      const { id } = await addCampaign(store, ids);
      const fed = await store.feedCampaign(
        id,
        ids.map((id) => wake(id)),
        none,
      );
      assert.deepEqual(
        fed.map(({ outcome }) => outcome),
        ['begun', 'begun', 'begun', 'settled', 'begun'],
      );
      await store.holdRestored();
      await store.changeCampaign(id, { state: 'running' });
      const other = await addCampaign(store, [later]);
      const [own] = await store.feedCampaign(other.id, [wake(later)], { ...none, joinable: [id] });
      assert.equal(own?.outcome, 'begun');
    }));

  test('campaign feed: a job goes with an open wake, and has none of its own', () =>
    withStore(async ({ store }) => {
      const [a = ''] = await addDevices(store, 1);
      const called = await enqueueOne(store, sampleRequest({ deviceId: a }));
      const { id } = await addCampaign(store, [a], kindOf('job'));
      const [fed] = await store.feedCampaign(id, [job(a)], none);
      assert.deepEqual(fed, { deviceId: a, outcome: 'joined', pushId: called.id });
      const device = await deviceOf(store, id, a);
      const made = await store.job(device.jobId ?? '');
      assert.deepEqual([made?.deviceId, made && 'pushId' in made], [a, false]);
      assert.equal((await store.listPushes({ limit: 9 })).items.length, 1);
      await store.cancelJob(device.jobId ?? '', 'why');
      assert.equal((await store.push(called.id))?.state, 'queued', 'it is of somebody else');
    }));

  test('campaign feed: other campaigns of wakes begin the device with the same push, where they may now', () =>
    withStore(async ({ store, clock }) => {
      const [a = '', b = ''] = await addDevices(store, 2);
      const other = await addCampaign(store, [a, b]);
      const paused = await addCampaign(store, [a]);
      await store.changeCampaign(paused.id, { state: 'paused' });
      const canary = await addCampaign(store, [b, a], {}, 1);
      await store.changeCampaign(canary.id, { step: 'canary' });
      const jobs = await addCampaign(store, [a], kindOf('job'));
      const later = await addCampaign(store, [a]);
      const defer = { deviceId: a, do: 'defer', dueAt: clock.now() + 9 } as const;
      await store.feedCampaign(later.id, [defer], none);
      const unasked = await addCampaign(store, [a]);
      const { id } = await addCampaign(store, [a, b]);
      const alongside = [other, paused, canary, jobs, later].map((each) => each.id);
      const fed = await store.feedCampaign(id, [wake(a), job(b)], { ...none, alongside });
      assert.deepEqual(
        fed.map(({ outcome, alsoFor }) => [outcome, alsoFor]),
        [
          ['begun', [other.id]],
          ['begun', [other.id, canary.id]],
        ],
      );
      const pushId = fed[0]?.pushId ?? '';
      assert.deepEqual((await store.push(pushId))?.campaigns, [id, other.id]);
      const { state, shared, tries, pushId: with_, jobId } = await deviceOf(store, other.id, b);
      assert.deepEqual(
        [state, shared, tries, with_, jobId],
        ['under-way', true, 1, fed[1]?.pushId, undefined],
      );
      assert.deepEqual(await countsOf(store, other.id), ['rest under-way  2']);
      for (const each of [paused, canary, jobs, later, unasked])
        assert.equal((await deviceOf(store, each.id, a)).state, 'pending');
    }));

  test('campaign feed: joined, and others alongside, in one call', () =>
    withStore(async ({ store }) => {
      const [a = ''] = await addDevices(store, 1);
      const called = await enqueueOne(store, sampleRequest({ deviceId: a }));
      await changeOne(store, called.id, { event: 'sending' });
      const other = await addCampaign(store, [a]);
      const { id } = await addCampaign(store, [a]);
      const [fed] = await store.feedCampaign(id, [wake(a)], { ...none, alongside: [other.id, id] });
      assert.deepEqual(fed, { deviceId: a, outcome: 'joined', pushId: called.id, alsoFor: [other.id] });
      assert.deepEqual((await store.push(called.id))?.campaigns, [id, other.id]);
    }));

  test('campaign feed: what a campaign keeps back goes on for one that may begin', () =>
    withStore(async ({ store, clock }) => {
      const [a = ''] = await addDevices(store, 1);
      const first = await addCampaign(store, [a]);
      const [pushId = ''] = await feedWakes(store, first.id, [a]);
      await changeOne(store, pushId, { event: 'note', dueAt: clock.now() + 5000, gated: true });
      const second = await addCampaign(store, [a]);
      await feedWakes(store, second.id, [a], { joinable: [first.id] });
      const push = await store.push(pushId);
      assert.deepEqual([push?.dueAt, push?.gated], [clock.now(), undefined]);
    }));

  test('campaign feed: how often a device was woken since a moment', () =>
    withStore(async ({ store, clock }) => {
      const [a = '', b = ''] = await addDevices(store, 2);
      await enqueueOne(store, sampleRequest({ deviceId: a }));
      clock.advance(1000);
      const since = clock.now();
      await enqueueOne(store, sampleRequest({ deviceId: a }));
      await enqueueOne(store, samplePushMessage({ deviceId: a }));
      const dropped = await enqueueOne(store, sampleRequest({ deviceId: b }));
      await changeOne(store, dropped.id, { event: 'cancelled' });
      clock.advance(1000);
      await enqueueOne(store, sampleRequest({ deviceId: a }));
      const found = await store.wakesSince([a, b, sampleDevice().id], since);
      assert.deepEqual([...found], [[a, { count: 2, oldestAt: since }]]);
      assert.deepEqual(await store.wakesSince([], since), new Map());
    }));
}
