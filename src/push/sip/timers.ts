// Times of SIP transactions (RFC 3261 §17.1.1.1, table 4).
import { wholeNumber } from '../../core/index.ts';

/** Base times, in milliseconds; all timers follow from them. */
export interface SipTimers {
  /** T1: an estimate of the round trip. Default 500. */
  readonly t1Ms: number;
  /** T2: longest pause between two sends. Default 4000. */
  readonly t2Ms: number;
  /** T4: how long a message may stay in the network. Default 5000. */
  readonly t4Ms: number;
}

/** The times of RFC 3261. */
export const sipTimers: SipTimers = Object.freeze({ t1Ms: 500, t2Ms: 4000, t4Ms: 5000 });

/** Timers F and J: how long a client waits, and how long a server remembers its answer. */
export function transactionMs(timers: SipTimers): number {
  return 64 * timers.t1Ms;
}

/** The times given, with defaults. @throws {ValueError} OUT_OF_RANGE */
export function timersFrom(given: Partial<SipTimers> = {}): SipTimers {
  const { t1Ms = sipTimers.t1Ms, t2Ms = sipTimers.t2Ms, t4Ms = sipTimers.t4Ms } = given;
  return {
    t1Ms: wholeNumber(t1Ms, 1, 60_000, 'timers.t1Ms'),
    t2Ms: wholeNumber(t2Ms, 1, 600_000, 'timers.t2Ms'),
    t4Ms: wholeNumber(t4Ms, 1, 600_000, 'timers.t4Ms'),
  };
}
