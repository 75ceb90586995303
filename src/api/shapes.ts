// Shapes of requests and replies: types, and what OpenAPI says. Replies are written by these shapes, so what is not in
// them cannot leave: secrets are in none.
import { type TSchema, Type } from 'typebox';
import { familyNames, messageChoices } from '../server/index.ts';
import { notificationRemarks, notificationStates } from '../store/index.ts';

/** A moment. */
export const time = (description: string) => Type.String({ format: 'date-time', description });
/** A text that is not empty. */
export const text = (description: string, maxLength?: number) =>
  Type.String({ description, minLength: 1, ...(maxLength !== undefined && { maxLength }) });
/** Of an object that takes no other fields. */
export const closed = { additionalProperties: false } as const;

/** A problem document (RFC 9457) with the project's error code. */
export const ProblemShape = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable name of what went wrong' }),
  detail: Type.String({ description: 'What is wrong and what to do, in one line' }),
  path: Type.Optional(Type.String({ description: 'Field that is wrong' })),
  section: Type.Optional(Type.String({ description: 'Document and section that rule it' })),
});

/** What a route that reads may answer besides what it is for. */
export const readRefusals = { '4xx': ProblemShape, 429: ProblemShape, 503: ProblemShape } as const;
/** The same for one that writes: 507 when the disk of the server is full. */
export const writeRefusals = { ...readRefusals, 507: ProblemShape } as const;

/** Which part of a list is wanted. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100' })),
  after: Type.Optional(Type.String({ maxLength: 512, description: '`next` of the page before' })),
};

/** The mark of the next page. */
export const next = Type.Optional(
  Type.String({ description: 'Give it as `after`; absent on the last page' }),
);

const orNull = <Shape extends TSchema>(shape: Shape) =>
  Type.Optional(Type.Union([shape, Type.Null()], { description: 'null removes it' }));

/** `messageSigning` of accounts. */
export const MessageSigningBody = Type.Object(
  {
    privateKey: text('PEM (PKCS #8), RSA of 2048 bits or more, or EC; never shown again', 16_384),
    algorithm: Type.Optional(Type.Enum(['rsa-sha256', 'ecdsa-sha256'])),
    keyName: Type.Optional(text('KeyName of signatures', 255)),
  },
  { ...closed, description: 'What messages without a session are signed with' },
);

/** The same, shown. */
export const MessageSigningShape = Type.Object({
  algorithm: Type.String(),
  keyName: Type.Optional(Type.String()),
  publicKeySha256: Type.String({ description: 'SHA-256 of the public key (SPKI), in hex' }),
});

/** `messageKeys` of devices. */
export const MessageKeysBody = Type.Object(
  {
    hmacSecret: Type.Optional(text('Hex, at least 16 octets; never shown again', 512)),
    encryption: Type.Optional(
      Type.Object(
        {
          transport: Type.Optional(Type.Enum(['rsa-oaep', 'aes-wrap'])),
          publicKey: Type.Optional(text('rsa-oaep: PEM', 16_384)),
          key: Type.Optional(text('aes-wrap: hex, 16, 24 or 32 octets; never shown again', 64)),
          keyName: Type.Optional(text('KeyName', 255)),
        },
        closed,
      ),
    ),
    wrapping: Type.Optional(
      Type.Object(
        {
          key: text('AES key wrap: hex, 16, 24 or 32 octets, not hmacSecret; never shown again', 64),
          keyName: Type.Optional(text('KeyName', 255)),
        },
        {
          ...closed,
          description: 'Used instead of an RSA key in `encryption`: messages are 317 octets shorter',
        },
      ),
    ),
  },
  { ...closed, description: 'What messages to this device are protected with' },
);

/** The same, shown. */
export const MessageKeysShape = Type.Object({
  hmacSecretSet: Type.Boolean(),
  encryption: Type.Optional(Type.Object({ transport: Type.String(), keyName: Type.Optional(Type.String()) })),
  wrapping: Type.Optional(Type.Object({ keyName: Type.Optional(Type.String()) })),
});

export const AccountBody = Type.Object(
  {
    serverId: text('ServerID of the DMAcc, 1–255 octets', 255),
    url: text('DM address that devices connect to', 2048),
    name: Type.Optional(text('For people', 255)),
    messageSigning: Type.Optional(MessageSigningBody),
  },
  closed,
);

export const AccountChangeBody = Type.Object(
  {
    url: Type.Optional(text('DM address that devices connect to', 2048)),
    name: orNull(text('For people', 255)),
    messageSigning: orNull(MessageSigningBody),
  },
  closed,
);

export const AccountShape = Type.Object({
  serverId: Type.String(),
  url: Type.String(),
  name: Type.Optional(Type.String()),
  messageSigning: Type.Optional(MessageSigningShape),
  createdAt: time('When it was created'),
  updatedAt: time('When it was changed last'),
});

export const AccountPage = Type.Object({ items: Type.Array(AccountShape), next });

const schemes = Type.Enum(['basic', 'md5', 'hmac'], { description: 'Default `md5`' });
const nonceBase64 = Type.Optional(
  Type.String({ description: 'Nonce that the device holds, Base64; absent: not known' }),
);

const ServerCredentialsBody = Type.Object(
  {
    scheme: Type.Optional(schemes),
    name: Type.Optional(text('AAuthName; default the ServerID', 255)),
    secret: text('AAuthSecret; never shown again', 1024),
    nonceBase64,
  },
  { ...closed, description: 'SRVCRED: server to client, and the digest of notifications' },
);

const ClientCredentialsBody = Type.Object(
  {
    scheme: Type.Optional(schemes),
    name: text('AAuthName; in a change, default the present one', 255),
    secret: text('AAuthSecret; never shown again', 1024),
    nonceBase64,
  },
  { ...closed, description: 'CLCRED: client to server' },
);

const schemeList = (description: string) =>
  Type.Array(Type.Enum(['basic', 'md5', 'hmac']), { minItems: 1, maxItems: 3, description });
const clientSchemes = schemeList(
  'Schemes that the device may prove itself with; default: its own and stronger',
);
const serverSchemes = schemeList(
  'Schemes that the device may challenge the server to; default: its own and stronger',
);
const tlsCertificate = Type.Object(
  { sha256: text('SHA-256 of the certificate, hex, colons allowed', 95) },
  {
    ...closed,
    description: 'TLS client certificate of the device: in its sessions no credentials are demanded',
  },
);

const format = Type.Enum([...messageChoices.formats], { description: 'Notification format' });
/** In answers to what creates something for a device. */
export const warnings = Type.Optional(
  Type.Array(Type.String(), {
    description:
      'In the answer to what creates it: what the family of the device would not take, and what to do',
  }),
);
const family = Type.Enum([...familyNames], {
  description: 'Family of its DM client (docs/families.md); default `generic`',
});
const addresses = Type.Array(Type.String(), {
  minItems: 1,
  maxItems: 16,
  description: 'Address URIs in order of preference, such as `wap:HOST:2948` or `sms:+491701234567`',
});
const removable = (description: string, maxLength: number) =>
  Type.Union([text(description, maxLength), Type.Null()], { description: `${description}; null removes it` });

export const DeviceBody = Type.Object(
  {
    id: text('`./DevInfo/DevId`: `IMEI:…`, `urn:uuid:…`', 255),
    serverId: text('Account that manages it', 255),
    addresses,
    format: Type.Optional(format),
    serverCredentials: ServerCredentialsBody,
    clientCredentials: Type.Optional(ClientCredentialsBody),
    clientSchemes: Type.Optional(clientSchemes),
    serverSchemes: Type.Optional(serverSchemes),
    tlsCertificate: Type.Optional(tlsCertificate),
    notificationSecret: Type.Optional(text('AAuthSecret of NOTICRED; never shown again', 1024)),
    digestIdentifier: Type.Optional(text('Stands for the server identifier in the MD5 digest', 255)),
    messageKeys: Type.Optional(MessageKeysBody),
    family: Type.Optional(family),
    firstSessionId: Type.Optional(Type.Integer({ minimum: 1, maximum: 65535 })),
  },
  closed,
);

export const DeviceChangeBody = Type.Object(
  {
    addresses: Type.Optional(addresses),
    format: Type.Optional(format),
    serverCredentials: Type.Optional(ServerCredentialsBody),
    clientCredentials: orNull(ClientCredentialsBody),
    messageKeys: orNull(MessageKeysBody),
    family: orNull(family),
    clientSchemes: orNull(clientSchemes),
    serverSchemes: orNull(serverSchemes),
    tlsCertificate: orNull(tlsCertificate),
    notificationSecret: Type.Optional(removable('AAuthSecret of NOTICRED; never shown again', 1024)),
    digestIdentifier: Type.Optional(removable('Stands for the server identifier in the MD5 digest', 255)),
  },
  closed,
);

const CredentialsShape = Type.Object({
  scheme: schemes,
  name: Type.String(),
  nonceKnown: Type.Boolean({ description: 'Whether the server knows which nonce the device holds' }),
});

/** Whose secret is replaced. */
export const rotatedSide = Type.Enum(['server', 'client'], {
  description: '`server` (default): SRVCRED, which signs notifications; `client`: CLCRED',
});

/** A secret that is being replaced. */
export const RotationShape = Type.Object({
  which: rotatedSide,
  state: Type.Enum(['pending', 'sent', 'completed', 'failed'], {
    description: '`sent`: the Replace went out, and the device has not said what became of it',
  }),
  secret: Type.Optional(
    Type.String({ description: 'The new secret, where the server made it: this once, and never again' }),
  ),
  notification: Type.Optional(Type.String({ description: 'What wakes the device for it' })),
  warnings: Type.Optional(Type.Array(Type.String(), { description: 'What to know about how it goes' })),
  reason: Type.Optional(Type.String({ description: 'Why it failed, or what the last session met' })),
  requestedAt: time('When it was asked for'),
  sentAt: Type.Optional(time('When its Replace went out last')),
  endedAt: Type.Optional(time('When it was over')),
});

export const DeviceShape = Type.Object({
  id: Type.String(),
  serverId: Type.String(),
  addresses: Type.Array(Type.String()),
  format,
  serverCredentials: CredentialsShape,
  clientCredentials: Type.Optional(CredentialsShape),
  clientSchemes: Type.Optional(clientSchemes),
  serverSchemes: Type.Optional(serverSchemes),
  tlsCertificate: Type.Optional(tlsCertificate),
  notificationSecretSet: Type.Boolean(),
  messageKeys: Type.Optional(MessageKeysShape),
  digestIdentifier: Type.Optional(Type.String()),
  family: Type.Optional(Type.String({ description: 'Family of its client; absent: `generic`' })),
  resynchronisations: Type.Object({
    inWindow: Type.Integer(),
    offered: Type.Integer(),
    completed: Type.Integer(),
  }),
  secretRotations: Type.Optional(
    Type.Array(RotationShape, { description: 'The last replacement of each secret, without the secrets' }),
  ),
  reported: Type.Record(Type.String(), Type.String(), { description: 'Leaves that the device sent, by URI' }),
  lastSessionAt: Type.Optional(time('When a session of it last authenticated')),
  createdAt: time('When it was created'),
  updatedAt: time('When it was changed last'),
  warnings: Type.Optional(
    Type.Array(Type.String(), {
      description:
        'In answers to what creates or changes it: secrets that are easy to guess, what its family cannot take, what to do',
    }),
  ),
});

export const DevicePage = Type.Object({ items: Type.Array(DeviceShape), next });

/** What a notification can be given besides its device and job. */
export const NotificationFields = {
  format: Type.Optional(format),
  notBefore: Type.Optional(time('Not sent before')),
  expiresAt: Type.Optional(
    time('Not sent from then on; not before the end of timeoutMinutes or timeoutDays, which is its default'),
  ),
  resynchronise: Type.Optional(
    Type.Boolean({ description: 'First push under the default nonce (dm1.2, dm1.3-2010)' }),
  ),
  uiMode: Type.Optional(Type.Enum([...messageChoices.uiModes])),
  initiator: Type.Optional(Type.Enum([...messageChoices.initiators])),
  transport: Type.Optional(
    Type.Enum([...messageChoices.transports], {
      description: 'Wish for the session; `obex` and `wsp` only in dm1.3, not in dm1.2',
    }),
  ),
  authType: Type.Optional(Type.Enum([...messageChoices.authTypes], { description: 'dm1.3-2010' })),
  sendDevDetail: Type.Optional(Type.Boolean({ description: 'dm1.3-2010' })),
  timeoutDays: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 7,
      description:
        'dm1.3-2010: days that the Session-ID is kept, and the life of the notification; 0: no timeout',
    }),
  ),
  timeoutMinutes: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 65535,
      description:
        'dm1.3: minutes that the Session-ID is kept, and the life of the notification; 0: no timeout',
    }),
  ),
  timestamp: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 4294967295, description: 'dm1.3; default: the time of sending' }),
  ),
  targetedMo: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 65535 }), { minItems: 1, description: 'dm1.3' }),
  ),
  requestedMo: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: 65535 }), {
      minItems: 1,
      description: 'dm1.3; default DevInfo',
    }),
  ),
  preferredBearer: Type.Optional(
    Type.Array(Type.Enum([...messageChoices.preferredBearers]), {
      minItems: 1,
      description: 'dm1.3: bearers for the session; they do not choose the road of the push',
    }),
  ),
  moIdentifier: Type.Optional(text('dm1.3-2010')),
  reason: Type.Optional(text('dm1.3-2010, dm1.3: shown to the user')),
  vendorData: Type.Optional(Type.String({ description: 'dm1.2, dm1.3-2010: hex' })),
  vendorInfo: Type.Optional(text('dm1.3')),
};

const state = Type.Enum([...notificationStates]);

export const NotificationShape = Type.Object({
  id: Type.String(),
  device: Type.String(),
  serverId: Type.String(),
  sessionId: Type.Integer(),
  sessionIdText: Type.String({ description: 'As the SessionID of DM messages has it' }),
  format,
  message: Type.Record(Type.String(), Type.Unknown()),
  state,
  job: Type.Optional(Type.String({ description: 'Job that was created with it; not in lists' })),
  attempts: Type.Integer({ description: 'Times that it was tried' }),
  sends: Type.Integer({ description: 'Attempts that a binding took' }),
  reason: Type.Optional(Type.String({ description: 'Why it failed, or what the last attempt met' })),
  dueAt: Type.Optional(time('When the server looks at it next')),
  expiresAt: time('When it ends at the latest'),
  createdAt: time('When it was accepted'),
  updatedAt: time('When it changed last'),
  warnings,
});

export const NotificationPage = Type.Object({ items: Type.Array(NotificationShape), next });

export const EventShape = Type.Object({
  sequence: Type.Integer(),
  notification: Type.String(),
  device: Type.String(),
  sessionId: Type.Integer(),
  at: time('When it happened'),
  event: Type.Enum([...notificationStates, ...notificationRemarks]),
  state,
  node: Type.Optional(Type.String()),
  attempt: Type.Optional(Type.Integer()),
  binding: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
  reference: Type.Optional(Type.String()),
});

export const TimelineShape = Type.Object({ items: Type.Array(EventShape) });

export const HealthShape = Type.Object({ status: Type.Literal('ok') });
