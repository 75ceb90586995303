// Shapes of jobs. What a job sent is not shown again, only how long it was: it may be a secret for the device.
import { type TObject, type TSchema, Type } from 'typebox';
import { jobBounds, jobChoices } from '../../server/index.ts';
import { jobStates } from '../../store/index.ts';
import { closed, next, text, time, warnings } from './basic-shapes.ts';
import { NotificationFields } from './notification-fields.ts';

/** Octets of a body that carries commands: their data at most, as JSON may write it. */
export const jobBodyLimit = 3 * jobBounds.allData;

const alertFields = {
  kind: Type.Optional(Type.Enum([...jobChoices.kinds], { description: 'alert' })),
  text: Type.Optional(text('alert', jobBounds.text)),
  choices: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: jobBounds.choices,
      description: 'alert: of the kinds with choices',
    }),
  ),
  minimumDisplaySeconds: Type.Optional(Type.Integer({ description: 'alert: MINDT' })),
  maximumDisplaySeconds: Type.Optional(Type.Integer({ description: 'alert: MAXDT' })),
  defaultResponse: Type.Optional(text('alert: DR', jobBounds.text)),
  maxLength: Type.Optional(Type.Integer({ description: 'alert: MAXLEN' })),
  inputType: Type.Optional(Type.Enum([...jobChoices.inputTypes], { description: 'alert: IT' })),
  echoType: Type.Optional(Type.Enum([...jobChoices.echoTypes], { description: 'alert: ET' })),
};

const addressFields = {
  uri: Type.Optional(text('Node, such as `./DevDetail/FwV`', jobBounds.uri)),
  source: Type.Optional(text('copy: where from', jobBounds.uri)),
  format: Type.Optional(
    Type.Enum([...jobChoices.formats], { description: 'add, replace, exec; default `chr`' }),
  ),
  type: Type.Optional(text('add, replace, exec: MIME type or object identifier', 255)),
  correlator: Type.Optional(text('exec: a status 202 then waits for Alert 1226', 255)),
};

const name = Type.Enum([...jobChoices.commands]);

/** A command that a job is made of. */
export const CommandBody = Type.Object(
  {
    command: name,
    ...addressFields,
    data: Type.Optional(Type.String({ description: 'add, replace, exec: text' })),
    dataBase64: Type.Optional(Type.String({ description: 'add, replace, exec: octets' })),
    ...alertFields,
    commands: Type.Optional(
      Type.Array(Type.Unknown(), { description: 'atomic, sequence: commands like this one, in order' }),
    ),
  },
  closed,
);

/** Commands of a job. */
export const CommandList = Type.Array(CommandBody, {
  minItems: 1,
  maxItems: jobBounds.commands,
  description: 'Carried out in this order',
});
const commands = CommandList;

export const JobBody = Type.Object(
  {
    device: text('Id of the device', 255),
    commands,
    onFailure: Type.Optional(
      Type.Enum([...jobChoices.onFailure], {
        description: 'What follows a command that failed; default `stop`',
      }),
    ),
    expiresAt: Type.Optional(time('The job fails when it is not over by then')),
    timeoutSeconds: Type.Optional(
      Type.Integer({ minimum: 1, description: 'In place of `expiresAt`: counted from now' }),
    ),
    wake: Type.Optional(
      Type.Boolean({ description: 'Whether the device is woken for it; default true. Else it waits' }),
    ),
    notification: Type.Optional(
      Type.Object(NotificationFields, { ...closed, description: 'With `wake`: how it is woken' }),
    ),
  },
  closed,
);

/** An item of an answer. */
export const ItemShape = Type.Object({
  uri: Type.Optional(Type.String()),
  format: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
  data: Type.Optional(Type.String({ description: 'Text' })),
  dataBase64: Type.Optional(Type.String({ description: 'Octets' })),
  withheld: Type.Optional(
    Type.Literal(true, { description: 'The data held a secret of the device and is not kept' }),
  ),
});

/** What a device reported later of a command. */
export const ReportShape = Type.Object({
  at: time('When it came'),
  data: Type.String({ description: 'For firmware, the result code' }),
  type: Type.Optional(Type.String()),
  source: Type.Optional(Type.String()),
  mark: Type.Optional(Type.String()),
});

const answerFields = {
  status: Type.Optional(Type.Integer({ description: 'Status code; absent as long as there is none' })),
  problem: Type.Optional(
    Type.String({
      description: 'Why there is no status, no results, or no success whatever the status says',
    }),
  ),
  items: Type.Optional(
    Type.Array(ItemShape, { description: 'Of the Status: what the user entered or chose' }),
  ),
  results: Type.Optional(Type.Array(ItemShape)),
  report: Type.Optional(ReportShape),
};

/** A command with its answer, and with those inside it. Groups end at the depth that a job can have. */
export function commandShape(depth: number): TObject {
  const inner: Record<string, TSchema> =
    depth === 1 ? {} : { commands: Type.Optional(Type.Array(commandShape(depth - 1))) };
  return Type.Object({
    command: name,
    ...addressFields,
    octets: Type.Optional(Type.Integer({ description: 'Length of the data that it carries' })),
    ...alertFields,
    sends: Type.Optional(Type.Integer({ description: 'Times that it was given to a session' })),
    ...answerFields,
    answeredAt: Type.Optional(time('When the answer was stored')),
    ...inner,
  });
}

const summaryFields = {
  id: Type.String(),
  device: Type.String(),
  serverId: Type.String(),
  state: Type.Enum([...jobStates]),
  onFailure: Type.Enum([...jobChoices.onFailure]),
  notification: Type.Optional(Type.String({ description: 'Wakes the device for it' })),
  sessionId: Type.Optional(Type.Integer({ description: 'Session that worked on it last' })),
  commandCount: Type.Integer(),
  answeredCount: Type.Integer(),
  reason: Type.Optional(Type.String({ description: 'Why it failed or was cancelled' })),
  expiresAt: time('When it fails at the latest'),
  createdAt: time('When it was accepted'),
  updatedAt: time('When it changed last'),
  startedAt: Type.Optional(time('When its first command was given to a session')),
  endedAt: Type.Optional(time('When it was over')),
  held: Type.Optional(
    Type.Boolean({
      description: 'True: no session takes commands of it until it is released, for it came out of a copy',
    }),
  ),
};

export const JobSummaryShape = Type.Object(summaryFields);
export const CreatedJobShape = Type.Object({ ...summaryFields, warnings });
export const JobShape = Type.Object({
  ...summaryFields,
  commands: Type.Array(commandShape(jobBounds.depth)),
});
export const JobPage = Type.Object({ items: Type.Array(JobSummaryShape), next });
