// One attempt: compose, try the addresses in order, report what the carrier said.

import { familyOf, notificationBodyFor, resynchronises } from '../../families/index.ts';
import type { AddressScheme, Push } from '../../push/index.ts';
import type {
  DeviceRecord,
  EventStore,
  NotificationChange,
  NotificationQueue,
  NotificationRecord,
} from '../../store/index.ts';
import { composePush, usesNonce } from '../compose/composer.ts';
import { deviceToSignFor, sendsForNonce } from '../compose/rotated-secret.ts';
import { fieldsAt, keptUntil } from './notification-life.ts';
import { answerWaitMs, backOffMs, type PushPolicy } from './push-policy.ts';
import { type RoadsContext, tryRoads } from './roads.ts';

/** What attempts are made with. */
export interface AttemptContext extends RoadsContext {
  readonly queue: Pick<NotificationQueue, 'change' | 'offerDefaultNonce'>;
  /** Timelines, for reports that overtake their receipts. */
  readonly events: Pick<EventStore, 'timeline'>;
  readonly node: string;
  readonly requestedMo: number;
}

/** Sends a notification that was claimed for sending, and writes what came of it. Rejects only when the store fails. */
export async function attempt(
  context: AttemptContext,
  notification: NotificationRecord,
  device: DeviceRecord,
): Promise<void> {
  const report = (change: NotificationChange) =>
    context.queue.change([
      { id: notification.id, change: { lease: notification.lease, node: context.node, ...change } },
    ]);
  const nonce = await chooseNonce(context, notification, device);
  if (nonce === 'stale') return;
  if (nonce === 'limited') await report({ event: 'note', detail: limitReached(context.policy) });
  const sentAt = context.clock.now();
  let push: Push;
  try {
    const signedUnder = nonce === 'default' ? 'default' : 'stored';
    const message = fieldsAt(notification, sentAt);
    const signedFor = deviceToSignFor(device, notification.sends);
    push = {
      ...composePush({ ...notification, message }, signedFor, signedUnder, sentAt, context.requestedMo),
      expiresAt: notification.expiresAt,
    };
  } catch (error) {
    await report({ event: 'failed', detail: `it cannot be composed: ${messageOf(error)}` });
    return;
  }
  const turn = inTurn(device.addresses, notification);
  const family = familyOf(device);
  const pushOver = (scheme: AddressScheme): Push => ({
    ...push,
    body: notificationBodyFor(family, scheme, push.body),
  });
  const outcome = await tryRoads(
    context,
    push,
    turn,
    notification.refusedAddresses,
    notification.failures,
    pushOver,
  );
  const changes: NotificationChange[] = outcome.refusals.map(({ address, detail, binding, final }) => ({
    event: 'attempt-failed',
    address,
    detail,
    ...(binding !== undefined && { binding }),
    ...(final && { refusedAddress: address }),
  }));
  if (outcome.taken) {
    const { receipt, binding, address, scheme } = outcome;
    const again =
      context.clock.now() + answerWaitMs(context.policy, notification.sends, context.random, scheme);
    changes.push({
      event: receipt.outcome,
      binding,
      address,
      ...('reference' in receipt && receipt.reference !== undefined && { reference: receipt.reference }),
      dueAt: lookAgainAt(context.policy, notification, again, sentAt),
    });
  } else if (outcome.retryable) {
    const dueAt = Math.min(context.clock.now() + outcome.pauseMs, notification.expiresAt);
    changes.push({ event: 'queued', detail: outcome.why, dueAt });
  } else if (notification.sends > 0 && keptUntil(notification, sentAt) !== undefined) {
    // A device may have an earlier push, and its Session-ID was promised to be kept.
    const detail = `${outcome.why}; its Session-ID stays valid until its time ends`;
    changes.push({ event: 'queued', detail, dueAt: notification.expiresAt });
  } else {
    changes.push({ event: 'failed', detail: outcome.why });
  }
  await writeAll(context, notification, changes);
  if (outcome.taken && outcome.receipt.outcome === 'accepted') {
    const { receipt, scheme } = outcome;
    await lookForOvertakingReport(context, notification, receipt.reference, scheme);
  }
}

/**
 * When to look at a notification that was pushed at `sentAt` and may be pushed again at `again`. One with a TIMEOUT that
 * is not pushed again is kept for as long as the device was told.
 */
function lookAgainAt(
  policy: PushPolicy,
  notification: NotificationRecord,
  again: number,
  sentAt: number,
): number {
  const { sends, expiresAt } = notification;
  const kept = keptUntil(notification, sentAt);
  if (kept === undefined) return Math.min(again, expiresAt);
  return again < expiresAt && sends + 1 < policy.attempts ? again : kept;
}

/** The carrier may have given a push up before its receipt was written: the next one need not wait for an answer. */
async function lookForOvertakingReport(
  context: AttemptContext,
  notification: NotificationRecord,
  reference: string,
  scheme: AddressScheme,
): Promise<void> {
  const timeline = (await context.events.timeline(notification.id)) ?? [];
  const failed = timeline.some((entry) => entry.event === 'attempt-failed' && entry.reference === reference);
  if (!failed) return;
  const pauseMs = backOffMs(context.policy, 0, context.random, scheme);
  const dueAt = Math.min(context.clock.now() + pauseMs, notification.expiresAt);
  const detail = 'the carrier had given the push up before it was known by its reference';
  await writeAll(context, notification, [{ event: 'note', detail, dueAt }]);
}

async function writeAll(
  context: AttemptContext,
  notification: NotificationRecord,
  changes: readonly NotificationChange[],
): Promise<void> {
  const mark = { lease: notification.lease, attempt: notification.attempts, node: context.node };
  await context.queue.change(
    changes.map((change) => ({ id: notification.id, change: { ...mark, ...change } })),
  );
}

/** The device's addresses in order of preference, beginning with the one after those that were tried in vain. */
function inTurn(addresses: readonly string[], { sends, failures }: NotificationRecord): readonly string[] {
  const begin = addresses.length === 0 ? 0 : (sends + failures) % addresses.length;
  return [...addresses.slice(begin), ...addresses.slice(0, begin)];
}

/**
 * Which nonce signs this push (spec-notes ruling 12). An offer of the default nonce is on disk before it is used;
 * `limited` when there may be none, and the stored nonce has to do.
 */
async function chooseNonce(
  { queue, policy, node }: AttemptContext,
  notification: NotificationRecord,
  device: DeviceRecord,
): Promise<'stored' | 'default' | 'limited' | 'stale'> {
  if (!usesNonce(notification.format)) return 'stored';
  const unknown = device.serverCredentials.nonce === undefined;
  const asked = notification.resynchronise && notification.sends === 0;
  const sends = sendsForNonce(device, notification.sends);
  const mayHelp = policy.resynchronise === 'second-attempt' && resynchronises(familyOf(device));
  const unanswered = mayHelp && sends % 2 === 1;
  if (!unknown && !asked && !unanswered) return 'stored';
  const { resynchronisations: limit } = policy;
  const offer = await queue.offerDefaultNonce(notification.id, notification.lease, limit, node);
  if (offer === 'stale') return 'stale';
  if (offer === 'offered') return 'default';
  // Its offer was used: that is no limit. Without a nonce, what is signed as stored is the default one all the same.
  return unknown || notification.defaultNonce === 'used' ? 'stored' : 'limited';
}

/** Why a push that should resynchronise does not, and what to do. */
function limitReached({ resynchronisations: { count, windowMs } }: PushPolicy): string {
  return (
    `${count} resynchronisations in ${windowMs / 3_600_000} h are the limit, so this push goes out under the stored ` +
    'nonce; if the device ignores it, have it come by itself, or give both ends the same new nonce'
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
