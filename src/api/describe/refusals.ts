// What routes refuse with: problem documents (RFC 9457) with a code each. What all routes of a form share stands in the
// components; what one has alone stands with it.
import { STATUS_CODES } from 'node:http';
import { codeMeanings } from './codes.ts';
import { headersOf, limitHeaders } from './headers.ts';
import type { RawOperation, RawResponse } from './open-api.ts';

/** Media type of problem documents. */
export const problemType = 'application/problem+json';

interface SharedRefusal {
  readonly name: string;
  readonly codes: readonly string[];
}

const valueCodes = ['BAD_FORMAT', 'MISSING', 'OUT_OF_RANGE', 'TOO_LONG', 'UNKNOWN_FIELD', 'WRONG_TYPE'];

/** Refusals that routes share, by status. */
const shared: Readonly<Record<number, SharedRefusal>> = {
  400: { name: 'BadRequest', codes: [...valueCodes, 'BAD_HOST', 'REQUEST'] },
  401: { name: 'Unauthorized', codes: ['UNAUTHORIZED'] },
  403: { name: 'Forbidden', codes: ['SCOPE', 'ACCOUNTS', 'CROSS_SITE'] },
  404: { name: 'NotFound', codes: ['NOT_FOUND'] },
  408: { name: 'RequestTimeout', codes: ['TIMEOUT'] },
  412: { name: 'PreconditionFailed', codes: ['VERSION_MISMATCH'] },
  413: { name: 'ContentTooLarge', codes: ['TOO_LONG'] },
  415: { name: 'UnsupportedMediaType', codes: ['UNSUPPORTED'] },
  421: { name: 'MisdirectedRequest', codes: ['WRONG_HOST'] },
  429: { name: 'TooManyRequests', codes: ['RATE_LIMIT', 'TOO_MANY_ATTEMPTS'] },
  431: { name: 'HeaderTooLarge', codes: ['TOO_LONG'] },
  500: { name: 'ServerError', codes: ['INTERNAL', 'STORE', 'SEAL_BROKEN', 'SEALED'] },
  503: { name: 'Unavailable', codes: ['STORE_AWAY', 'STOPPING', 'TOO_MANY_SCANS', 'IDENTITY_PROVIDER'] },
  507: { name: 'StoreFull', codes: ['STORE_FULL'] },
};

/** The shared refusals, as components. */
export function sharedRefusals(): Readonly<Record<string, RawResponse>> {
  return Object.fromEntries(
    Object.entries(shared).map(([status, { name, codes }]) => [name, refusal(Number(status), codes)]),
  );
}

/** All refusals of a route; `own` are codes that it has beyond those of its form, by status. */
export function refusalsOf(
  operation: RawOperation,
  path: string,
  own: Readonly<Record<number, readonly string[]>>,
): Readonly<Record<string, object>> {
  const statuses = new Set(formOf(operation, path));
  const all: Record<string, object> = {};
  for (const status of [...statuses, ...Object.keys(own).map(Number)].sort((a, b) => a - b)) {
    const inForm = statuses.has(status) ? shared[status] : undefined;
    const more = own[status];
    all[status] =
      inForm !== undefined && more === undefined
        ? { $ref: `#/components/responses/${inForm.name}` }
        : refusal(status, [...(inForm?.codes ?? []), ...(more ?? [])]);
  }
  return all;
}

/** Statuses that a route has by its form: what it takes, and who may use it. */
function formOf(operation: RawOperation, path: string): readonly number[] {
  const { responses, parameters = [], requestBody, security } = operation;
  // One that is open for whoever asks for health refuses nobody.
  if (security?.length === 0) return [];
  const takes = (place: string, name?: string): boolean =>
    parameters.some((each) => each.in === place && (name === undefined || each.name === name));
  return [
    ...[400, 401, 403, 408, 421, 429, 431, 500, 503],
    ...(path.includes('{') ? [404] : []),
    ...(takes('header', 'if-match') ? [412] : []),
    ...(requestBody === undefined ? [] : [413, 415]),
    ...(responses['507'] === undefined ? [] : [507]),
  ];
}

function refusal(status: number, codes: readonly string[]): RawResponse {
  const title = STATUS_CODES[status] ?? 'Error';
  const meanings = codes.map((code) => `\`${code}\`: ${codeMeanings[code] ?? 'see `detail`'}.`);
  const examples = Object.fromEntries(
    codes.map((code) => [
      code,
      { value: { type: 'about:blank', title, status, code, detail: codeMeanings[code] ?? title } },
    ]),
  );
  const schema = {
    allOf: [
      { $ref: '#/components/schemas/Problem' },
      { type: 'object', properties: { code: { type: 'string', enum: codes } } },
    ],
  };
  const limits = beforeLimits.has(status) ? [] : limitHeaders;
  const headers = headersOf([...(refusalHeaders[status] ?? []), ...limits]);
  return {
    description: `${title}. ${meanings.join(' ')}`,
    ...(headers !== undefined && { headers }),
    content: { [problemType]: { schema, examples } },
  };
}

/** Refusals that come before requests are counted. */
const beforeLimits: ReadonlySet<number> = new Set([401, 408, 421, 431]);

const refusalHeaders: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};
