// The REST API of the server.
export type { ApiBackend, ApiOptions, App } from './app.ts';
export * from './create-api.ts';
export type { Problem } from './problem.ts';
