// Store contract: changes of push messages follow their life cycle, each with its event.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpenMessage, pushMessageStates } from '../../store/index.ts';
import {
  addMessage,
  addSamples,
  changeMessage,
  claimMessage,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice } from '../store/store-samples.ts';

export function pushMessageChangeContract(withStore: WithStore): void {
  test('push message: a claimer that comes back after its lease cannot undo the work of the next one', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      const old = await claimMessage(store, 1000);
      clock.advance(1000);
      const { lease } = await claimMessage(store, 1000);
      for (const event of ['queued', 'failed', 'expired'] as const) {
        const late = await changeMessage(store, id, { event, lease: old.lease, dueAt: 1 });
        assert.equal(late.verdict, 'refused', event);
      }
      const remark = {
        event: 'attempt-failed',
        lease: old.lease,
        dueAt: 1,
        refusedAddress: 'sms:1',
      } as const;
      const kept = await changeMessage(store, id, remark);
      assert.equal(kept.verdict, 'kept');
      assert.equal(kept.message.dueAt, clock.now() + 1000);
      assert.deepEqual(kept.message.refusedAddresses, ['sms:1'], 'an address that refused stays refused');
      assert.equal((await changeMessage(store, id, { event: 'sent', lease: old.lease })).verdict, 'kept');
      assert.equal((await changeMessage(store, id, { event: 'sent', lease })).verdict, 'changed');
      assert.equal((await store.messageTimeline(id))?.length, 6);
    }));

  test('push message: attempts, sends and failures are counted, the reason is kept', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      const dueAt = clock.now();
      await claimMessage(store);
      await changeMessage(store, id, { event: 'queued', detail: 'no road', dueAt });
      await claimMessage(store);
      await changeMessage(store, id, { event: 'accepted', binding: 'sms', address: 'sms:1', reference: 'r' });
      const { message } = await changeMessage(store, id, { event: 'queued', detail: 'given up', dueAt });
      const { attempts, sends, failures, reason } = message;
      assert.deepEqual(
        { attempts, sends, failures, reason },
        { attempts: 2, sends: 1, failures: 2, reason: 'given up' },
      );
      assert.deepEqual(
        (await store.messageTimeline(id))?.map(({ event, attempt, binding, address, reference }) => [
          event,
          attempt,
          binding,
          address,
          reference,
        ]),
        [
          ['queued', undefined, undefined, undefined, undefined],
          ['sending', 1, undefined, undefined, undefined],
          ['queued', 1, undefined, undefined, undefined],
          ['sending', 2, undefined, undefined, undefined],
          ['accepted', 2, 'sms', 'sms:1', 'r'],
          ['queued', 2, undefined, undefined, undefined],
        ],
      );
    }));

  test('push message: an address that refuses for good is remembered once, across attempts', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      const { lease } = await claimMessage(store);
      for (const refusedAddress of ['sms:1', 'wap:[::1]', 'sms:1']) {
        const change = { event: 'attempt-failed', lease, refusedAddress, detail: 'no' } as const;
        assert.equal((await changeMessage(store, id, change)).verdict, 'kept');
      }
      await changeMessage(store, id, { event: 'queued', lease, dueAt: clock.now() });
      assert.deepEqual((await claimMessage(store)).refusedAddresses, ['sms:1', 'wap:[::1]']);
    }));

  test('push message: the body is there while it is open, and gone at every end; its length stays', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const ways = [
        ['sending', 'sent'],
        ['sending', 'queued', 'sending', 'accepted', 'delivered'],
        ['sending', 'failed'],
        ['expired'],
        ['cancelled'],
        ['sending', 'accepted', 'unreported'],
      ] as const;
      for (const way of ways) {
        const { id, body } = await addMessage(store);
        for (const event of way) {
          const { message } = await changeMessage(store, id, { event, dueAt: 1 });
          const found = await store.message(id);
          assert.deepEqual(found, message);
          assert.equal(found.body.length, isOpenMessage(event) ? body.length : 0, way.join());
          assert.equal(found.octets, body.length);
          assert.equal(found.dueAt, isOpenMessage(event) ? 1 : undefined);
        }
        const state = way.at(-1);
        for (const event of ['queued', 'sending', 'expired', 'cancelled'] as const) {
          assert.equal((await changeMessage(store, id, { event })).verdict, 'refused');
        }
        assert.equal((await store.message(id))?.state, state);
        assert.equal((await store.messageTimeline(id))?.length, way.length + 1);
      }
      assert.equal(await store.nextMessageDueAt(), undefined);
    }));

  test('push message: a carrier that reports after all turns unreported into delivered', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      for (const event of ['sending', 'accepted', 'unreported'] as const) {
        await changeMessage(store, id, { event, reference: 'r' });
      }
      const late = await changeMessage(store, id, { event: 'delivered', reference: 'r' });
      assert.equal(late.verdict, 'changed');
      assert.equal(late.message.state, 'delivered');
      const again = await changeMessage(store, id, { event: 'delivered', reference: 'r' });
      assert.equal(again.verdict, 'kept');
      assert.deepEqual(
        (await store.messageTimeline(id))?.map(({ state }) => state),
        ['queued', 'sending', 'accepted', 'unreported', 'delivered', 'delivered'],
      );
    }));

  test('push messages: changes of many keep their order; an unknown one gives nothing', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      const outcomes = await store.changeMessages([
        { id, change: { event: 'cancelled', detail: 'by hand' } },
        { id: 'nothing', change: { event: 'cancelled' } },
        { id, change: { event: 'sending' } },
        { id, change: { event: 'note' } },
      ]);
      assert.deepEqual(
        outcomes.map((outcome) => outcome?.verdict),
        ['changed', undefined, 'refused', 'kept'],
      );
      assert.equal(outcomes[3]?.message.reason, 'by hand');
      assert.equal((await store.messageTimeline(id))?.length, 3);
    }));

  test('push messages: in every state, the record, the queue and the device agree on whether it is open', () =>
    withStore(async ({ store }) => {
      const paths: Readonly<Record<(typeof pushMessageStates)[number], readonly string[]>> = {
        queued: [],
        sending: ['sending'],
        accepted: ['sending', 'accepted'],
        sent: ['sending', 'sent'],
        delivered: ['sending', 'delivered'],
        failed: ['failed'],
        expired: ['expired'],
        cancelled: ['cancelled'],
        unreported: ['sending', 'accepted', 'unreported'],
      };
      await addSamples(store);
      for (const state of pushMessageStates) {
        const deviceId = `IMEI:${state}`;
        await store.createDevice(sampleDevice({ id: deviceId }));
        const { id } = await addMessage(store, { deviceId });
        for (const event of paths[state]) await changeMessage(store, id, { event: event as typeof state });
        const record = await store.message(id);
        assert.equal(record?.state, state);
        assert.equal(record.dueAt !== undefined, isOpenMessage(state), state);
        if (isOpenMessage(state)) await rejectsWith('IN_USE', store.deleteDevice(deviceId));
        else assert.equal(await store.deleteDevice(deviceId), true, state);
      }
    }));
}
