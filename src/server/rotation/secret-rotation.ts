// The replacement of a device's secrets, as callers ask for it (DM-NOTI-1.2 §5.1 and DM-NOTI-1.3-2010 §5.1, step 6).
import { isXmlText } from '../../codec/xml/index.ts';
import {
  type Clock,
  ConfigError,
  generateSecret,
  secretStrength,
  strongSecretBits,
  ValueError,
} from '../../core/index.ts';
import {
  type AccountStore,
  type Asker,
  type DeviceRecord,
  type DeviceStore,
  maySee,
  type NotificationPush,
  type RecordVersion,
  type RotatedSide,
  type RotationStore,
  type StoredRotation,
} from '../../store/index.ts';
import type { Suspensions } from '../carrier/suspension-warning.ts';
import { InputReader } from '../input/input-reader.ts';
import type { BindingTable } from '../push/bindings.ts';
import { notificationWarnings, readNotificationRequest } from '../push/notification-request.ts';
import type { PushPolicy } from '../push/push-policy.ts';

/** What the service works with. */
export interface SecretRotationOptions {
  readonly store: Pick<DeviceStore, 'device'> & Pick<AccountStore, 'account'> & RotationStore;
  readonly bindings: BindingTable;
  readonly policy: PushPolicy;
  readonly clock: Clock;
  readonly requestedMo: number;
  /** Which carriers are suspended; absent: none is. */
  readonly suspensions?: Suspensions | undefined;
}

/** What `begin` depends on. */
export interface BeginOptions {
  /** Versions of the device that the caller has read; absent: any will do. */
  readonly expected?: readonly RecordVersion[] | undefined;
  /** Who asks; absent: somebody who may see all. */
  readonly by?: Asker | undefined;
}

/** What `begin` gives. */
export interface BegunSecretRotation {
  readonly which: RotatedSide;
  readonly rotation: StoredRotation;
  /** The new secret, where it was made here: to be shown once, and never again. */
  readonly secret?: string;
  /** What wakes the device for it. */
  readonly notification?: NotificationPush;
  /** What is worth saying about how it will go; empty when there is nothing. */
  readonly warnings: readonly string[];
}

/** Largest secret, in octets. */
const longestSecret = 255;

/** Checks what is asked for and begins replacements; sessions carry them out. */
export class SecretRotations {
  readonly #options: SecretRotationOptions;

  constructor(options: SecretRotationOptions) {
    this.#options = options;
  }

  /**
   * Begins to replace a secret of a device; it is on disk when the promise resolves. `value` is `{ which?, secret?, uri?,
   * wake?, notification? }`: `which` is `server` (SRVCRED, the default) or `client` (CLCRED); `secret` the new one, by
   * default 16 random octets in Base64 for URLs; `uri` the AAuthSecret on the device, by default looked for below
   * `./DMAcc`. `wake` (default true) wakes the device for it; `notification` then says how. `undefined` when there is no
   * such device.
   * @throws {ValueError} for the first thing wrong, such as a weak secret
   * @throws {ConfigError} when the device is to be woken and no address of it has a configured binding; and for `server` where
   *   a notification is pushed once only, for its retry is what the new secret signs
   * @throws {StoreError} ROTATION_UNDER_WAY, SESSION_IDS_EXHAUSTED; VERSION_MISMATCH
   */
  async begin(
    deviceId: string,
    value: unknown,
    { expected, by }: BeginOptions = {},
  ): Promise<BegunSecretRotation | undefined> {
    const { store, policy, clock } = this.#options;
    const device = await store.device(deviceId);
    if (device === undefined || !maySee(by, device.serverId)) return undefined;
    const input = new InputReader(value ?? {}, 'the replacement of a secret');
    const which = input.optionalChoice('which', ['server', 'client'] as const) ?? 'server';
    const given = input.optionalText('secret', { max: longestSecret });
    const uri = input.optionalText('uri', { max: 255 });
    const wake = input.optionalBoolean('wake') ?? true;
    const notification = input.take('notification');
    input.end();
    if (!wake && notification !== undefined) {
      throw new ValueError('OUT_OF_RANGE', 'is only for a replacement that wakes its device', 'notification');
    }
    if (uri !== undefined && !(/^\.\/[^?]+$/.test(uri) && isXmlText(uri))) {
      throw new ValueError(
        'BAD_FORMAT',
        'must be a URI such as ./DMAcc/Operator/AppAuth/Server/AAuthSecret',
        'uri',
      );
    }
    const present = presentSecret(device, which);
    if (given !== undefined) checkSecret(given, present);
    if (which === 'server' && policy.attempts < 2) {
      throw new ConfigError(
        'notifications go out once only here (attempts: 1), and a device that has the new secret already would hear none: ' +
          'allow 2 or more before a server secret is replaced',
      );
    }
    const secret = given ?? generateSecret();
    const fields = new InputReader(notification ?? {}, 'a notification', 'notification');
    const rules = { ...this.#options, now: clock.now() };
    const request = wake ? readNotificationRequest(fields, device, rules, undefined, by) : undefined;
    const begun = await store.beginRotation({
      deviceId,
      side: which,
      secret,
      ...(uri !== undefined && { uri }),
      ...(request !== undefined && { wake: request }),
      ...(expected !== undefined && { expected }),
    });
    const rotation = begun.device.rotations?.[which];
    if (rotation === undefined) throw new TypeError('what was begun is there');
    return {
      which,
      rotation,
      ...(given === undefined && { secret }),
      ...(begun.notification !== undefined && { notification: begun.notification }),
      warnings: [
        ...(await this.#warnings(device)),
        ...(request === undefined ? [] : notificationWarnings(device, request, rules.now, rules.suspensions)),
      ],
    };
  }

  /** The new secret is as readable on its way to the device as the session that carries it. */
  async #warnings({ serverId }: DeviceRecord): Promise<readonly string[]> {
    const account = await this.#options.store.account(serverId);
    if (account === undefined || !/^http:/i.test(account.url)) return [];
    const heard = `the account has the address ${account.url}: in a session over plain HTTP whoever listens reads the new secret`;
    return [`${heard}. Give devices an https: address, or be sure of the network`];
  }
}

function presentSecret({ serverCredentials, clientCredentials }: DeviceRecord, which: RotatedSide): string {
  const credentials = which === 'server' ? serverCredentials : clientCredentials;
  if (credentials !== undefined) return credentials.secret;
  throw new ValueError('OUT_OF_RANGE', 'the device has no clientCredentials: set them first', 'which');
}

/** Of the error, only the estimate is about the secret. */
function checkSecret(secret: string, present: string): void {
  if (!isXmlText(secret) || /[\p{Cc}\s]/u.test(secret)) {
    throw new ValueError('BAD_FORMAT', 'must be printable text without white space', 'secret');
  }
  const { bits, strong } = secretStrength(secret);
  if (!strong) {
    const detail = `about ${bits} bits of guessing, ${strongSecretBits} are needed: leave it out to have one made`;
    throw new ValueError('OUT_OF_RANGE', detail, 'secret');
  }
  if (secret === present) throw new ValueError('OUT_OF_RANGE', 'is the present one', 'secret');
}
