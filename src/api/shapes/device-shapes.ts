// Shapes of devices, their credentials, and what their messages are protected with.
import { Type } from 'typebox';
import { familyNames, labelBounds } from '../../server/index.ts';
import { closed, next, orNull, text, time } from './basic-shapes.ts';
import { format } from './notification-fields.ts';
import { RotationShape } from './rotation-shapes.ts';

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

const schemes = Type.Enum(['basic', 'md5', 'hmac'], { description: 'Default `md5`' });
const nonceBase64 = Type.Optional(
  Type.String({ description: 'Nonce that the device holds, Base64; absent: not known' }),
);

/** `serverCredentials` of devices. */
export const ServerCredentialsBody = Type.Object(
  {
    scheme: Type.Optional(schemes),
    name: Type.Optional(text('AAuthName; default the ServerID', 255)),
    secret: text('AAuthSecret; never shown again', 1024),
    nonceBase64,
  },
  { ...closed, description: 'SRVCRED: server to client, and the digest of notifications' },
);

/** `clientCredentials` of devices. */
export const ClientCredentialsBody = Type.Object(
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

const labels = Type.Record(Type.String(), text('Value', labelBounds.value), {
  description: `What it is grouped by: values by name, at most ${labelBounds.count}`,
});
const suspended = Type.Boolean({ description: 'Nothing is sent to it while it is true' });

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
    labels: Type.Optional(labels),
    suspended: Type.Optional(suspended),
  },
  closed,
);

/** The same under the path that names the device. */
export const PutDeviceBody = Type.Object(
  { ...DeviceBody.properties, id: Type.Optional(text('That of the path', 255)) },
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
    labels: Type.Optional(
      Type.Union(
        [
          Type.Record(Type.String(), Type.Union([text('Value', labelBounds.value), Type.Null()])),
          Type.Null(),
        ],
        { description: 'Labels that are set; null removes one, or all of them. Others stay' },
      ),
    ),
    suspended: Type.Optional(suspended),
  },
  closed,
);

/** Either of them, shown. */
export const CredentialsShape = Type.Object({
  scheme: schemes,
  name: Type.String(),
  nonceKnown: Type.Boolean({ description: 'Whether the server knows which nonce the device holds' }),
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
  labels: Type.Record(Type.String(), Type.String(), { description: 'What it is grouped by' }),
  suspended: Type.Boolean({ description: 'True while nothing is sent to it' }),
  suspendedAt: Type.Optional(time('Since when')),
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

/** How many devices there are. */
export const CountShape = Type.Object({ count: Type.Integer({ minimum: 0 }) });

export const DevicePage = Type.Object({ items: Type.Array(DeviceShape), next });
