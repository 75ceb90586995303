// Shapes of what is held after a restore.
import { Type } from 'typebox';
import { pushPurposes } from '../../store/index.ts';
import { closed } from '../shapes/basic-shapes.ts';

/** Which of what is held is meant. */
export const HeldBody = Type.Object(
  {
    all: Type.Optional(Type.Boolean({ description: 'True: everything that is held; excludes all else' })),
    ids: Type.Optional(
      Type.Array(Type.String({ maxLength: 512 }), {
        minItems: 1,
        maxItems: 1000,
        description: 'Ids of pushes or of jobs',
      }),
    ),
    device: Type.Optional(Type.String({ maxLength: 512, description: 'Of this device: its id' })),
    serverId: Type.Optional(Type.String({ maxLength: 512, description: 'Of this account' })),
    purpose: Type.Optional(Type.Enum([...pushPurposes], { description: 'Pushes of this purpose' })),
  },
  closed,
);

/** How many were meant. */
export const HeldShape = Type.Object({
  pushes: Type.Integer({ minimum: 0 }),
  jobs: Type.Integer({ minimum: 0 }),
});
