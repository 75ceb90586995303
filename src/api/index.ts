// The REST API of the server.

export { requireToken } from './access/bearer.ts';
export { type Caller, hasScope, type RouteScope } from './access/caller.ts';
export { type ApiAccess, renewApiAccess } from './access/renew-access.ts';
export * from './create-api.ts';
export { feedView } from './feed/feed-views.ts';
export type { ApiBackend, ApiOptions, App } from './host/app.ts';
export { type ApiLimits, type ApiTls, apiLimitDefaults } from './host/http-server.ts';
export { checkOidc, type OidcSettings, oidcAlgorithms, oidcDefaults } from './host/oidc-settings.ts';
export * from './host/renew-tls.ts';
export { Exposition, expositionType } from './metrics/exposition.ts';
export { metricsServer } from './metrics/metrics-door.ts';
export { drainApi } from './request/draining.ts';
export type { Problem } from './request/problem.ts';
export { requireAuthority } from './request/site-check.ts';
