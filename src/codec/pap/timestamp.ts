// Times as PAP writes them: UTC to the second, `2026-01-31T23:59:59Z`.
import { ValueError } from '../../core/index.ts';

const pattern = /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})Z$/;

/** Milliseconds since the POSIX epoch, or `undefined` when the text is no time. */
export function parsePapTime(text: string): number | undefined {
  if (!pattern.test(text)) return undefined;
  const time = Date.parse(text);
  // Date takes 30 February for 2 March.
  return !Number.isNaN(time) && isoSeconds(time) === text ? time : undefined;
}

/**
 * Text of a time in milliseconds since the POSIX epoch; what is below the second is cut off.
 * @throws {ValueError} OUT_OF_RANGE before the year 0 or after 9999
 */
export function formatPapTime(time: number, path = ''): string {
  const text = Number.isFinite(time) && Math.abs(time) <= 8.64e15 ? isoSeconds(time) : '';
  if (pattern.test(text)) return text;
  throw new ValueError('OUT_OF_RANGE', `${time} is not a time that PAP can write`, path);
}

function isoSeconds(time: number): string {
  return new Date(time).toISOString().replace(/\.[0-9]{3}Z$/, 'Z');
}
