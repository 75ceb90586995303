// What goes into a reassembler and what comes out of it.
import type { Clock } from '../../core/index.ts';
import type { UserDataHeader, UserDataPorts } from './user-data.ts';

/** Why something was dropped: `duplicate` and `late` count parts, the others incomplete datagrams. */
export type ReassemblyDropReason =
  /** A part that is already there; the first one counts. */
  | 'duplicate'
  /** A part of a datagram that was completed within the timeout. */
  | 'late'
  /** The same reference came with another number of parts: the sender's counter wrapped round. */
  | 'superseded'
  /** No further part within the timeout. */
  | 'expired'
  /** Its sender had too many open. */
  | 'sender-limit'
  /** Too many were open. */
  | 'open-limit'
  /** Too many octets were held. */
  | 'octet-limit';

/** One short message as received. */
export interface SmsPart {
  /** Originating address. */
  readonly from: string;
  /** Destination address. */
  readonly to: string;
  readonly header: Pick<UserDataHeader, 'ports' | 'concatenation'>;
  readonly payload: Uint8Array;
}

/** What became of a part. */
export type ReassemblyResult =
  | { readonly status: 'complete'; readonly datagram: Uint8Array; readonly ports: UserDataPorts | undefined }
  | { readonly status: 'waiting'; readonly received: number; readonly total: number }
  | { readonly status: 'dropped'; readonly reason: ReassemblyDropReason };

/** Something that was dropped, for a log. */
export interface ReassemblyDrop {
  readonly reason: ReassemblyDropReason;
  readonly from: string;
  readonly to: string;
  readonly reference: number;
  /** Parts that were held of the datagram. */
  readonly received: number;
  readonly total: number;
}

/** What happened so far, and what is held now. */
export interface ReassemblyCounters {
  /** Short messages given. */
  readonly parts: number;
  /** Datagrams returned, those of one part included. */
  readonly completed: number;
  readonly dropped: Readonly<Record<ReassemblyDropReason, number>>;
  /** Incomplete datagrams held now. */
  readonly open: number;
  /** Octets held now. */
  readonly octets: number;
}

/** Bounds of a reassembler. Where one is passed, the datagram that waited longest for a part gives way. */
export interface ReassemblerOptions {
  readonly clock: Clock;
  /** Milliseconds without a further part after which a datagram is given up; default 10 minutes. */
  readonly timeoutMs?: number | undefined;
  /**
   * Incomplete datagrams at one time; default 2000, so that a flood from 64 addresses makes none of the others give way.
   * As many completed ones are remembered.
   */
  readonly maxOpen?: number | undefined;
  /** Incomplete datagrams of one originating address; default 20. */
  readonly maxOpenPerSender?: number | undefined;
  /** Octets of all parts held; default 4 MiB. */
  readonly maxOctets?: number | undefined;
  /** Called for each drop; must not throw. */
  readonly onDrop?: ((drop: ReassemblyDrop) => void) | undefined;
}

/** Defaults of `ReassemblerOptions`. */
export const reassemblerDefaults = Object.freeze({
  timeoutMs: 600_000,
  maxOpen: 2000,
  maxOpenPerSender: 20,
  maxOctets: 4 * 1024 * 1024,
});
