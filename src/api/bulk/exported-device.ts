// Devices as an export has them: as an import takes them.
import { bytesToBase64 } from '../../core/index.ts';
import type { DeviceRecord, StoredCredentials } from '../../store/index.ts';

/** A device without its credentials and keys, or with them. */
export function exportedDevice(device: DeviceRecord, secrets: boolean): Readonly<Record<string, unknown>> {
  const { id, serverId, addresses, format, family, suspendedAt, labels } = device;
  return {
    id,
    serverId,
    addresses,
    format,
    ...(family !== undefined && { family }),
    suspended: suspendedAt !== undefined,
    ...(secrets && { serverCredentials: credentials(device.serverCredentials) }),
    ...(secrets &&
      device.clientCredentials !== undefined && {
        clientCredentials: credentials(device.clientCredentials),
      }),
    ...(device.clientSchemes !== undefined && { clientSchemes: device.clientSchemes }),
    ...(device.serverSchemes !== undefined && { serverSchemes: device.serverSchemes }),
    ...(device.tlsCertificate !== undefined && { tlsCertificate: device.tlsCertificate }),
    ...(secrets &&
      device.notificationSecret !== undefined && { notificationSecret: device.notificationSecret }),
    ...(device.digestIdentifier !== undefined && { digestIdentifier: device.digestIdentifier }),
    ...(secrets && device.messageKeys !== undefined && { messageKeys: device.messageKeys }),
    ...(labels !== undefined && { labels }),
  };
}

function credentials({ scheme, name, secret, nonce }: StoredCredentials) {
  return { scheme, name, secret, ...(nonce !== undefined && { nonceBase64: bytesToBase64(nonce) }) };
}
