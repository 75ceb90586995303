// Shapes of webhooks.
import { Type } from 'typebox';
import { webhookBounds } from '../../server/index.ts';
import { feedKinds } from '../../store/index.ts';
import { closed, next, orNull, text, time } from '../shapes/basic-shapes.ts';

const url = text(
  'Where requests go: https, without user and password. Of an own network, or plain HTTP, only where the server allows that',
  webhookBounds.url,
);
const kinds = Type.Array(Type.Enum([...feedKinds]), {
  minItems: 1,
  maxItems: feedKinds.length,
  description: 'Kinds of events that it is told of',
});
const name = text('For people', webhookBounds.name);
const devices = Type.Array(Type.String({ minLength: 1, maxLength: webhookBounds.deviceId }), {
  minItems: 1,
  maxItems: webhookBounds.devices,
  description: 'Ids of the devices that it is told of; absent: all, and what is of no device',
});
const state = Type.Enum(['active', 'suspended']);

export const WebhookBody = Type.Object(
  { url, kinds, name: Type.Optional(name), devices: Type.Optional(devices) },
  closed,
);

export const WebhookChangeBody = Type.Object(
  {
    url: Type.Optional(url),
    kinds: Type.Optional(kinds),
    name: orNull(name),
    devices: orNull(devices),
    state: Type.Optional(state),
    reason: Type.Optional(text('Why it is suspended', webhookBounds.name)),
  },
  closed,
);

export const WebhookRotationBody = Type.Object(
  {
    overlapSeconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: webhookBounds.mostOverlapSeconds,
        description: `For how long the secret before signs too; default ${webhookBounds.overlapSeconds}`,
      }),
    ),
  },
  closed,
);

export const ReplayBody = Type.Object(
  {
    since: Type.Optional(time('From this moment on')),
    after: Type.Optional(text('After this `id` of an event of the feed; `0`: from the beginning', 31)),
    event: Type.Optional(text('From the event with this `webhook-id` on', 64)),
  },
  { ...closed, description: 'One of the three' },
);

export const DeadSelectionBody = Type.Object(
  {
    all: Type.Optional(Type.Boolean({ description: 'true: all of them' })),
    events: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: webhookBounds.eventIds,
        description: 'Ids of their events',
      }),
    ),
  },
  closed,
);

const shown = {
  id: Type.String(),
  url: Type.String(),
  kinds: Type.Array(Type.String()),
  name: Type.Optional(name),
  devices: Type.Optional(Type.Array(Type.String())),
  accounts: Type.Optional(
    Type.Array(Type.String(), {
      description: 'Accounts that it is told of: those of who made it; absent: all',
    }),
  ),
  owner: Type.Optional(Type.String({ description: 'Whose token made it' })),
  state,
  reason: Type.Optional(Type.String({ description: 'Why it is suspended' })),
  suspendedAt: Type.Optional(time('Since when')),
  position: Type.String({ description: 'How far the feed was told, as an `id` of the feed' }),
  waiting: Type.Integer({ description: 'Deliveries that wait for another attempt, or behind one that does' }),
  dead: Type.Integer({ description: 'Deliveries that are not tried any more' }),
  delivered: Type.Integer({ description: 'Events that were delivered' }),
  dropped: Type.Integer({ description: 'Dead deliveries that went because there were too many' }),
  failures: Type.Integer({ description: 'Attempts in a row that failed' }),
  failingSince: Type.Optional(time('Since when they do')),
  lastSuccessAt: Type.Optional(time('When it took an event last')),
  lastErrorAt: Type.Optional(time('When it did not')),
  lastError: Type.Optional(Type.String({ description: 'Why: a status, or what became of the connection' })),
  previousSecretUntil: Type.Optional(time('Until when the secret before signs too')),
  createdAt: time('When it was made'),
  updatedAt: time('When it was changed last'),
};

export const WebhookShape = Type.Object(shown);
export const WebhookPage = Type.Object({ items: Type.Array(WebhookShape), next });
export const IssuedWebhookShape = Type.Object({
  ...shown,
  secret: Type.String({ description: 'What signs: this once, and never again' }),
});

export const WebhookTestShape = Type.Object({
  event: Type.String({ description: 'Its `webhook-id`' }),
  delivered: Type.Boolean(),
  status: Type.Optional(Type.Integer({ description: 'What the receiver answered' })),
  error: Type.Optional(Type.String()),
  ms: Type.Integer({ description: 'How long it took' }),
});

export const DeadDeliveryShape = Type.Object({
  event: Type.String({ description: 'Its `webhook-id`' }),
  type: Type.String({ description: 'Kind and event, such as `job.failed`' }),
  at: time('When the event happened'),
  attempts: Type.Integer(),
  error: Type.Optional(Type.String({ description: 'Why the last attempt failed' })),
  failedAt: time('When it did'),
  body: Type.String({ description: 'What is sent' }),
});
export const DeadPage = Type.Object({ items: Type.Array(DeadDeliveryShape), next });
export const CountedShape = Type.Object({ count: Type.Integer({ description: 'How many these were' }) });
