// Shapes of requests and replies: types, and what OpenAPI says. Replies are written by these shapes, so what is not in
// them cannot leave: secrets are in none. Here stands what they share.
import { type TSchema, Type } from 'typebox';

/** A moment. */
export const time = (description: string) => Type.String({ format: 'date-time', description });
/** A text that is not empty. */
export const text = (description: string, maxLength?: number) =>
  Type.String({ description, minLength: 1, ...(maxLength !== undefined && { maxLength }) });
/** Of an object that takes no other fields. */
export const closed = { additionalProperties: false } as const;

/** A problem document (RFC 9457) with the project's error code. */
export const ProblemShape = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  code: Type.String({ description: 'Stable name of what went wrong' }),
  detail: Type.String({ description: 'What is wrong and what to do, in one line' }),
  path: Type.Optional(Type.String({ description: 'Field that is wrong' })),
  section: Type.Optional(Type.String({ description: 'Document and section that rule it' })),
});

/** What a route that reads may answer besides what it is for. */
export const readRefusals = { '4xx': ProblemShape, 429: ProblemShape, 503: ProblemShape } as const;
/** The same for one that writes: 507 when the disk of the server is full. */
export const writeRefusals = { ...readRefusals, 507: ProblemShape } as const;

/** Which part of a list is wanted. */
export const PageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100' })),
  after: Type.Optional(Type.String({ maxLength: 512, description: '`next` of the page before' })),
};

/** The mark of the next page. */
export const next = Type.Optional(
  Type.String({ description: 'Give it as `after`; absent on the last page' }),
);

/** What a change may remove. */
export const orNull = <Shape extends TSchema>(shape: Shape) =>
  Type.Optional(Type.Union([shape, Type.Null()], { description: 'null removes it' }));

/** In answers to what creates something for a device. */
export const warnings = Type.Optional(
  Type.Array(Type.String(), {
    description:
      'In the answer to what creates it: what the family of the device would not take, and what to do',
  }),
);

export const HealthShape = Type.Object({ status: Type.Literal('ok') });
