// Shapes of accounts, and of what their messages are signed with.
import { Type } from 'typebox';
import { closed, next, orNull, text, time } from './basic-shapes.ts';

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
