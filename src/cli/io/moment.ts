// A moment as an option says it: a date, or so long ago.
import { UsageError } from './io.ts';

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
const dateTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/;

/**
 * Reads `2026-12-01T06:00:00Z`, `2026-12-01` (its beginning in UTC), or how long before `nowMs`: `90s`, `30m`, `12h`, `7d`. Gives it
 * as RFC 3339 has it.
 * @throws {UsageError} for anything else
 */
export function readMoment(text: string, option: string, nowMs: number): string {
  const [, count = '', unit = ''] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = units[unit];
  if (seconds !== undefined)
    return new Date(Math.max(0, nowMs - Number(count) * seconds * 1000)).toISOString();
  const ms = dateTime.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `${option} ${text}: neither a moment such as 2026-12-01T06:00:00Z nor an age such as 30m, 12h or 7d`,
    );
  }
  return new Date(ms).toISOString();
}
