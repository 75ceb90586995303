// What a device is provisioned with, as JSON: checked here, turned into a tree by provision.ts.
import { base64ToBytes, requireServerId, ValueError } from '../../core/index.ts';
import type { AuthScheme } from '../../security/index.ts';
import {
  type DecryptionKeyInput,
  type MessageKeysInput,
  mostMessageKeys,
  type VerificationKeyInput,
} from '../account/message-keys.ts';

/** A device and its accounts. */
export interface ProvisioningInput {
  /** `./DevInfo/DevId`: a URN such as `IMEI:493005100592800` or `urn:uuid:…`. */
  readonly deviceId: string;
  /** `./DevInfo/Man`. */
  readonly man: string;
  /** `./DevInfo/Mod`. */
  readonly mod: string;
  /** `./DevInfo/DmV`. Default `1.3`. */
  readonly dmV?: string;
  /** `./DevInfo/Lang`. Default `en`. */
  readonly lang?: string;
  /** Firmware, software and hardware version for `./DevDetail`. Default `1.0`. */
  readonly fwV?: string;
  readonly swV?: string;
  readonly hwV?: string;
  /**
   * Name of a firmware update object (FUMO) below `./FwUpdate`, such as `Main`, for those who may update the firmware. Absent:
   * there is none before one of them adds it.
   */
  readonly firmwareUpdate?: string;
  /**
   * ServerIDs of those who may update the firmware, and of nobody else; also of accounts that come later. Default: the
   * servers of `accounts`. An account that comes later by bootstrap, Inbox or Add never may unless it is named here.
   */
  readonly firmwareServers?: readonly string[];
  readonly accounts: readonly AccountInput[];
}

/** One DM account. */
export interface AccountInput {
  /** 1–255 octets of UTF-8, as notifications carry it, and nothing that an ACL cannot name (`isServerId`). */
  readonly serverId: string;
  /** URL of the server's DM endpoint, `http://…` or `https://…`. */
  readonly address: string;
  /** Further URLs, in order. */
  readonly moreAddresses?: readonly string[];
  /** For people. */
  readonly name?: string;
  /** What the device proves itself with (CLCRED). */
  readonly client: CredentialInput & { readonly name: string };
  /** What the server proves itself with, and signs notifications with (SRVCRED). `name` defaults to the server identifier. */
  readonly server?: CredentialInput;
  /**
   * True lets TLS vouch for the server instead, where both ends have certificates: only then `server` may be left out.
   * Such a server can wake the device only by notifications of `dm1.3` with a secret of their own. Default false.
   */
  readonly trustTransport?: boolean;
  /** Keys of this server's signed messages (docs/signed-messages.md). */
  readonly messages?: MessageKeysInput;
  /** What is special about this server's notifications. */
  readonly notification?: {
    /** Secret of dm1.3 notifications where they have one of their own (NOTICRED). */
    readonly secret?: string;
    /** What the digest of the MD5 forms takes instead of `serverId` (spec-notes ruling 1). */
    readonly identifier?: string;
  };
}

/** One direction's credentials. */
export interface CredentialInput {
  readonly scheme: AuthScheme;
  readonly name?: string;
  readonly secret: string;
  /** Nonce octets as Base64; absent before the first one. */
  readonly nonceBase64?: string;
}

const schemes: readonly string[] = ['basic', 'md5', 'hmac'] satisfies readonly AuthScheme[];

/**
 * Checks what JSON holds.
 * @throws {ValueError} for a field that is missing, unknown, of the wrong type, or has a value that cannot be used
 */
export function parseProvisioning(value: unknown, path = ''): ProvisioningInput {
  const optional = ['dmV', 'lang', 'fwV', 'swV', 'hwV', 'firmwareUpdate'] as const;
  const required = ['deviceId', 'man', 'mod', 'accounts'];
  const input = fieldsOf(value, path, required, [...optional, 'firmwareServers']);
  const text = (name: string): string => textOf(input[name], at(path, name));
  const { accounts } = input;
  if (!Array.isArray(accounts)) throw new ValueError('WRONG_TYPE', 'must be a list', at(path, 'accounts'));
  const parsed = accounts.map((account, index) => parseAccount(account, `${at(path, 'accounts')}[${index}]`));
  const seen = new Set<string>();
  for (const [index, { serverId }] of parsed.entries()) {
    if (seen.has(serverId)) {
      throw new ValueError(
        'BAD_FORMAT',
        'another account has this server identifier',
        `${at(path, 'accounts')}[${index}].serverId`,
      );
    }
    seen.add(serverId);
  }
  const more: Partial<Record<(typeof optional)[number], string>> = {};
  for (const name of optional) if (input[name] !== undefined) more[name] = text(name);
  const servers = input.firmwareServers;
  return {
    deviceId: text('deviceId'),
    man: text('man'),
    mod: text('mod'),
    ...more,
    ...(servers !== undefined && {
      firmwareServers: listOf(servers, at(path, 'firmwareServers'), mostServerIds, parseServerId),
    }),
    accounts: parsed,
  };
}

/** ServerIDs that a list of them can hold. */
const mostServerIds = 64;

/**
 * Checks one account.
 * @throws {ValueError} as `parseProvisioning`
 */
export function parseAccount(value: unknown, path = ''): AccountInput {
  const required = ['serverId', 'address', 'client'];
  const optional = ['server', 'trustTransport', 'moreAddresses', 'name', 'notification', 'messages'];
  const input = fieldsOf(value, path, required, optional);
  const serverId = parseServerId(input.serverId, at(path, 'serverId'));
  const { moreAddresses = [], name, notification, server, trustTransport = false } = input;
  if (typeof trustTransport !== 'boolean') {
    throw new ValueError('WRONG_TYPE', 'must be true or false', at(path, 'trustTransport'));
  }
  if (server === undefined && !trustTransport) throw missing(at(path, 'server'));
  if (!Array.isArray(moreAddresses)) {
    throw new ValueError('WRONG_TYPE', 'must be a list of URLs', at(path, 'moreAddresses'));
  }
  const further = moreAddresses.map((each, i) => urlOf(each, `${at(path, 'moreAddresses')}[${i}]`));
  const client = parseCredential(input.client, at(path, 'client'));
  if (client.name === undefined) throw missing(at(path, 'client.name'));
  return {
    serverId,
    address: urlOf(input.address, at(path, 'address')),
    ...(further.length === 0 ? {} : { moreAddresses: further }),
    ...(name === undefined ? {} : { name: textOf(name, at(path, 'name')) }),
    client: { ...client, name: client.name },
    ...(server === undefined ? {} : { server: parseCredential(server, at(path, 'server')) }),
    ...(trustTransport ? { trustTransport } : {}),
    ...(notification === undefined
      ? {}
      : { notification: parseNotificationInput(notification, at(path, 'notification')) }),
    ...(input.messages === undefined
      ? {}
      : { messages: parseMessageKeys(input.messages, at(path, 'messages')) }),
  };
}

function parseServerId(value: unknown, path: string): string {
  return requireServerId(textOf(value, path), path);
}

function parseCredential(value: unknown, path: string): CredentialInput {
  const input = fieldsOf(value, path, ['scheme', 'secret'], ['name', 'nonceBase64']);
  const { scheme, name, nonceBase64 } = input;
  if (typeof scheme !== 'string' || !schemes.includes(scheme)) {
    throw new ValueError('BAD_FORMAT', `must be one of ${schemes.join(', ')}`, at(path, 'scheme'));
  }
  if (nonceBase64 !== undefined) {
    const field = at(path, 'nonceBase64');
    base64ToBytes(textOf(nonceBase64, field), field);
  }
  return {
    scheme: scheme as AuthScheme,
    ...(name === undefined ? {} : { name: textOf(name, at(path, 'name')) }),
    secret: textOf(input.secret, at(path, 'secret')),
    ...(nonceBase64 === undefined ? {} : { nonceBase64: String(nonceBase64) }),
  };
}

function parseNotificationInput(value: unknown, path: string): AccountInput['notification'] & object {
  const { secret, identifier } = fieldsOf(value, path, [], ['secret', 'identifier']);
  return {
    ...(secret === undefined ? {} : { secret: textOf(secret, at(path, 'secret')) }),
    ...(identifier === undefined ? {} : { identifier: textOf(identifier, at(path, 'identifier')) }),
  };
}

function parseMessageKeys(value: unknown, path: string): MessageKeysInput {
  const { verify, decrypt } = fieldsOf(value, path, [], ['verify', 'decrypt']);
  return {
    ...(verify !== undefined && {
      verify: listOf(verify, at(path, 'verify'), mostMessageKeys, parseVerificationKey),
    }),
    ...(decrypt !== undefined && {
      decrypt: listOf(decrypt, at(path, 'decrypt'), mostMessageKeys, parseDecryptionKey),
    }),
  };
}

function parseVerificationKey(value: unknown, path: string): VerificationKeyInput {
  const { algorithm, publicKey, secret } = fieldsOf(value, path, ['algorithm'], ['publicKey', 'secret']);
  if (algorithm === 'hmac-sha256' && publicKey === undefined) {
    return { algorithm, secret: textOf(secret, at(path, 'secret')) };
  }
  if ((algorithm === 'rsa-sha256' || algorithm === 'ecdsa-sha256') && secret === undefined) {
    return { algorithm, publicKey: textOf(publicKey, at(path, 'publicKey')) };
  }
  const detail = 'must be rsa-sha256 or ecdsa-sha256 with publicKey, or hmac-sha256 with secret';
  throw new ValueError('BAD_FORMAT', detail, at(path, 'algorithm'));
}

function parseDecryptionKey(value: unknown, path: string): DecryptionKeyInput {
  const { transport, privateKey, key } = fieldsOf(value, path, ['transport'], ['privateKey', 'key']);
  if (transport === 'rsa-oaep' && key === undefined) {
    return { transport, privateKey: textOf(privateKey, at(path, 'privateKey')) };
  }
  if (transport === 'aes-wrap' && privateKey === undefined) {
    return { transport, key: textOf(key, at(path, 'key')) };
  }
  const detail = 'must be rsa-oaep with privateKey, or aes-wrap with key';
  throw new ValueError('BAD_FORMAT', detail, at(path, 'transport'));
}

function listOf<Each>(
  value: unknown,
  path: string,
  most: number,
  parse: (each: unknown, path: string) => Each,
): Each[] {
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be a list', path);
  if (value.length > most) {
    throw new ValueError('TOO_LONG', `has ${value.length} entries, at most ${most} fit`, path);
  }
  return value.map((each, index) => parse(each, `${path}[${index}]`));
}

function fieldsOf(
  value: unknown,
  path: string,
  required: readonly string[],
  optional: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ValueError('WRONG_TYPE', 'must be an object', path);
  }
  const input = value as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(input)) {
    if (required.includes(name) || optional.includes(name)) continue;
    const known = [...required, ...optional].join(', ');
    throw new ValueError('UNKNOWN_FIELD', `is not known here; known are ${known}`, at(path, name));
  }
  for (const name of required) if (input[name] === undefined) throw missing(at(path, name));
  return input;
}

function textOf(value: unknown, path: string): string {
  if (typeof value !== 'string') throw new ValueError('WRONG_TYPE', 'must be text', path);
  if (value === '') throw new ValueError('BAD_FORMAT', 'must not be empty', path);
  return value;
}

function urlOf(value: unknown, path: string): string {
  const text = textOf(value, path);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new ValueError('BAD_FORMAT', `"${text}" is not a URL such as https://HOST/dm`, path);
  }
  return text;
}

function missing(path: string): ValueError {
  return new ValueError('MISSING', 'must be given', path);
}

function at(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
