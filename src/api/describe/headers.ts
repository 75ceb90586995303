// Headers of answers.

const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const limited = 'Only where the server has a limit of requests, and not for tokens with the scope `admin`';

/** Headers by name, as components. */
export const responseHeaders = {
  ETag: {
    description: 'Version of what was read or written; give it as `If-Match` (RFC 9110 §8.8.3)',
    schema: text,
    example: '"mgw5h7z4.1"',
  },
  Location: {
    description: 'Path of what was created',
    schema: { type: 'string', format: 'uri-reference' },
    example: '/v1/notifications/01995ddc-93f0-7b86-8a3f-0c59cd34eee2',
  },
  'Retry-After': { description: 'Seconds after which the same may succeed', schema: count, example: 5 },
  'WWW-Authenticate': { description: 'How one proves who one is', schema: text, example: 'Bearer' },
  'RateLimit-Limit': {
    description: `Requests that the token may send in a minute. ${limited}`,
    schema: count,
    example: 600,
  },
  'RateLimit-Remaining': {
    description: `Requests that are left of this minute. ${limited}`,
    schema: count,
    example: 598,
  },
  'RateLimit-Reset': {
    description: `Seconds until the next minute of the token begins. ${limited}`,
    schema: count,
    example: 41,
  },
  'Content-Length': { description: 'Octets of the copy', schema: count, example: 1_048_576 },
};

/** Headers that say what is left of a minute. */
export const limitHeaders: readonly string[] = ['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'];

/** References to headers; `undefined` for none. */
export function headersOf(names: readonly string[]): Readonly<Record<string, object>> | undefined {
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
