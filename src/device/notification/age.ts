// How long a notification may be acted on: TIMEOUT and TIMESTAMP of dm1.3 (DM-NOTI-1.3 §6.4.7, §6.4.9), days of
// dm1.3-2010 (§6.2.12).
import type { Clock } from '../../core/index.ts';
import { type Ignored, ignored } from '../report/verdict.ts';

/** What a notification says about its own validity. */
export interface Validity {
  /** dm1.3: minutes that the server keeps the Session-ID, 0 = no limit (spec-notes ruling 4). */
  readonly timeoutMinutes?: number;
  /** dm1.3: the server's clock when it sent, in POSIX seconds. */
  readonly timestamp?: number;
  /** dm1.3-2010: days that the server keeps the Session-ID, 0 = no limit. */
  readonly timeoutDays?: number;
}

/** What the device knows of its own clock. */
export interface DeviceTime {
  /** Milliseconds since the POSIX epoch. */
  readonly nowMs: number;
  /** False when the clock may be anything, as after a loss of power: then age is not judged (ruling 4). */
  readonly trustworthy: boolean;
  /** How far the clocks of server and device may lie apart, in milliseconds. */
  readonly skewMs: number;
}

/** The device's clock, and how far it is to be trusted. */
export interface ClockTrust {
  readonly clock: Clock;
  /** False when the clock may be anything; a function is asked for each notification. */
  readonly trustworthyClock: boolean | (() => boolean);
  /** How far the clocks of server and device may lie apart, in milliseconds. */
  readonly clockSkewMs: number;
}

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** The device's time, and whether it is to be trusted now; a function that fails means that it is not. */
export function deviceTime({ clock, trustworthyClock, clockSkewMs }: ClockTrust): DeviceTime {
  let trustworthy = false;
  try {
    trustworthy = typeof trustworthyClock === 'boolean' ? trustworthyClock : trustworthyClock();
  } catch {
    // Stays false.
  }
  return { nowMs: clock.now(), trustworthy, skewMs: clockSkewMs };
}

/**
 * When the server stops keeping the Session-ID, on the device's clock in milliseconds; `undefined` without a limit. For
 * dm1.3 with a trustworthy clock it counts from the time stamp, with the allowance for skew; else from the arrival.
 */
export function validUntil(validity: Validity, arrival: DeviceTime): number | undefined {
  const { timeoutDays = 0, timeoutMinutes = 0, timestamp } = validity;
  if (timeoutDays > 0) return arrival.nowMs + timeoutDays * dayMs;
  if (timeoutMinutes === 0) return undefined;
  const lengthMs = timeoutMinutes * minuteMs;
  if (!arrival.trustworthy || timestamp === undefined) return arrival.nowMs + lengthMs;
  return timestamp * 1000 + lengthMs + arrival.skewMs;
}

/**
 * True when that moment is counted from the arrival, and so is a wait of the device; else it is a date on the server's
 * clock, which the wall clock is held against (DM-NOTI-1.3 §6.4.9).
 */
export function countsFromArrival(validity: Validity, arrival: DeviceTime): boolean {
  const { timeoutDays = 0, timestamp } = validity;
  return timeoutDays > 0 || !arrival.trustworthy || timestamp === undefined;
}

/** Ignores what had expired when it arrived. A device without a trustworthy clock ignores nothing here. */
export function checkAge(validity: Validity, arrival: DeviceTime): Ignored | undefined {
  const until = validUntil(validity, arrival);
  if (until === undefined || arrival.nowMs <= until) return undefined;
  const lateMinutes = Math.ceil((arrival.nowMs - until) / minuteMs);
  return ignored('expired', `its ${validity.timeoutMinutes} minutes were over ${lateMinutes} minutes ago`);
}

/** Seconds by which the time stamp lies ahead of the device's clock beyond the allowance; 0 when it does not. */
export function secondsAhead(validity: Validity, arrival: DeviceTime): number {
  if (validity.timestamp === undefined || !arrival.trustworthy) return 0;
  return Math.max(0, Math.round((validity.timestamp * 1000 - arrival.nowMs - arrival.skewMs) / 1000));
}
