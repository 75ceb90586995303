// From a queued notification and its device to signed octets.
import {
  defaultMoIndexRegistry,
  defaultNonce,
  encodeNotification,
  type MoIndexRegistry,
  type Notification,
  type NotificationInput,
  parseNotification,
} from '../../codec/notification/index.ts';
import { digestIdentifierFor, familyOf } from '../../families/index.ts';
import { contentTypes, type Push } from '../../push/index.ts';
import type { DeviceRecord, NotificationPush, StoredFormat } from '../../store/index.ts';

/** Fields of a notification that its creator may set: all but those that the server sets. */
export type NotificationFields = Readonly<Record<string, unknown>>;

/** True for the formats whose digest takes a stored nonce: dm1.3 takes its timestamp instead. */
export function usesNonce(format: StoredFormat): boolean {
  return format !== 'dm1.3';
}

/** Index that stands for DevInfo, which every package #1 carries anyway: what Requested-MO says when nothing is wanted. */
export function defaultRequestedMo(registry: MoIndexRegistry = defaultMoIndexRegistry): number {
  return registry.indexOf('DevInfo') ?? 1;
}

/**
 * The whole notification. dm1.3 gets the time `now` (milliseconds since the POSIX epoch) unless it has one, and asks for
 * DevInfo unless it asks for something.
 * @throws {ValueError} when a field cannot be used, with its path and section
 */
export function completeFields(
  format: StoredFormat,
  fields: NotificationFields,
  identity: { readonly serverId: string; readonly sessionId: number },
  now: number,
  requestedMo = defaultRequestedMo(),
): Notification {
  return parseNotification(wholeOf(format, fields, identity, now, requestedMo));
}

/** The same without a look at it. */
function wholeOf(
  format: StoredFormat,
  fields: NotificationFields,
  { serverId, sessionId }: { readonly serverId: string; readonly sessionId: number },
  now: number,
  requestedMo: number,
): Readonly<Record<string, unknown>> {
  if (format !== 'dm1.3') return { ...fields, format, serverId, sessionId };
  const timestamp = Math.floor(now / 1000) % 2 ** 32;
  return { timestamp, requestedMo: [requestedMo], ...fields, format, serverId, sessionId };
}

/**
 * The push of a notification, whose fields were checked when it was queued: Package #0 signed with the device's secrets
 * (spec-notes rulings 1 and 2), under the name that its family takes.
 * @param nonce `stored`: the server nonce that the device should hold; `default`: four zero octets
 * @throws {ValueError} when a field cannot be encoded
 */
export function composePush(
  notification: Pick<NotificationPush, 'id' | 'format' | 'serverId' | 'sessionId' | 'fields'>,
  device: Pick<DeviceRecord, 'serverCredentials' | 'notificationSecret' | 'digestIdentifier' | 'family'>,
  nonce: 'stored' | 'default',
  now: number,
  requestedMo?: number,
): Push {
  const { format, fields } = notification;
  const whole = wholeOf(format, fields, notification, now, requestedMo ?? defaultRequestedMo());
  const { serverCredentials } = device;
  const secret =
    format === 'dm1.3' ? (device.notificationSecret ?? serverCredentials.secret) : serverCredentials.secret;
  const identifier = digestIdentifierFor(familyOf(device), device);
  const body = encodeNotification(whole as unknown as NotificationInput, {
    secret,
    nonce: nonce === 'stored' ? (serverCredentials.nonce ?? defaultNonce) : defaultNonce,
    ...(identifier !== undefined && { identifier }),
  });
  return { id: notification.id, contentType: contentTypes[format], body };
}
