// Shapes of secrets that are being replaced.
import { Type } from 'typebox';
import { closed, text, time } from './basic-shapes.ts';
import { NotificationFields } from './notification-fields.ts';

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

export const RotationBody = Type.Object(
  {
    which: Type.Optional(rotatedSide),
    secret: Type.Optional(
      text('The new secret; by default 16 random octets, Base64 for URLs, shown once in the answer', 255),
    ),
    uri: Type.Optional(text('AAuthSecret on the device; by default looked for below `./DMAcc`', 255)),
    wake: Type.Optional(Type.Boolean({ description: 'Whether the device is woken for it; default true' })),
    notification: Type.Optional(
      Type.Object(NotificationFields, { ...closed, description: 'How it is woken, as in a notification' }),
    ),
  },
  closed,
);
