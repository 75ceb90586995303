// A push on its way to the centres: its messages, what is known of them, and how it ends.
import { PushError } from '../../../core/index.ts';
import type { AcceptedMessage, OutMark } from '../../short-message/index.ts';

/** The messages of one push. */
export interface Shipment {
  /** Digits of the device. */
  readonly number: string;
  /** In whose octets sequence numbers are set. */
  readonly pdus: readonly Uint8Array[];
  readonly life: {
    /** What is left of it, in milliseconds; infinite without an end. */
    readonly leftMs: number;
    /** Writes what is left by then into a message that waited. @throws {PushError} when nothing is */
    stamp(pdu: Uint8Array): void;
  };
  /** True while messages of it may be out: in the air, taken, or without an answer. */
  readonly mark: OutMark;
}

/** One message of a push. */
export interface Message {
  readonly job: Job;
  readonly index: number;
  readonly pdu: Uint8Array;
  /** When it was composed or sent last, on the monotonic clock. */
  sentAt: number;
  /** How often it was refused because the centre gets too many. */
  throttled: number;
  resends: number;
}

/** A push whose messages are on their way. */
export interface Job extends Pick<Shipment, 'number' | 'life' | 'mark'> {
  readonly accepted: AcceptedMessage[];
  readonly deadline: number;
  /** Messages without an answer. */
  open: number;
  /** Of those, on a link now. */
  inAir: number;
  /** Why a message was refused: no more of them leave, and the push is over when those in the air are answered. */
  refusal: PushError | undefined;
  /** True where a message may have been taken of which no answer tells. */
  doubtful: boolean;
  /** A message of it has left, whatever became of it. */
  started: boolean;
  /** Called when the first message leaves. */
  readonly onStart: () => void;
  /** Where in the order of what came an answer stands. */
  readonly moment: () => number;
  settled: boolean;
  readonly settle: (error: PushError | undefined) => void;
}

/** Notes whether messages of it may be out: one that a centre refused is not. */
export function noteOut({ mark, accepted, inAir, doubtful }: Job): void {
  mark.out = inAir > 0 || doubtful || takenOf(accepted) > 0;
}

function takenOf(accepted: Job['accepted']): number {
  // Answers come in any order: there may be gaps.
  return accepted.filter((each) => each !== undefined).length;
}

/** The refusal of a push. Where others of its messages may be out, nobody else may begin it anew. */
export function refusalOf({ accepted, doubtful }: Job, refusal: PushError): PushError {
  const taken = takenOf(accepted);
  if (taken === 0 && !doubtful) return refusal;
  const { code, message, retryable } = refusal;
  const others = taken === 0 ? 'others of its messages may be out' : `${taken} of its messages are out`;
  return new PushError(code, `${message}; ${others}`, retryable, { cause: refusal });
}

/** Why a push is over that began too late. */
export function closedError(): PushError {
  return new PushError('CLOSED', 'the sms sender is being closed', true);
}

/** `out`: messages of it may be out. */
export function abortError(signal: AbortSignal, out: boolean): PushError {
  const text = out ? 'aborted after parts of it were sent' : 'aborted before it was sent';
  return new PushError('ABORTED', `the push was ${text}`, true, { cause: signal.reason });
}
