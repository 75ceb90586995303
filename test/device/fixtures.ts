// Notifications, accounts and circumstances that the device tests share.
import { encodeNotification, type NotificationInput } from '../../src/codec/notification/index.ts';
import type { DeviceAccount } from '../../src/device/account/account.ts';
import type { Circumstances } from '../../src/device/notification/decide.ts';
import { replayDefaults, type ServerMemory } from '../../src/device/state/replay-memory.ts';
import { contentTypes, type ReceivedPush } from '../../src/push/index.ts';
import type { DmCredential } from '../../src/tree/index.ts';

export const serverId = 'com.mgmtsrv.manage';
export const secret = 'srvpwd';
export const wrongSecret = 'of a stranger';
export const storedNonce = new TextEncoder().encode('Nonce');
export const defaultNonce = new Uint8Array(4);
/** The server's time in the dm1.3 notifications, POSIX seconds. */
export const sentAt = 1_331_000_000;

export const dm12 = { format: 'dm1.2', serverId, sessionId: 0x1234, uiMode: 'background' } as const;
export const dm2010 = { format: 'dm1.3-2010', serverId, sessionId: 0x1234, uiMode: 'background' } as const;
export const dm13 = {
  format: 'dm1.3',
  serverId,
  sessionId: 0x1234,
  uiMode: 'background',
  timestamp: sentAt,
  requestedMo: [1],
} as const;
export const examples: readonly NotificationInput[] = [dm12, dm2010, dm13];

/** Something received over WAP push. */
export function received(
  body: Uint8Array,
  code: number | undefined,
  more: Partial<ReceivedPush> = {},
): ReceivedPush {
  return {
    binding: 'wap',
    from: '127.0.0.1:9200',
    contentType: { mime: undefined, code },
    parameters: {},
    body,
    ...more,
  };
}

/** A notification, signed and received over WAP push. */
export function pushOf(
  message: NotificationInput,
  nonce: Uint8Array = storedNonce,
  signingSecret = secret,
): ReceivedPush {
  const body = encodeNotification(message, { secret: signingSecret, nonce });
  return received(body, contentTypes[message.format].code);
}

const accountUri = './DMAcc/test';

/** One entry of AppAuth. */
export function entryOf(
  level: DmCredential['level'],
  type: string,
  more: Partial<DmCredential> = {},
): DmCredential {
  return { uri: `${accountUri}/AppAuth/${level}-${type}`, level, type, ...more };
}

export const clientEntry = entryOf('CLCRED', 'DIGEST', { name: 'Bruce2', secret: 'OhBehave' });
export const serverEntry = entryOf('SRVCRED', 'DIGEST', { name: serverId, secret, data: storedNonce });

/** An account at the given addresses, with CLCRED and SRVCRED unless other credentials are given. */
export function accountOf(
  more: Omit<Partial<DeviceAccount>, 'addresses'> & { readonly addresses?: readonly string[] } = {},
): DeviceAccount {
  const { addresses = ['http://dm.example/dm'], ...rest } = more;
  return {
    uri: accountUri,
    serverId,
    addresses: addresses.map((addr) => ({ uri: '', addr, addrType: 'URI', portNumbers: [] })),
    toConRefs: [],
    credentials: [clientEntry, serverEntry],
    ...rest,
  };
}

/** A device at `sentAt` with one account that remembers nothing. */
export function circumstancesOf(
  more: Partial<Circumstances> & { readonly memory?: ServerMemory } = {},
): Circumstances {
  const { memory, ...rest } = more;
  return {
    accounts: [accountOf()],
    time: { nowMs: sentAt * 1000, trustworthy: true, skewMs: 300_000 },
    accept: 'ask',
    replay: replayDefaults,
    memoryOf: () => memory,
    pending: 0,
    maxPending: 32,
    ...rest,
  };
}
