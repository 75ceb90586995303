// What the parts of the store contract share.
import assert from 'node:assert/strict';
import { StoreError } from '../../core/index.ts';
import type {
  ClaimedPush,
  MessagePush,
  MessageRequest,
  NonceOffer,
  NotificationPush,
  PushChange,
  PushOf,
  PushRecord,
  PushRequest,
  ResynchronisationLimit,
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

/** Queues one push; what it is for must exist. */
export async function enqueueOne<Request extends PushRequest>(
  store: Store,
  request: Request,
): Promise<PushOf<Request>> {
  const [taken] = await store.enqueue([request]);
  assert.equal(taken?.outcome, 'queued');
  return taken.push;
}

/** Adds the samples and one queued notification. */
export async function addQueued(store: Store): Promise<NotificationPush> {
  await addSamples(store);
  return await enqueueOne(store, sampleRequest());
}

/** Queues one push message for the sample device, which must exist, or for addresses. */
export async function addMessage(store: Store, changes: Partial<MessageRequest> = {}): Promise<MessagePush> {
  return await enqueueOne(store, samplePushMessage(changes));
}

/** Claims one push and puts it in `sending`. */
export async function claimOne(store: Store, leaseMs = 1000, node = 'node-1'): Promise<PushRecord> {
  const [claimed] = await store.claimDue({ limit: 1, leaseMs, node }, toSending);
  assert.ok(claimed, 'something was due');
  return claimed.push;
}

/** The decision to send whatever is due. */
export const toSending = (): readonly [PushChange] => [{ event: 'sending' }];

/** Pushes of a claim, without their devices. */
export function pushesOf(claimed: readonly ClaimedPush[]): readonly PushRecord[] {
  return claimed.map(({ push }) => push);
}

/** Asks for one offer of the default nonce. */
export async function offerOne(
  store: Store,
  offer: NonceOffer,
  limit: ResynchronisationLimit,
  node = 'n',
): Promise<string> {
  const outcomes = await store.offerDefaultNonces([offer], limit, node);
  assert.equal(outcomes.length, 1);
  return outcomes[0] ?? '';
}

/** Makes one change. */
export async function changeOne(store: Store, id: string, change: PushChange) {
  const [outcome] = await store.change([{ id, change }]);
  assert.ok(outcome, 'the push exists');
  return outcome;
}

/** Makes one change of a push that no session answers. */
export async function changeMessage(store: Store, id: string, change: PushChange) {
  const { verdict, push } = await changeOne(store, id, change);
  return { verdict, push: asMessage(push) };
}

/** The push as one that a session answers. */
export function asNotification(push: PushRecord | undefined): NotificationPush {
  assert.equal(push?.purpose, 'notification');
  return push;
}

/** The push as one that no session answers. */
export function asMessage(push: PushRecord | undefined): MessagePush {
  assert.ok(push !== undefined && push.purpose !== 'notification', `a message, not ${push?.purpose}`);
  return push;
}

/** Expects a StoreError with that code. */
export async function rejectsWith(code: string, promise: Promise<unknown>): Promise<void> {
  await assert.rejects(promise, (error) => {
    assert.ok(error instanceof StoreError, `${String(error)} is a StoreError`);
    assert.equal(error.code, code);
    return true;
  });
}
