// What a route does not take it refuses: what is passed over may have been meant to bound what is done, such as `dryRun=true` behind
// a removal, or the filter in the body of a GET.
import type { FastifyRequest, RouteOptions } from 'fastify';
import { Type } from 'typebox';
import { ValueError } from '../../core/index.ts';

const none = Type.Object({}, { additionalProperties: false });

/** True for the routes of the API itself. */
const isOfApi = (url: string | undefined): boolean => url?.startsWith('/v1/') === true;

/** For a hook on new routes of the API itself: one that names no parameters has none. */
export function closeQuery(route: RouteOptions): void {
  const { url, schema } = route;
  if (!isOfApi(url) || schema === undefined || schema.querystring !== undefined) return;
  route.schema = { ...schema, querystring: none };
}

/**
 * For a hook before requests are checked: parameters have values, and where a route takes no body there is none. `{}` says nothing and
 * is none: some clients send it with every POST.
 * @throws {ValueError} for the first that is wrong
 */
export function requireNothingElse({ method, headers, query, body, routeOptions }: FastifyRequest): void {
  const { url, schema } = routeOptions;
  if (!isOfApi(url)) return;
  for (const [name, value] of Object.entries((query ?? {}) as Readonly<Record<string, unknown>>)) {
    if (value === '')
      throw new ValueError('OUT_OF_RANGE', 'is empty: leave it out, or give it a value', name);
  }
  if (schema?.body !== undefined) return;
  if (method === 'GET' || method === 'HEAD') {
    const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
    if (Number(length) === 0 && coding === undefined) return;
    throw new ValueError(
      'UNKNOWN_FIELD',
      `${method} takes no body: what narrows it goes into the address`,
      'body',
    );
  }
  if (body === undefined) return;
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ValueError('WRONG_TYPE', 'there is no body to this request', 'body');
  }
  const [field] = Object.keys(body);
  if (field === undefined) return;
  throw new ValueError(
    'UNKNOWN_FIELD',
    'not a field here: there is no body to this request',
    field.slice(0, 64),
  );
}
