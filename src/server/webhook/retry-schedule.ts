// When a delivery is tried again: pauses that grow, and what receivers ask for.

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Pauses after each failed attempt, in milliseconds (Standard Webhooks 1.0 has these as its example): ten attempts in three days. */
export const retryPauses: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];

/** Longest time that a receiver may ask to be left alone, in milliseconds. */
export const longestRetryAfterMs = 24 * hourMs;

/** How much longer a pause may be, so that those of many do not end at once. */
const jitter = 0.1;

/**
 * The pause after so many failed attempts, in milliseconds; `undefined` when there is no further one.
 * @param random from 0 up to, not including, 1
 */
export function retryPause(
  attempts: number,
  random: number,
  pauses: readonly number[] = retryPauses,
): number | undefined {
  const pause = pauses[attempts - 1];
  return pause === undefined ? undefined : Math.round(pause * (1 + jitter * random));
}

/** The milliseconds that Retry-After asks for (RFC 9110 §10.2.3); `undefined` where it asks for none, or says what it should not. */
export function readRetryAfter(
  header: string | readonly string[] | undefined,
  now: number,
): number | undefined {
  const text = typeof header === 'string' ? header.trim() : header?.[0]?.trim();
  if (text === undefined || text === '') return undefined;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * secondMs : Date.parse(text) - now;
  if (Number.isNaN(ms)) return undefined;
  return Math.min(Math.max(0, ms), longestRetryAfterMs);
}
