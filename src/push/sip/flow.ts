// A way to one peer, whatever carries it.
import type { SipMessage } from '../../codec/sip/index.ts';
import type { DecodeError } from '../../core/index.ts';
import type { InboundEnd, PeerAddress } from '../index.ts';

/** Transports by their name in Via. */
export type SipProtocol = 'UDP' | 'TCP' | 'TLS';

/** A way to one peer; messages go both ways. */
export interface SipFlow {
  readonly protocol: SipProtocol;
  /** True when the transport delivers everything once, in order. */
  readonly reliable: boolean;
  /** Where the peer reaches us. */
  readonly local: PeerAddress;
  readonly remote: PeerAddress;
  /** Sends one message; `failed` is called when it cannot be carried, now or later. */
  send(octets: Uint8Array, failed?: (error: unknown) => void): void;
  /** Calls `run` once when the way is gone; the function returned takes that back. Ways over UDP never go. */
  onClosed(run: (error: Error) => void): () => void;
  /** A valid request came over it: a connection that a peer opened may stay. Does nothing over UDP. */
  served(): void;
  /** Closes a connection that seems dead, so that the next request opens another. Does nothing over UDP. */
  discard(): void;
}

/** Takes what arrives. */
export interface SipIntake {
  message(message: SipMessage, octets: number, flow: SipFlow): void;
  /** Octets that are no SIP message; `octets` are those of a datagram, absent for a stream. */
  malformed(error: DecodeError, size: number, flow: SipFlow, octets?: Uint8Array): void;
  /** A connection was not taken, made to give way, or brought no whole message in its time. */
  ended(reason: InboundEnd, detail: string, from: string, octets: number): void;
  /** A socket reports an error that concerns no message of ours. */
  error(error: unknown): void;
}
