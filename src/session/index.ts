// The DM session as state machines without sockets.
export * from './admission.ts';
export * from './client-options.ts';
export * from './client-session.ts';
export * from './contract.ts';
export * from './correlation.ts';
export { detached, type SessionMemory } from './memory.ts';
export * from './refusal.ts';
export * from './refusal-message.ts';
export * from './run-commands.ts';
export type { MessageOrder } from './seen-messages.ts';
export * from './server-options.ts';
export * from './server-session.ts';
export * from './user-interaction.ts';
