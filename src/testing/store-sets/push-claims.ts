// Store contract: claims of many pushes at once: whom they are for, what is decided besides, and what others do meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClaimedPush, PushChange, PushRecord, Store } from '../../store/index.ts';
import { allPushKinds, pushKinds } from '../store/push-kinds.ts';
import {
  addSamples,
  changeOne,
  enqueueOne,
  pushesOf,
  rejectsWith,
  toSending,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, samplePushMessage, sampleRequest } from '../store/store-samples.ts';

const claim = { limit: 9, leaseMs: 1000, node: 'n' } as const;

/** Claims, and does something else once it is known what is due. */
async function claimWhile(store: Store, meanwhile: () => Promise<unknown>): Promise<readonly ClaimedPush[]> {
  let other: Promise<unknown> | undefined;
  const claimed = await store.claimDue(claim, () => {
    other ??= meanwhile();
    return [{ event: 'sending' }];
  });
  await other;
  return claimed;
}

export function claimContract(withStore: WithStore): void {
  test('a claim gives each push with its device; one to addresses has none', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(
        sampleDevice({ id: 'IMEI:1', family: 'samsung', addresses: ['sms:1', 'sms:2'] }),
      );
      await enqueueOne(store, sampleRequest());
      await enqueueOne(store, sampleRequest({ deviceId: 'IMEI:1' }));
      await enqueueOne(store, samplePushMessage({ deviceId: 'IMEI:1' }));
      await enqueueOne(store, samplePushMessage({ addresses: ['sms:3'] }));
      const seen = new Map<string, unknown>();
      const claimed = await store.claimDue(claim, ({ id }, device) => {
        seen.set(id, device);
        return toSending();
      });
      assert.equal(claimed.length, 4);
      for (const { push, device } of claimed) {
        const stored = push.deviceId === undefined ? undefined : await store.device(push.deviceId);
        assert.deepEqual(device, stored);
        assert.deepEqual(seen.get(push.id), stored);
        assert.deepEqual(await store.push(push.id), push);
      }
      assert.ok(claimed.some((each) => !('device' in each)));
    }));

  test('devices that were written after a claim read them are named as they are now', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const nonce = Uint8Array.of(7);
      const session = { deviceId: 'IMEI:1', changes: [], authenticated: true, serverNonce: nonce } as const;
      const ways: readonly (readonly [id: string, write: () => Promise<unknown>])[] = [
        ['IMEI:1', () => store.recordSession(session)],
        ['IMEI:2', () => store.updateDevice('IMEI:2', { addresses: ['sms:7'] })],
        [
          'IMEI:3',
          () =>
            store.beginRotation({
              deviceId: 'IMEI:3',
              side: 'server',
              secret: 'another secret',
            }),
        ],
      ];
      for (const [id] of ways) {
        await store.createDevice(sampleDevice({ id }));
        await enqueueOne(store, sampleRequest({ deviceId: id }));
      }
      // While the claim is being written, and when it has been.
      const first = await claimWhile(store, () => ways[0]?.[1]() ?? Promise.resolve());
      for (const [, write] of ways.slice(1)) await write();
      const read = first.flatMap(({ device, readAt }) =>
        device === undefined ? [] : { id: device.id, readAt },
      );
      assert.equal(read.length, 3);
      const now = new Map((await store.devicesSince(read)).map(({ id, device }) => [id, device]));
      for (const [id] of ways) assert.deepEqual(now.get(id), await store.device(id));
      assert.deepEqual(now.get('IMEI:1')?.serverCredentials.nonce, nonce);
    }));

  test('a device that is gone since a claim read it is named without a record', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const { id } = await enqueueOne(store, sampleRequest({ deviceId: 'IMEI:1' }));
      const [claimed] = await store.claimDue(claim, toSending);
      await changeOne(store, id, { event: 'cancelled' });
      assert.equal(await store.deleteDevice('IMEI:1'), true);
      const readAt = claimed?.readAt ?? Number.NaN;
      assert.deepEqual(await store.devicesSince([{ id: 'IMEI:1', readAt }]), [{ id: 'IMEI:1' }]);
    }));

  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: a decision may have remarks, which stand on the timeline after it`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const ids = [(await enqueueOne(store, request())).id, (await enqueueOne(store, request())).id];
        const claimed = await store.claimDue(claim, ({ id }) =>
          id === ids[0]
            ? [{ event: 'sending' }, { event: 'note', detail: 'a' }, { event: 'note', detail: 'b' }]
            : [{ event: 'sending' }],
        );
        assert.deepEqual(
          pushesOf(claimed).map(({ id, state, lease }) => [id, state, lease]),
          ids.map((id) => [id, 'sending', 1]),
        );
        const events = (await store.eventsAfter(0, 9)).slice(2);
        assert.deepEqual(
          events.map(({ pushId, event, detail, node }) => [pushId, event, detail, node]),
          [
            [ids[0], 'sending', undefined, 'n'],
            [ids[0], 'note', 'a', 'n'],
            [ids[0], 'note', 'b', 'n'],
            [ids[1], 'sending', undefined, 'n'],
          ],
        );
        for (const { push } of claimed) assert.deepEqual(await store.push(push.id), push);
      }));

    test(`${purpose}: one decision that is not allowed leaves all of the claim as they were`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const queued = [await enqueueOne(store, request()), await enqueueOne(store, request())];
        const decide = ({ id }: PushRecord): readonly [PushChange] =>
          id === queued[1]?.id ? [{ event: 'completed' }] : [{ event: 'sending' }];
        await rejectsWith('BAD_DECISION', store.claimDue(claim, decide));
        for (const push of queued) assert.deepEqual(await store.push(push.id), push);
        assert.equal((await store.eventsAfter(0, 9)).length, 2);
      }));

    test(`${purpose}: what ends while it is claimed is left out; the rest is claimed, once`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const ids: string[] = [];
        for (let count = 0; count < 3; count += 1) ids.push((await enqueueOne(store, request())).id);
        const [first = '', second = '', third = ''] = ids;
        const claimed = await claimWhile(store, () => changeOne(store, second, { event: 'cancelled' }));
        assert.deepEqual(
          pushesOf(claimed).map(({ id, lease }) => [id, lease]),
          [
            [first, 1],
            [third, 1],
          ],
        );
        assert.equal((await store.push(second))?.state, 'cancelled');
        const timelines = await Promise.all(ids.map((id) => store.timeline(id)));
        assert.deepEqual(
          timelines.map((timeline) => timeline?.map(({ event }) => event)),
          [
            ['queued', 'sending'],
            ['queued', 'cancelled'],
            ['queued', 'sending'],
          ],
        );
      }));

    test(`${purpose}: what is changed while it is claimed, and due still, is claimed as it is then`, () =>
      withStore(async ({ store, clock }) => {
        await addSamples(store);
        const { id } = await enqueueOne(store, request());
        const refused = { event: 'attempt-failed', refusedAddress: 'sms:1', dueAt: clock.now() } as const;
        const [claimed] = await claimWhile(store, () => changeOne(store, id, refused));
        assert.deepEqual(claimed?.push.refusedAddresses, ['sms:1']);
        assert.deepEqual(await store.push(id), claimed?.push);
        const timeline = await store.timeline(id);
        assert.deepEqual(
          timeline?.map(({ event }) => event),
          ['queued', 'attempt-failed', 'sending'],
        );
      }));
  }

  test('of two claims at once, of one purpose and of all, none gets what the other has', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.enqueue(allPushKinds.flatMap(({ request }) => [request(), request(), request()]));
      const claims = await Promise.all([
        store.claimDue({ ...claim, purpose: 'message' }, toSending),
        store.claimDue(claim, toSending),
        store.claimDue({ ...claim, purpose: 'notification' }, toSending),
      ]);
      const ids = claims.flat().map(({ push }) => push.id);
      assert.equal(new Set(ids).size, 9);
      assert.equal(ids.length, 9);
      assert.ok(claims[0]?.every(({ push }) => push.purpose === 'message'));
    }));
}
