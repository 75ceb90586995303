// DM messages that need no session (DM-SESSIONLESS-1.3) and bootstrap: composing them, without sockets and files.
export type { AccessPointAuth, BootstrapAccessPoint } from './account-tree.ts';
export * from './bootstrap.ts';
export * from './compose-message.ts';
