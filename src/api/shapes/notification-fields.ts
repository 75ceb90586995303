// What a notification can be given, wherever one is asked for.
import { Type } from 'typebox';
import { notificationChoices } from '../../server/index.ts';
import { closed, text, time } from './basic-shapes.ts';

/** Which document a Package #0 is written by. */
export const format = Type.Enum([...notificationChoices.formats], { description: 'Notification format' });

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
  uiMode: Type.Optional(Type.Enum([...notificationChoices.uiModes])),
  initiator: Type.Optional(Type.Enum([...notificationChoices.initiators])),
  transport: Type.Optional(
    Type.Enum([...notificationChoices.transports], {
      description: 'Wish for the session; `obex` and `wsp` only in dm1.3, not in dm1.2',
    }),
  ),
  authType: Type.Optional(Type.Enum([...notificationChoices.authTypes], { description: 'dm1.3-2010' })),
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
    Type.Array(Type.Enum([...notificationChoices.preferredBearers]), {
      minItems: 1,
      description: 'dm1.3: bearers for the session; they do not choose the route of the push',
    }),
  ),
  moIdentifier: Type.Optional(text('dm1.3-2010')),
  reason: Type.Optional(text('dm1.3-2010, dm1.3: shown to the user')),
  vendorData: Type.Optional(Type.String({ description: 'dm1.2, dm1.3-2010: hex' })),
  vendorInfo: Type.Optional(text('dm1.3')),
};

/** `notification` of what wakes a device for something else. */
export const WakeBody = Type.Object(NotificationFields, {
  ...closed,
  description: 'How the device is woken, as in a notification',
});
