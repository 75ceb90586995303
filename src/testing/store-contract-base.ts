// What the parts of the store contract share.
import assert from 'node:assert/strict';
import { StoreError } from '../core/index.ts';
import type { NotificationChange, NotificationRecord, Store } from '../store/index.ts';
import type { ManualClock } from './manual-clock.ts';
import { sampleAccount, sampleDevice, sampleRequest } from './store-samples.ts';

/** Runs a test on a store of its own. */
export type WithStore = (
  run: (under: { readonly store: Store; readonly clock: ManualClock }) => Promise<void>,
) => Promise<void>;

/** Adds the sample account and device. */
export async function addSamples(store: Store): Promise<void> {
  await store.createAccount(sampleAccount);
  await store.createDevice(sampleDevice());
}

/** Adds the samples and one queued notification. */
export async function addQueued(store: Store): Promise<NotificationRecord> {
  await addSamples(store);
  return (await store.enqueue(sampleRequest())).notification;
}

/** Claims one notification and puts it in `sending`. */
export async function claimOne(store: Store, leaseMs = 1000): Promise<NotificationRecord> {
  const [claimed] = await store.claimDue({ limit: 1, leaseMs, node: 'node-1' }, () => ({ event: 'sending' }));
  assert.ok(claimed, 'something was due');
  return claimed;
}

/** Makes one change. */
export async function changeOne(store: Store, id: string, change: NotificationChange) {
  const [outcome] = await store.change([{ id, change }]);
  assert.ok(outcome, 'the notification exists');
  return outcome;
}

/** Expects a StoreError with that code. */
export async function rejectsWith(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof StoreError, `${String(error)} is a StoreError`);
    assert.equal(error.code, code);
    return true;
  });
}
