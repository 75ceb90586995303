// The client of the REST API, for programs: typed after docs/openapi.json, in Node and in browsers.
export { UnansweredError, type UnansweredFields } from './answered.ts';
export type { components, operations, paths } from './api-types.ts';
export * from './client.ts';
export * from './create-client.ts';
export { type EventId, type FeedEvent, type FeedOptions, type FeedQuery, feedDefaults } from './events.ts';
export type { LinesType, Octets } from './lines.ts';
export { ApiProblem, type ProblemFields, UnreachableError } from './problem.ts';
export { type RetryOptions, retryDefaults } from './retry.ts';
export type { Fetch, TokenSource } from './sender.ts';
export type * from './shapes.ts';
export { type WatchOptions, watchDefaults } from './watch.ts';
