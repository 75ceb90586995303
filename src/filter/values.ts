// Moments and durations of filters.

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** A century; what is longer was not meant. */
const longestMs = 36_525 * 86_400_000;

/** What durations look like, in words. */
export const durationWords = 'a duration such as 90s, 15m, 12h, 30d or 2w';

/** What moments look like, in words. */
export const momentWords = 'a date such as 2026-01-31, or a time such as 2026-01-31T12:00:00Z';

/** Milliseconds of a duration; `undefined` for what is none. */
export function durationMs(text: string): number | undefined {
  const parts = /^([0-9]{1,12})([smhdw])$/.exec(text);
  if (parts === null) return undefined;
  const ms = Number(parts[1]) * (units[parts[2] ?? ''] ?? Number.NaN);
  return ms > 0 && ms <= longestMs ? ms : undefined;
}

/** A moment in milliseconds since the POSIX epoch; a date is its first moment in UTC. `undefined` for what is none. */
export function momentMs(text: string): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/.exec(text);
  if (parts === null) return undefined;
  const day = `${parts[1]}-${parts[2]}-${parts[3]}`;
  const first = Date.parse(`${day}T00:00:00Z`);
  // 30 February would be the second of March.
  if (Number.isNaN(first) || !new Date(first).toISOString().startsWith(day)) return undefined;
  if (parts[4] === undefined) return first;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
