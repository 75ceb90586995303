// Shapes of push messages.
import { Type } from 'typebox';
import { pushMessageStates } from '../store/index.ts';
import { CommandList } from './job-shapes.ts';
import { closed, next, text, time, warnings } from './shapes.ts';

const wbxmlVersion = Type.Optional(Type.Enum(['1.1', '1.2', '1.3'], { description: 'WBXML version' }));

const BootstrapBody = Type.Object(
  {
    profile: Type.Optional(
      Type.Enum(['dm', 'cp'], {
        description:
          'DM message or Client Provisioning; default `dm`, or what the family of the device reads',
      }),
    ),
    sec: Type.Enum(['NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC']),
    pin: Type.Optional(text('Decimal digits; not kept', 20)),
    imsi: Type.Optional(text('For NETWPIN and USERNETWPIN; not kept', 15)),
    wbxmlVersion,
  },
  { ...closed, description: 'Gives the device its account, as its record has it' },
);

export const MessageBody = Type.Object(
  {
    device: text('Device that it is for', 255),
    job: Type.Optional(CommandList),
    signature: Type.Optional(
      Type.Enum(['rsa-sha256', 'ecdsa-sha256', 'hmac-sha256'], {
        description: "Default: the account's key, else the secret that the device shares",
      }),
    ),
    encrypt: Type.Optional(
      Type.Union([Type.Literal('body'), Type.Array(Type.String())], {
        description: 'The whole body, or the items with these URIs',
      }),
    ),
    contentEncryption: Type.Optional(Type.Enum(['aes128-gcm', 'aes256-gcm'])),
    wbxmlVersion,
    spelling: Type.Optional(
      Type.Enum(['plain', 'compact', 'opaque'], {
        description: 'How short it is written; `opaque` only for devices that read it. Default `compact`',
      }),
    ),
    bootstrap: Type.Optional(BootstrapBody),
    requireSecureTransport: Type.Optional(
      Type.Boolean({ description: 'Only over roads that protect it: https, waps, sips' }),
    ),
    notBefore: Type.Optional(time('Not sent before')),
    expiresAt: Type.Optional(time('Not sent from then on')),
  },
  closed,
);

const messageFields = {
  id: Type.String(),
  device: Type.Optional(Type.String()),
  addresses: Type.Optional(Type.Array(Type.String())),
  serverId: Type.Optional(Type.String()),
  contentType: Type.String(),
  octets: Type.Integer(),
  summary: Type.Record(Type.String(), Type.Unknown()),
  state: Type.Enum([...pushMessageStates]),
  attempts: Type.Integer(),
  sends: Type.Integer(),
  reason: Type.Optional(Type.String()),
  initiator: Type.Optional(
    Type.Object({ name: Type.String(), pushId: Type.String(), recipient: Type.String() }),
  ),
  dueAt: Type.Optional(time('When it is looked at next')),
  expiresAt: time('Not sent from then on'),
  createdAt: time('When it was created'),
  updatedAt: time('When it was changed last'),
};

export const MessageShape = Type.Object(messageFields);
export const CreatedMessageShape = Type.Object({
  ...messageFields,
  pinForUser: Type.Optional(Type.String({ description: 'Tell the user in another way; shown once' })),
  warnings,
});
export const MessagePage = Type.Object({ items: Type.Array(MessageShape), next });
export const MessageTimelineShape = Type.Object({
  items: Type.Array(
    Type.Object({
      sequence: Type.Integer(),
      message: Type.String(),
      at: time('When'),
      event: Type.String(),
      state: Type.Enum([...pushMessageStates]),
      node: Type.Optional(Type.String()),
      attempt: Type.Optional(Type.Integer()),
      binding: Type.Optional(Type.String()),
      address: Type.Optional(Type.String()),
      detail: Type.Optional(Type.String()),
      reference: Type.Optional(Type.String()),
    }),
  ),
});
