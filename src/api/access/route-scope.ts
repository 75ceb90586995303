// Every route says what it asks for, and is described with it.
import type { FastifyContextConfig, FastifyRequest, RouteOptions } from 'fastify';
import { ReveilleError } from '../../core/index.ts';
import { scopes } from '../../store/index.ts';
import { type Caller, type RouteScope, requireAllAccounts, requireScope } from './caller.ts';

const known: ReadonlySet<unknown> = new Set<RouteScope>([...scopes, 'any', 'open']);

/** For a hook on new routes. @throws {ReveilleError} ROUTE_SCOPE for one that does not say what it asks for */
export function requireRouteScope({ method, url, config }: RouteOptions): void {
  if (known.has(config?.scope)) return;
  throw new ReveilleError('ROUTE_SCOPE', `the route ${String(method)} ${url} needs config: { scope }`);
}

/** What the route of a request asks for; `undefined` where there is no such route. */
export function routeScopeOf(request: FastifyRequest): RouteScope | undefined {
  return request.routeOptions.config.scope;
}

/** @throws {ApiError} 403 for a caller that may not do what the route is for */
export function requireRights(caller: Caller, { scope, allAccounts }: FastifyContextConfig): void {
  if (scope !== undefined && scope !== 'any' && scope !== 'open') requireScope(caller, scope);
  if (allAccounts === true) requireAllAccounts(caller);
}

/** What the description says of who may use a route. */
export function accessOf({ scope = 'admin', allAccounts }: FastifyContextConfig = {}) {
  // OpenAPI 3.1, Security Requirement Object: of a scheme that is not OAuth, the names are roles.
  const bearer: readonly string[] = scope === 'any' ? [] : [scope];
  return {
    security: scope === 'open' ? [] : [{ bearer }],
    ...(allAccounts === true && { 'x-accounts': 'all' }),
  };
}
