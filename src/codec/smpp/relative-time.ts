// Moments and durations as SMPP writes them (SMPP 3.4 §7.1.1): YYMMDDhhmmsstnn and +, - or R; durations are counted from when
// the centre has the message.
import { ValueError } from '../../core/index.ts';
import { smppDocument } from './document.ts';

const units = [
  { octets: 2, seconds: 86_400 },
  { octets: 2, seconds: 3600 },
  { octets: 2, seconds: 60 },
  { octets: 2, seconds: 1 },
] as const;

/** Longest duration that is written in days: 30 of them, in seconds. How long months are, nothing says. */
export const longestRelativeSeconds = 30 * 86_400;

/** Text of a duration of 1 to 2 592 000 whole seconds. @throws {ValueError} OUT_OF_RANGE */
export function relativeTime(seconds: number, path = ''): string {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > longestRelativeSeconds) {
    const detail = `${seconds} is not an integer from 1 to ${longestRelativeSeconds}`;
    throw new ValueError('OUT_OF_RANGE', detail, path, { doc: smppDocument, section: '7.1.1.2' });
  }
  let rest = seconds;
  let text = '0000';
  for (const unit of units) {
    const count = Math.floor(rest / unit.seconds);
    rest -= count * unit.seconds;
    text += String(count).padStart(unit.octets, '0');
  }
  return `${text}000R`;
}

/** Last moment that a year of two digits can name, in milliseconds since the POSIX epoch. */
const lastMoment = Date.UTC(2100, 0, 1) - 1;

/**
 * Text of a moment in milliseconds since the POSIX epoch, in UTC; what is below a tenth of a second is cut off (§7.1.1.1).
 * @throws {ValueError} OUT_OF_RANGE outside of the years 2000 to 2099
 */
export function absoluteTime(time: number, path = ''): string {
  if (!(time >= Date.UTC(2000, 0, 1) && time <= lastMoment)) {
    const detail = `${time} is not a moment of the years 2000 to 2099`;
    throw new ValueError('OUT_OF_RANGE', detail, path, { doc: smppDocument, section: '7.1.1.1' });
  }
  return `${new Date(time).toISOString().replace(/\D/g, '').slice(2, 15)}00+`;
}

/**
 * Seconds from `now` (milliseconds since the POSIX epoch) until the moment that a text of 16 characters names, absolute
 * or relative; a month counts 30 days, a year 365. `undefined` when it is empty or names none. Negative when it is over.
 */
export function secondsUntil(text: string, now: number): number | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d)(\d\d)([+\-R])$/.exec(text);
  if (match === null) return undefined;
  const [year, month, day, hour, minute, second, tenths, quarters] = match.slice(1, 9).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  if (match[9] === 'R') {
    return (year * 365 + month * 30 + day) * 86_400 + hour * 3600 + minute * 60 + second;
  }
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const local = Date.UTC(2000 + year, month - 1, day, hour, minute, second, tenths * 100);
  const aheadMs = quarters * 15 * 60_000 * (match[9] === '-' ? -1 : 1);
  return (local - aheadMs - now) / 1000;
}
