// A bootstrap for a device that the server knows: the account as its record has it.
import { ValueError } from '../../core/index.ts';
import { bootstrapProfileFor, familyOf, wbxmlVersionFor } from '../../families/index.ts';
import { contentTypes } from '../../push/index.ts';
import { imsiOctets } from '../../security/index.ts';
import { type BootstrapProtection, composeBootstrap } from '../../sessionless/index.ts';
import type { AccountRecord, DeviceRecord, MessageRequest, StoredCredentials } from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';
import { messageFamilyWarnings } from '../warning/family-warnings.ts';

/** AAuthType of the schemes (DM-StdObj-1.2). */
const types = { basic: 'BASIC', md5: 'DIGEST', hmac: 'HMAC' } as const;
const kinds = ['NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC'] as const;

/**
 * Composes the bootstrap that `value`, `{ profile?, sec, pin?, imsi?, wbxmlVersion? }`, asks for. The PIN is not kept; what the
 * user has to be told comes back once. Profile and version default to what the device's family reads.
 * @throws {ValueError} for the first thing wrong, and for a device without CLCRED
 */
export function composeDeviceBootstrap(
  value: unknown,
  account: AccountRecord,
  device: DeviceRecord,
): Pick<MessageRequest, 'contentType' | 'body' | 'summary'> & {
  readonly pinForUser?: string;
  readonly warnings: readonly string[];
} {
  const input = new InputReader(value, 'a bootstrap', 'bootstrap');
  const family = familyOf(device);
  const profile = input.optionalChoice('profile', ['dm', 'cp']) ?? bootstrapProfileFor(family);
  const sec = input.optionalChoice('sec', kinds);
  const pin = input.optionalText('pin', { max: 20 });
  const imsi = input.optionalText('imsi', { max: 15 });
  const wbxmlVersion = input.optionalChoice('wbxmlVersion', ['1.1', '1.2', '1.3']) ?? wbxmlVersionFor(family);
  input.end();
  if (sec === undefined)
    throw new ValueError('MISSING', `must be one of ${kinds.join(', ')}`, 'bootstrap.sec');
  const { clientCredentials, serverCredentials, notificationSecret } = device;
  if (clientCredentials === undefined) {
    throw new ValueError(
      'MISSING',
      'a device that proves itself by its certificate alone cannot be bootstrapped',
      'device',
    );
  }
  const message = composeBootstrap({
    profile,
    deviceId: device.id,
    account: {
      serverId: account.serverId,
      ...(account.name !== undefined && { name: account.name }),
      addresses: [{ addr: account.url }],
      authPreference: types[clientCredentials.scheme],
      credentials: [
        { level: 'CLCRED', ...credential(clientCredentials) },
        { level: 'SRVCRED', ...credential(serverCredentials) },
        ...(notificationSecret === undefined || profile === 'cp'
          ? []
          : [{ level: 'NOTICRED' as const, type: 'DIGEST', secret: notificationSecret }]),
      ],
    },
    protection: protectionOf(sec, pin, imsi),
    ...(wbxmlVersion !== undefined && { wbxmlVersion }),
  });
  const { kind, parameters, body, pinForUser } = message;
  const contentType = { ...contentTypes[kind], parameters };
  return {
    contentType,
    warnings: messageFamilyWarnings(device, { contentType, profile, wbxmlVersion }),
    body,
    summary: { kind: 'bootstrap', profile, sec },
    ...(pinForUser !== undefined && { pinForUser }),
  };
}

function credential({ scheme, name, secret, nonce }: StoredCredentials) {
  return { type: types[scheme], name, secret, ...(nonce !== undefined && { data: nonce }) };
}

function protectionOf(
  sec: (typeof kinds)[number],
  pin: string | undefined,
  imsi: string | undefined,
): BootstrapProtection {
  const needed = (value: string | undefined, field: string): string => {
    if (value !== undefined) return value;
    throw new ValueError('MISSING', `${sec} needs it`, `bootstrap.${field}`);
  };
  const network = (): Uint8Array => imsiOctets(needed(imsi, 'imsi'));
  switch (sec) {
    case 'NETWPIN':
      return { sec, network: network() };
    case 'USERNETWPIN':
      return { sec, network: network(), pin: needed(pin, 'pin') };
    default:
      return { sec, pin: needed(pin, 'pin') };
  }
}
