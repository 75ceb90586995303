// Store contract: pushes that campaigns keep back, how many wait, and what a clock that is set and a restore make of campaigns.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changeOne, enqueueOne, pushesOf, toSending, type WithStore } from '../store/store-contract-base.ts';
import { sampleRequest } from '../store/store-samples.ts';
import { addCampaign, addDevices, deviceOf, feedWakes, sampleCampaign } from './campaign-samples.ts';

const claim = { limit: 9, leaseMs: 1000, node: 'n' } as const;

export function campaignPushContract(withStore: WithStore): void {
  test('campaign pushes: what is kept back is due when its campaign says so, in steps', () =>
    withStore(async ({ store, clock }) => {
      const ids = await addDevices(store, 4);
      const [a = '', b = '', c = '', d = ''] = ids;
      const called = await enqueueOne(store, sampleRequest({ deviceId: d }));
      const first = await addCampaign(store, [a, b]);
      const second = await addCampaign(store, [b, c]);
      const own = await feedWakes(store, first.id, [a, b], { alongside: [second.id] });
      const [ofSecond = ''] = await feedWakes(store, second.id, [c]);
      const opensAt = clock.now() + 5000;
      for (const id of [...own, ofSecond, called.id])
        await changeOne(store, id, { event: 'note', dueAt: opensAt, gated: true });
      assert.deepEqual(await store.claimDue(claim, toSending), []);
      assert.equal(await store.ungatePushes('another', 9), 0);
      assert.equal(await store.ungatePushes(second.id, 9), 2);
      const claimed = pushesOf(await store.claimDue(claim, toSending)).map(({ id }) => id);
      assert.deepEqual(new Set(claimed), new Set([own[1], ofSecond]));
      assert.equal(await store.ungatePushes(first.id, 9), 1);
      assert.equal(await store.ungatePushes(first.id, 9), 0);
      const push = await store.push(own[0] ?? '');
      assert.deepEqual([push?.gated, push?.dueAt], [undefined, clock.now()]);
      assert.equal((await store.push(called.id))?.gated, true, 'no campaign made it');
      await store.changeCampaign(first.id, { state: 'paused' });
      const many = await addCampaign(store, ids);
      for (const id of await feedWakes(store, many.id, ids.slice(0, 3)))
        await changeOne(store, id, { event: 'note', dueAt: opensAt, gated: true });
      assert.equal(await store.ungatePushes(many.id, 2), 2);
      assert.equal(await store.ungatePushes(many.id, 2), 1);
    }));

  test('campaign pushes: what is held is not let go by its campaign', () =>
    withStore(async ({ store, clock }) => {
      const [a = ''] = await addDevices(store, 1);
      const { id } = await addCampaign(store, [a]);
      const [pushId = ''] = await feedWakes(store, id, [a]);
      await changeOne(store, pushId, { event: 'note', dueAt: clock.now() + 1000, gated: true });
      await store.holdRestored();
      assert.equal(await store.ungatePushes(id, 9), 0);
      assert.equal(await store.nextDueAt(), undefined);
      await store.releaseHeld({}, 9);
      assert.equal(await store.ungatePushes(id, 9), 1);
    }));

  test('campaign pushes: how many wait, by carrier, of campaigns that go on', () =>
    withStore(async ({ store, clock }) => {
      const ids = await addDevices(store, 5);
      const [a = '', b = '', c = '', d = '', e = ''] = ids;
      await enqueueOne(store, sampleRequest({ deviceId: e }));
      const over = await addCampaign(store, [e]);
      await feedWakes(store, over.id, [e], { joinable: [] });
      await store.changeCampaign(over.id, { state: 'cancelled', endedAt: clock.now() });
      const { id } = await addCampaign(store, ids);
      const pushes = await feedWakes(store, id, [a, b, c, d]);
      await store.place([
        { id: pushes[0] ?? '', carrier: 'x' },
        { id: pushes[1] ?? '', carrier: 'x' },
      ]);
      await changeOne(store, pushes[1] ?? '', { event: 'sending' });
      await changeOne(store, pushes[2] ?? '', { event: 'note', dueAt: clock.now() + 9, gated: true });
      const queued = await store.queuedOfCampaigns();
      assert.deepEqual(
        new Set(queued.map(({ campaign, carrier, count }) => `${campaign} ${carrier} ${count}`)),
        new Set([`${id} x 1`, `${id} null 1`]),
      );
    }));

  test('campaign pushes: a restore pauses what would go on, and says why', () =>
    withStore(async ({ store }) => {
      const state = async (id: string) => (await store.campaign(id))?.state;
      const { campaign: running } = await store.createCampaign(sampleCampaign());
      const { campaign: scheduled } = await store.createCampaign(sampleCampaign({ state: 'scheduled' }));
      const { campaign: waiting } = await store.createCampaign(
        sampleCampaign({ state: 'awaiting-approval' }),
      );
      assert.deepEqual(await store.holdRestored(), { pushes: 0, jobs: 0, campaigns: 2 });
      assert.deepEqual(
        [await state(running.id), await state(scheduled.id), await state(waiting.id)],
        ['paused', 'paused', 'awaiting-approval'],
      );
      const paused = await store.campaign(running.id);
      assert.match(paused?.reason ?? '', /^the server was restored from a copy/);
      assert.equal(paused?.version, running.version + 1);
      assert.deepEqual(await store.holdRestored(), { pushes: 0, jobs: 0 });
    }));

  test('campaign pushes: a clock that is set moves the wait for a canary, and no date', () =>
    withStore(async ({ store, clock }) => {
      const [a = ''] = await addDevices(store, 1);
      const { id } = await addCampaign(store, [a]);
      const began = clock.now();
      await store.changeCampaign(id, { canaryAt: began, step: 'canary-wait' });
      const deferred = began + 100_000_000;
      const other = await addCampaign(store, [a]);
      await store.feedCampaign(other.id, [{ deviceId: a, do: 'defer', dueAt: deferred }], {
        joinable: [],
        alongside: [],
      });
      await store.changeCampaign(id, { step: 'rest' });
      const [pushId = ''] = await feedWakes(store, id, [a]);
      const opensAt = began + 50_000;
      await changeOne(store, pushId, { event: 'sending' });
      await changeOne(store, pushId, { event: 'queued', dueAt: opensAt, gated: true });
      clock.jump(-3_600_000);
      await store.createCampaign(sampleCampaign());
      assert.equal((await store.campaign(id))?.canaryAt, began - 3_600_000);
      assert.equal((await store.push(pushId))?.dueAt, opensAt, 'a window opens by the wall clock');
      assert.equal((await deviceOf(store, other.id, a)).dueAt, deferred);
    }));
}
