// Shapes of what pushes are asked for with: a notification, or a message.
import { Type } from 'typebox';
import { closed, text, time } from './basic-shapes.ts';
import { CommandList } from './job-shapes.ts';
import { NotificationFields } from './notification-fields.ts';

export const NotificationBody = Type.Object(
  {
    device: text('Id of the device', 255),
    job: Type.Optional(CommandList),
    ...NotificationFields,
  },
  closed,
);

const wbxmlVersion = Type.Optional(Type.Enum(['1.1', '1.2', '1.3'], { description: 'WBXML version' }));

/** `bootstrap` of messages. */
export const BootstrapBody = Type.Object(
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
      Type.Boolean({ description: 'Only over routes that protect it: https, waps, sips' }),
    ),
    notBefore: Type.Optional(time('Not sent before')),
    expiresAt: Type.Optional(time('Not sent from then on')),
  },
  closed,
);
