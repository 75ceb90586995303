// Shapes of requests of which each is a line of one body, and of the answers to them, line by line.
import { type TProperties, Type } from 'typebox';
import { jobStates, pushStates } from '../../store/index.ts';
import { closed, warnings } from './basic-shapes.ts';

/** A line: the body of the single route, and its key. */
export function lineOf(body: { readonly properties: TProperties }, what: string) {
  const idempotencyKey = Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 255,
      pattern: '^[!-~]+$',
      description: 'Stands for the header Idempotency-Key of the single route: the two name the same',
    }),
  );
  return Type.Object(
    { ...body.properties, idempotencyKey },
    { ...closed, description: `${what}. The body has one such object a line` },
  );
}

/** The answer to a line. */
export const LineAnswerShape = Type.Object(
  {
    line: Type.Integer({ description: 'Number of the line, from 1; blank lines count and are not answered' }),
    status: Type.Integer({ description: 'What the single route would answer: 202, or that of the problem' }),
    id: Type.Optional(Type.String({ description: '202: what was taken in, and is on disk' })),
    state: Type.Optional(Type.Enum([...new Set([...pushStates, ...jobStates])])),
    created: Type.Optional(
      Type.Boolean({ description: '202: false when the key had been used for it before' }),
    ),
    job: Type.Optional(Type.String({ description: 'Job that was created with a notification' })),
    notification: Type.Optional(Type.String({ description: 'Wakes the device for a job' })),
    pinForUser: Type.Optional(
      Type.String({ description: 'Of a bootstrap: tell the user in another way; shown once' }),
    ),
    warnings,
    title: Type.Optional(Type.String({ description: 'Of the problem, as the fields that follow' })),
    code: Type.Optional(Type.String({ description: 'Stable name of what went wrong' })),
    detail: Type.Optional(Type.String({ description: 'What is wrong and what to do, in one line' })),
    path: Type.Optional(Type.String({ description: 'Field that is wrong' })),
    section: Type.Optional(Type.String({ description: 'Document and section that rule it' })),
  },
  { description: 'The answer has one such object a line, in the order of the lines of the request' },
);
