// Accounts, devices and requests for tests of stores and of what stands on them.
import type {
  AccountInput,
  DeviceInput,
  JobRequest,
  MessageRequest,
  NotificationRequest,
  PushInitiatorMark,
} from '../../store/index.ts';

/** An account. */
export const sampleAccount: AccountInput = {
  serverId: 'com.example.dm',
  url: 'http://127.0.0.1:8080/dm',
  name: 'Example',
};

/** A device of `sampleAccount`, with what the test changes. */
export function sampleDevice(
  changes: Partial<DeviceInput> = {},
): DeviceInput & Required<Pick<DeviceInput, 'clientCredentials'>> {
  return {
    id: 'IMEI:493005100592800',
    serverId: sampleAccount.serverId,
    addresses: ['wap:127.0.0.1:2948'],
    format: 'dm1.2',
    serverCredentials: {
      scheme: 'md5',
      name: sampleAccount.serverId,
      secret: 'server secret',
      nonce: new Uint8Array([0, 1, 0x3a, 255]),
    },
    clientCredentials: {
      scheme: 'md5',
      name: 'Bruce2',
      secret: 'OhBehave',
      nonce: new Uint8Array([9, 9, 9]),
    },
    firstSessionId: 1,
    ...changes,
  };
}

/** A notification for `sampleDevice`, with what the test changes. */
export function sampleRequest(changes: Partial<NotificationRequest> = {}): NotificationRequest {
  return {
    purpose: 'notification',
    deviceId: 'IMEI:493005100592800',
    format: 'dm1.2',
    fields: { uiMode: 'background', initiator: 'server' },
    expiresAt: Date.UTC(2026, 0, 2),
    ...changes,
  };
}

/** A job of one Get for `sampleDevice`, with what the test changes. */
export function sampleJob(changes: Partial<JobRequest> = {}): JobRequest {
  return {
    deviceId: 'IMEI:493005100592800',
    commands: [{ command: 'get', uri: './DevDetail/FwV' }],
    onFailure: 'stop',
    expiresAt: Date.UTC(2026, 0, 2),
    ...changes,
  };
}

/** A push message for `sampleDevice`, with what the test changes; `relayed` where they name an initiator. */
export function samplePushMessage(changes: Partial<MessageRequest> = {}): MessageRequest {
  return {
    purpose: changes.initiator === undefined ? 'message' : 'relayed',
    ...(changes.addresses === undefined && { deviceId: 'IMEI:493005100592800' }),
    serverId: sampleAccount.serverId,
    contentType: { mime: 'application/vnd.syncml.dm+wbxml', code: 0x42 },
    body: new Uint8Array([0, 1, 0x7f, 0x80, 255]),
    summary: { kind: 'dm+wbxml', commands: 2 },
    expiresAt: Date.UTC(2026, 0, 2),
    ...changes,
  };
}

/** Who handed a push message in and asks for its result, with what the test changes. */
export function samplePushMark(changes: Partial<PushInitiatorMark> = {}): PushInitiatorMark {
  return {
    initiator: 'partner',
    pushId: '1@partner',
    recipient: 'WAPPUSH=+491701234567/TYPE=PLMN@ppg',
    notifyTo: 'http://127.0.0.1/results',
    ...changes,
  };
}
