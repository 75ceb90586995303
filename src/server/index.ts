// The server: accounts, devices, the push engine and the DM endpoint.
export * from './account-service.ts';
export type { AttemptContext } from './attempt.ts';
export * from './attempt-guard.ts';
export * from './bindings.ts';
export * from './composer.ts';
export { decide } from './decide.ts';
export * from './device-service.ts';
export * from './dm-endpoint.ts';
export * from './dm-endpoint-options.ts';
export type { DmRequest, DmResponse } from './dm-exchange.ts';
export * from './dm-listener.ts';
export * from './logger.ts';
export * from './message-choices.ts';
export * from './notification-service.ts';
export * from './push-engine.ts';
export * from './push-policy.ts';
export * from './server.ts';
export type { SessionLimits } from './session-table.ts';
