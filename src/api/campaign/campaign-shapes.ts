// Shapes of campaigns: what is asked for, and what is shown of one.
import { Type } from 'typebox';
import { campaignBounds, campaignKinds } from '../../server/index.ts';
import { campaignDeviceStates, campaignStates } from '../../store/index.ts';
import { closed, next, orNull, text, time } from '../shapes/basic-shapes.ts';
import { jobBodyLimit } from '../shapes/job-shapes.ts';

/** Octets of a body that makes a campaign: ids of a list, and a content at most. */
export const campaignBodyLimit = jobBodyLimit + campaignBounds.list * 64;

const rate = (description: string) =>
  Type.Number({ exclusiveMinimum: 0, maximum: campaignBounds.perSecond, description });

const PaceShape = Type.Object(
  {
    perSecond: Type.Optional(rate('Devices a second in all; may be below 1')),
    carriers: Type.Optional(
      Type.Record(Type.String(), rate('Devices a second'), {
        description: 'The same by name of a carrier',
      }),
    ),
  },
  { ...closed, description: 'How fast devices begin; absent: as fast as their carriers take them' },
);

const WindowsShape = Type.Array(
  Type.Object(
    {
      days: Type.Optional(
        Type.Array(Type.Integer({ minimum: 1, maximum: 7 }), {
          description: 'Days on which it opens: 1 is Monday, 7 Sunday; absent: all',
        }),
      ),
      from: Type.String({ description: 'Local time, `22:00`' }),
      to: Type.String({ description: 'Local time, up to `24:00`; not after `from`: on the day after' }),
    },
    closed,
  ),
  {
    minItems: 1,
    maxItems: campaignBounds.windows,
    description: 'Attempts, retries too, begin in one of these alone; absent: at any time',
  },
);

const StopShape = Type.Object(
  {
    failureRate: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 1,
        description: 'Largest part of the devices of a step that ended which may have failed or expired',
      }),
    ),
    rateFrom: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: campaignBounds.devices,
        description: 'So many have to have ended before the rate counts; default 50',
      }),
    ),
    failures: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: campaignBounds.devices,
        description: 'Largest number of devices of the whole campaign that may have failed or expired',
      }),
    ),
  },
  { ...closed, description: 'When it stops by itself' },
);

const name = text('For people', campaignBounds.name);
const timeZone = Type.String({
  maxLength: 64,
  description: 'Whose wall clock windows go by, such as `Europe/Berlin`',
});
const priority = Type.Integer({
  minimum: -campaignBounds.priority,
  maximum: campaignBounds.priority,
  description: 'Default 0: where carriers have room for one campaign, the higher goes first',
});
const wakesPerDay = Type.Integer({
  minimum: 1,
  maximum: campaignBounds.wakesPerDay,
  description: 'Wakes of a device within 24 hours, whoever asked for them; who has had so many waits',
});

const rules = {
  pace: Type.Optional(PaceShape),
  timeZone: Type.Optional(timeZone),
  windows: Type.Optional(WindowsShape),
  stop: Type.Optional(StopShape),
  priority: Type.Optional(priority),
  wakesPerDay: Type.Optional(wakesPerDay),
};

const CanaryShape = Type.Object(
  {
    devices: Type.Optional(Type.Integer({ minimum: 1, maximum: campaignBounds.devices })),
    percent: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 100 })),
    waitSeconds: Type.Integer({
      minimum: 1,
      maximum: campaignBounds.waitSeconds,
      description: 'How long the outcomes of the last of them are waited for',
    }),
  },
  {
    ...closed,
    description: 'The first devices, either so many or so much of all; they are judged by `stop`',
  },
);

const kind = Type.Enum([...campaignKinds], {
  description: '`wake`: a notification; `job`: a job with what wakes for it; `message`: a pushed DM message',
});
const contentBody = Type.Object(
  {},
  {
    additionalProperties: true,
    description:
      'As `POST /v1/notifications`, `/v1/jobs` or `/v1/messages` takes it, without `device` and `notBefore`',
  },
);

/** A new campaign. */
export const CampaignBody = Type.Object(
  {
    name,
    content: Type.Object({ kind, body: Type.Optional(contentBody) }, closed),
    target: Type.Object(
      {
        filter: Type.Optional(
          Type.String({ minLength: 1, description: 'Devices that a filter means (docs/filters.md)' }),
        ),
        mode: Type.Optional(
          Type.Enum(['fixed', 'live'], {
            description:
              'Of a filter: `fixed` (default): those that match when it starts; `live`: those too that come to match until it ends',
          }),
        ),
        devices: Type.Optional(
          Type.Array(Type.String(), {
            minItems: 1,
            maxItems: campaignBounds.list,
            description: 'These devices, in this order',
          }),
        ),
      },
      { ...closed, description: 'Either `filter` or `devices`' },
    ),
    startAt: Type.Optional(time('Not before; absent: at once')),
    expiresAt: Type.Optional(
      time('When it is over whatever is left; absent: 7 days after its start; at most 366 days after it'),
    ),
    canary: Type.Optional(CanaryShape),
    ...rules,
  },
  closed,
);

/** What may change of one; `null` takes away. */
export const CampaignChangeBody = Type.Object(
  {
    name: Type.Optional(name),
    pace: orNull(PaceShape),
    timeZone: orNull(timeZone),
    windows: orNull(WindowsShape),
    stop: orNull(StopShape),
    priority: orNull(priority),
    wakesPerDay: orNull(wakesPerDay),
    expiresAt: Type.Optional(time('When it is over whatever is left')),
  },
  closed,
);

/** Why something is done with one. */
export const ReasonBody = Type.Object(
  { reason: Type.Optional(text('Why, for those who ask later', 500)) },
  closed,
);

/** A retry. */
export const RetryBody = Type.Object(
  { expiresAt: Type.Optional(time('Its end, where it is over or nearly so')) },
  closed,
);

const fields = {
  id: Type.String(),
  name: Type.String(),
  state: Type.Enum([...campaignStates]),
  step: Type.Enum(['canary', 'canary-wait', 'rest'], {
    description: 'The canary goes out; its outcomes are waited for; the rest goes out',
  }),
  reason: Type.Optional(Type.String({ description: 'Why it is paused, stopped or over' })),
  kind,
  target: Type.Object({
    by: Type.Enum(['filter', 'list']),
    filter: Type.Optional(Type.String()),
    mode: Type.Optional(Type.Enum(['fixed', 'live'])),
  }),
  devices: Type.Integer({
    description:
      'Devices that it has, those that are left out too; until they have been looked for: as counted',
  }),
  lookedUp: Type.Boolean({ description: 'Whether all of them have been looked for' }),
  startAt: Type.Optional(time('Not before')),
  expiresAt: time('When it is over whatever is left'),
  canary: Type.Optional(CanaryShape),
  ...rules,
  accounts: Type.Optional(Type.Array(Type.String(), { description: 'Accounts that it is of; absent: all' })),
  madeBy: Type.Optional(Type.String({ description: 'Owner and name of the token that made it' })),
  approval: Type.Optional(
    Type.Object({
      owner: Type.String(),
      at: time('When that was'),
      devices: Type.Integer({ description: 'How many it had then' }),
    }),
  ),
  createdAt: time('When it was accepted'),
  updatedAt: time('When it changed last'),
  startedAt: Type.Optional(time('When it began')),
  endedAt: Type.Optional(time('When it was over, and nothing of it was under way')),
};

export const CampaignSummaryShape = Type.Object(fields);
export const CampaignPage = Type.Object({ items: Type.Array(CampaignSummaryShape), next });

const deviceStep = Type.Enum(['canary', 'rest']);
const deviceState = Type.Enum([...campaignDeviceStates]);
const count = (description: string) => Type.Integer({ minimum: 0, description });

const ProgressShape = Type.Object({
  pending: count('Devices that have not begun'),
  underWay: count('Devices that have begun and not ended'),
  completed: count('Devices that did what they were to'),
  failed: count('Devices whose push or job failed'),
  expired: count('Devices whose time was over'),
  cancelled: count('Devices that were cancelled'),
  leftOut: count('Devices that got nothing'),
  counts: Type.Array(
    Type.Object({
      step: deviceStep,
      state: deviceState,
      reason: Type.Optional(Type.String({ description: 'Why, as one word' })),
      devices: Type.Integer(),
    }),
    { description: 'The same by step and reason' },
  ),
  perSecond: Type.Number({ description: 'Devices a second that began within the last minute' }),
  estimatedEndAt: Type.Optional(time('When the last device will have begun, as things stand')),
  queues: Type.Array(
    Type.Object({
      carrier: Type.Optional(Type.String({ description: 'Absent: for which none has been found yet' })),
      waiting: Type.Integer(),
      perSecond: Type.Optional(Type.Number({ description: 'Pushes of campaigns that left to it lately' })),
    }),
    { description: 'Pushes of all campaigns that wait for carriers' },
  ),
  window: Type.Optional(
    Type.Object({
      open: Type.Boolean(),
      until: Type.Optional(time('When it closes')),
      opensAt: Type.Optional(time('When the next one opens')),
    }),
  ),
  canary: Type.Optional(
    Type.Object({
      devices: Type.Integer(),
      ended: Type.Integer(),
      failed: Type.Integer(),
      judgedBy: Type.Optional(time('When it is judged at the latest')),
    }),
  ),
});

export const CampaignShape = Type.Object({
  ...fields,
  body: Type.Optional(
    Type.Object(
      {},
      {
        additionalProperties: true,
        description:
          'What devices get. Of a job or a message it may hold secrets: for the scope `secrets` alone',
      },
    ),
  ),
  progress: ProgressShape,
});

export const CreatedCampaignShape = Type.Object({
  ...fields,
  warnings: Type.Optional(Type.Array(Type.String(), { description: 'What is worth looking at' })),
});

export const CampaignPreviewShape = Type.Object({
  devices: count('All that it is for'),
  examined: count('Those that were looked at: what follows counts these'),
  carriers: Type.Array(
    Type.Object({
      carrier: Type.Optional(Type.String({ description: 'Absent: they need none' })),
      devices: Type.Integer(),
    }),
  ),
  leftOut: Type.Array(
    Type.Object({
      reason: Type.String(),
      devices: Type.Integer(),
      examples: Type.Array(Type.String(), { description: 'Ids of the first of them' }),
    }),
  ),
  estimatedEndAt: Type.Optional(time('When the last device would have begun; absent where nobody can say')),
  needsApproval: Type.Boolean({ description: 'Whether a second owner has to approve it' }),
  warnings: Type.Array(Type.String()),
});

const deviceFields = {
  device: Type.String(),
  ordinal: Type.Integer({ description: 'In the order in which devices were found, from 0' }),
  step: deviceStep,
  state: deviceState,
  reason: Type.Optional(Type.String({ description: 'Why, as one word' })),
  detail: Type.Optional(Type.String({ description: 'Why, in words' })),
  carrier: Type.Optional(Type.String({ description: 'That its first attempt is expected to begin with' })),
  notBefore: Type.Optional(time('It waits until then: it was woken as often as it may')),
  tries: Type.Integer({ description: 'How often it was begun' }),
  push: Type.Optional(Type.String({ description: 'Id of the notification or message' })),
  job: Type.Optional(Type.String({ description: 'Id of the job' })),
  shared: Type.Boolean({
    description: 'Whether the push is another’s: a wake that was open, or one of another campaign',
  }),
  beganAt: Type.Optional(time('When it began')),
  endedAt: Type.Optional(time('When it ended')),
};

export const CampaignDeviceShape = Type.Object(deviceFields);
export const CampaignDevicePage = Type.Object({ items: Type.Array(CampaignDeviceShape), next });

/** A line of a report. */
export const ReportLineShape = Type.Object(
  {
    ...Object.fromEntries(Object.entries(deviceFields).map(([key, shape]) => [key, Type.Optional(shape)])),
    summary: Type.Optional(
      Type.Object(
        {
          devices: Type.Integer({ description: 'Lines before this one' }),
          counts: Type.Array(
            Type.Object({
              state: deviceState,
              reason: Type.Optional(Type.String()),
              devices: Type.Integer(),
            }),
          ),
        },
        { description: 'The last line; without it the report is not whole' },
      ),
    ),
  },
  { description: 'A device a line, and a summary by reason at the end' },
);
