// Store contract: devices of campaigns are found, asked for by carrier, ended before they begin, tried again, and shown.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rejectsWith, type WithStore } from '../store/store-contract-base.ts';
import {
  addCampaign,
  addDevices,
  countsOf,
  deviceOf,
  devicesOf,
  feedWakes,
  sampleCampaign,
} from './campaign-samples.ts';

const none = { joinable: [], alongside: [] } as const;

export function campaignDeviceContract(withStore: WithStore): void {
  test('campaign devices: each is added once, in order, and how far was looked is kept with them', () =>
    withStore(async ({ store, clock }) => {
      const { campaign } = await store.createCampaign(sampleCampaign({ devices: 99 }));
      const { id } = campaign;
      const first = await store.addCampaignDevices(
        id,
        [
          { deviceId: 'a', leftOut: { reason: 'suspended' } },
          { deviceId: 'b', carrier: 'x' },
          { deviceId: 'c' },
        ],
        { cursor: 'c', canaryDevices: 2 },
      );
      assert.deepEqual(
        [first.cursor, first.lookedUp, first.devices, first.canaryDevices, first.version],
        ['c', false, 99, 2, 0],
      );
      const leftOut = { reason: 'no-route', detail: 'no binding for sip:' };
      const last = await store.addCampaignDevices(
        id,
        [
          { deviceId: 'b', leftOut },
          { deviceId: 'd', carrier: 'x' },
          { deviceId: 'e', leftOut },
          { deviceId: 'd' },
        ],
        { cursor: 'e', lookedUp: true, canaryDevices: 2 },
      );
      assert.deepEqual([last.cursor, last.lookedUp, last.devices], ['e', true, 5]);
      assert.deepEqual(await store.campaign(id), last);
      const rest = { tries: 0, shared: false } as const;
      const ended = { state: 'left-out', endedAt: clock.now(), ...rest } as const;
      assert.deepEqual(await store.campaignDevices(id, { limit: 9 }), [
        { deviceId: 'a', ordinal: 0, step: 'rest', reason: 'suspended', ...ended },
        { deviceId: 'b', ordinal: 1, step: 'canary', state: 'pending', carrier: 'x', ...rest },
        { deviceId: 'c', ordinal: 2, step: 'canary', state: 'pending', ...rest },
        { deviceId: 'd', ordinal: 3, step: 'rest', state: 'pending', carrier: 'x', ...rest },
        { deviceId: 'e', ordinal: 4, step: 'rest', ...leftOut, ...ended },
      ]);
      assert.deepEqual(await countsOf(store, id), [
        'canary pending  2',
        'rest left-out no-route 1',
        'rest left-out suspended 1',
        'rest pending  1',
      ]);
      // A live one finds more.
      const live = await store.addCampaignDevices(id, [{ deviceId: 'd' }, { deviceId: 'f' }], {
        canaryDevices: 2,
      });
      assert.deepEqual([live.devices, live.lookedUp, live.cursor], [6, true, 'e']);
      await store.changeCampaign(id, { state: 'cancelled', endedAt: clock.now() });
      await store.addCampaignDevices(id, [{ deviceId: 'g' }], { canaryDevices: 2 });
      assert.equal((await devicesOf(store, id)).size, 6, 'it is over');
      await rejectsWith(
        'UNKNOWN_CAMPAIGN',
        store.addCampaignDevices('another', [{ deviceId: 'g' }], { canaryDevices: 0 }),
      );
    }));

  test('campaign devices: those that may begin are given by carrier and step, those that had to wait first', () =>
    withStore(async ({ store, clock }) => {
      const devices = [
        { deviceId: 'a', carrier: 'x' },
        { deviceId: 'b', carrier: 'y' },
        { deviceId: 'c' },
        { deviceId: 'd', carrier: 'x' },
        { deviceId: 'e', carrier: 'x' },
      ];
      const { id } = await addCampaign(store, devices, {}, 1);
      const pending = async (carrier: string | null, limit = 9) =>
        (await store.pendingDevices({ campaign: id, step: 'rest', carrier, limit })).map(
          ({ deviceId }) => deviceId,
        );
      assert.deepEqual(await store.pendingCarriers(id, 'canary'), { carriers: ['x'] });
      assert.deepEqual(await store.pendingCarriers(id, 'rest'), { carriers: [null, 'x', 'y'] });
      assert.deepEqual(await store.pendingCarriers('another', 'rest'), { carriers: [] });
      assert.deepEqual(
        [await pending('x'), await pending('y'), await pending(null)],
        [['d', 'e'], ['b'], ['c']],
      );
      assert.deepEqual(await pending('x', 1), ['d']);
      const dueAt = clock.now() + 100;
      await store.feedCampaign(
        id,
        [
          { deviceId: 'e', do: 'defer', dueAt },
          { deviceId: 'b', do: 'defer', dueAt: dueAt + 100 },
          { deviceId: 'c', do: 'place', carrier: 'x' },
        ],
        none,
      );
      assert.equal((await deviceOf(store, id, 'e')).dueAt, dueAt);
      assert.deepEqual(await store.pendingCarriers(id, 'rest'), { carriers: ['x'], nextDueAt: dueAt });
      assert.deepEqual([await pending('x'), await pending('y'), await pending(null)], [['c', 'd'], [], []]);
      clock.advance(100);
      assert.deepEqual(await pending('x'), ['e', 'c', 'd']);
      assert.deepEqual(await pending('x', 2), ['e', 'c']);
      assert.deepEqual(await store.pendingCarriers(id, 'rest'), { carriers: ['x'], nextDueAt: dueAt + 100 });
      assert.deepEqual(await countsOf(store, id), ['canary pending  1', 'rest pending  4']);
    }));

  test('campaign devices: what is pending ends in steps, and what is under way stays', () =>
    withStore(async ({ store, clock }) => {
      const ids = await addDevices(store, 5);
      const { id } = await addCampaign(store, ids, {}, 2);
      await feedWakes(store, id, ids.slice(0, 1));
      const end = (limit: number) =>
        store.endPendingDevices(id, { state: 'left-out', reason: 'campaign-over' }, limit);
      assert.equal(await end(3), 3);
      assert.equal(await end(3), 1);
      assert.equal(await end(3), 0);
      assert.deepEqual(await countsOf(store, id), [
        'canary left-out campaign-over 1',
        'canary under-way  1',
        'rest left-out campaign-over 3',
      ]);
      assert.equal((await deviceOf(store, id, ids[4] ?? '')).endedAt, clock.now());
      assert.deepEqual(await store.pendingCarriers(id, 'rest'), { carriers: [] });
    }));

  test('campaign devices: what failed or expired is pending again, in the step that has come', () =>
    withStore(async ({ store }) => {
      const ids = await addDevices(store, 4);
      const { id } = await addCampaign(store, ids, {}, 2);
      assert.equal(await store.retryCampaignDevices(id, 9), 0);
      const pushes = await feedWakes(store, id, ids);
      const outcomes = ['failed', 'completed', 'expired', 'failed'] as const;
      await store.settleCampaignDevices(
        outcomes.map((state, index) => ({
          pushId: pushes[index] ?? '',
          state,
          reason: 'why',
          detail: 'words',
        })),
      );
      assert.equal(await store.retryCampaignDevices(id, 2), 2);
      assert.equal(await store.retryCampaignDevices(id, 2), 1);
      assert.equal(await store.retryCampaignDevices(id, 2), 0);
      const again = { step: 'rest', state: 'pending', carrier: 'a', tries: 1, shared: false };
      assert.deepEqual(await deviceOf(store, id, ids[0] ?? ''), { deviceId: ids[0], ordinal: 0, ...again });
      assert.deepEqual(await countsOf(store, id), ['canary completed why 1', 'rest pending  3']);
      await feedWakes(store, id, ids.slice(0, 1));
      assert.equal((await deviceOf(store, id, ids[0] ?? '')).tries, 2);
      assert.equal(await store.retryCampaignDevices('another', 9), 0);
    }));

  test('campaign devices: a report is read in pages, by state, reason and device', () =>
    withStore(async ({ store }) => {
      const devices = Array.from({ length: 7 }, (_, index) => ({
        deviceId: `d${index}`,
        ...(index % 2 === 1 && { leftOut: { reason: index === 1 ? 'suspended' : 'no-route' } }),
      }));
      const { id } = await addCampaign(store, devices);
      const page = async (asked: object) =>
        (await store.campaignDevices(id, { limit: 99, ...asked })).map(({ ordinal }) => ordinal);
      assert.deepEqual(await page({ limit: 3 }), [0, 1, 2]);
      assert.deepEqual(await page({ limit: 3, afterOrdinal: 2 }), [3, 4, 5]);
      assert.deepEqual(await page({ afterOrdinal: 6 }), []);
      assert.deepEqual(await page({ states: ['left-out'] }), [1, 3, 5]);
      assert.deepEqual(
        await page({ states: ['pending', 'left-out'], reason: 'no-route', afterOrdinal: 3 }),
        [5],
      );
      assert.deepEqual(await page({ deviceId: 'd4' }), [4]);
      assert.deepEqual(await page({ deviceId: 'other' }), []);
      assert.deepEqual(await store.campaignDevices('another', { limit: 9 }), []);
    }));
}
