// Routes that take no parameters refuse them: one that is passed over may have been meant to bound what is done, such as `dryRun=true`
// behind a removal.
import type { RouteOptions } from 'fastify';
import { Type } from 'typebox';

const none = Type.Object({}, { additionalProperties: false });

/** For a hook on new routes of the API itself: one that names no parameters has none. */
export function closeQuery(route: RouteOptions): void {
  const { url, schema } = route;
  if (!url.startsWith('/v1/') || schema === undefined || schema.querystring !== undefined) return;
  route.schema = { ...schema, querystring: none };
}
