// Records as the store gives them, for tests of the engine's pure functions.
import type {
  DeviceRecord,
  MessagePush,
  NotificationPush,
  StoredRotation,
} from '../../../src/store/index.ts';
import { sampleDevice, samplePushMessage } from '../../../src/testing/index.ts';

/** When all of them were made, milliseconds since the POSIX epoch: a whole second. */
export const madeOn = Date.UTC(2026, 0, 1);
const { firstSessionId: _, ...input } = sampleDevice();

/** A device that holds the nonce of the sample. */
export function storedDevice(changes: Partial<DeviceRecord> = {}): DeviceRecord {
  return {
    ...input,
    resynchronisations: { inWindow: 0, windowStartedAt: 0, offered: 0, completed: 0 },
    reported: {},
    createdAt: madeOn,
    updatedAt: madeOn,
    ...changes,
  };
}

/** The same device, and the server does not know its nonce. */
export function withoutNonce(changes: Partial<DeviceRecord> = {}): DeviceRecord {
  const { nonce: __, ...serverCredentials } = input.serverCredentials;
  return storedDevice({ serverCredentials, ...changes });
}

/** The server's secret of a device while it is being replaced by `fresh`. */
export const replacing: { readonly server: StoredRotation } = {
  server: { id: 'r', state: 'sent', secret: 'fresh', tries: 0, requestedAt: madeOn },
};

/** A notification that was claimed the first time. */
export function storedNotification(changes: Partial<NotificationPush> = {}): NotificationPush {
  return {
    purpose: 'notification',
    id: 'n',
    deviceId: input.id,
    serverId: input.serverId,
    sessionId: 0x1234,
    format: 'dm1.2',
    fields: { uiMode: 'background', initiator: 'server' },
    state: 'sending',
    attempts: 1,
    sends: 0,
    failures: 0,
    refusedAddresses: [],
    defaultNonce: 'none',
    resynchronise: false,
    lease: 7,
    version: 3,
    dueAt: madeOn,
    expiresAt: madeOn + 86_400_000,
    createdAt: madeOn,
    updatedAt: madeOn,
    ...changes,
  };
}

/** A message to the same device. */
export function storedMessage(changes: Partial<MessagePush> = {}): MessagePush {
  return {
    ...samplePushMessage(),
    purpose: 'message',
    id: 'm',
    octets: 5,
    state: 'sending',
    attempts: 1,
    sends: 0,
    failures: 0,
    refusedAddresses: [],
    lease: 7,
    version: 3,
    dueAt: madeOn,
    expiresAt: madeOn + 86_400_000,
    resultFailures: 0,
    createdAt: madeOn,
    updatedAt: madeOn,
    ...changes,
  };
}
