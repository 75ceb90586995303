// What comes out of the state machines: datagrams to send, and what happened.
import type { AlertDescription } from './code-points.ts';

/** Key exchanges by their printed names. */
export type WtlsKeyExchange = 'SHARED_SECRET' | 'RSA_anon';

/** Why a handshake came to nothing. */
export type WtlsFailure =
  /** The other end stopped answering, or never did. */
  | 'no-answer'
  /** It cannot be read. */
  | 'malformed'
  /** A message out of its place. */
  | 'unexpected-message'
  /** It speaks another version. */
  | 'version'
  /** No key exchange, cipher or sequence number mode that both ends allow. */
  | 'nothing-in-common'
  /** It offers identities, but none that is expected. */
  | 'unknown-identity'
  /** It chose something that was not offered, or a key that cannot be used. */
  | 'illegal-parameter'
  /** Its first protected record does not open: it holds another secret, or somebody meddled. */
  | 'wrong-secret'
  /** Both ends hold the same keys, but have not seen the same handshake. */
  | 'finished-mismatch'
  /** It sent an alert. */
  | 'alert'
  /** It gave way to a newer handshake: there are too many at once. */
  | 'displaced'
  /** Too many keys were exchanged within a while. */
  | 'busy'
  /** This end gave up. */
  | 'cancelled';

/** Why octets were dropped without an answer. */
export type WtlsDropReason =
  /** No records, or a record that cannot be read. */
  | 'malformed'
  /** A record that has no place in what is going on. */
  | 'unexpected'
  /** Seen before, or too old to tell. */
  | 'replay'
  /** Padding or MAC wrong: tampered with, or of another session. */
  | 'bad-record'
  /** A protected record from a peer with which there is no session. */
  | 'no-session'
  /** A peer that no secret is for. */
  | 'stranger'
  /** Too many handshakes at once. */
  | 'busy';

/** What happened. */
export type WtlsEvent =
  | {
      readonly type: 'established';
      readonly keyExchange: WtlsKeyExchange;
      /** Identity of the shared secret that both ends proved; `undefined` for RSA_anon, which proves nothing. */
      readonly identity: Uint8Array | undefined;
    }
  /** Application data; `identity` as in `established`. */
  | { readonly type: 'data'; readonly data: Uint8Array; readonly identity: Uint8Array | undefined }
  | { readonly type: 'failed'; readonly reason: WtlsFailure; readonly detail: string }
  /** The session ended; the other end said so. */
  | { readonly type: 'closed'; readonly detail: string }
  /** The other end asks for a new handshake. */
  | { readonly type: 'hello-requested' }
  /**
   * The other end seems to have lost the session, but nobody vouches for that: anybody can send such an alert. The session
   * stands; a new handshake tells.
   */
  | { readonly type: 'doubted'; readonly detail: string }
  /** The other end warns; nothing changes. */
  | { readonly type: 'warning'; readonly detail: string }
  | {
      readonly type: 'dropped';
      readonly reason: WtlsDropReason;
      readonly detail: string;
      readonly octets: number;
    };

/** What to do now. */
export interface WtlsStep {
  /** Datagrams for the other end, in order. */
  readonly send: readonly Uint8Array[];
  readonly events: readonly WtlsEvent[];
}

const failureAlerts: Readonly<Record<WtlsFailure, AlertDescription | undefined>> = {
  'no-answer': undefined,
  malformed: 'decode_error',
  'unexpected-message': 'unexpected_message',
  version: 'protocol_version',
  'nothing-in-common': 'handshake_failure',
  'unknown-identity': 'unknown_key_id',
  'illegal-parameter': 'illegal_parameter',
  'wrong-secret': 'bad_record_mac',
  'finished-mismatch': 'decrypt_error',
  alert: undefined,
  displaced: undefined,
  busy: 'internal_error',
  cancelled: 'user_canceled',
};

/** What the other end is told about a failure: always fatal; nothing when it went away or told us. */
export function failureAlert(reason: WtlsFailure): AlertDescription | undefined {
  return failureAlerts[reason];
}
