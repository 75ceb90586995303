// What an attempt sends: Package #0, composed and signed for it, or the octets that are stored.

import { StoreError } from '../../core/index.ts';
import { familyOf, notificationBodyFor } from '../../families/index.ts';
import type { AddressScheme, Push } from '../../push/index.ts';
import type { DeviceRecord, NotificationPush, PushRecord } from '../../store/index.ts';
import { composePush } from '../compose/composer.ts';
import { deviceToSignFor } from '../compose/rotated-secret.ts';
import { fieldsAt } from '../push/notification-life.ts';
import type { SigningNonce } from './signing-nonce.ts';

/** How the content of an attempt is made. */
export interface ContentOptions {
  /** Under which nonce a notification is signed. */
  readonly nonce: SigningNonce;
  /** Of the address that it goes to. */
  readonly scheme: AddressScheme;
  /** When it is made, milliseconds since the POSIX epoch. */
  readonly madeAt: number;
  /** Index of the object that Requested-MO of a dm1.3 notification names when nothing else is asked for. */
  readonly requestedMo: number;
}

/**
 * The push of an attempt.
 * @throws {ValueError} when a notification cannot be composed
 * @throws {StoreError} SEAL_BROKEN when its body, or a secret of the device, does not open
 */
export function contentOf(push: PushRecord, device: DeviceRecord | undefined, options: ContentOptions): Push {
  if (push.purpose !== 'notification') {
    const { id, contentType, body, expiresAt, unreadable } = push;
    if (unreadable !== undefined) throw new StoreError('SEAL_BROKEN', unreadable);
    return { id, contentType, body, expiresAt };
  }
  if (device === undefined) throw new TypeError('a notification has a device');
  return notificationContent(push, device, options);
}

function notificationContent(
  notification: NotificationPush,
  device: DeviceRecord,
  { nonce, scheme, madeAt, requestedMo }: ContentOptions,
): Push {
  const { id, format, serverId, sessionId, sends, expiresAt } = notification;
  const composed = composePush(
    { id, format, serverId, sessionId, fields: fieldsAt(notification, madeAt) },
    deviceToSignFor(device, sends),
    nonce,
    madeAt,
    requestedMo,
  );
  const body = notificationBodyFor(familyOf(device), scheme, composed.body);
  return { id, contentType: composed.contentType, body, expiresAt };
}
