// Daily windows by local wall time, over both changes of daylight saving.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { isTimeZone, minutesOf, windowAt } from '../../../src/server/campaign-rules/window.ts';
import type { DailyWindow } from '../../../src/store/index.ts';

const minute = 60_000;

function at(text: string): number {
  return Date.parse(text);
}

function windowOf(from: string, to: string, days?: readonly number[]): DailyWindow {
  return {
    from: minutesOf(from, '', 1439),
    to: minutesOf(to, '', 1440),
    ...(days !== undefined && { days }),
  };
}

/** How a window stands, with times as people read them. */
function shown(windows: readonly DailyWindow[], zone: string, now: string): string {
  const state = windowAt(windows, zone, at(now));
  const moment = state.open ? state.until : state.opensAt;
  return `${state.open ? 'open until' : 'opens at'} ${new Date(moment).toISOString().replace(':00.000Z', 'Z')}`;
}

describe('windowAt', () => {
  it('opens and closes by the wall clock of its zone', () => {
    const night = [windowOf('22:00', '06:00')];
    assert.equal(shown(night, 'Europe/Berlin', '2026-01-10T20:59:00Z'), 'opens at 2026-01-10T21:00Z');
    assert.equal(shown(night, 'Europe/Berlin', '2026-01-10T21:00:00Z'), 'open until 2026-01-11T05:00Z');
    assert.equal(shown(night, 'Europe/Berlin', '2026-01-11T05:00:00Z'), 'opens at 2026-01-11T21:00Z');
    assert.equal(shown(night, 'Asia/Kathmandu', '2026-01-10T16:15:00Z'), 'open until 2026-01-11T00:15Z');
    assert.equal(shown(night, 'Asia/Kathmandu', '2026-01-10T16:14:59Z'), 'opens at 2026-01-10T16:15Z');
  });

  it('begins on its days alone, and may end on the day after', () => {
    const friday = [windowOf('23:00', '01:00', [5])];
    assert.equal(shown(friday, 'Europe/Berlin', '2026-01-09T23:30:00Z'), 'open until 2026-01-10T00:00Z');
    assert.equal(shown(friday, 'Europe/Berlin', '2026-01-10T00:30:00Z'), 'opens at 2026-01-16T22:00Z');
  });

  it('takes windows that meet or overlap for one', () => {
    const halves = [windowOf('00:00', '12:00'), windowOf('12:00', '18:00'), windowOf('17:00', '20:00')];
    assert.equal(shown(halves, 'UTC', '2026-01-09T11:00:00Z'), 'open until 2026-01-09T20:00Z');
    const always = windowAt([windowOf('00:00', '24:00')], 'UTC', at('2026-01-09T11:00:00Z'));
    assert.ok(always.open && always.until > at('2026-01-10T00:00:00Z'));
  });

  it('is open for a whole day where it ends when it began', () => {
    const state = windowAt([windowOf('08:00', '08:00', [3])], 'UTC', at('2026-01-07T08:00:00Z'));
    assert.deepEqual(state, { open: true, until: at('2026-01-08T08:00:00Z') });
  });

  it('loses what of it lies in the hour that is left out', () => {
    // 2026-03-29, Europe/Berlin: 02:00 is 03:00.
    const berlin = (from: string, to: string) =>
      shown([windowOf(from, to)], 'Europe/Berlin', '2026-03-28T12:00:00Z');
    assert.equal(berlin('02:30', '04:00'), 'opens at 2026-03-29T01:00Z');
    assert.equal(berlin('02:15', '02:45'), 'opens at 2026-03-30T00:15Z', 'wholly within: not on that day');
    assert.equal(berlin('02:30', '03:00'), 'opens at 2026-03-30T00:30Z');
    assert.equal(
      shown([windowOf('01:00', '02:30')], 'Europe/Berlin', '2026-03-29T00:00:00Z'),
      'open until 2026-03-29T01:00Z',
    );
    // 2026-03-08, America/New_York.
    assert.equal(
      shown([windowOf('02:30', '05:00')], 'America/New_York', '2026-03-08T06:00:00Z'),
      'opens at 2026-03-08T07:00Z',
    );
    // 2026-10-04, Australia/Lord_Howe: 02:00 is 02:30.
    assert.equal(
      shown([windowOf('02:15', '03:00')], 'Australia/Lord_Howe', '2026-10-03T12:00:00Z'),
      'opens at 2026-10-03T15:30Z',
    );
    assert.equal(
      shown([windowOf('02:05', '02:25')], 'Australia/Lord_Howe', '2026-10-03T12:00:00Z'),
      'opens at 2026-10-04T15:05Z',
    );
  });

  it('opens once where an hour is passed twice', () => {
    // 2026-10-25, Europe/Berlin: 03:00 is 02:00.
    const within = [windowOf('02:15', '02:45')];
    assert.equal(shown(within, 'Europe/Berlin', '2026-10-25T00:00:00Z'), 'opens at 2026-10-25T00:15Z');
    assert.equal(shown(within, 'Europe/Berlin', '2026-10-25T00:20:00Z'), 'open until 2026-10-25T00:45Z');
    assert.equal(shown(within, 'Europe/Berlin', '2026-10-25T01:20:00Z'), 'opens at 2026-10-26T01:15Z');
    const across = [windowOf('02:30', '04:00')];
    assert.equal(shown(across, 'Europe/Berlin', '2026-10-25T00:30:00Z'), 'open until 2026-10-25T03:00Z');
    const overnight = [windowOf('02:50', '02:10')];
    assert.equal(shown(overnight, 'Europe/Berlin', '2026-10-25T01:20:00Z'), 'open until 2026-10-26T01:10Z');
    // 2026-04-05, Australia/Lord_Howe: 02:00 is 01:30.
    assert.equal(
      shown([windowOf('01:35', '01:55')], 'Australia/Lord_Howe', '2026-04-04T15:10:00Z'),
      'opens at 2026-04-05T15:05Z',
    );
    // 2026-11-01, America/New_York.
    assert.equal(
      shown([windowOf('01:00', '01:30')], 'America/New_York', '2026-11-01T06:10:00Z'),
      'opens at 2026-11-02T06:00Z',
    );
  });

  it('does without a day that was left out', () => {
    // Pacific/Apia had no 2011-12-30, a Friday.
    assert.equal(
      shown([windowOf('08:00', '10:00', [5])], 'Pacific/Apia', '2011-12-29T20:00:00Z'),
      'opens at 2012-01-05T18:00Z',
    );
  });

  it('agrees with a walk through the minutes, whatever the windows', { timeout: 120_000 }, () => {
    const zones = [
      ['Europe/Berlin', '2026-03-29'],
      ['Europe/Berlin', '2026-10-25'],
      ['America/New_York', '2026-03-08'],
      ['America/New_York', '2026-11-01'],
      ['Australia/Lord_Howe', '2026-10-04'],
      ['Australia/Lord_Howe', '2026-04-05'],
      ['Asia/Kathmandu', '2026-06-01'],
    ] as const;
    const walks = new Map(zones.map(([zone, day]) => [`${zone} ${day}`, walkOf(zone, day)]));
    const step = 5;
    const time = (most: number) => fc.integer({ min: 0, max: most / step }).map((n) => n * step);
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        time(1435),
        time(1440).filter((to) => to > 0),
        fc.integer({ min: 0, max: 72 * 12 - 1 }),
        ([zone, day], from, to, place) => {
          const walk = walks.get(`${zone} ${day}`) ?? [];
          const spans = spansBy(walk, day, { from, to });
          const now = walk[place]?.at ?? 0;
          const state = windowAt([{ from, to }], zone, now);
          const span = spans.find(([begin, end]) => begin <= now && now < end);
          assert.equal(
            state.open,
            span !== undefined,
            `${zone} ${day} ${from} ${to} ${new Date(now).toISOString()}`,
          );
          if (state.open && span !== undefined) {
            const lasts = state.until - now;
            assert.ok(lasts === span[1] - now || lasts > 24 * 60 * minute);
          }
          if (!state.open) {
            assert.ok(state.opensAt > now);
            const next = spans.find(([begin]) => begin > now);
            if (next !== undefined) assert.equal(state.opensAt, next[0]);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  it('is open for its minutes, once a day', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu'),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 1, max: 1440 }),
        (zone, from, to) => {
          // In June no clock here leaps.
          let now = at('2026-06-10T00:00:00Z');
          const end = at('2026-06-14T00:00:00Z');
          const nominal = to > from ? to - from : to + 1440 - from;
          const opened: number[] = [];
          while (now < end) {
            const state = windowAt([{ from, to }], zone, now);
            if (!state.open) {
              now = state.opensAt;
              opened.push(now);
              continue;
            }
            if (opened.length > 0 && nominal < 1440) assert.equal(state.until - now, nominal * minute);
            now = state.until;
          }
          for (const [index, begin] of opened.entries()) {
            if (index > 0) assert.equal(begin - (opened[index - 1] ?? 0), 1440 * minute);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('names and times', () => {
  it('knows zones, and no offsets', () => {
    for (const name of ['Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Etc/GMT+5'])
      assert.ok(isTimeZone(name), name);
    for (const name of ['Europe/Nowhere', '+02:00', '', 'Europe/', '../etc', 'Z1'])
      assert.ok(!isTimeZone(name), name);
  });

  it('reads times of the day', () => {
    assert.equal(minutesOf('00:00', 'x', 1439), 0);
    assert.equal(minutesOf('24:00', 'x', 1440), 1440);
    for (const text of ['24:00', '7:30', '07:60', '25:00', '0730', '07:30:00'])
      assert.throws(() => minutesOf(text, 'windows[0].from', 1439), {
        code: 'BAD_FORMAT',
        path: 'windows[0].from',
      });
  });
});

interface Step {
  readonly at: number;
  readonly wall: string;
}

/** Every fifth minute from a day before a date on, with what the wall clock says. */
function walkOf(zone: string, day: string): readonly Step[] {
  const begin = Temporal.PlainDate.from(day).subtract({ days: 1 }).toZonedDateTime(zone).epochMilliseconds;
  return Array.from({ length: 96 * 12 }, (_, index) => {
    const moment = begin + index * 5 * minute;
    const wall = Temporal.Instant.fromEpochMilliseconds(moment).toZonedDateTimeISO(zone).toPlainDateTime();
    return { at: moment, wall: wall.toString({ smallestUnit: 'minute' }) };
  });
}

/** When a window is open around a date: from when the clock first shows its beginning, or more, until it first shows its end, or more. */
function spansBy(
  walk: readonly Step[],
  day: string,
  { from, to }: DailyWindow,
): (readonly [number, number])[] {
  const spans: (readonly [number, number])[] = [];
  for (let offset = -2; offset <= 3; offset += 1) {
    const date = Temporal.PlainDate.from(day).add({ days: offset });
    const opens = firstAt(walk, date, from);
    const closes = firstAt(walk, to <= from ? date.add({ days: 1 }) : date, to);
    if (opens !== undefined && closes !== undefined && closes > opens) spans.push([opens, closes]);
  }
  return spans;
}

function firstAt(walk: readonly Step[], date: Temporal.PlainDate, minutes: number): number | undefined {
  const wall = date.toPlainDateTime().add({ minutes }).toString({ smallestUnit: 'minute' });
  const found = walk.findIndex((step) => step.wall >= wall);
  // What began before the walk is not known.
  if (found === 0 && walk[0]?.wall !== wall) return walk[0] === undefined ? undefined : walk[0].at - 1;
  return walk[found]?.at;
}
