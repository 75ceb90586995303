// Store contract: campaigns are made, read, listed, changed and removed.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { canarySize } from '../../store/index.ts';
import { rejectsWith, type WithStore } from '../store/store-contract-base.ts';
import { sampleDevice } from '../store/store-samples.ts';
import { addCampaign, addDevices, devicesOf, sampleCampaign, samplePlan } from './campaign-samples.ts';

export function campaignContract(withStore: WithStore): void {
  test('campaigns: one is as it was asked for, and what is left out of the request is left out', () =>
    withStore(async ({ store, clock }) => {
      const plan = samplePlan({
        content: { kind: 'job', body: { commands: [{ command: 'get', uri: './A' }] } },
        canary: { percent: 5, waitMs: 1000 },
        windows: [{ days: [1, 7], from: 60, to: 1440 }],
        timeZone: 'Europe/Berlin',
        pace: { perSecond: 0.5, carriers: { a: 3 } },
        stop: { failureRate: 0.1, rateFrom: 20, failures: 7 },
        priority: -3,
        wakesPerDay: 2,
        startAt: clock.now() + 1000,
      });
      const made = await store.createCampaign(
        sampleCampaign({ plan, state: 'scheduled', accounts: ['a', 'b'], devices: 12 }),
      );
      assert.equal(made.created, true);
      assert.deepEqual(made.campaign, {
        id: made.campaign.id,
        plan,
        state: 'scheduled',
        step: 'canary',
        accounts: ['a', 'b'],
        actor: 'ann/desk',
        owner: 'ann',
        lookedUp: false,
        devices: 12,
        canaryDevices: 0,
        version: 0,
        createdAt: clock.now(),
        updatedAt: clock.now(),
      });
      assert.deepEqual(await store.campaign(made.campaign.id), made.campaign);
      assert.equal(await store.campaign('another'), undefined);
      const bare = await store.createCampaign({ plan: samplePlan(), state: 'running', devices: 0 });
      assert.deepEqual(
        [bare.campaign.step, bare.campaign.startedAt, 'owner' in bare.campaign, 'accounts' in bare.campaign],
        ['rest', clock.now(), false, false],
      );
    }));

  test('campaigns: a key names one among those of its owner', () =>
    withStore(async ({ store }) => {
      const idempotency = { key: 'k', fingerprint: 'f' };
      const first = await store.createCampaign(sampleCampaign({ idempotency }));
      const again = await store.createCampaign(sampleCampaign({ idempotency }));
      assert.deepEqual(again, { campaign: first.campaign, created: false });
      await rejectsWith(
        'IDEMPOTENCY_CONFLICT',
        store.createCampaign(sampleCampaign({ idempotency: { ...idempotency, fingerprint: 'g' } })),
      );
      const other = await store.createCampaign(sampleCampaign({ idempotency, owner: 'bob' }));
      assert.equal(other.created, true);
      const { owner: _, ...nobody } = sampleCampaign({ idempotency });
      assert.equal((await store.createCampaign(nobody)).created, true);
      assert.equal((await store.createCampaign(nobody)).created, false);
    }));

  test('campaigns: a list is there from the beginning, or nothing is', () =>
    withStore(async ({ store }) => {
      const ids = await addDevices(store, 5);
      const plan = samplePlan({ target: { by: 'list' }, canary: { devices: 2, waitMs: 1 } });
      const list = [...ids].reverse();
      const { campaign } = await store.createCampaign(sampleCampaign({ plan, list, devices: 0 }));
      assert.deepEqual([campaign.devices, campaign.lookedUp, campaign.canaryDevices], [5, true, 2]);
      const found = await store.campaignDevices(campaign.id, { limit: 9 });
      assert.deepEqual(
        found.map(({ deviceId, ordinal, step, state }) => [deviceId, ordinal, step, state]),
        list.map((id, index) => [id, index, index < 2 ? 'canary' : 'rest', 'pending']),
      );
      const wrong = (changes: object) => store.createCampaign(sampleCampaign({ plan, ...changes }));
      await assert.rejects(wrong({ list: [...ids, 'gone', 'too'] }), /there is no device gone$/);
      await rejectsWith('UNKNOWN_DEVICE', wrong({ list: ids, accounts: ['other'] }));
      assert.equal((await store.listCampaigns({ limit: 9 })).items.length, 1);
      assert.equal((await wrong({ list: ids, accounts: [sampleDevice().serverId] })).campaign.devices, 5);
    }));

  test('campaigns: lists show the newest first, by state, by accounts and by when they were made', () =>
    withStore(async ({ store, clock }) => {
      const make = async (accounts?: readonly string[], state: 'running' | 'scheduled' = 'running') => {
        clock.advance(10);
        const scoped = accounts === undefined ? {} : { accounts };
        return (await store.createCampaign(sampleCampaign({ state, ...scoped }))).campaign.id;
      };
      const all = await make();
      const a = await make(['a']);
      const between = clock.now();
      const ab = await make(['a', 'b'], 'scheduled');
      const list = async (page: object) =>
        (await store.listCampaigns({ limit: 9, ...page })).items.map(({ id }) => id);
      assert.deepEqual(await list({}), [ab, a, all]);
      assert.deepEqual(await list({ states: ['scheduled'] }), [ab]);
      assert.deepEqual(await list({ states: [] }), []);
      assert.deepEqual(await list({ accounts: ['a'] }), [a]);
      assert.deepEqual(await list({ accounts: ['b', 'a'] }), [ab, a]);
      assert.deepEqual(await list({ accounts: [] }), []);
      assert.deepEqual(await list({ createdFrom: between + 1 }), [ab]);
      assert.deepEqual(await list({ createdBefore: between }), [all]);
      const page = await store.listCampaigns({ limit: 2 });
      assert.deepEqual(await list({ after: page.next }), [all]);
      await store.changeCampaign(a, { state: 'completed', endedAt: clock.now() });
      assert.deepEqual(
        (await store.openCampaigns()).map(({ id }) => id),
        [all, ab],
      );
    }));

  test('campaigns: a change is of the version that it names, and null takes away', () =>
    withStore(async ({ store, clock }) => {
      const { campaign } = await store.createCampaign(sampleCampaign({ state: 'awaiting-approval' }));
      clock.advance(5);
      const approval = { owner: 'bob', at: clock.now(), devices: 3 };
      const forgiven = { step: 'rest', ended: 4, failed: 3, failures: 3 } as const;
      const approved = await store.changeCampaign(
        campaign.id,
        {
          state: 'running',
          step: 'canary-wait',
          approval,
          forgiven,
          reason: 'why',
          startedAt: clock.now(),
          canaryAt: 8,
          canaryDevices: 2,
          devices: 9,
        },
        0,
      );
      assert.deepEqual(approved, {
        ...campaign,
        state: 'running',
        step: 'canary-wait',
        approval,
        forgiven,
        reason: 'why',
        startedAt: clock.now(),
        canaryAt: 8,
        canaryDevices: 2,
        devices: 9,
        version: 1,
        updatedAt: clock.now(),
      });
      await rejectsWith('VERSION_MISMATCH', store.changeCampaign(campaign.id, { state: 'paused' }, 0));
      assert.deepEqual(await store.campaign(campaign.id), approved);
      const plan = samplePlan({ name: 'other', priority: 4 });
      const changed = await store.changeCampaign(campaign.id, {
        plan,
        approval: null,
        forgiven: null,
        reason: null,
      });
      assert.deepEqual(changed?.plan, plan);
      assert.ok(!('approval' in changed || 'forgiven' in changed || 'reason' in changed));
      const ended = await store.changeCampaign(campaign.id, { state: 'expired', endedAt: clock.now() });
      assert.deepEqual([ended?.endedAt, ended?.version], [clock.now(), 3]);
      const reopened = await store.changeCampaign(campaign.id, { state: 'running', endedAt: null });
      assert.ok(reopened && !('endedAt' in reopened));
      assert.deepEqual(await store.campaign(campaign.id), reopened);
      assert.equal(await store.changeCampaign('another', { state: 'paused' }), undefined);
    }));

  test('campaigns: who listens hears of one that is made and of each state, with who caused it', () =>
    withStore(async ({ store }) => {
      const { campaign } = await store.createCampaign(sampleCampaign({ accounts: ['a'] }));
      await store.changeCampaign(campaign.id, { canaryDevices: 3 });
      await store.changeCampaign(campaign.id, { state: 'stopped', reason: 'too many failed' });
      await store.changeCampaign(campaign.id, { state: 'running', reason: null, actor: 'bob/x' });
      await store.holdRestored();
      const notices = await store.noticesAfter(0, 9, ['campaign']);
      assert.deepEqual(
        notices.map(({ subject, event, accounts, actor, details }) => [
          subject === campaign.id && String(accounts),
          event,
          actor,
          details?.name,
          details?.state,
          String(details?.reason).slice(0, 15),
        ]),
        [
          ['a', 'created', 'ann/desk', 'night', 'running', 'undefined'],
          ['a', 'stopped', undefined, 'night', 'stopped', 'too many failed'],
          ['a', 'running', 'bob/x', 'night', 'running', 'undefined'],
          ['a', 'paused', undefined, 'night', 'paused', 'the server was '],
        ],
      );
    }));

  test('campaigns: what is over goes after its time, in steps', () =>
    withStore(async ({ store, clock }) => {
      const ids = await addDevices(store, 5);
      const old = await addCampaign(store, ids);
      const open = await addCampaign(store, ids);
      await store.changeCampaign(old.id, { state: 'completed', endedAt: clock.now() });
      assert.equal(await store.dropCampaigns(clock.now(), 9), 0);
      assert.equal(await store.dropCampaigns(clock.now() + 1, 3), 3);
      assert.equal((await store.campaign(old.id))?.state, 'completed');
      assert.equal(await store.dropCampaigns(clock.now() + 1, 3), 3);
      assert.equal(await store.campaign(old.id), undefined);
      assert.deepEqual(await store.campaignCounts(old.id), []);
      assert.deepEqual(await devicesOf(store, old.id), new Map());
      assert.equal(await store.dropCampaigns(clock.now() + 1, 3), 0);
      assert.equal((await devicesOf(store, open.id)).size, 5);
    }));

  test('campaigns: how many are the canary', () => {
    assert.equal(canarySize(undefined, 100), 0);
    assert.equal(canarySize({ devices: 7, waitMs: 1 }, 100), 7);
    assert.equal(canarySize({ devices: 7, waitMs: 1 }, 3), 3);
    assert.equal(canarySize({ percent: 7, waitMs: 1 }, 1000), 70);
    assert.equal(canarySize({ percent: 0.1, waitMs: 1 }, 100), 1);
    assert.equal(canarySize({ percent: 100, waitMs: 1 }, 100), 100);
    assert.equal(canarySize({ percent: 1, waitMs: 1 }, 0), 0);
  });
}
