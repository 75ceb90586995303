// Shapes of what is asked of many devices at once, and of the lines of its answers.
import { Type } from 'typebox';
import { importModes } from '../../server/index.ts';
import { CreatedQuery, label } from '../request/list-query.ts';
import { closed } from '../shapes/basic-shapes.ts';
import { DeviceChangeBody } from '../shapes/device-shapes.ts';

/** Which devices are meant, in queries. */
export const SelectionQuery = {
  filter: Type.Optional(
    Type.String({ maxLength: 4096, description: 'Those that a filter means (docs/filters.md)' }),
  ),
  serverId: Type.Optional(Type.String({ description: 'Those of an account' })),
  label,
  ...CreatedQuery,
};

export const ImportQuery = Type.Object(
  {
    mode: Type.Optional(
      Type.Enum([...importModes], {
        description:
          '`create` (default): new devices; `update`: changes of those that are there; `upsert`: either',
      }),
    ),
    dryRun: Type.Optional(Type.Boolean({ description: 'Nothing is written' })),
  },
  closed,
);

export const ExportQuery = Type.Object(
  {
    ...SelectionQuery,
    format: Type.Optional(Type.Enum(['ndjson', 'csv'], { description: 'Default `ndjson`' })),
    secrets: Type.Optional(
      Type.Boolean({ description: 'With credentials and keys: needs the scope `secrets`' }),
    ),
  },
  closed,
);

/** Most ids that one request may name. */
export const mostIds = 10_000;

const selection = {
  ids: Type.Optional(
    Type.Array(Type.String(), { minItems: 1, maxItems: mostIds, description: 'These devices' }),
  ),
  ...SelectionQuery,
  dryRun: Type.Optional(
    Type.Boolean({ description: 'Nothing is written, and the counts are those that there would be' }),
  ),
};

const chosen =
  'one or more of `filter`, `serverId`, `label`, `since` and `until`, all of which have to be true of a device';

export const DeleteManyBody = Type.Object(selection, {
  ...closed,
  description: `Either \`ids\`, or ${chosen}`,
});

export const ChangeManyBody = Type.Object(
  { ...selection, change: DeviceChangeBody },
  {
    ...closed,
    description: `Either \`ids\`, or ${chosen}; and what each of them is changed by`,
  },
);

const count = (description: string) => Type.Optional(Type.Integer({ minimum: 0, description }));

const counts = {
  lines: count('Lines that were read'),
  devices: count('Devices that were looked at'),
  created: count('New devices'),
  changed: count('Devices that were changed'),
  unchanged: count('Devices that were so already'),
  removed: count('Devices that were removed'),
  rejected: count('Lines or devices that were refused'),
  perSecond: count('How many a second so far'),
};

/** A line of an answer. */
export const BulkLineShape = Type.Object(
  {
    line: Type.Optional(
      Type.Integer({ description: 'Of a refusal: number of the line, from 1; blank lines count' }),
    ),
    id: Type.Optional(Type.String({ description: 'Of a refusal: the device' })),
    status: Type.Optional(Type.Integer({ description: 'Of a refusal: what the single route would answer' })),
    title: Type.Optional(Type.String()),
    code: Type.Optional(Type.String({ description: 'Stable name of what went wrong' })),
    detail: Type.Optional(Type.String({ description: 'What is wrong and what to do, in one line' })),
    path: Type.Optional(Type.String({ description: 'Field that is wrong' })),
    progress: Type.Optional(
      Type.Object(
        { ...counts, octets: count('Octets of the request that were read') },
        { description: 'After each set of up to 1,000 that is on disk' },
      ),
    ),
    summary: Type.Optional(
      Type.Object(
        {
          ...counts,
          mode: Type.Optional(Type.Enum([...importModes])),
          dryRun: Type.Boolean(),
          complete: Type.Boolean({ description: 'False where something of the request could not be read' }),
        },
        { description: 'The last line; without it, the request was not done to its end' },
      ),
    ),
  },
  { description: 'One such object a line: refusals, progress, and a summary at the end' },
);
