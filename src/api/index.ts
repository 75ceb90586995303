// The REST API of the server.
export type { ApiBackend, ApiOptions, App } from './app.ts';
export { requireToken } from './bearer.ts';
export * from './create-api.ts';
export { type ApiLimits, type ApiTls, apiLimitDefaults } from './http-server.ts';
export type { Problem } from './problem.ts';
export * from './renew-tls.ts';
