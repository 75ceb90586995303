// The REST API of the server.

export * from './create-api.ts';
export type { ApiBackend, ApiOptions, App } from './host/app.ts';
export { type ApiLimits, type ApiTls, apiLimitDefaults } from './host/http-server.ts';
export * from './host/renew-tls.ts';
export { requireToken } from './request/bearer.ts';
export type { Problem } from './request/problem.ts';
