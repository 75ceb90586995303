// Records as the API shows them: times in ISO 8601, and no secrets.
import type { Static } from 'typebox';
import { deviceFamilyWarnings, secretWarnings } from '../server/index.ts';
import type {
  AccountRecord,
  DeviceRecord,
  NotificationEvent,
  NotificationRecord,
  Page,
  StoredCredentials,
  StoredRotations,
} from '../store/index.ts';
import { isoTime } from './iso-time.ts';
import { messageKeysView, messageSigningView } from './message-views.ts';
import { rotationView } from './rotation-shapes.ts';
import type { AccountShape, DeviceShape, EventShape, NotificationShape, RotationShape } from './shapes.ts';

export function accountView(account: AccountRecord): Static<typeof AccountShape> {
  const { createdAt, updatedAt, messageSigning, ...rest } = account;
  return {
    ...rest,
    ...(messageSigning !== undefined && { messageSigning: messageSigningView(messageSigning) }),
    createdAt: isoTime(createdAt),
    updatedAt: isoTime(updatedAt),
  };
}

export function deviceView(device: DeviceRecord): Static<typeof DeviceShape> {
  const { inWindow, offered, completed } = device.resynchronisations;
  return {
    id: device.id,
    serverId: device.serverId,
    addresses: [...device.addresses],
    format: device.format,
    serverCredentials: credentialsView(device.serverCredentials),
    ...(device.clientCredentials !== undefined && {
      clientCredentials: credentialsView(device.clientCredentials),
    }),
    ...(device.clientSchemes !== undefined && { clientSchemes: [...device.clientSchemes] }),
    ...(device.serverSchemes !== undefined && { serverSchemes: [...device.serverSchemes] }),
    ...(device.tlsCertificate !== undefined && { tlsCertificate: { ...device.tlsCertificate } }),
    notificationSecretSet: device.notificationSecret !== undefined,
    ...(device.messageKeys !== undefined && { messageKeys: messageKeysView(device.messageKeys) }),
    ...(device.digestIdentifier !== undefined && { digestIdentifier: device.digestIdentifier }),
    ...(device.family !== undefined && { family: device.family }),
    ...(device.rotations !== undefined && { secretRotations: rotationViews(device.rotations) }),
    resynchronisations: { inWindow, offered, completed },
    reported: { ...device.reported },
    ...(device.lastSessionAt !== undefined && { lastSessionAt: isoTime(device.lastSessionAt) }),
    createdAt: isoTime(device.createdAt),
    updatedAt: isoTime(device.updatedAt),
  };
}

function rotationViews(rotations: StoredRotations): Static<typeof RotationShape>[] {
  return (['server', 'client'] as const).flatMap((side) => {
    const rotation = rotations[side];
    return rotation === undefined ? [] : [rotationView(side, rotation)];
  });
}

/** A device as the answer to what wrote it: with warnings, when there are any. */
export function writtenDeviceView(device: DeviceRecord): Static<typeof DeviceShape> {
  return {
    ...deviceView(device),
    ...warningsView([...secretWarnings(device), ...deviceFamilyWarnings(device)]),
  };
}

/** Warnings in an answer, when there are any. */
export function warningsView(warnings: readonly string[]): { readonly warnings?: string[] } {
  return warnings.length > 0 ? { warnings: [...warnings] } : {};
}

export function notificationView(
  notification: NotificationRecord,
  job?: string,
): Static<typeof NotificationShape> {
  return {
    id: notification.id,
    device: notification.deviceId,
    serverId: notification.serverId,
    sessionId: notification.sessionId,
    sessionIdText: notification.sessionId.toString(16).toUpperCase(),
    format: notification.format,
    message: { ...notification.message },
    state: notification.state,
    ...(job !== undefined && { job }),
    attempts: notification.attempts,
    sends: notification.sends,
    ...(notification.reason !== undefined && { reason: notification.reason }),
    ...(notification.dueAt !== undefined && { dueAt: isoTime(notification.dueAt) }),
    expiresAt: isoTime(notification.expiresAt),
    createdAt: isoTime(notification.createdAt),
    updatedAt: isoTime(notification.updatedAt),
  };
}

export function eventView(event: NotificationEvent): Static<typeof EventShape> {
  const { notificationId, deviceId, at, ...rest } = event;
  return { ...rest, notification: notificationId, device: deviceId, at: isoTime(at) };
}

/** A page with each item as `view` shows it. */
export function pageView<Item, View>(page: Page<Item>, view: (item: Item) => View) {
  return { items: page.items.map((item) => view(item)), ...(page.next !== undefined && { next: page.next }) };
}

function credentialsView({ scheme, name, nonce }: StoredCredentials) {
  return { scheme, name, nonceKnown: nonce !== undefined };
}
