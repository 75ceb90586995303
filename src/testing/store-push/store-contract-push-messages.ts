// Store contract: push messages taken in, read, and given up with their device.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  addMessage,
  addSamples,
  changeMessage,
  rejectsWith,
  type WithStore,
} from '../store/store-contract-base.ts';
import { sampleDevice, samplePushMark, samplePushMessage } from '../store/store-samples.ts';

const elsewhere = { addresses: ['sms:+491701234567', 'wap:127.0.0.1'] };

export function pushMessageContract(withStore: WithStore): void {
  test('push message: queued, due at once, on its timeline, and back octet for octet', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const message = await addMessage(store);
      const { id, ...rest } = message;
      assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      assert.deepEqual(rest, {
        ...samplePushMessage(),
        octets: 5,
        state: 'queued',
        attempts: 0,
        sends: 0,
        failures: 0,
        refusedAddresses: [],
        lease: 0,
        dueAt: clock.now(),
        resultFailures: 0,
        createdAt: clock.now(),
        updatedAt: clock.now(),
      });
      assert.deepEqual(await store.message(id), message);
      assert.deepEqual(
        (await store.messageTimeline(id))?.map(({ messageId, event, state, at }) => [
          messageId,
          event,
          state,
          at,
        ]),
        [[id, 'queued', 'queued', clock.now()]],
      );
      assert.equal(await store.message('nothing'), undefined);
      assert.equal(await store.messageTimeline('nothing'), undefined);
    }));

  test('push message: for addresses, of an initiator, with parameters, not before its moment', () =>
    withStore(async ({ store, clock }) => {
      const kept = samplePushMessage({
        ...elsewhere,
        contentType: { mime: 'a/b', code: 0x36, parameters: { SEC: '1', MAC: 'AB' } },
        body: new Uint8Array(0),
        initiator: samplePushMark(),
      });
      const notBefore = clock.now() + 500;
      const message = await addMessage(store, { ...kept, notBefore });
      assert.deepEqual({ ...message, ...kept }, message);
      assert.equal(message.dueAt, notBefore);
      assert.equal(message.deviceId, undefined);
      assert.deepEqual(await store.message(message.id), message);
      const { serverId: _, ...ownerless } = kept;
      const { notifyTo: __, ...quiet } = samplePushMark({ pushId: '2@partner' });
      const [taken] = await store.enqueueMessages([{ ...ownerless, initiator: quiet }]);
      assert.equal(taken?.outcome, 'queued');
      assert.equal(taken.message.serverId, undefined);
      assert.deepEqual(taken.message.initiator, quiet);
    }));

  test('push message: a body of 256 KiB and one of 1 MiB come back whole', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const length of [256 * 1024, 1024 * 1024]) {
        const body = Uint8Array.from({ length }, (_, index) => (index * 7) % 251);
        const { id } = await addMessage(store, { body });
        const found = await store.message(id);
        assert.equal(found?.octets, length);
        assert.equal(Buffer.compare(found.body, body), 0);
      }
    }));

  test('push message: it is for a device that is there, or for at least one address', () =>
    withStore(async ({ store }) => {
      const { deviceId: _, ...nowhere } = samplePushMessage();
      await rejectsWith('UNKNOWN_DEVICE', store.enqueueMessages([samplePushMessage()]));
      await addSamples(store);
      await rejectsWith('BAD_REQUEST', store.enqueueMessages([nowhere]));
      await rejectsWith('BAD_REQUEST', store.enqueueMessages([{ ...nowhere, addresses: [] }]));
      await rejectsWith('BAD_REQUEST', store.enqueueMessages([{ ...samplePushMessage(), ...elsewhere }]));
      assert.deepEqual(await store.listMessages({ limit: 9 }), { items: [] });
      assert.deepEqual(await store.enqueueMessages([]), []);
    }));

  test('push messages: all of one call are taken, or none, and nobody hears of those that were not', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const old = await addMessage(store);
      let heard = 0;
      store.onMessageEvent(() => {
        heard += 1;
      });
      await rejectsWith(
        'UNKNOWN_DEVICE',
        store.enqueueMessages([
          samplePushMessage({ replaces: { id: old.id, required: true } }),
          samplePushMessage({ deviceId: 'IMEI:0' }),
        ]),
      );
      assert.deepEqual((await store.listMessages({ limit: 9 })).items, [old]);
      assert.equal((await store.messageTimeline(old.id))?.length, 1);
      assert.equal(heard, 0);
    }));

  test('push message: the same idempotency key gives the same one, another request under it is refused', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const request = samplePushMessage({ idempotency: { key: 'k', fingerprint: 'f' } });
      const [[first], [second]] = await Promise.all([
        store.enqueueMessages([request]),
        store.enqueueMessages([request]),
      ]);
      assert.equal(first?.outcome, 'queued');
      assert.equal(first.message.idempotencyKey, 'k');
      assert.deepEqual(second, { outcome: 'repeated', message: first.message });
      await changeMessage(store, first.message.id, { event: 'cancelled' });
      const [third] = await store.enqueueMessages([request]);
      assert.equal(third?.outcome, 'repeated');
      assert.equal(third.message.state, 'cancelled');
      const other = { idempotency: { key: 'k', fingerprint: 'g' } };
      await rejectsWith('IDEMPOTENCY_CONFLICT', store.enqueueMessages([samplePushMessage(other)]));
      await store.createAccount({ serverId: 'other', url: 'http://x/' });
      await addMessage(store, { ...other, serverId: 'other' });
      const { serverId: _, ...ownerless } = samplePushMessage(other);
      await rejectsWith('BAD_REQUEST', store.enqueueMessages([ownerless]));
    }));

  test('push message: a repeated request does not replace again', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const old = await addMessage(store);
      const request = samplePushMessage({
        idempotency: { key: 'k', fingerprint: 'f' },
        replaces: { id: old.id, required: true },
      });
      const [first] = await store.enqueueMessages([request]);
      assert.equal(first?.outcome, 'queued');
      assert.deepEqual(await store.enqueueMessages([request]), [
        { outcome: 'repeated', message: first.message },
      ]);
      assert.equal((await store.messageTimeline(old.id))?.length, 2);
    }));

  test('push-id: used once by an initiator, for several recipients; others may use the same', () =>
    withStore(async ({ store }) => {
      const to = (recipient: string, initiator = 'partner') =>
        samplePushMessage({ ...elsewhere, initiator: samplePushMark({ recipient, initiator }) });
      const taken = await store.enqueueMessages([to('a'), to('b')]);
      const ids = taken.map((each) => (each.outcome === 'queued' ? each.message.id : ''));
      const ofPush = await store.messagesOfPush('partner', '1@partner');
      assert.deepEqual(
        ofPush.map(({ id, initiator }) => [id, initiator?.recipient]),
        [
          [ids[0], 'a'],
          [ids[1], 'b'],
        ],
      );
      await rejectsWith('ALREADY_EXISTS', store.enqueueMessages([to('c')]));
      await changeMessage(store, ids[0] ?? '', { event: 'cancelled' });
      await changeMessage(store, ids[1] ?? '', { event: 'cancelled' });
      await rejectsWith('ALREADY_EXISTS', store.enqueueMessages([to('a')]));
      assert.equal((await store.enqueueMessages([to('a', 'other')]))[0]?.outcome, 'queued');
      assert.deepEqual(await store.messagesOfPush('partner', 'nothing'), []);
      const twice = samplePushMessage({ ...elsewhere, initiator: samplePushMark({ pushId: 'new' }) });
      await rejectsWith('ALREADY_EXISTS', store.enqueueMessages([twice, twice]));
      assert.deepEqual(await store.messagesOfPush('partner', 'new'), []);
      const races = await Promise.allSettled([
        store.enqueueMessages([twice]),
        store.enqueueMessages([twice]),
      ]);
      assert.deepEqual(races.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    }));

  test('replacement: what still waits is cancelled, and its body goes', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const required of [true, false]) {
        const old = await addMessage(store);
        const [taken] = await store.enqueueMessages([
          samplePushMessage({ replaces: { id: old.id, required } }),
        ]);
        assert.equal(taken?.outcome, 'queued');
        assert.equal(taken.replaced?.state, 'cancelled');
        assert.deepEqual(await store.message(old.id), taken.replaced);
        assert.equal(taken.replaced.body.length, 0);
        assert.equal(taken.replaced.dueAt, undefined);
        assert.equal((await store.messageTimeline(old.id))?.at(-1)?.event, 'cancelled');
        assert.notEqual(taken.message.id, old.id);
      }
    }));

  test('replacement: what is on its way stays; the new one is queued unless that was a condition', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      for (const event of ['sending', 'delivered'] as const) {
        const { id } = await addMessage(store);
        const { message: old } = await changeMessage(store, id, { event });
        const replacing = (required: boolean) =>
          store.enqueueMessages([samplePushMessage({ replaces: { id, required } })]);
        assert.deepEqual(await replacing(true), [{ outcome: 'not-replaced', replaced: old }]);
        const [taken] = await replacing(false);
        assert.equal(taken?.outcome, 'queued');
        assert.deepEqual(taken.replaced, old);
        assert.deepEqual(await store.message(id), old);
        assert.equal((await store.messageTimeline(id))?.length, 2);
      }
      assert.equal((await store.listMessages({ limit: 9 })).items.length, 4);
    }));

  test('replacement: of several, each goes its own way; one of nothing refuses all', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const waiting = await addMessage(store);
      const over = await addMessage(store);
      await changeMessage(store, over.id, { event: 'cancelled' });
      const outcomes = await store.enqueueMessages(
        [waiting, over].map(({ id }) => samplePushMessage({ replaces: { id, required: true } })),
      );
      assert.deepEqual(
        outcomes.map(({ outcome }) => outcome),
        ['queued', 'not-replaced'],
      );
      const lost = samplePushMessage({ replaces: { id: 'nothing', required: false } });
      await rejectsWith('UNKNOWN_MESSAGE', store.enqueueMessages([samplePushMessage(), lost]));
      assert.equal((await store.listMessages({ limit: 9 })).items.length, 3);
    }));

  test('SessionIDs of sessionless messages: of each device, one after the other, from 65535 on to 1', () =>
    withStore(async ({ store }) => {
      await rejectsWith('UNKNOWN_DEVICE', store.allocateMessageSessionId(sampleDevice().id));
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const ids = await Promise.all(
        Array.from({ length: 65536 }, () => store.allocateMessageSessionId(sampleDevice().id)),
      );
      assert.equal(new Set(ids).size, 65535);
      assert.ok(ids.every((id) => id >= 1 && id <= 65535));
      assert.ok(ids.slice(1).every((id, index) => id === ((ids[index] ?? 0) % 65535) + 1));
      const other = await store.allocateMessageSessionId('IMEI:1');
      assert.equal(await store.allocateMessageSessionId('IMEI:1'), (other % 65535) + 1);
    }));

  test('push messages: a list shows the newest first, in pages, and can be narrowed', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { id: one } = await addMessage(store);
      const { id: two } = await addMessage(store, elsewhere);
      const { id: three } = await addMessage(store);
      await changeMessage(store, one, { event: 'cancelled' });
      const listed = async (query: Parameters<typeof store.listMessages>[0]) =>
        (await store.listMessages(query)).items.map(({ id }) => id);
      assert.deepEqual(await listed({ limit: 10 }), [three, two, one]);
      assert.deepEqual(await listed({ limit: 10, deviceId: sampleDevice().id }), [three, one]);
      assert.deepEqual(await listed({ limit: 10, state: 'queued' }), [three, two]);
      assert.deepEqual(await listed({ limit: 10, state: 'cancelled', deviceId: sampleDevice().id }), [one]);
      const page = await store.listMessages({ limit: 2 });
      assert.equal(page.next, two);
      assert.deepEqual(await store.listMessages({ limit: 2, after: two }), {
        items: [await store.message(one)],
      });
    }));

  test('push messages: a device with an open one stays; without, it goes, and they go with it', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { id: deviceId } = sampleDevice();
      const { id } = await addMessage(store);
      const stranger = await addMessage(store, elsewhere);
      for (const event of ['sending', 'accepted', 'unreported'] as const) {
        await rejectsWith('IN_USE', store.deleteDevice(deviceId));
        await changeMessage(store, id, { event });
      }
      assert.equal(await store.deleteDevice(deviceId), true);
      assert.equal(await store.message(id), undefined);
      assert.equal(await store.messageTimeline(id), undefined);
      assert.deepEqual((await store.listMessages({ limit: 9 })).items, [stranger]);
    }));
}
