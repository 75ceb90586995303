// Messages that need no session, and bootstraps, as callers create them (DM-SESSIONLESS-1.3, DM-BOOT-1.2).
import {
  bytesToHex,
  type Clock,
  hexToBytes,
  requireLine,
  utf8ToBytes,
  ValueError,
} from '../../core/index.ts';
import { familyOf, wbxmlVersionFor } from '../../families/index.ts';
import { type AddressScheme, contentTypes, parseAddress } from '../../push/index.ts';
import {
  type EncryptionKey,
  PrivateKey,
  SharedKey,
  type SigningKey,
  TransportPublicKey,
  WrappingKey,
} from '../../security/index.ts';
import { composeMessage, type SessionlessEncryption } from '../../sessionless/index.ts';
import {
  type AccountRecord,
  type AccountStore,
  type DeviceRecord,
  type DeviceStore,
  type MessagePush,
  type MessageRequest,
  openRotation,
  type PushQueue,
} from '../../store/index.ts';
import { managementCommand } from '../command/job-commands.ts';
import { readJobCommands } from '../command/job-input.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import { type BindingTable, requireRoute } from '../push/bindings.ts';
import type { PushPolicy } from '../push/push-policy.ts';
import { messageFamilyWarnings } from '../warning/family-warnings.ts';
import { composeDeviceBootstrap } from './bootstrap-request.ts';

/** What the service works with. */
export interface SessionlessServiceOptions {
  readonly store: Pick<DeviceStore, 'device'> & Pick<AccountStore, 'account'> & PushQueue;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
}

/** What `create` gives. */
export interface CreatedMessage {
  readonly message: MessagePush;
  /** False when the idempotency key had been used for it before. */
  readonly created: boolean;
  /** What the user has to be told of a bootstrap, in another way; it is not kept. */
  readonly pinForUser?: string;
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
}

/** Schemes whose binding protects the push on its way to the device. */
export const secureSchemes: readonly AddressScheme[] = ['https', 'waps', 'sips'];

const signatures = ['rsa-sha256', 'ecdsa-sha256', 'hmac-sha256'] as const;
const wbxmlVersions = ['1.1', '1.2', '1.3'] as const;
const spellings = ['plain', 'compact', 'opaque'] as const;
const contents = ['aes128-gcm', 'aes256-gcm'] as const;

/** Content and content type of one message, before it is queued. */
interface Composed extends Pick<MessageRequest, 'contentType' | 'body' | 'summary'> {
  readonly pinForUser?: string;
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
}

/** Checks what is given, composes messages and queues them. */
export class SessionlessService {
  readonly #options: SessionlessServiceOptions;

  constructor(options: SessionlessServiceOptions) {
    this.#options = options;
  }

  /**
   * Takes a message in; it is on disk when the promise resolves. `value` is `{ device, notBefore?, expiresAt?,
   * requireSecureTransport? }` and either `{ job, signature?, encrypt?, contentEncryption?, wbxmlVersion?, spelling? }`, whose commands
   * are those of a job, or `{ bootstrap }`. It is composed and signed once: what goes out again is the same octets, which
   * a device that has processed them refuses.
   * @param idempotencyKey the same key with the same value gives the same message
   * @throws {ValueError} for the first thing wrong, and for a message that no route of the device can carry
   * @throws {ConfigError} when no address of the device has a configured binding
   * @throws {StoreError} IDEMPOTENCY_CONFLICT
   */
  async create(value: unknown, idempotencyKey?: string): Promise<CreatedMessage> {
    const { store, bindings, policy, clock } = this.#options;
    const input = new InputReader(value, 'a message');
    const deviceId = input.text('device', { max: 255 });
    const notBefore = input.optionalTime('notBefore');
    const endsAt = input.optionalTime('expiresAt');
    const secure = input.optionalBoolean('requireSecureTransport') === true;
    const bootstrap = input.take('bootstrap');
    const device = await store.device(deviceId);
    if (device === undefined) {
      throw new ValueError('OUT_OF_RANGE', `there is no device ${deviceId}: create it first`, 'device');
    }
    if ((endsAt ?? (notBefore ?? clock.now()) + policy.lifetimeMs) <= clock.now())
      throw new ValueError('OUT_OF_RANGE', 'has passed: it would never be sent', 'expiresAt');
    const account = await store.account(device.serverId);
    if (account === undefined) throw new TypeError('a device has an account');
    requireRoute(bindings, device.addresses, deviceId);
    const composed =
      bootstrap === undefined
        ? await this.#message(input, device, account)
        : composeDeviceBootstrap(bootstrap, account, device);
    input.end();
    this.#requireRoom(device, composed, secure);
    const { pinForUser, warnings, ...content } = composed;
    const [outcome] = await store.enqueue([
      {
        purpose: 'message' as const,
        ...content,
        deviceId,
        serverId: device.serverId,
        // After the last wait: a clock that is set between counting an end and writing it would be counted in.
        expiresAt: endsAt ?? (notBefore ?? clock.now()) + policy.lifetimeMs,
        endCounted: endsAt === undefined && notBefore === undefined,
        ...(notBefore !== undefined && { notBefore }),
        ...(secure && { schemes: secureSchemes }),
        ...idempotencyOf(idempotencyKey, value),
      },
    ]);
    if (outcome === undefined || outcome.outcome === 'not-replaced') {
      throw new TypeError('a message that replaces nothing is queued');
    }
    const created = outcome.outcome === 'queued';
    return {
      message: outcome.push,
      created,
      warnings,
      ...(created && pinForUser !== undefined && { pinForUser }),
    };
  }

  async #message(input: InputReader, device: DeviceRecord, account: AccountRecord): Promise<Composed> {
    const commands = readJobCommands(input.take('job'), 'job').map(managementCommand);
    const signature = input.optionalChoice('signature', signatures);
    const encryption = readEncryption(input, device);
    const wbxmlVersion =
      input.optionalChoice('wbxmlVersion', wbxmlVersions) ?? wbxmlVersionFor(familyOf(device));
    const spelling = input.optionalChoice('spelling', spellings);
    input.end();
    const { key, keyName } = signingKey(signature, device, account);
    const content = { serverId: device.serverId, deviceId: device.id, commands };
    const options = {
      key,
      ...(keyName !== undefined && { keyName }),
      ...(encryption !== undefined && { encrypt: encryption }),
      ...(wbxmlVersion !== undefined && { wbxmlVersion }),
      ...(spelling !== undefined && { spelling }),
    };
    // Wrong input gives no SessionID away.
    composeMessage({ ...content, sessionId: '1' }, options);
    const number = await this.#options.store.allocateMessageSessionId(device.id);
    const sessionId = number.toString(16).toUpperCase();
    const { octets, contentDigest } = composeMessage({ ...content, sessionId }, options);
    const contentType = contentTypes['dm+wbxml'];
    return {
      contentType,
      warnings: messageFamilyWarnings(device, { contentType, wbxmlVersion, commands }),
      body: octets,
      summary: {
        kind: 'sessionless',
        sessionId,
        commands: commands.map(({ name }) => name),
        signature: key.algorithm,
        ...(encryption !== undefined && { encrypted: encryption.parts }),
        contentDigest: contentDigest instanceof Uint8Array ? bytesToHex(contentDigest) : contentDigest,
      },
    };
  }

  /** At least one configured route has to carry it. @throws {ValueError} TOO_LONG with size and limit, OUT_OF_RANGE */
  #requireRoom({ addresses, id, messageKeys }: DeviceRecord, composed: Composed, secure: boolean): void {
    const octets = composed.body.length;
    const { bindings } = this.#options;
    const routes = addresses.flatMap((address) => {
      const { scheme } = parseAddress(address);
      const binding = bindings[scheme];
      return binding === undefined || (secure && !secureSchemes.includes(scheme))
        ? []
        : [{ scheme, binding }];
    });
    if (routes.length === 0) {
      const detail = `device ${id} has no address that protects a push on its way (${secureSchemes.join(', ')})`;
      throw new ValueError('OUT_OF_RANGE', detail, 'requireSecureTransport');
    }
    if (routes.some(({ binding }) => binding.maxPayload >= octets)) return;
    const limits = routes.map(({ scheme, binding }) => `${scheme}: ${binding.maxPayload}`).join(', ');
    const { summary } = composed;
    const encrypted = summary.kind === 'sessionless' ? summary.encrypted : undefined;
    const remedies = encrypted === undefined ? [] : shorterWays(encrypted === 'body', messageKeys);
    const remedy =
      remedies.length === 0 ? '' : `. Shorter: ${remedies.join('; ')} (docs/signed-messages.md, Sizes)`;
    throw new ValueError(
      'TOO_LONG',
      `the message has ${octets} octets; its routes carry ${limits}${remedy}`,
      'job',
    );
  }
}

/** What would make an encrypted message shorter, the most effective first. */
function shorterWays(wholeBody: boolean, keys: DeviceRecord['messageKeys']): readonly string[] {
  const underRsa = keys?.wrapping === undefined && keys?.encryption?.transport === 'rsa-oaep';
  return [
    ...(underRsa
      ? ['an AES key of the device (messageKeys.wrapping) instead of its RSA key, 317 octets less']
      : []),
    ...(wholeBody ? ['encrypt single items instead of the body'] : []),
    'signature hmac-sha256 instead of an RSA key, about 300 octets less',
    'spelling opaque, for a device that reads it',
  ];
}

function readEncryption(input: InputReader, device: DeviceRecord): SessionlessEncryption | undefined {
  const parts = input.take('encrypt');
  const content = input.optionalChoice('contentEncryption', contents);
  if (parts === undefined) return undefined;
  if (parts !== 'body' && !(Array.isArray(parts) && parts.every((each) => typeof each === 'string'))) {
    throw new ValueError('WRONG_TYPE', 'must be "body" or a list of URIs', 'encrypt');
  }
  if (parts !== 'body') {
    for (const [index, uri] of parts.entries()) requireLine(uri, `encrypt[${index}]`);
  }
  const { encryption: own, wrapping } = device.messageKeys ?? {};
  const encryption = wrapping === undefined ? own : { transport: 'aes-wrap' as const, ...wrapping };
  if (encryption === undefined) {
    throw new ValueError('MISSING', 'the device has no messageKeys.encryption to encrypt for', 'encrypt');
  }
  const key: EncryptionKey =
    encryption.transport === 'rsa-oaep'
      ? new TransportPublicKey(encryption.publicKey)
      : new WrappingKey(hexToBytes(encryption.key));
  const { keyName } = encryption;
  return {
    parts,
    key,
    ...(content !== undefined && { content }),
    ...(keyName !== undefined && { keyName }),
  };
}

/** The account's key where it has one, else the secret that the device shares with it (docs/signed-messages.md). */
function signingKey(
  wanted: (typeof signatures)[number] | undefined,
  device: DeviceRecord,
  { messageSigning }: AccountRecord,
): { readonly key: SigningKey; readonly keyName?: string } {
  if (wanted !== 'hmac-sha256' && messageSigning !== undefined) {
    const { algorithm, privateKey, keyName } = messageSigning;
    if (wanted !== undefined && wanted !== algorithm) {
      throw new ValueError('OUT_OF_RANGE', `the account signs with ${algorithm}`, 'signature');
    }
    return { key: new PrivateKey(privateKey, algorithm), ...(keyName !== undefined && { keyName }) };
  }
  if (wanted !== undefined && wanted !== 'hmac-sha256') {
    throw new ValueError('MISSING', 'the account has no messageSigning to sign with', 'signature');
  }
  const secret = device.messageKeys?.hmacSecret;
  if (secret === undefined && openRotation(device.rotations, 'server')?.state === 'sent') {
    const detail =
      'the secret that would sign it is being replaced, and the device has not said yet which one it holds: wait for its ' +
      'next session, or set messageKeys.hmacSecret';
    throw new ValueError('OUT_OF_RANGE', detail, 'signature');
  }
  const octets = secret === undefined ? utf8ToBytes(device.serverCredentials.secret) : hexToBytes(secret);
  return { key: new SharedKey(octets) };
}
