// Store contract: what only messages have: octets, addressees, and bodies that go when nobody needs them any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOpenPush } from '../../store/index.ts';
import {
  addMessage,
  addSamples,
  changeMessage,
  enqueueOne,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { samplePushMark, samplePushMessage } from '../store/store-samples.ts';

const elsewhere = { addresses: ['sms:+491701234567', 'wap:127.0.0.1'], schemes: ['sms'] };

export function messageContract(withStore: WithStore): void {
  test('message: for addresses, of an initiator, with parameters, not before its moment', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const kept = samplePushMessage({
        ...elsewhere,
        contentType: { mime: 'a/b', code: 0x36, parameters: { SEC: '1', MAC: 'AB' } },
        body: new Uint8Array(0),
        initiator: samplePushMark(),
      });
      const notBefore = clock.now() + 500;
      const message = await addMessage(store, { ...kept, notBefore });
      assert.equal(message.purpose, 'relayed');
      assert.deepEqual({ ...message, ...kept }, message);
      assert.equal(message.dueAt, notBefore);
      assert.equal(message.deviceId, undefined);
      assert.deepEqual(await store.push(message.id), message);
      const [event] = (await store.timeline(message.id)) ?? [];
      assert.deepEqual([event?.kind, event?.deviceId, event?.sessionId], ['relayed', undefined, undefined]);
      const { serverId: _, ...ownerless } = kept;
      const { notifyTo: __, ...quiet } = samplePushMark({ pushId: '2@partner' });
      const taken = await enqueueOne(store, { ...ownerless, initiator: quiet });
      assert.equal(taken.serverId, undefined);
      assert.deepEqual(taken.initiator, quiet);
      assert.deepEqual(await store.push(taken.id), taken);
    }));

  test('message: a body of 256 KiB and one of 1 MiB come back whole', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const length of [256 * 1024, 1024 * 1024]) {
        const body = Uint8Array.from({ length }, (_, index) => (index * 7) % 251);
        const { id } = await addMessage(store, { body });
        const found = await store.push(id);
        assert.ok(found?.purpose === 'message');
        assert.equal(found.octets, length);
        assert.equal(Buffer.compare(found.body, body), 0);
      }
    }));

  test('message: it is for a device that is there, or for at least one address', () =>
    withStore(async ({ store }) => {
      const { deviceId: _, ...nowhere } = samplePushMessage();
      await rejectsWith('UNKNOWN_DEVICE', store.enqueue([samplePushMessage()]));
      await addSamples(store);
      await rejectsWith('BAD_REQUEST', store.enqueue([nowhere]));
      await rejectsWith('BAD_REQUEST', store.enqueue([{ ...nowhere, addresses: [] }]));
      await rejectsWith('BAD_REQUEST', store.enqueue([{ ...samplePushMessage(), ...elsewhere }]));
      assert.deepEqual(await store.listPushes({ limit: 9 }), { items: [] });
    }));

  test('message: the body is there while it is open, and gone at every end; its length stays', () =>
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
          const { push } = await changeMessage(store, id, { event, dueAt: 1 });
          const found = await store.push(id);
          assert.deepEqual(found, push);
          assert.equal(push.body.length, isOpenPush(push) ? body.length : 0, way.join());
          assert.equal(push.octets, body.length);
          assert.equal(push.dueAt, isOpenPush(push) ? 1 : undefined);
        }
        const state = way.at(-1);
        for (const event of ['queued', 'sending', 'expired', 'cancelled'] as const) {
          assert.equal((await changeMessage(store, id, { event })).verdict, 'refused');
        }
        assert.equal((await store.push(id))?.state, state);
        assert.equal((await store.timeline(id))?.length, way.length + 1);
      }
      assert.equal(await store.nextDueAt(), undefined);
    }));

  test('message: a carrier that reports after all turns unreported into delivered', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { id } = await addMessage(store);
      for (const event of ['sending', 'accepted', 'unreported'] as const) {
        await changeMessage(store, id, { event, reference: 'r' });
      }
      const endedAt = clock.now();
      clock.advance(5);
      const late = await changeMessage(store, id, { event: 'delivered', reference: 'r' });
      assert.equal(late.verdict, 'changed');
      assert.equal(late.push.state, 'delivered');
      assert.equal(late.push.endedAt, endedAt, 'it was over before');
      const again = await changeMessage(store, id, { event: 'delivered', reference: 'r' });
      assert.equal(again.verdict, 'kept');
      assert.deepEqual(
        (await store.timeline(id))?.map(({ state }) => state),
        ['queued', 'sending', 'accepted', 'unreported', 'delivered', 'delivered'],
      );
    }));
}
