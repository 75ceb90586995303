// Messages of a capture explained: the same object as of pasted octets, with where they were seen.
import { ReveilleError } from '../../core/index.ts';
import { type Explanation, explanationOf, type MoreOfMessage } from '../explain/explanation.ts';
import { takeCaptured } from '../explain/take-apart.ts';
import { type Findings, noFindings, type TakeApartOptions } from '../layers/findings.ts';
import type { CapturedEnd, CapturedMessage, CapturedProtocol } from '../streams/captured-message.ts';
import { UnexpectedError } from './unexpected-error.ts';

/** How messages of a capture are taken apart. */
export type InspectOptions = Omit<TakeApartOptions, 'as'>;

/** A message taken apart. */
export interface Inspected {
  readonly findings: Findings;
  /** Why it could not be read to its end, or why no DM client takes it. */
  readonly error: ReveilleError | undefined;
}

/** A message of a capture, explained. */
export interface CapturedExplanation extends Explanation {
  readonly number: number;
  /** ISO 8601; null where the capture does not say. */
  readonly time: string | null;
  readonly frames: readonly number[];
  readonly source: CapturedEnd | null;
  readonly destination: CapturedEnd | null;
  readonly protocol: CapturedProtocol;
  readonly note?: string;
}

/**
 * Takes a message of a capture apart; never throws for what its octets hold. What nobody thought of is an `UnexpectedError` of
 * this message, so that the others are read.
 */
export function inspectCaptured(message: CapturedMessage, options: InspectOptions = {}): Inspected {
  const findings = noFindings();
  try {
    takeCaptured(
      message.octets,
      message.form,
      { ...options, as: 'auto' },
      findings,
      message.segment,
      message.unprotected,
    );
    return { findings, error: findings.refusal };
  } catch (cause) {
    return { findings, error: cause instanceof ReveilleError ? cause : new UnexpectedError(cause) };
  }
}

/** The object for one message of a capture. */
export function explainCaptured(
  message: CapturedMessage,
  options: InspectOptions = {},
  moreOfMessage?: MoreOfMessage,
): CapturedExplanation {
  const { findings, error } = inspectCaptured(message, options);
  return { ...seenAt(message), ...explanationOf(findings, error, moreOfMessage) };
}

/** Where and when a message was seen. */
export function seenAt(message: CapturedMessage): Omit<CapturedExplanation, keyof Explanation> {
  const { number, time, frames, source, destination, protocol, note } = message;
  return {
    number,
    time: time ?? null,
    frames,
    source: source ?? null,
    destination: destination ?? null,
    protocol,
    ...(note === undefined ? {} : { note }),
  };
}
