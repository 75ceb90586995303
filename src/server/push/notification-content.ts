// What an attempt sends of a notification: Package #0, composed and signed for it, under the nonce that may help.
import type { Clock } from '../../core/index.ts';
import { familyOf, notificationBodyFor, resynchronises } from '../../families/index.ts';
import type { AddressScheme, Push } from '../../push/index.ts';
import type { DeviceRecord, NotificationPush, PushChange, PushQueue } from '../../store/index.ts';
import { composePush, usesNonce } from '../compose/composer.ts';
import { deviceToSignFor, sendsForNonce } from '../compose/rotated-secret.ts';
import type { Content } from './content.ts';
import { fieldsAt } from './notification-life.ts';
import type { PushPolicy } from './push-policy.ts';

/** What Package #0 is made with. */
export interface NotificationContentContext {
  readonly queue: Pick<PushQueue, 'change' | 'offerDefaultNonce'>;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  readonly node: string;
  readonly requestedMo: number;
}

/**
 * Composes the push of a claimed notification; `undefined` when nothing goes out: another one holds it by now, or it cannot
 * be composed, which is written then. Rejects only when the store fails.
 */
export async function notificationContent(
  context: NotificationContentContext,
  notification: NotificationPush,
  device: DeviceRecord,
): Promise<Content | undefined> {
  const { queue, policy, clock, node, requestedMo } = context;
  const { id, lease, expiresAt } = notification;
  const report = (change: PushChange) => queue.change([{ id, change: { lease, node, ...change } }]);
  const nonce = await chooseNonce(context, notification, device);
  if (nonce === 'stale') return undefined;
  if (nonce === 'limited') await report({ event: 'note', detail: limitReached(policy) });
  const madeAt = clock.now();
  let push: Push;
  try {
    const signedUnder = nonce === 'default' ? 'default' : 'stored';
    const fields = fieldsAt(notification, madeAt);
    const signedFor = deviceToSignFor(device, notification.sends);
    const composed = composePush({ ...notification, fields }, signedFor, signedUnder, madeAt, requestedMo);
    push = { ...composed, expiresAt };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    await report({ event: 'failed', detail: `it cannot be composed: ${why}` });
    return undefined;
  }
  const family = familyOf(device);
  const pushOver = (scheme: AddressScheme): Push => ({
    ...push,
    body: notificationBodyFor(family, scheme, push.body),
  });
  return { push, addresses: device.addresses, pushOver, madeAt };
}

/**
 * Which nonce signs this push (spec-notes ruling 12). An offer of the default nonce is on disk before it is used;
 * `limited` when there may be none, and the stored nonce has to do.
 */
async function chooseNonce(
  { queue, policy, node }: NotificationContentContext,
  notification: NotificationPush,
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
