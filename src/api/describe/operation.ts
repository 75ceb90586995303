// One operation, as the description has it: the route's own words, what it refuses with, headers and examples.
import type { OperationNotes } from '../examples/notes.ts';
import { headersOf, limitHeaders } from './headers.ts';
import type { RawMedia, RawOperation, RawParameter, RawResponse } from './open-api.ts';
import { refusalsOf } from './refusals.ts';

/** What an operation is described with. */
export interface Described {
  readonly path: string;
  readonly method: string;
  readonly notes: OperationNotes;
}

/** Describes an operation. */
export function describedOperation(operation: RawOperation, { path, notes }: Described): RawOperation {
  const { summary, responses, parameters, requestBody, ...rest } = operation;
  const { description, codes = {} } = notes;
  return {
    ...rest,
    ...(summary !== undefined && { summary }),
    ...(description !== undefined && { description }),
    ...(parameters !== undefined && { parameters: parameters.map(describedParameter) }),
    ...(requestBody !== undefined && {
      requestBody: { required: true, content: contentWith(requestBody.content, notes.request) },
    }),
    responses: { ...answersOf(operation, notes), ...refusalsOf(operation, path, codes) } as never,
  };
}

/** Its schema has said what it is; here it stands beside its name. */
function describedParameter(parameter: RawParameter): RawParameter {
  const { schema } = parameter;
  const { description, ...rest } = (schema ?? {}) as { readonly description?: string };
  const said = parameter.description ?? description;
  return { ...parameter, ...(said !== undefined && { description: said }), schema: rest };
}

/** What it answers when it does what it is for. */
function answersOf(
  { responses, security }: RawOperation,
  { answers = {}, headers = {}, media = {} }: OperationNotes,
): Readonly<Record<string, RawResponse>> {
  const statuses = new Set(
    [...Object.keys(responses), ...Object.keys(media)].filter((each) => /^2\d\d$/.test(each)),
  );
  return Object.fromEntries(
    [...statuses].map((status) => {
      const { content: given, ...rest } = responses[status] ?? {};
      const content = media[Number(status)] ?? given;
      const isLimited =
        security?.length !== 0 && !Object.keys(content ?? {}).some((type) => streamed.has(type));
      const shown = headersOf([...(headers[Number(status)] ?? []), ...(isLimited ? limitHeaders : [])]);
      const hasBody = content !== undefined && status !== '204';
      return [
        status,
        {
          ...rest,
          description: descriptionOf(status, rest.description),
          ...(shown !== undefined && { headers: shown }),
          ...(hasBody && { content: contentWith(content, answers[Number(status)]) }),
        },
      ];
    }),
  );
}

/** Answers that begin before the framework would write its headers. */
const streamed: ReadonlySet<string> = new Set(['application/x-ndjson', 'text/event-stream']);

const usual: Readonly<Record<string, string>> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted: it is on disk',
  204: 'Removed',
};

/** The framework has words of its own where a route has none. */
function descriptionOf(status: string, own: string | undefined): string {
  return own === undefined || own === 'Default Response' ? (usual[status] ?? 'Done') : own;
}

/** The framework gives all types of a body the same shape. */
const csvSchema = { type: 'string', description: 'A header with names of columns, then a device a line' };

/** Examples of the first media type are given as they are; those of another one stand under its name. */
function contentWith(
  content: Readonly<Record<string, RawMedia>>,
  examples: OperationNotes['request'],
): Readonly<Record<string, RawMedia>> {
  return Object.fromEntries(
    Object.entries(content).map(([type, media], index) => {
      const described = type === 'text/csv' ? { ...media, schema: csvSchema } : media;
      const own = Object.entries(examples ?? {}).filter(([, { type: of }]) =>
        of === undefined ? index === 0 : of === type,
      );
      if (own.length === 0) return [type, described];
      const shown = own.map(([name, { summary, value }]) => [name, { summary, value }]);
      return [type, { ...described, examples: Object.fromEntries(shown) }];
    }),
  );
}
