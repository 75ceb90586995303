// Under which nonce a notification is signed (spec-notes ruling 12). An offer of the default nonce is on disk before it is used.
import { familyOf, resynchronises } from '../../families/index.ts';
import type { DeviceRecord, PushRecord } from '../../store/index.ts';
import { usesNonce } from '../compose/composer.ts';
import { sendsForNonce } from '../compose/rotated-secret.ts';
import type { PushPolicy } from '../push/push-policy.ts';

/** Which nonce signs a push. */
export type SigningNonce = 'stored' | 'default';

/**
 * What has to be done about the nonce of a push that is sent: nothing (`stored`); it goes out under the default one because
 * none is known of its device, which its claim says (`first-contact`); or the default one may help, and the store is asked
 * whether it may be offered (`limited`).
 */
export type NonceNeed = 'stored' | 'first-contact' | 'limited';

/** What has to be done about the nonce of a push. */
export function nonceNeed(
  push: PushRecord,
  device: DeviceRecord | undefined,
  policy: Pick<PushPolicy, 'resynchronise'>,
): NonceNeed {
  if (push.purpose !== 'notification' || device === undefined || !usesNonce(push.format)) return 'stored';
  // An answer has used its offer: that is no limit. Without a nonce, what is signed as stored is the default one all the same.
  if (push.defaultNonce === 'used') return 'stored';
  if (device.serverCredentials.nonce === undefined) return 'first-contact';
  if (push.resynchronise && push.sends === 0) return 'limited';
  const mayHelp = policy.resynchronise === 'second-attempt' && resynchronises(familyOf(device));
  return mayHelp && sendsForNonce(device, push.sends) % 2 === 1 ? 'limited' : 'stored';
}

/** Why a push that should resynchronise does not, and what to do. */
export function limitReached({ resynchronisations: { count, windowMs } }: PushPolicy): string {
  return (
    `${count} resynchronisations in ${windowMs / 3_600_000} h are the limit, so this push goes out under the stored ` +
    'nonce; if the device ignores it, have it come by itself, or give both ends the same new nonce'
  );
}
