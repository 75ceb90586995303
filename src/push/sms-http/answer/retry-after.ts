// Retry-After: seconds, or a moment (RFC 9110 §10.2.3).

/** Longest wait that is believed, in milliseconds: a day. */
const longestWaitMs = 86_400_000;

/** How long to wait in milliseconds, 0 to a day; `undefined` for what says nothing. `now` is the wall clock's. */
export function retryAfterMs(text: string | undefined, now: number): number | undefined {
  const trimmed = text?.trim() ?? '';
  if (/^[0-9]{1,10}(?:\.[0-9]{1,6})?$/.test(trimmed)) {
    return Math.min(Math.ceil(Number(trimmed) * 1000), longestWaitMs);
  }
  // Days of the week begin every form of a date in HTTP; anything else is not guessed at.
  if (!/^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? .{8,40}$/.test(trimmed)) return undefined;
  const moment = Date.parse(trimmed);
  return Number.isNaN(moment) ? undefined : Math.min(Math.max(0, moment - now), longestWaitMs);
}
