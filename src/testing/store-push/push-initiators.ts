// Store contract: push-ids of other initiators, and pushes that take the place of another one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMessage,
  addSamples,
  changeMessage,
  changeOne,
  enqueueOne,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { samplePushMark, samplePushMessage, sampleRequest } from '../store/store-samples.ts';

const elsewhere = { addresses: ['sms:+491701234567', 'wap:127.0.0.1'] };

export function initiatorContract(withStore: WithStore): void {
  test('push-id: used once by an initiator, for several recipients; others may use the same', () =>
    withStore(async ({ store }) => {
      const to = (recipient: string, initiator = 'partner') =>
        samplePushMessage({ ...elsewhere, initiator: samplePushMark({ recipient, initiator }) });
      const taken = await store.enqueue([to('a'), to('b')]);
      const ids = taken.map((each) => (each.outcome === 'queued' ? each.push.id : ''));
      const ofPush = await store.pushesOfInitiator('partner', '1@partner');
      assert.deepEqual(
        ofPush.map((push) => [push.id, push.purpose === 'relayed' && push.initiator?.recipient]),
        [
          [ids[0], 'a'],
          [ids[1], 'b'],
        ],
      );
      await rejectsWith('ALREADY_EXISTS', store.enqueue([to('c')]));
      await changeOne(store, ids[0] ?? '', { event: 'cancelled' });
      await changeOne(store, ids[1] ?? '', { event: 'cancelled' });
      await rejectsWith('ALREADY_EXISTS', store.enqueue([to('a')]));
      await enqueueOne(store, to('a', 'other'));
      assert.deepEqual(await store.pushesOfInitiator('partner', 'nothing'), []);
      const twice = samplePushMessage({ ...elsewhere, initiator: samplePushMark({ pushId: 'new' }) });
      await rejectsWith('ALREADY_EXISTS', store.enqueue([twice, twice]));
      assert.deepEqual(await store.pushesOfInitiator('partner', 'new'), []);
      const races = await Promise.allSettled([store.enqueue([twice]), store.enqueue([twice])]);
      assert.deepEqual(races.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    }));

  test('replacement: what still waits is cancelled, and its body goes', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const required of [true, false]) {
        const old = await addMessage(store);
        const [taken] = await store.enqueue([samplePushMessage({ replaces: { id: old.id, required } })]);
        assert.equal(taken?.outcome, 'queued');
        assert.ok(taken.replaced?.purpose === 'message');
        assert.equal(taken.replaced.state, 'cancelled');
        assert.deepEqual(await store.push(old.id), taken.replaced);
        assert.equal(taken.replaced.body.length, 0);
        assert.equal(taken.replaced.dueAt, undefined);
        assert.equal((await store.timeline(old.id))?.at(-1)?.event, 'cancelled');
        assert.notEqual(taken.push.id, old.id);
      }
    }));

  test('replacement: what is on its way stays; the new one is queued unless that was a condition', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const event of ['sending', 'delivered'] as const) {
        const { id } = await addMessage(store);
        const { push: old } = await changeMessage(store, id, { event });
        const replacing = (required: boolean) =>
          store.enqueue([samplePushMessage({ replaces: { id, required } })]);
        assert.deepEqual(await replacing(true), [{ outcome: 'not-replaced', replaced: old }]);
        const [taken] = await replacing(false);
        assert.equal(taken?.outcome, 'queued');
        assert.deepEqual(taken.replaced, old);
        assert.deepEqual(await store.push(id), old);
        assert.equal((await store.timeline(id))?.length, 2);
      }
      assert.equal((await store.listPushes({ limit: 9 })).items.length, 4);
    }));

  test('replacement: of several, each goes its own way; one of what is no message refuses all', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const waiting = await addMessage(store);
      const over = await addMessage(store);
      await changeMessage(store, over.id, { event: 'cancelled' });
      const outcomes = await store.enqueue(
        [waiting, over].map(({ id }) => samplePushMessage({ replaces: { id, required: true } })),
      );
      assert.deepEqual(
        outcomes.map(({ outcome }) => outcome),
        ['queued', 'not-replaced'],
      );
      const notification = await enqueueOne(store, sampleRequest());
      for (const id of ['nothing', notification.id]) {
        const lost = samplePushMessage({ replaces: { id, required: false } });
        await rejectsWith('UNKNOWN_MESSAGE', store.enqueue([samplePushMessage(), lost]));
      }
      assert.deepEqual(await store.push(notification.id), notification);
      assert.equal((await store.listPushes({ limit: 9 })).items.length, 4);
    }));

  test('replacement: a call that is refused leaves the old one as it was, and nobody hears of it', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const old = await addMessage(store);
      let heard = 0;
      store.onEvent(() => {
        heard += 1;
      });
      await rejectsWith(
        'UNKNOWN_DEVICE',
        store.enqueue([
          samplePushMessage({ replaces: { id: old.id, required: true } }),
          samplePushMessage({ deviceId: 'IMEI:0' }),
        ]),
      );
      assert.deepEqual((await store.listPushes({ limit: 9 })).items, [old]);
      assert.equal((await store.timeline(old.id))?.length, 1);
      assert.equal(heard, 0);
    }));

  test('replacement: a repeated request does not replace again', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const old = await addMessage(store);
      const request = samplePushMessage({
        idempotency: { key: 'k', fingerprint: 'f' },
        replaces: { id: old.id, required: true },
      });
      const [first] = await store.enqueue([request]);
      assert.equal(first?.outcome, 'queued');
      assert.deepEqual(await store.enqueue([request]), [{ outcome: 'repeated', push: first.push }]);
      assert.equal((await store.timeline(old.id))?.length, 2);
    }));
}
