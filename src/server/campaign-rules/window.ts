// Daily windows by local wall time: whether one is open, and until or from when. Pure.
//
// A window opens at the first occurrence of its `from` on a day; where the clock leaps over that, when it has leapt, if its end
// is later still. It closes at the first occurrence of its `to` on the day of its end. So each opens once a day at most: an hour
// that the clock passes twice opens nothing twice, and a window that lies wholly in an hour that is left out does not occur.
import { Temporal } from 'temporal-polyfill';
import { ValueError } from '../../core/index.ts';
import type { DailyWindow } from '../../store/index.ts';

/** How windows stand; times in milliseconds since the POSIX epoch. */
export type WindowState =
  | { readonly open: true; readonly until: number }
  | { readonly open: false; readonly opensAt: number };

/** A span of time, its end not included. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const minutesOfDay = 1440;

/** Days ahead that are looked at, one after the other: the first almost always do. */
const horizons = [2, 9, 17, 32] as const;

/**
 * How windows stand at a moment. Those that meet or overlap are one. What is open for longer than it looks ahead is open until
 * there, and what does not open for so long is closed until there: whoever asks again then is told more.
 * @param timeZone IANA name
 * @param now milliseconds since the POSIX epoch
 * @throws {RangeError} for a time zone that there is not
 */
export function windowAt(windows: readonly DailyWindow[], timeZone: string, now: number): WindowState {
  const today = Temporal.Instant.fromEpochMilliseconds(Math.floor(now))
    .toZonedDateTimeISO(timeZone)
    .toPlainDate();
  let state: WindowState = { open: false, opensAt: now };
  for (const days of horizons) {
    const spans = merged(spansOf(windows, timeZone, today, days));
    const found = spans.find(({ to }) => to > now);
    const end = startOf(today.add({ days }), 0, timeZone);
    if (found !== undefined && found.from <= now) return { open: true, until: found.to };
    // A window of the last day that was looked at may be followed by one that opens sooner than it closes, but not by one before it.
    if (found !== undefined) return { open: false, opensAt: found.from };
    state = { open: false, opensAt: Math.max(end, now + 1) };
  }
  return state;
}

/** True for a name of a time zone that there is. */
export function isTimeZone(name: string): boolean {
  // Offsets are no zones of people: they know no daylight saving, and nobody means that who writes one by mistake.
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** Minutes since midnight of a text like `22:30`; `24:00` where `last` says so. @throws {ValueError} BAD_FORMAT */
export function minutesOf(text: string, path: string, last: 1439 | 1440): number {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(text) ?? [];
  const sum = Number(hours) * 60 + Number(minutes);
  if (hours === undefined || Number(minutes) > 59 || sum > last) {
    const latest = last === minutesOfDay ? '24:00' : '23:59';
    throw new ValueError('BAD_FORMAT', `must be a time of the day like 22:30, at most ${latest}`, path);
  }
  return sum;
}

/** Occurrences on the days around one, in order of their beginning. */
function spansOf(
  windows: readonly DailyWindow[],
  timeZone: string,
  today: Temporal.PlainDate,
  days: number,
): readonly Span[] {
  const spans: Span[] = [];
  // One of the day before yesterday may last until today where a day was left out.
  for (let offset = -2; offset <= days; offset += 1) {
    const date = today.add({ days: offset });
    for (const window of windows) {
      if (window.days !== undefined && !window.days.includes(date.dayOfWeek)) continue;
      const overnight = window.to <= window.from;
      const from = startOf(date, window.from, timeZone);
      const to = startOf(overnight ? date.add({ days: 1 }) : date, window.to, timeZone);
      if (to > from) spans.push({ from, to });
    }
  }
  return spans.sort((one, other) => one.from - other.from);
}

function merged(spans: readonly Span[]): readonly Span[] {
  const out: Span[] = [];
  for (const span of spans) {
    const last = out.at(-1);
    if (last === undefined || span.from > last.to) out.push(span);
    else if (span.to > last.to) out[out.length - 1] = { from: last.from, to: span.to };
  }
  return out;
}

/** When a wall time first occurs on a day; where it is left out, when the clock leaps over it. */
function startOf(date: Temporal.PlainDate, minutes: number, timeZone: string): number {
  const day = minutes === minutesOfDay ? date.add({ days: 1 }) : date;
  const time = minutes % minutesOfDay;
  const wall = day.toPlainDateTime({ hour: Math.floor(time / 60), minute: time % 60 });
  const first = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (first.toPlainDateTime().equals(wall)) return first.epochMilliseconds;
  // `earlier` reads what is left out by the offset after the leap, which gives a moment before it.
  return first.getTimeZoneTransition('next')?.epochMilliseconds ?? first.epochMilliseconds;
}
