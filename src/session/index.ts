// The DM session as state machines without sockets.
export * from './contract.ts';
