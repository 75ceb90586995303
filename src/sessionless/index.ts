// DM messages that need no session (DM-SESSIONLESS-1.3) and bootstrap: composing and opening them, without sockets and files.
export * from './compose-message.ts';
