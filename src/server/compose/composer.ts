// From a queued notification and its device to signed octets.
import {
  defaultMoIndexRegistry,
  defaultNonce,
  encodeNotification,
  type MoIndexRegistry,
  type Notification,
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
  const added =
    format === 'dm1.3' ? { timestamp: Math.floor(now / 1000) % 2 ** 32, requestedMo: [requestedMo] } : {};
  return parseNotification({ ...added, ...fields, format, ...identity });
}

/**
 * The push of a notification: Package #0 signed with the device's secrets (spec-notes rulings 1 and 2), under the name that
 * its family takes.
 * @param nonce `stored`: the server nonce that the device should hold; `default`: four zero octets
 * @throws {ValueError} when a field cannot be encoded
 */
export function composePush(
  notification: Pick<NotificationPush, 'id' | 'format' | 'serverId' | 'sessionId' | 'fields'>,
  device: DeviceRecord,
  nonce: 'stored' | 'default',
  now: number,
  requestedMo?: number,
): Push {
  const { format, serverId, sessionId } = notification;
  const complete = completeFields(
    format,
    notification.fields,
    { serverId, sessionId },
    now,
    requestedMo ?? defaultRequestedMo(),
  );
  const { serverCredentials } = device;
  const secret =
    format === 'dm1.3' ? (device.notificationSecret ?? serverCredentials.secret) : serverCredentials.secret;
  const identifier = digestIdentifierFor(familyOf(device), device);
  const body = encodeNotification(complete, {
    secret,
    nonce: nonce === 'stored' ? (serverCredentials.nonce ?? defaultNonce) : defaultNonce,
    ...(identifier !== undefined && { identifier }),
  });
  return { id: notification.id, contentType: contentTypes[format], body };
}
