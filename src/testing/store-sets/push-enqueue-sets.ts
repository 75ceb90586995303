// Store contract: many pushes taken in together, in one call or in several at once: each request or call stands for itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Enqueued, PushEvent, PushRequest, RefusedRequest, Store } from '../../store/index.ts';
import { pushKinds, relayedKind } from '../store/push-kinds.ts';
import { addMessage, addSamples, rejectsWith, type WithStore } from '../store/store-contract-base.ts';
import {
  sampleAccount,
  sampleDevice,
  samplePushMark,
  samplePushMessage,
  sampleRequest,
} from '../store/store-samples.ts';

const mark = (fingerprint: string, key = 'k') => ({ idempotency: { key, fingerprint } });

/** What came of a request, in short. */
const shown = (outcome: Enqueued | RefusedRequest): string =>
  outcome.outcome === 'refused' ? outcome.error.code : outcome.outcome;

const idOf = (outcome: Enqueued | RefusedRequest | undefined): string =>
  outcome?.outcome === 'queued' || outcome?.outcome === 'repeated' ? outcome.push.id : '';

/** Everything that is queued, by id. */
async function queuedIn(store: Store): Promise<readonly string[]> {
  return (await store.listPushes({ limit: 1000 })).items.map(({ id }) => id).reverse();
}

export function enqueueSetContract(withStore: WithStore): void {
  for (const { purpose, request } of pushKinds) {
    test(`${purpose}: each for itself: one that is refused keeps none of the others back`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const heard: PushEvent[] = [];
        store.onEvent((event) => heard.push(event));
        const nowhere = request({ deviceId: 'IMEI:0' });
        const outcomes = await store.enqueueEach([request(), nowhere, request(), nowhere, request()]);
        assert.deepEqual(outcomes.map(shown), [
          'queued',
          'UNKNOWN_DEVICE',
          'queued',
          'UNKNOWN_DEVICE',
          'queued',
        ]);
        const ids = outcomes.map(idOf).filter((id) => id !== '');
        assert.deepEqual(await queuedIn(store), ids);
        assert.deepEqual(
          heard.map(({ pushId }) => pushId),
          ids,
        );
        for (const outcome of outcomes) {
          if (outcome.outcome === 'queued') assert.deepEqual(await store.push(outcome.push.id), outcome.push);
        }
      }));

    test(`${purpose}: of one key in one call, the second is the first again, and another request is refused`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const outcomes = await store.enqueueEach([
          request(mark('f')),
          request(mark('f')),
          request(mark('g')),
          request(mark('g', 'other')),
        ]);
        assert.deepEqual(outcomes.map(shown), ['queued', 'repeated', 'IDEMPOTENCY_CONFLICT', 'queued']);
        assert.equal(idOf(outcomes[0]), idOf(outcomes[1]));
        assert.equal((await queuedIn(store)).length, 2);
        await rejectsWith(
          'IDEMPOTENCY_CONFLICT',
          store.enqueue([request(mark('f', 'new')), request(mark('x'))]),
        );
        const [again] = await store.enqueueEach([request(mark('h', 'new'))]);
        assert.equal(again?.outcome, 'queued', 'a call that was refused has used no key');
      }));

    test(`${purpose}: calls at once: one that is refused leaves nothing, the others hear nothing of it`, () =>
      withStore(async ({ store }) => {
        await addSamples(store);
        const heard: PushEvent[] = [];
        store.onEvent((event) => heard.push(event));
        const calls: readonly (readonly PushRequest[])[] = [
          [request(mark('a', 'a'))],
          [request(mark('b', 'b')), request({ deviceId: 'IMEI:0' })],
          [request(), request()],
          [request(mark('c', 'b'))],
          [request(mark('x', 'a'))],
        ];
        const settled = await Promise.allSettled(calls.map((requests) => store.enqueue(requests)));
        assert.deepEqual(
          settled.map((each) => (each.status === 'fulfilled' ? each.value.map(shown) : each.reason.code)),
          [['queued'], 'UNKNOWN_DEVICE', ['queued', 'queued'], ['queued'], 'IDEMPOTENCY_CONFLICT'],
        );
        const ids = settled.flatMap((each) => (each.status === 'fulfilled' ? each.value.map(idOf) : []));
        assert.deepEqual(await queuedIn(store), ids);
        assert.deepEqual(
          heard.map(({ pushId }) => pushId),
          ids,
        );
      }));
  }

  test('calls at once: one that no engine takes harms none of the others', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const settled = await Promise.allSettled([
        store.enqueue([sampleRequest(mark('f'))]),
        store.enqueue([sampleRequest(), sampleRequest({ expiresAt: Number.NaN })]),
        store.enqueueEach([samplePushMessage(), samplePushMessage({ deviceId: 'IMEI:0' })]),
      ]);
      assert.deepEqual(
        settled.map((each) => (each.status === 'fulfilled' ? each.value.map(shown) : each.status)),
        [['queued'], 'rejected', ['queued', 'UNKNOWN_DEVICE']],
      );
      assert.equal((await queuedIn(store)).length, 2);
      assert.equal((await store.eventsAfter(0, 9)).length, 2);
    }));

  test('notifications of one device in one call have different Session-IDs; one that was refused takes none', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1', firstSessionId: 65_534 }));
      const here = sampleRequest({ deviceId: 'IMEI:1' });
      const nowhere = sampleRequest({ deviceId: 'IMEI:0' });
      const given = async (requests: readonly (typeof here)[]) => {
        const outcomes = await store.enqueueEach(requests);
        return outcomes.map((each) => (each.outcome === 'queued' ? each.push.sessionId : each.outcome));
      };
      assert.deepEqual(await given([here, sampleRequest(), here]), [65_534, 1, 65_535]);
      assert.deepEqual(await given([here, nowhere, here, sampleRequest()]), [1, 'refused', 2, 2]);
      await Promise.allSettled([store.enqueue([here, here, nowhere]), store.enqueue([here])]);
      const found = await store.pushOfSession('IMEI:1', 3);
      assert.equal(found?.state, 'queued');
      assert.equal(await store.pushOfSession('IMEI:1', 4), undefined);
    }));

  test('push-ids: of one call for several recipients; each for itself, the second finds it used', () =>
    withStore(async ({ store }) => {
      const to = (recipient: string, pushId = '1') =>
        samplePushMessage({ addresses: ['sms:1'], initiator: samplePushMark({ recipient, pushId }) });
      const outcomes = await store.enqueueEach([to('a'), to('b'), to('a', '2'), to('a', '3')]);
      assert.deepEqual(outcomes.map(shown), ['queued', 'ALREADY_EXISTS', 'queued', 'queued']);
      const races = await Promise.allSettled([
        store.enqueue([to('a', '4'), to('b', '4')]),
        store.enqueue([to('c', '4')]),
        store.enqueue([to('a', '5'), to('a', '2')]),
        store.enqueue([to('b', '5')]),
      ]);
      assert.deepEqual(
        races.map(({ status }) => status),
        ['fulfilled', 'rejected', 'rejected', 'fulfilled'],
      );
      assert.equal((await store.pushesOfInitiator('partner', '4')).length, 2);
    }));

  test('replacement: of two that take the place of one, the second finds it cancelled; a refused call, as it was', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const old = await addMessage(store);
      const instead = samplePushMessage({ replaces: { id: old.id, required: true } });
      const nowhere = samplePushMessage({ deviceId: 'IMEI:0' });
      const settled = await Promise.allSettled([
        store.enqueue([instead, nowhere]),
        store.enqueue([instead]),
        store.enqueue([instead]),
      ]);
      assert.deepEqual(
        settled.map((each) => (each.status === 'fulfilled' ? each.value.map(shown) : each.reason.code)),
        ['UNKNOWN_DEVICE', ['queued'], ['not-replaced']],
      );
      assert.equal((await store.push(old.id))?.state, 'cancelled');
      assert.equal((await store.timeline(old.id))?.length, 2);
      assert.equal((await queuedIn(store)).length, 2);
    }));

  test('one call may ask for all purposes, of several accounts and devices', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const serverId = 'com.example.other';
      await store.createAccount({ ...sampleAccount, serverId });
      await store.createDevice(sampleDevice({ id: 'IMEI:1', serverId }));
      const requests: readonly PushRequest[] = [
        relayedKind.request(),
        sampleRequest({ deviceId: 'IMEI:1', ...mark('f'), carrier: 'wap' }),
        samplePushMessage({ addresses: ['sms:1'], ...mark('g') }),
        sampleRequest({ ...mark('h'), notBefore: 7, resynchronise: true }),
        samplePushMessage({ deviceId: 'IMEI:1', serverId, ...mark('i'), schemes: ['sms'] }),
      ];
      const outcomes = await store.enqueueEach(requests);
      for (const [index, outcome] of outcomes.entries()) {
        assert.equal(outcome.outcome, 'queued');
        const { push } = outcome;
        assert.deepEqual(await store.push(push.id), push);
        const request = requests[index];
        assert.equal(push.purpose, request?.purpose);
        assert.equal(push.deviceId, request?.deviceId);
        assert.equal(push.carrier, request?.carrier);
      }
      assert.deepEqual((await store.enqueueEach(requests.slice(1))).map(shown), Array(4).fill('repeated'));
    }));
}
