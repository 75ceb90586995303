// What a DM session takes in and gives out, for the client's and the server's state machine alike. No sockets here: a
// host carries octets, keeps nonces, and calls `receive` with each message.
import type { DmCommand, DmMessage, Item } from '../codec/syncml/index.ts';

/** Application-layer authentication types of DM (`dm-messages` §3.1). */
export type AuthScheme = 'basic' | 'md5' | 'hmac';

/** One direction's credentials: CLCRED (client to server) or SRVCRED (server to client). */
export interface SessionCredentials {
  /** What the account prefers to be authenticated with. */
  readonly scheme: AuthScheme;
  /** AAuthName: user name, or for a server its name. */
  readonly name: string;
  /** AAuthSecret. Never logged. */
  readonly secret: string;
  /** Stored nonce octets (AAuthData); empty before the first one. */
  readonly nonce: Uint8Array;
}

/** A message as it came in. */
export interface Incoming {
  readonly message: DmMessage;
  /** The octets of the whole message as sent, for HMAC. */
  readonly body: Uint8Array;
  /** Value of the `x-syncml-hmac` header, if there was one. */
  readonly hmac?: string;
}

/** A message to send. */
export interface Outgoing {
  readonly message: DmMessage;
  /** Set when the message is authenticated by HMAC: computes the `x-syncml-hmac` value over the encoded octets. */
  readonly hmac?: (body: Uint8Array) => string;
}

/** Something that the host must make durable, in order, before it sends the message of the same step. */
export type SessionEffect =
  /** New nonce for what the client sends (AAuthData of CLCRED). */
  | { readonly effect: 'client-nonce'; readonly nonce: Uint8Array }
  /** New nonce for what the server sends, notifications included (AAuthData of SRVCRED). */
  | { readonly effect: 'server-nonce'; readonly nonce: Uint8Array }
  /** The peer proved who it is. `defaultNonce` tells that it took the default nonce to do so. */
  | {
      readonly effect: 'peer-authenticated';
      readonly scheme: AuthScheme | 'none';
      readonly defaultNonce: boolean;
    }
  /** Both sides hold fresh nonces again (DM-NOTI-1.2 §5.1, step 6). */
  | { readonly effect: 'resynchronised' }
  /** A client's alert or DevInfo or requested MO, for the server's records. */
  | { readonly effect: 'received'; readonly command: DmCommand }
  /** Worth a log line; never holds a secret. */
  | { readonly effect: 'note'; readonly text: string };

/** Why a session is over. */
export type SessionEnd =
  | { readonly outcome: 'completed' }
  /** The peer's credentials do not hold, after the attempts that the rules allow. */
  | { readonly outcome: 'unauthenticated'; readonly reason: string }
  /** Either side sent Alert 1223. */
  | { readonly outcome: 'aborted'; readonly by: 'client' | 'server'; readonly reason: string }
  /** The peer broke the protocol, stalled, or vanished. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** What one input leads to. */
export interface SessionStep {
  readonly effects: readonly SessionEffect[];
  /** The message to send, if any. */
  readonly send?: Outgoing;
  /** Set when the session is over; `send`, if any, still has to go out. */
  readonly end?: SessionEnd;
}

/** A leaf of the management tree, as DevInfo and requested MOs travel in package #1. */
export interface ObjectLeaf {
  /** From the root: `./DevInfo/DevId`. */
  readonly uri: string;
  readonly format?: string;
  readonly type?: string;
  readonly data: string | Uint8Array;
}

/** What a command on the device led to: its status code, items of the Status, and Results. */
export interface CommandOutcome {
  readonly status: number;
  readonly statusItems?: readonly Item[];
  readonly results?: readonly Item[];
}
