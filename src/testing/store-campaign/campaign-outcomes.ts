// Store contract: devices of campaigns end with their pushes and jobs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOne, enqueueOne, type WithStore } from '../store/store-contract-base.ts';
import { sampleJob, samplePushMessage, sampleRequest } from '../store/store-samples.ts';
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

export function campaignOutcomeContract(withStore: WithStore): void {
  test('campaign outcomes: a push ends its device in all campaigns that share it, once', () =>
    withStore(async ({ store, clock }) => {
      const [a = '', b = ''] = await addDevices(store, 2);
      const first = await addCampaign(store, [a, b]);
      const second = await addCampaign(store, [a]);
      const [shared = '', own = ''] = await feedWakes(store, first.id, [a, b], { alongside: [second.id] });
      clock.advance(7);
      const settled = await store.settleCampaignDevices([
        { pushId: shared, state: 'failed', reason: 'no-answer', detail: 'nobody came' },
        { pushId: 'of no campaign', state: 'completed', reason: '' },
      ]);
      assert.deepEqual(
        new Map(settled.map(({ campaign, counts }) => [campaign, counts])),
        new Map([
          [
            first.id,
            [
              { step: 'rest', state: 'failed', reason: 'no-answer', count: 1 },
              { step: 'rest', state: 'under-way', reason: '', count: 1 },
            ],
          ],
          [second.id, [{ step: 'rest', state: 'failed', reason: 'no-answer', count: 1 }]],
        ]),
      );
      const { state, reason, detail, endedAt } = await deviceOf(store, second.id, a);
      assert.deepEqual([state, reason, detail, endedAt], ['failed', 'no-answer', 'nobody came', clock.now()]);
      const late = { pushId: shared, state: 'completed', reason: '' } as const;
      assert.deepEqual(await store.settleCampaignDevices([late]), []);
      await store.settleCampaignDevices([{ pushId: own, state: 'completed', reason: '' }]);
      assert.ok(!('reason' in (await deviceOf(store, first.id, b))));
      assert.deepEqual(await countsOf(store, first.id), ['rest completed  1', 'rest failed no-answer 1']);
      assert.deepEqual(await store.settleCampaignDevices([]), []);
    }));

  test('campaign outcomes: a job ends its device, its push only where that came to nothing', () =>
    withStore(async ({ store }) => {
      const ids = await addDevices(store, 2);
      const [a = '', b = ''] = ids;
      const { id } = await addCampaign(store, ids, {
        plan: samplePlan({ content: { kind: 'job', body: {} } }),
      });
      await store.feedCampaign(
        id,
        ids.map((deviceId) => ({
          deviceId,
          do: 'job',
          request: sampleJob({ deviceId, wake: sampleRequest({ deviceId }) }),
        })),
        none,
      );
      const [one, two] = [await deviceOf(store, id, a), await deviceOf(store, id, b)];
      const completed = { state: 'completed', reason: '' } as const;
      assert.deepEqual(
        await store.settleCampaignDevices([{ pushId: one.pushId ?? '', ...completed }]),
        [],
        'its job goes on',
      );
      const [byJob] = await store.settleCampaignDevices([{ jobId: one.jobId ?? '', ...completed }]);
      assert.ok(byJob && !('jobs' in byJob));
      const [byPush] = await store.settleCampaignDevices([
        { pushId: two.pushId ?? '', state: 'expired', reason: 'unsent' },
      ]);
      assert.deepEqual(byPush?.jobs, [two.jobId]);
      assert.deepEqual(await countsOf(store, id), ['rest completed  1', 'rest expired unsent 1']);
    }));

  test('campaign outcomes: what ended unheard is found by looking', () =>
    withStore(async ({ store, clock }) => {
      const ids = await addDevices(store, 8);
      const { id } = await addCampaign(store, ids);
      const jobOf = (deviceId: string) =>
        ({
          deviceId,
          do: 'job',
          request: sampleJob({ deviceId, wake: sampleRequest({ deviceId }) }),
        }) as const;
      const [a = '', b = '', c = '', d = '', e = '', f = '', g = '', h = ''] = ids;
      const message = {
        deviceId: d,
        do: 'message',
        request: samplePushMessage({ deviceId: d }),
      } as const;
      const items = [wake(a), wake(b), wake(c), message, jobOf(e), jobOf(f), jobOf(g), jobOf(h)];
      const fed = await store.feedCampaign(id, items, none);
      assert.deepEqual(await store.unsettledDevices(id, 99), []);
      const pushOf = (index: number): string => fed[index]?.pushId ?? '';
      await changeOne(store, pushOf(0), { event: 'failed', detail: 'no way' });
      await changeOne(store, pushOf(1), { event: 'answered' });
      await changeOne(store, pushOf(1), { event: 'completed' });
      await changeOne(store, pushOf(3), { event: 'sending' });
      await changeOne(store, pushOf(3), { event: 'accepted' });
      await changeOne(store, pushOf(3), { event: 'unreported' });
      // The device of a job came, and its job goes on.
      await changeOne(store, pushOf(4), { event: 'answered' });
      await changeOne(store, pushOf(4), { event: 'completed' });
      const jobOfDevice = async (deviceId: string) => (await deviceOf(store, id, deviceId)).jobId ?? '';
      await store.cancelJob(await jobOfDevice(f), 'not any more');
      await changeOne(store, pushOf(6), { event: 'expired', detail: 'too late' });
      const found = await store.unsettledDevices(id, 99);
      assert.deepEqual(
        new Set(found.map((each) => JSON.stringify(each))),
        new Set(
          [
            { pushId: pushOf(0), state: 'failed', reason: '', detail: 'no way' },
            { pushId: pushOf(1), state: 'completed', reason: '' },
            { pushId: pushOf(3), state: 'completed', reason: 'unreported' },
            { jobId: await jobOfDevice(f), state: 'cancelled', reason: '', detail: 'not any more' },
            { pushId: pushOf(6), state: 'expired', reason: '', detail: 'too late' },
          ].map((each) => JSON.stringify(each)),
        ),
      );
      assert.equal((await store.unsettledDevices(id, 2)).length, 2);
      await store.settleCampaignDevices(found);
      assert.deepEqual(await store.unsettledDevices(id, 99), []);
      // What went with its age leaves no device behind.
      await changeOne(store, pushOf(2), { event: 'cancelled' });
      clock.advance(10);
      await store.removeOver({ pushes: clock.now() }, 99);
      const [gone] = await store.unsettledDevices(id, 99);
      assert.deepEqual(gone, {
        pushId: pushOf(2),
        state: 'failed',
        reason: '',
        detail: 'its push is gone',
      });
      assert.deepEqual(await store.unsettledDevices('another', 9), []);
    }));

  test('campaign outcomes: what nobody else asked for may be cancelled', () =>
    withStore(async ({ store, clock }) => {
      const ids = await addDevices(store, 5);
      const [a = '', b = '', c = '', d = '', e = ''] = ids;
      const called = await enqueueOne(store, sampleRequest({ deviceId: c }));
      const other = await addCampaign(store, [b]);
      const { id } = await addCampaign(store, ids);
      const jobs = {
        deviceId: d,
        do: 'job',
        request: sampleJob({ deviceId: d, wake: sampleRequest({ deviceId: d }) }),
      } as const;
      const fed = await store.feedCampaign(id, [wake(a), wake(b), wake(c), jobs], {
        ...none,
        alongside: [other.id],
      });
      assert.equal(fed[2]?.pushId, called.id);
      const { jobId } = await deviceOf(store, id, d);
      const ofD = { ordinal: 3, pushId: fed[3]?.pushId, jobId };
      assert.deepEqual(await store.cancellablePushes(id, 9), [{ ordinal: 0, pushId: fed[0]?.pushId }, ofD]);
      assert.deepEqual(await store.cancellablePushes(id, 1, 0), [ofD]);
      assert.deepEqual(await store.cancellablePushes(id, 9, 3), []);
      assert.deepEqual(await store.cancellablePushes(other.id, 9), [], 'the first one goes on');
      // Whoever is the last ends it.
      await store.settleCampaignDevices([]);
      await store.changeCampaign(id, { state: 'cancelled', endedAt: clock.now() });
      assert.deepEqual(await store.cancellablePushes(other.id, 9), [{ ordinal: 0, pushId: fed[1]?.pushId }]);
      assert.equal((await deviceOf(store, id, e)).state, 'pending');
    }));

  test('campaign outcomes: a job that is cancelled leaves a wake that campaigns share', () =>
    withStore(async ({ store }) => {
      const [a = ''] = await addDevices(store, 1);
      const other = await addCampaign(store, [a]);
      const { id } = await addCampaign(store, [a]);
      const job = {
        deviceId: a,
        do: 'job',
        request: sampleJob({ deviceId: a, wake: sampleRequest({ deviceId: a }) }),
      } as const;
      const [fed] = await store.feedCampaign(id, [job], { ...none, alongside: [other.id] });
      const { jobId = '' } = await deviceOf(store, id, a);
      assert.equal((await store.cancelJob(jobId, 'no more'))?.verdict, 'cancelled');
      assert.equal((await store.push(fed?.pushId ?? ''))?.state, 'queued');
    }));
}
