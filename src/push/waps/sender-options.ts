// Settings of a sender of secure pushes.
import type { KeyObject } from 'node:crypto';
import type { WspHeader } from '../../codec/wsp/index.ts';
import type { RetransmitOptions, WtlsFlow } from '../../codec/wtls/index.ts';
import type { Clock } from '../../core/index.ts';
import type { Push, ResolveHost } from '../index.ts';
import type { WapsSecret } from './secret.ts';

/** Where a device listens. */
export interface WapsTarget {
  /** IP address or host name. */
  readonly host: string;
  /** UDP port, 1–65535; devices listen on 2949. Default 2949. */
  readonly port?: number | undefined;
}

/** Something about sessions, for a log. */
export interface WapsNotice {
  /** Address and port of the other end. */
  readonly peer: string;
  /** `dropped`: octets of the other end that were of no use. `warning`: an alert that changes nothing. */
  readonly what: 'established' | 'failed' | 'closed' | 'warning' | 'dropped';
  readonly detail: string;
}

/** Settings of a sender. */
export interface WapsSenderOptions extends RetransmitOptions {
  /**
   * The secrets that the device at an address may prove: what makes sure that it is this device. None, and the push is
   * refused; so is one that is short or can be guessed. Asked for every push: a session whose secret is no longer given is
   * not used any more.
   */
  readonly secrets: (to: WapsTarget, push: Push) => readonly WapsSecret[] | Promise<readonly WapsSecret[]>;
  /**
   * Largest datagram in octets, WTLS and WSP included: 64–65507, default 1400. Beyond about 1400 the network cuts a
   * datagram into fragments, which many firewalls drop; raise it for pushed DM messages on networks known to carry them.
   */
  readonly maxDatagram?: number | undefined;
  /**
   * Order of messages of a handshake under a shared secret: `abbreviated` is what deployed terminals do, `full` what earlier
   * versions of ours did; devices of ours take both. Default `abbreviated`.
   */
  readonly flow?: WtlsFlow | undefined;
  /** WSP headers for every push, after X-Wap-Application-Id. Package #0 has room for 35 octets of them. */
  readonly headers?: readonly WspHeader[] | undefined;
  /** Finds the address of a host name. Default: the system's resolver. */
  readonly resolve?: ResolveHost | undefined;
  /**
   * UDP port to send from, on all addresses; 0 takes any free one. Sessions belong to it: a deployed terminal that still
   * holds one, from before a restart that it was not told of, ignores HelloRequests in the clear from the same port. With
   * 0 the next start has another port; with a fixed one change it, or wait until the terminal's session ends. Default 0.
   */
  readonly localPort?: number | undefined;
  /** How long a session may be used, in milliseconds. Default 24 hours. */
  readonly sessionMs?: number | undefined;
  /** How long a session may go without a push, in milliseconds. Default 4 hours. */
  readonly idleMs?: number | undefined;
  /** Sessions kept, at most; beyond, the one that was not used for longest ends. Default 65 536. */
  readonly maxSessions?: number | undefined;
  /** Handshakes at a time, at most; pushes that need one more are refused for the time being. Default 1024. */
  readonly maxHandshakes?: number | undefined;
  /** Keys are renewed every 2^keyRefresh records, 0–4. Default 4. */
  readonly keyRefresh?: number | undefined;
  /**
   * Private RSA key of 1024 to 4096 bits: allows RSA_anon, and with it single DES, to devices that offer no identity.
   * That encrypts, but **proves nothing**: anybody may be at the other end. For checks against other implementations
   * only. Default: not allowed.
   */
  readonly rsaKey?: KeyObject | undefined;
  /** Called when something happens to a session; what it throws is ignored. */
  readonly onNotice?: ((notice: WapsNotice) => void) | undefined;
  /** Default: the machine's. */
  readonly clock?: Clock | undefined;
}

/** Defaults of `WapsSenderOptions`, and the bounds of `maxDatagram`. */
export const wapsSenderDefaults = Object.freeze({
  port: 2949,
  maxDatagram: 1400,
  minimum: 64,
  maximum: 65507,
  sessionMs: 24 * 3_600_000,
  idleMs: 4 * 3_600_000,
  maxSessions: 65_536,
  maxHandshakes: 1024,
});
