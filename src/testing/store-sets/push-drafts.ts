// Store contract: notifications whose device is read in the transaction that takes them in.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NotificationDraft, NotifiedDevice } from '../../store/index.ts';
import { addSamples, rejectsWith, type WithStore } from '../store/store-contract-base.ts';
import { sampleDevice, sampleRequest } from '../store/store-samples.ts';

const { id: deviceId } = sampleDevice();

/** A draft for the sample device that becomes the sample request, with what the test changes. */
function draft(changes: Partial<NotificationDraft> = {}): NotificationDraft {
  const { idempotency } = changes;
  const complete = () => sampleRequest(idempotency === undefined ? {} : { idempotency });
  return { deviceId, complete, ...changes };
}

const mark = (fingerprint: string, key = 'k') => ({ idempotency: { key, fingerprint } });

export function draftContract(withStore: WithStore): void {
  test('a draft is completed with its device as it is by then, and the moment of it', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const seen: (NotifiedDevice | undefined)[] = [];
      const moments: number[] = [];
      const looking = draft({
        complete: (device, now) => {
          seen.push(device);
          moments.push(now);
          return sampleRequest({ expiresAt: now + 1000 });
        },
      });
      const changes = { digestIdentifier: 'name', notificationSecret: 'other', family: 'aosp' };
      const [first, , second] = await Promise.all([
        store.enqueueDraft(looking),
        store.updateDevice(deviceId, { ...changes, addresses: ['sms:+4915'], format: 'dm1.3' }),
        store.enqueueDraft(looking),
      ]);
      const third = await store.enqueueDraft(looking);
      for (const { outcome, push } of [first, second, third]) {
        assert.equal(outcome, 'queued');
        assert.deepEqual(await store.push(push.id), push);
      }
      const { id, serverId, addresses, format, serverCredentials } = sampleDevice();
      const { nonce: _, ...credentials } = serverCredentials;
      const before = { id, serverId, addresses, format, serverCredentials: credentials };
      assert.deepEqual(seen[0], before);
      assert.deepEqual(seen.at(-1), { ...before, ...changes, addresses: ['sms:+4915'], format: 'dm1.3' });
      assert.deepEqual(new Set(moments), new Set([clock.now()]));
      assert.equal(third.push.expiresAt, clock.now() + 1000);
    }));

  test('a draft that its maker refuses is thrown back as it is, leaves nothing, and harms no other call', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const why = new RangeError('not that one');
      const seen: unknown[] = [];
      const refused = draft({
        deviceId: 'IMEI:0',
        complete: (device) => {
          seen.push(device);
          throw why;
        },
      });
      const settled = await Promise.allSettled([
        store.enqueueDraft(draft(mark('f'))),
        store.enqueueDraft(refused),
        store.enqueue([sampleRequest()]),
        store.enqueueDraft({ ...refused, ...mark('f', 'l') }),
        store.enqueueDraft(draft()),
      ]);
      assert.deepEqual(
        settled.map((each) => (each.status === 'fulfilled' ? each.status : each.reason)),
        ['fulfilled', why, 'fulfilled', why, 'fulfilled'],
      );
      assert.deepEqual(new Set(seen), new Set([undefined]), 'there is no such device');
      assert.equal((await store.listPushes({ limit: 9 })).items.length, 3);
      assert.equal((await store.eventsAfter(0, 9)).length, 3);
      await rejectsWith(
        'UNKNOWN_DEVICE',
        store.enqueueDraft(draft({ complete: nowhere, deviceId: 'IMEI:0' })),
      );
    }));

  test('a draft that no engine takes harms none of the others', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const settled = await Promise.allSettled([
        store.enqueueDraft(draft()),
        store.enqueueDraft(draft({ complete: () => sampleRequest({ expiresAt: Number.NaN }) })),
        store.enqueueDraft(draft()),
      ]);
      assert.deepEqual(
        settled.map(({ status }) => status),
        ['fulfilled', 'rejected', 'fulfilled'],
      );
      assert.equal((await store.listPushes({ limit: 9 })).items.length, 2);
    }));

  test('drafts and requests share their keys and Session-IDs', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const first = await store.enqueueDraft(draft(mark('f')));
      const [again] = await store.enqueue([sampleRequest(mark('f'))]);
      assert.deepEqual(again, { ...first, outcome: 'repeated' });
      assert.deepEqual(await store.enqueueDraft(draft(mark('f'))), again);
      await rejectsWith('IDEMPOTENCY_CONFLICT', store.enqueueDraft(draft(mark('g'))));
      const [one, other] = await Promise.all([store.enqueueDraft(draft()), store.enqueueDraft(draft())]);
      assert.deepEqual([one.push.sessionId, other.push.sessionId], [2, 3]);
    }));
}

const nowhere = () => sampleRequest({ deviceId: 'IMEI:0' });
