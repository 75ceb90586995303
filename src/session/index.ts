// The DM session as state machines without sockets.

export * from './client/client-options.ts';
export * from './client/client-session.ts';
export * from './client/run-commands.ts';
export * from './client/user-interaction.ts';
export * from './contract/contract.ts';
export * from './contract/correlation.ts';
export { detached, type SessionMemory } from './message/memory.ts';
export type { Verifier } from './proof/verifier.ts';
export * from './server/admission.ts';
export { PastSession } from './server/past-session.ts';
export * from './server/refusal.ts';
export * from './server/refusal-message.ts';
export type { MessageOrder } from './server/seen-messages.ts';
export * from './server/server-options.ts';
export * from './server/server-session.ts';
