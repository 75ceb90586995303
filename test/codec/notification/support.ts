// What the notification tests share: the vectors, valid messages, and generators of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import {
  authTypes,
  type DecodeOptions,
  decodeNotification,
  encodeNotification,
  initiators,
  type Notification,
  type NotificationFormat,
  notificationFormats,
  preferredBearers,
  transports,
  transports2010,
  uiModes,
  verifyNotification,
} from '../../../src/codec/notification/index.ts';
import { DecodeError, hexToBytes, utf8Length, ValueError } from '../../../src/core/index.ts';

export interface MessageVector {
  readonly name: string;
  readonly octets: string;
  readonly package0At: number;
  readonly contentTypeCode: number;
  readonly secret: string | null;
  readonly nonce: string | null;
  readonly message: Notification;
}

type Md5Format = 'dm1.2' | 'dm1.3-2010';

export interface Vectors {
  readonly messages: readonly MessageVector[];
  readonly dataSyncAlert: {
    readonly octets: string;
    readonly serverId: string;
    readonly secret: string;
    readonly nonce: string;
  };
  readonly appendixDigests: {
    readonly serverId: string;
    readonly secret: string;
    readonly credentialHash: string;
    readonly triggers: Readonly<Record<Md5Format, string>>;
    readonly triggerHashes: Readonly<Record<Md5Format, string>>;
    readonly rows: readonly (Readonly<Record<Md5Format, string | null>> & {
      readonly nonce: string;
      readonly hex: string;
      readonly accepted: string;
    })[];
  };
  readonly otherSecretDigests: {
    readonly serverId: string;
    readonly secret: string;
    readonly credentialHash: string;
    readonly trigger: string;
    readonly rows: readonly { readonly nonce: string; readonly digest: string }[];
  };
  readonly sha256Readings: Readonly<
    Record<'secret' | 'header' | 'options' | 'bothColons' | 'oneColon' | 'hmac', string>
  >;
}

export const vectors = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../vectors/notification.json'), 'utf8'),
) as Vectors;

export const md5Formats: readonly Md5Format[] = ['dm1.2', 'dm1.3-2010'];

export const key = { secret: 'secret' };

/** One message of each format that uses all its fields. */
export const fullMessages: {
  readonly [Format in NotificationFormat]: Extract<Notification, { format: Format }>;
} = {
  'dm1.2': {
    format: 'dm1.2',
    serverId: 'com.mgmtsrv.manage',
    sessionId: 0x1234,
    uiMode: 'background',
    initiator: 'user',
    vendorData: '0102030405',
  },
  'dm1.3-2010': {
    format: 'dm1.3-2010',
    serverId: 'com.mgmtsrv.manage',
    sessionId: 0xffff,
    uiMode: 'user-interaction',
    initiator: 'server',
    transport: 'https',
    authType: 'hmac',
    sendDevDetail: true,
    timeoutDays: 7,
    moIdentifier: 'urn:oma:mo:oma-fumo:1.0',
    reason: 'Update FUMO',
    vendorData: 'c0ffee',
  },
  'dm1.3': {
    format: 'dm1.3',
    serverId: 'com.mgmtsrv.manage',
    sessionId: 1,
    uiMode: 'informative',
    initiator: 'server',
    transport: 'wsp',
    timeoutMinutes: 65535,
    timestamp: 0xffffffff,
    targetedMo: [0x8001],
    requestedMo: [1, 65535],
    preferredBearer: ['wlan'],
    reason: 'Update FUMO',
    vendorInfo: 'größer',
  },
};

const text = (minimum: number, maximum: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: 'binary', minLength: minimum, maxLength: Math.min(maximum, 80) })
    .filter((value) => utf8Length(value) <= maximum);

/** As the texts of dm1.3 are: of control characters only CR LF. */
const netUnicode = (minimum: number, maximum: number): fc.Arbitrary<string> =>
  text(minimum, maximum)
    .map((value) => value.replace(/\p{Cc}/gu, '\r\n'))
    .filter((value) => utf8Length(value) <= maximum);

const hex = (minimum: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: minimum, maxLength: 60 })
    .map((bytes) => [...bytes].map((octet) => octet.toString(16).padStart(2, '0')).join(''));

const common = {
  serverId: text(1, 255),
  sessionId: fc.integer({ min: 1, max: 0xffff }),
  uiMode: fc.constantFrom(...uiModes),
  initiator: fc.constantFrom(...initiators),
};
const plain = { noNullPrototype: true };
const moIndex = fc.integer({ min: 0, max: 0xffff });

const dm12 = fc.record(
  { format: fc.constant('dm1.2' as const), ...common, vendorData: hex(1) },
  { ...plain, requiredKeys: ['format', 'serverId', 'sessionId', 'uiMode', 'initiator'] },
);
const dm13Draft2010 = fc.record(
  {
    format: fc.constant('dm1.3-2010' as const),
    ...common,
    transport: fc.constantFrom(...transports2010),
    authType: fc.constantFrom(...authTypes),
    sendDevDetail: fc.boolean(),
    timeoutDays: fc.integer({ min: 0, max: 7 }),
    moIdentifier: text(0, 255),
    reason: text(0, 65535),
    vendorData: hex(0),
  },
  {
    ...plain,
    requiredKeys: [
      ...(['format', 'serverId', 'sessionId', 'uiMode', 'initiator'] as const),
      ...(['transport', 'authType', 'sendDevDetail', 'timeoutDays'] as const),
    ],
  },
);
const dm13 = fc
  .record(
    {
      format: fc.constant('dm1.3' as const),
      ...common,
      serverId: netUnicode(1, 255),
      transport: fc.constantFrom(...transports),
      timeoutMinutes: fc.integer({ min: 0, max: 0xffff }),
      timestamp: fc.integer({ min: 0, max: 0xffffffff }),
      targetedMo: fc.array(moIndex, { minLength: 1, maxLength: 3 }),
      requestedMo: fc.array(moIndex, { minLength: 1, maxLength: 3 }),
      preferredBearer: fc.array(fc.constantFrom(...preferredBearers), { minLength: 1, maxLength: 3 }),
      reason: netUnicode(1, 4095),
      vendorInfo: netUnicode(1, 4095),
    },
    {
      ...plain,
      requiredKeys: [
        ...(['format', 'serverId', 'sessionId', 'uiMode', 'initiator'] as const),
        ...(['transport', 'timeoutMinutes', 'timestamp', 'requestedMo'] as const),
      ],
    },
  )
  .filter(({ targetedMo = [], requestedMo, preferredBearer = [], reason, vendorInfo }) => {
    const texts = Number(reason !== undefined) + Number(vendorInfo !== undefined);
    return 1 + targetedMo.length + requestedMo.length + preferredBearer.length + texts <= 7;
  });

/** Any valid message of a format. */
export const anyMessage: Readonly<Record<NotificationFormat, fc.Arbitrary<Notification>>> = {
  'dm1.2': dm12,
  'dm1.3-2010': dm13Draft2010,
  'dm1.3': dm13,
};

/** Octets of the vector's Package #0, without the layers around it. */
export const package0Of = (vector: MessageVector): Uint8Array =>
  hexToBytes(vector.octets).subarray(vector.package0At);

/** The DecodeError that reading these octets gives. */
export function decodeErrorOf(octets: Uint8Array | string, options: DecodeOptions = {}): DecodeError {
  const bytes = typeof octets === 'string' ? hexToBytes(octets) : octets;
  try {
    decodeNotification(bytes, options);
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    return error;
  }
  assert.fail('these octets should not decode');
}

/** The ValueError that `run` throws. */
export function valueErrorOf(run: () => unknown): ValueError {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof ValueError, String(error));
    return error;
  }
  assert.fail('should throw');
}

/** What happens to octets at a device: which nonce they verify under, or `null` when they are refused in any way. */
export function verdictOf(
  octets: Uint8Array,
  checkKey: typeof key,
  options: DecodeOptions = {},
): string | null {
  try {
    return verifyNotification(decodeNotification(octets, options), checkKey);
  } catch (error) {
    assert.ok(error instanceof DecodeError, String(error));
    return null;
  }
}

/** Encodes the full message of a format. */
export const encodeFull = (format: NotificationFormat): Uint8Array =>
  encodeNotification(fullMessages[format], key);

export { notificationFormats };
