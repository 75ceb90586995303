// Devices as the API shows them: no secrets and no nonces.
import type { Static } from 'typebox';
import { deviceFamilyWarnings, secretWarnings } from '../../server/index.ts';
import type {
  DeviceRecord,
  StoredCredentials,
  StoredMessageKeys,
  StoredRotation,
  StoredRotations,
} from '../../store/index.ts';
import { warningsView } from './basic-views.ts';
import type { DeviceShape, MessageKeysShape } from './device-shapes.ts';
import { isoTime } from './iso-time.ts';
import type { RotationShape } from './rotation-shapes.ts';

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
    labels: { ...device.labels },
    suspended: device.suspendedAt !== undefined,
    ...(device.suspendedAt !== undefined && { suspendedAt: isoTime(device.suspendedAt) }),
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

/** A replacement without any secret. */
export function rotationView(
  side: 'server' | 'client',
  { state, reason, requestedAt, sentAt, endedAt }: StoredRotation,
): Static<typeof RotationShape> {
  return {
    which: side,
    state,
    ...(reason !== undefined && { reason }),
    requestedAt: isoTime(requestedAt),
    ...(sentAt !== undefined && { sentAt: isoTime(sentAt) }),
    ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
  };
}

function credentialsView({ scheme, name, nonce }: StoredCredentials) {
  return { scheme, name, nonceKnown: nonce !== undefined };
}

function messageKeysView({
  hmacSecret,
  encryption,
  wrapping,
}: StoredMessageKeys): Static<typeof MessageKeysShape> {
  const named = encryption?.keyName === undefined ? {} : { keyName: encryption.keyName };
  return {
    hmacSecretSet: hmacSecret !== undefined,
    ...(encryption !== undefined && { encryption: { transport: encryption.transport, ...named } }),
    ...(wrapping !== undefined && {
      wrapping: wrapping.keyName === undefined ? {} : { keyName: wrapping.keyName },
    }),
  };
}
