// Shapes of how a server stands.
import { Type } from 'typebox';
import { pushPurposes, pushStates } from '../../store/index.ts';
import { time } from '../shapes/basic-shapes.ts';

/** What waits. */
export const QueueShape = Type.Object(
  {
    due: Type.Integer({ minimum: 0, description: 'How many, up to 100000' }),
    more: Type.Boolean({ description: 'True when there are more, and no more were counted' }),
    oldestDueAt: Type.Optional(time('Since when the oldest has been due')),
  },
  { description: 'Pushes that are due and wait for a carrier; `unplaced`: that have none yet' },
);

/** How a carrier is shown. */
export const CarrierShape = Type.Object({
  binding: Type.Optional(
    Type.String({
      description: 'Name of its binding; absent for one that is suspended, and configured no more',
    }),
  ),
  name: Type.String({ description: 'Name of the carrier, such as `sms:desk`' }),
  state: Type.Enum(['up', 'down', 'unknown'], {
    description: '`unknown` where there is no link to know of, or none was tried',
  }),
  since: Type.Optional(time('Since when it stands so')),
  lastError: Type.Optional(Type.String({ description: 'What went wrong last' })),
  free: Type.Optional(Type.Integer({ minimum: 0, description: 'Pushes that it takes now without a wait' })),
  rate: Type.Number({ description: 'Pushes that it took in a second, over the last ten' }),
  inFlight: Type.Integer({ minimum: 0, description: 'Pushes on their way to it' }),
  queue: QueueShape,
  lastRefusal: Type.Optional(
    Type.Object({ at: time('When'), why: Type.String() }, { description: 'The push that it refused last' }),
  ),
  suspended: Type.Optional(
    Type.Object(
      {
        since: time('Since when'),
        by: Type.Optional(Type.String({ description: 'Whose token suspended it, or gave the reason' })),
        reason: Type.Optional(Type.String({ description: 'Why, as it was given' })),
      },
      { description: 'There while no push is handed to it (`POST /v1/carriers/{name}/suspend`)' },
    ),
  ),
  modem: Type.Optional(
    Type.Object({
      registration: Type.Optional(Type.String({ description: 'Whether a network knows it, such as `home`' })),
      signalDbm: Type.Optional(Type.Integer({ description: 'Strength of the signal in dBm' })),
      pin: Type.Optional(
        Type.String({
          description: 'What becomes of the PIN of its SIM, such as `not needed` or `will not be given`',
        }),
      ),
    }),
  ),
});

/** How many pushes are in a state. */
export const PushCountShape = Type.Object({
  purpose: Type.Enum([...pushPurposes]),
  state: Type.Enum([...pushStates]),
  count: Type.Integer({ minimum: 1, description: 'How many there are' }),
  more: Type.Boolean({ description: 'True when there are more, and no more were counted' }),
});

/** How the answer of /v1/status looks. */
export const StatusShape = Type.Object({
  version: Type.String(),
  node: Type.String({ description: 'Name of this process on timelines' }),
  at: time('When that was'),
  startedAt: time('When the server started'),
  uptimeSeconds: Type.Integer({ minimum: 0 }),
  store: Type.Object({
    state: Type.Enum(['ok', 'full', 'away', 'stopping', 'broken'], {
      description: '`ok` while what is written comes to disk',
    }),
    detail: Type.Optional(Type.String({ description: 'What is wrong with it' })),
  }),
  sessions: Type.Integer({ minimum: 0, description: 'DM sessions that run' }),
  oldestDueAt: Type.Optional(time('Since when the oldest push that is due has been due')),
  unplaced: QueueShape,
  held: Type.Object(
    { pushes: Type.Integer({ minimum: 0 }), jobs: Type.Integer({ minimum: 0 }) },
    { description: 'What is held after a restore (`POST /v1/pushes/release`)' },
  ),
  pushes: Type.Array(PushCountShape, { description: 'Of those that are kept; states of none are left out' }),
  carriers: Type.Array(CarrierShape),
});
