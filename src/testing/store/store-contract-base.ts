// What the parts of the store contract share.
import assert from 'node:assert/strict';
import { StoreError } from '../../core/index.ts';
import type {
  NotificationChange,
  NotificationRecord,
  PushMessageChange,
  PushMessageRecord,
  PushMessageRequest,
  Store,
} from '../../store/index.ts';
import type { ManualClock } from '../time/manual-clock.ts';
import { sampleAccount, sampleDevice, samplePushMessage, sampleRequest } from './store-samples.ts';

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

/** Queues one push message for the sample device, which must exist, or for addresses. */
export async function addMessage(
  store: Store,
  changes: Partial<PushMessageRequest> = {},
): Promise<PushMessageRecord> {
  const [taken] = await store.enqueueMessages([samplePushMessage(changes)]);
  assert.equal(taken?.outcome, 'queued');
  return taken.message;
}

/** Claims one push message and puts it in `sending`. */
export async function claimMessage(
  store: Store,
  leaseMs = 1000,
  node = 'node-1',
): Promise<PushMessageRecord> {
  const [claimed] = await store.claimDueMessages({ limit: 1, leaseMs, node }, () => ({ event: 'sending' }));
  assert.ok(claimed, 'something was due');
  return claimed;
}

/** Makes one change of a push message. */
export async function changeMessage(store: Store, id: string, change: PushMessageChange) {
  const [outcome] = await store.changeMessages([{ id, change }]);
  assert.ok(outcome, 'the push message exists');
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
