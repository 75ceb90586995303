// Octets, bounded readers and writers, bit tables, typed errors, clock, bounds for strangers, ServerIDs. Imports nothing of
// the project.
export * from './annotation.ts';
export * from './attempt-guard.ts';
export * from './bit-table.ts';
export * from './bytes.ts';
export * from './clock.ts';
export * from './errors.ts';
export type { FailureLimits } from './failure-rate.ts';
export * from './field.ts';
export * from './hash.ts';
export * from './json-text.ts';
export * from './line-text.ts';
export * from './log-level.ts';
export * from './log-summary.ts';
export * from './logger.ts';
export * from './number-words.ts';
export * from './octet-places.ts';
export * from './peer-source.ts';
export * from './places.ts';
export type { ProvenLimits } from './proven-sources.ts';
export * from './reader.ts';
export * from './secret-strength.ts';
export * from './server-id.ts';
export * from './shared-timers.ts';
export * from './text-place.ts';
export * from './turns.ts';
export * from './whole-number.ts';
export * from './writer.ts';
