// Settings of a listener for secure pushes, and what its handler gets.

import type { PushRejection } from '../../codec/wsp/index.ts';
import type { RetransmitOptions, WtlsDropReason } from '../../codec/wtls/index.ts';
import type { Clock } from '../../core/index.ts';
import {
  type DroppedPush,
  type IntakeCounters,
  type PendingBounds,
  pendingDefaults,
  type ReceivedPush,
} from '../index.ts';
import type { WapsSecret } from './secret.ts';
import type { WapsNotice } from './sender-options.ts';

/** A push that came protected. */
export interface ReceivedWapsPush extends ReceivedPush {
  /** Identity of the secret that the sender proved; `undefined` for RSA_anon, where nothing was proved. */
  readonly identity: Uint8Array | undefined;
}

/** Takes a push that is meant for the DM client. What it throws, or rejects with, is counted and reported. */
export type WapsPushHandler = (push: ReceivedWapsPush) => void | Promise<void>;

/**
 * Why something was dropped: a reason of WTLS, a rule of DM-NOTI §7.1.1 for what was protected, or `malformed` and
 * `busy`, which are reasons of both.
 */
export type WapsDropReason = WtlsDropReason | PushRejection;

/** Counters of a secure listener. `received` counts pushes and what was dropped, not the messages of handshakes. */
export interface WapsCounters extends IntakeCounters<WapsDropReason> {
  /** Handshakes that led to a session. */
  readonly established: number;
  /** Handshakes that did not. */
  readonly failed: number;
}

/** Settings of a listener. */
export interface WapsListenerOptions extends RetransmitOptions, PendingBounds {
  /**
   * Secrets to offer, in order of preference, to any server that asks; or, from a function, to the server at an address,
   * where none means that it gets no answer. At most 16. One identity of up to 21 octets is offered at the server's first
   * HelloRequest; more, or longer ones, after its second to fourth (profile 10). Without a secret the listener does not
   * start; one that is short or can be guessed is refused.
   */
  readonly secrets: readonly WapsSecret[] | ((address: string) => readonly WapsSecret[]);
  /**
   * Offers RSA_anon too, and with it single DES. Such a session is encrypted, but **proves nothing**: anybody may push.
   * For checks against other implementations only. Default false.
   */
  readonly anonymous?: boolean | undefined;
  /** UDP port, default 2949; 0 takes any free one. */
  readonly port?: number | undefined;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  readonly handler: WapsPushHandler;
  /** Called for each thing dropped. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: WapsDropReason }) => void) | undefined;
  /** Called when a session begins, fails to begin, or ends. */
  readonly onNotice?: ((notice: WapsNotice) => void) | undefined;
  /** Called when the handler fails, or the socket reports an error; the listener goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
  /**
   * Handshakes at a time, at most; beyond, the oldest gives way, for anybody can ask for one. Each takes about 3 KB, and
   * 4 KB more where somebody sends what comes too early. Default 4096.
   */
  readonly maxHandshakes?: number | undefined;
  /** The same for one source: an IPv4 address, or an IPv6 network of 64 bits. Default 32. */
  readonly maxHandshakesPerSource?: number | undefined;
  /** Sessions kept, at most; beyond, the one that was not used for longest ends. Default 64. */
  readonly maxSessions?: number | undefined;
  /** The same for one source. Default 16. */
  readonly maxSessionsPerSource?: number | undefined;
  /** How long a session may be used, in milliseconds. Default 25 hours, an hour more than senders use it. */
  readonly sessionMs?: number | undefined;
  /** How long a session may go without a push, in milliseconds. Default 5 hours, an hour more than with senders. */
  readonly idleMs?: number | undefined;
  /** Keys are renewed every 2^keyRefresh records, 0–4; the server may choose less. Default 4. */
  readonly keyRefresh?: number | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** Registered port of secure connectionless WAP push. */
export const wapsPushPort = 2949;

/** Defaults of `WapsListenerOptions`. */
export const wapsListenerDefaults = Object.freeze({
  port: wapsPushPort,
  ...pendingDefaults,
  maxHandshakes: 4096,
  maxHandshakesPerSource: 32,
  maxSessions: 64,
  maxSessionsPerSource: 16,
  sessionMs: 25 * 3_600_000,
  idleMs: 5 * 3_600_000,
});

/** Every reason for which something is dropped. */
export const wapsDropReasons = [
  'malformed',
  'unexpected',
  'replay',
  'bad-record',
  'no-session',
  'stranger',
  'busy',
  'pdu-type',
  'application-id',
  'content-type',
] as const satisfies readonly WapsDropReason[];
