// What a DM session takes in and gives out, for the client's and the server's state machine alike. No sockets here: a
// host carries octets, keeps nonces, and calls `receive` with each message.
import type { DmCommand, DmMessage, Item, ManagementCommand } from '../../codec/syncml/index.ts';
import type { AuthScheme } from '../../security/index.ts';

export type { AuthScheme, SessionCredentials } from '../../security/index.ts';

/** A message as it came in. */
export interface Incoming {
  readonly message: DmMessage;
  /** The octets of the whole message as sent: for HMAC, and to tell a repeated message from another one. */
  readonly body: Uint8Array;
  /** Value of the `x-syncml-hmac` header, if there was one. */
  readonly hmac?: string;
}

/** A message to send. The client's goes to `message.header.target.uri`. */
export interface Outgoing {
  readonly message: DmMessage;
  /** Set when the message is authenticated by HMAC: computes the `x-syncml-hmac` value over the encoded octets. */
  readonly hmac?: (body: Uint8Array) => string;
}

/** One Status that the client gave to a command. */
export interface CommandStatus {
  /** Status code. */
  readonly status: number;
  readonly targetRefs: readonly string[];
  readonly sourceRefs: readonly string[];
  readonly items: readonly Item[];
}

/** Something that the host must make durable, in order, before it sends the message of the same step. */
export type SessionEffect =
  /** New nonce for what the client sends (AAuthData of CLCRED). */
  | { readonly effect: 'client-nonce'; readonly nonce: Uint8Array }
  /** New nonce for what the server sends, notifications included (AAuthData of SRVCRED). */
  | { readonly effect: 'server-nonce'; readonly nonce: Uint8Array }
  /** The peer proved who it is, once a session. `defaultNonce` tells that it took the default nonce to do so. */
  | {
      readonly effect: 'peer-authenticated';
      readonly scheme: AuthScheme | 'none';
      readonly defaultNonce: boolean;
    }
  /** Both sides hold fresh nonces again (DM-NOTI-1.2 §5.1, step 6). */
  | { readonly effect: 'resynchronised' }
  /** A client's alert or DevInfo or requested MO, for the server's records. Server only. */
  | { readonly effect: 'received'; readonly command: DmCommand }
  /**
   * All that the client said to a command. Server only, once for each command that the provider gave: when the client's
   * package is complete, or the session ends. Commands inside an Atomic or Sequence come one by one, before their group.
   */
  | {
      readonly effect: 'answered';
      /** The very object that the command provider gave. */
      readonly command: ManagementCommand;
      /**
       * False when it never went out, or the client refused it for the server's credentials; when it did and `statuses`
       * is empty, nobody knows whether it was carried out.
       */
      readonly sent: boolean;
      /**
       * True when it went out more than once, for the client repeated its message and got the same answer. Nobody can tell
       * whether only the answer was lost, or the client had carried the command out and begun anew.
       */
      readonly again?: true;
      /** Empty when the client gave none. */
      readonly statuses: readonly CommandStatus[];
      /** Their Meta is complete: that of the Results, overridden element by element by the item's own. */
      readonly results: readonly Item[];
      /**
       * Why the command has failed whatever its statuses say: an object of which a piece was refused or whose end did
       * not come, a piece that the client took for the whole, a Status that is none. May quote a few characters of what
       * came.
       */
      readonly problem?: string;
    }
  /** Worth a log line; never holds a secret. */
  | { readonly effect: 'note'; readonly text: string };

/** What a client said, as a server's host is told. */
export type ClientReport = Extract<SessionEffect, { effect: 'answered' | 'received' }>;

/** Why a session is over. */
export type SessionEnd =
  | { readonly outcome: 'completed' }
  /** The peer's credentials do not hold, or it does not take ours, after the attempts that the rules allow. */
  | { readonly outcome: 'unauthenticated'; readonly reason: string }
  /** Either side sent Alert 1223. */
  | { readonly outcome: 'aborted'; readonly by: 'client' | 'server'; readonly reason: string }
  /** The peer broke the protocol, stalled, or vanished. */
  | { readonly outcome: 'failed'; readonly reason: string };

/** What one input leads to. With neither `send` nor `end` the input was ignored, and a note says why. */
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

/** One item of a server's command, for the device to carry out. */
export interface TreeCommand {
  readonly name: 'Add' | 'Replace' | 'Delete' | 'Copy' | 'Get' | 'Exec';
  /** Its Meta is complete: the command's, overridden element by element by the item's own. A large object is whole. */
  readonly item: Item;
  /** Exec only: to be echoed in the Alert 1226 that reports the end. */
  readonly correlator?: string;
}

/** For whom a command is carried out. */
export interface CommandContext {
  /** The authenticated server: the subject of every ACL decision. */
  readonly serverId: string;
  readonly sessionId: number;
  /** True inside an Atomic, between `begin` and `commit` or `rollback`. */
  readonly atomic: boolean;
}

/** What a command on the device led to: its status code, items of the Status, and Results. */
export interface CommandOutcome {
  readonly status: number;
  readonly statusItems?: readonly Item[];
  readonly results?: readonly Item[];
}

/** How the device keeps the all-or-nothing of an Atomic. */
export interface AtomicTransaction {
  /** Called before the first command of an Atomic. */
  begin(): Promise<void>;
  /** Makes all of them durable. Rejects when it cannot; the device is then as before. */
  commit(): Promise<void>;
  /** Undoes all of them. Rejects when it cannot (516 for each command that stays). */
  rollback(): Promise<void>;
}
