// Shapes of secrets that are being replaced.
import { type Static, Type } from 'typebox';
import type { StoredRotation } from '../store/index.ts';
import { isoTime } from './iso-time.ts';
import { closed, NotificationFields, type RotationShape, rotatedSide, text } from './shapes.ts';

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

/** A replacement without any secret. */
export function rotationView(
  side: 'server' | 'client',
  { state, reason, requestedAt, sentAt, endedAt }: StoredRotation,
): Static<typeof RotationShape> {
  return {
    which: side,
    state,
    ...(reason !== undefined && { reason }),
    requestedAt: isoTime(requestedAt),
    ...(sentAt !== undefined && { sentAt: isoTime(sentAt) }),
    ...(endedAt !== undefined && { endedAt: isoTime(endedAt) }),
  };
}
