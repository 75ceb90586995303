// A message that needs no session, or a bootstrap, from the fields that a caller gave for one of the devices.
import { bytesToHex, type Clock, ValueError } from '../../core/index.ts';
import { familyOf, wbxmlVersionFor } from '../../families/index.ts';
import { type AddressScheme, contentTypes, parseAddress } from '../../push/index.ts';
import { composeMessage } from '../../sessionless/index.ts';
import { type AccountRecord, actorOf, type DeviceRecord, type MessageRequest } from '../../store/index.ts';
import { type Suspensions, suspensionWarnings } from '../carrier/suspension-warning.ts';
import { managementCommand } from '../command/job-commands.ts';
import { readJobCommands } from '../command/job-input.ts';
import type { EachRequest } from '../input/each.ts';
import { idempotencyOf } from '../input/idempotency.ts';
import { InputReader } from '../input/input-reader.ts';
import { type BindingTable, requireRoute } from '../push/bindings.ts';
import type { PushPolicy } from '../push/push-policy.ts';
import { firstCarrier } from '../push/routes.ts';
import { messageFamilyWarnings } from '../warning/family-warnings.ts';
import { composeDeviceBootstrap } from './bootstrap-request.ts';
import { readEncryption, signatures, signingKey } from './message-security.ts';

/** What messages are read with. */
export interface MessageReading {
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  /** Which carriers are suspended; absent: none is. */
  readonly suspensions?: Suspensions | undefined;
}

/** Schemes whose binding protects the push on its way to the device. */
export const secureSchemes: readonly AddressScheme[] = ['https', 'waps', 'sips'];

const wbxmlVersions = ['1.1', '1.2', '1.3'] as const;
const spellings = ['plain', 'compact', 'opaque'] as const;

/** Content and content type of one message, before it is queued. */
interface Composed extends Pick<MessageRequest, 'contentType' | 'body' | 'summary'> {
  readonly pinForUser?: string;
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
}

/** Whom a message is for, and who sends it. */
export interface MessageParties {
  readonly device: DeviceRecord;
  readonly account: AccountRecord;
}

/** A message of which the device is known by its id alone. */
export interface OpenedMessage extends EachRequest {
  readonly deviceId: string;
  /** Dates that were named, milliseconds since the POSIX epoch. */
  readonly notBefore: number | undefined;
  readonly endsAt: number | undefined;
  readonly secure: boolean;
  /** What came as `bootstrap`, as it came. */
  readonly bootstrap: unknown;
  /** What is left to read. */
  readonly input: InputReader;
}

/** A message that was asked for, checked. */
export interface AskedMessage {
  readonly deviceId: string;
  /** True when it is composed under a SessionID of its own, which `complete` has to be given. */
  readonly needsSessionId: boolean;
  /**
   * What the queue is asked for. Nothing is waited for between this and the writing of it: a clock that is set between counting
   * an end and writing it would be counted in.
   * @throws {ValueError} for a message that no route of the device can carry
   */
  complete(sessionId?: number): CompleteMessage;
}

/** A message, composed. */
export interface CompleteMessage extends Pick<Composed, 'pinForUser' | 'warnings'> {
  readonly request: MessageRequest;
}

/** Reads `{ device, notBefore?, expiresAt?, requireSecureTransport?, bootstrap? }` of a message. @throws {ValueError} */
export function openMessage({ value, idempotencyKey, by }: EachRequest): OpenedMessage {
  const input = new InputReader(value, 'a message');
  const deviceId = input.text('device', { max: 255 });
  const notBefore = input.optionalTime('notBefore');
  const endsAt = input.optionalTime('expiresAt');
  const secure = input.optionalBoolean('requireSecureTransport') === true;
  const bootstrap = input.take('bootstrap');
  return { value, idempotencyKey, by, deviceId, notBefore, endsAt, secure, bootstrap, input };
}

/**
 * Reads the rest, once device and account have been looked for. A message is composed once for trial, so that wrong input gives
 * no SessionID away.
 * @throws {ValueError} for the first thing wrong
 * @throws {ConfigError} when no address of the device has a configured binding
 */
export function readMessage(
  opened: OpenedMessage,
  { device, account }: MessageParties,
  { bindings, policy, clock, suspensions }: MessageReading,
): AskedMessage {
  const { deviceId, notBefore, endsAt, secure, bootstrap, input } = opened;
  const endOf = (): number => endsAt ?? (notBefore ?? clock.now()) + policy.lifetimeMs;
  if (endOf() <= clock.now())
    throw new ValueError('OUT_OF_RANGE', 'has passed: it would never be sent', 'expiresAt');
  requireRoute(bindings, device.addresses, deviceId);
  const completed = (composed: Composed): CompleteMessage => {
    requireRoom(bindings, device, composed, secure);
    const { pinForUser, warnings: ofFamily, ...content } = composed;
    const schemes = secure ? secureSchemes : undefined;
    const carrier = firstCarrier({ bindings, policy }, content.contentType, device.addresses, schemes);
    const request: MessageRequest = {
      purpose: 'message',
      ...content,
      deviceId,
      serverId: device.serverId,
      expiresAt: endOf(),
      endCounted: endsAt === undefined && notBefore === undefined,
      ...(notBefore !== undefined && { notBefore }),
      ...(schemes !== undefined && { schemes }),
      ...(carrier !== undefined && { carrier }),
      ...actorOf(opened.by),
      ...idempotencyOf(opened.idempotencyKey, opened.value),
    };
    const warnings = [...ofFamily, ...suspensionWarnings(suspensions, carrier)];
    return { request, warnings, ...(pinForUser !== undefined && { pinForUser }) };
  };
  if (bootstrap !== undefined) {
    const composed = composeDeviceBootstrap(bootstrap, account, device);
    input.end();
    return { deviceId, needsSessionId: false, complete: () => completed(composed) };
  }
  const compose = readContent(input, device, account);
  compose('1');
  return {
    deviceId,
    needsSessionId: true,
    complete: (sessionId = 1) => completed(compose(sessionId.toString(16).toUpperCase())),
  };
}

/** Reads what a message is made of, and gives what composes it. @throws {ValueError} */
function readContent(
  input: InputReader,
  device: DeviceRecord,
  account: AccountRecord,
): (sessionId: string) => Composed {
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
  const contentType = contentTypes['dm+wbxml'];
  return (sessionId) => {
    const { octets, contentDigest } = composeMessage({ ...content, sessionId }, options);
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
  };
}

/** At least one configured route has to carry it. @throws {ValueError} TOO_LONG with size and limit, OUT_OF_RANGE */
function requireRoom(
  bindings: BindingTable,
  { addresses, id, messageKeys }: DeviceRecord,
  composed: Composed,
  secure: boolean,
): void {
  const octets = composed.body.length;
  const routes = addresses.flatMap((address) => {
    const { scheme } = parseAddress(address);
    const binding = bindings[scheme];
    return binding === undefined || (secure && !secureSchemes.includes(scheme)) ? [] : [{ scheme, binding }];
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
