// How long a notification lives and what its TIMEOUT says, rule by rule (DM-NOTI-1.3 §6.4.7, DM-NOTI-1.3-2010 §6.2.12,
// spec-notes ruling 25).
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../../src/core/index.ts';
import {
  endOfLife,
  fieldsAt,
  keptUntil,
  neededUntil,
  timeoutOf,
  timeoutStart,
  tooEarly,
} from '../../../src/server/push/notification-life.ts';

const minute = 60_000;
const day = 86_400_000;
const noon = Date.UTC(2026, 0, 1, 12);
const minutes = (count: unknown, timestamp?: unknown) => ({
  format: 'dm1.3' as const,
  fields: { timeoutMinutes: count, ...(timestamp !== undefined && { timestamp }) },
});
const days = (count: unknown) => ({ format: 'dm1.3-2010' as const, fields: { timeoutDays: count } });
/** When a notification ends, or what is said against it. */
const endOf = (...asked: Parameters<typeof endOfLife>): unknown => {
  try {
    return endOfLife(...asked);
  } catch (error) {
    return error instanceof ValueError ? shown(error) : error;
  }
};
const shown = ({ code, path, detail, spec }: ValueError) => ({ code, path, detail, spec });
const specs = {
  minutes: { doc: 'DM-NOTI-1.3', section: '6.4.7' },
  days: { doc: 'DM-NOTI-1.3-2010', section: '6.2.12' },
};

describe('the TIMEOUT that a notification asks for', () => {
  it('is in minutes in dm1.3 and in days in dm1.3-2010', () => {
    assert.deepEqual(timeoutOf(minutes(90)), {
      field: 'timeoutMinutes',
      count: 90,
      unitMs: minute,
      lengthMs: 90 * minute,
      spec: specs.minutes,
    });
    assert.deepEqual(timeoutOf(days(7)), {
      field: 'timeoutDays',
      count: 7,
      unitMs: day,
      lengthMs: 7 * day,
      spec: specs.days,
    });
    assert.equal(timeoutOf(minutes(1))?.count, 1);
  });

  it('is none when 0 or nothing stands there', () => {
    for (const count of [0, -1, undefined, null, '5']) {
      assert.equal(timeoutOf(minutes(count)), undefined, String(count));
      assert.equal(timeoutOf(days(count)), undefined, String(count));
    }
  });

  it('is none in a format that has no such field, whatever else stands there', () => {
    const fields = { timeoutMinutes: 5, timeoutDays: 5 };
    assert.doesNotThrow(() => timeoutOf({ format: 'dm1.2', fields }));
    assert.equal(timeoutOf({ format: 'dm1.2', fields }), undefined);
    assert.equal(timeoutOf({ format: 'dm1.3', fields: { timeoutDays: 5 } }), undefined);
    assert.equal(timeoutOf({ format: 'dm1.3-2010', fields: { timeoutMinutes: 5 } }), undefined);
  });
});

describe('a TIMEOUT counts', () => {
  it('from TIMESTAMP in dm1.3: the one that was given, else the whole second of the sending', () => {
    assert.equal(timeoutStart(minutes(1), noon + 999), noon);
    assert.equal(timeoutStart(minutes(1, noon / 1000 - 60), noon + 999), noon - minute);
    assert.equal(timeoutStart(minutes(1, 'now'), noon + 1999), noon + 1000, 'a text is no TIMESTAMP');
  });

  it('from the sending in the other formats, to the millisecond', () => {
    for (const format of ['dm1.2', 'dm1.3-2010'] as const) {
      assert.equal(timeoutStart({ format, fields: { timestamp: 7 } }, noon + 999), noon + 999);
    }
  });
});

describe('a notification ends', () => {
  const otherwise = noon + 5;

  it('as asked, or as usual, without a TIMEOUT', () => {
    for (const timed of [minutes(0), days(0), { format: 'dm1.2' as const, fields: { timeoutDays: 3 } }]) {
      assert.equal(endOf(timed, { sentAt: noon, otherwise }), otherwise);
      assert.equal(endOf(timed, { sentAt: noon, expiresAt: noon + 7, otherwise }), noon + 7);
    }
  });

  it('with its TIMEOUT: a shorter usual life is raised to it, and a longer life that is named ends with it', () => {
    for (const [timed, end] of [
      [minutes(10), noon + 10 * minute],
      [minutes(10, noon / 1000 - 60), noon + 9 * minute],
      [days(1), noon + day],
    ] as const) {
      assert.equal(endOf(timed, { sentAt: noon, otherwise }), end);
      assert.equal(endOf(timed, { sentAt: noon, otherwise: noon + 9 * day }), end);
      for (const expiresAt of [end, end + 1, noon + 9 * day]) {
        assert.equal(endOf(timed, { sentAt: noon, expiresAt, otherwise }), end);
      }
    }
    assert.equal(endOf(minutes(1), { sentAt: noon + 999, otherwise }), noon + minute);
    assert.equal(endOf(days(1), { sentAt: noon + 999, otherwise }), noon + 999 + day);
  });

  it('never before its TIMEOUT: an earlier end is refused, with both values', () => {
    assert.deepEqual(endOf(minutes(10), { sentAt: noon, expiresAt: noon + 10 * minute - 1, otherwise }), {
      code: 'OUT_OF_RANGE',
      path: 'expiresAt',
      detail:
        '2026-01-01T12:09:59.999Z is earlier than timeoutMinutes 10 promises the device, whose Session-ID ' +
        'it keeps valid until 2026-01-01T12:10:00.000Z: leave expiresAt out, or ask for less',
      spec: specs.minutes,
    });
  });

  it('a refusal names the field that names the end', () => {
    const timeout = timeoutOf(days(2)) ?? assert.fail('no TIMEOUT');
    assert.deepEqual(shown(tooEarly(timeout, noon, noon + 2 * day, 'timeoutSeconds')), {
      code: 'OUT_OF_RANGE',
      path: 'timeoutSeconds',
      detail:
        '2026-01-01T12:00:00.000Z is earlier than timeoutDays 2 promises the device, whose Session-ID it keeps valid until ' +
        '2026-01-03T12:00:00.000Z: leave timeoutSeconds out, or ask for less',
      spec: specs.days,
    });
  });

  it('whatever is asked for, and whenever: with what it promises', () => {
    const asked = fc.oneof(
      fc.integer({ min: 1, max: 65_535 }).map((count) => ({ timed: minutes(count), length: count * minute })),
      fc.integer({ min: 1, max: 7 }).map((count) => ({ timed: days(count), length: count * day })),
    );
    fc.assert(
      fc.property(asked, fc.integer({ min: 1, max: 10 ** 11 }), ({ timed, length }, lifeMs) => {
        assert.equal(endOf(timed, { sentAt: noon, otherwise: noon + lifeMs }), noon + length);
      }),
    );
  });
});

describe('each push says', () => {
  /** TIMEOUT of a push that goes out so long after noon. */
  const told = (
    timed: ReturnType<typeof minutes> | ReturnType<typeof days>,
    expiresAt: number,
    after: number,
  ) => fieldsAt({ ...timed, expiresAt }, noon + after);

  it('what is left of its life, rounded up and never 0', () => {
    for (const [after, left] of [
      [0, 10],
      [1, 10],
      [59_999, 10],
      [minute, 9],
      [8 * minute + 1, 2],
      [9 * minute, 1],
      [10 * minute, 1],
      [30 * minute, 1],
    ] as const) {
      assert.deepEqual(told(minutes(10), noon + 10 * minute, after), { timeoutMinutes: left }, String(after));
    }
    for (const [after, left] of [
      [0, 3],
      [day / 3, 3],
      [day, 2],
      [day + 1, 2],
      [2 * day, 1],
      [3 * day, 1],
    ] as const) {
      assert.deepEqual(told(days(3), noon + 3 * day, after), { timeoutDays: left }, String(after));
    }
  });

  it('never more than was asked for: a clock that was set back, a life that is longer', () => {
    assert.deepEqual(told(days(3), noon + 3 * day, -day), { timeoutDays: 3 });
    assert.deepEqual(told(minutes(10), noon + 20 * minute, 0), { timeoutMinutes: 10 });
  });

  it('as before when it counts from a TIMESTAMP that was given, and every other field as it is', () => {
    const given = minutes(10, noon / 1000 - 60);
    assert.deepEqual(told(given, noon + 9 * minute, 5 * minute), given.fields);
    const fields = { timeoutMinutes: 10, uiMode: 'background', requestedMo: [2] };
    const life = { format: 'dm1.3' as const, fields, expiresAt: noon + 10 * minute };
    assert.deepEqual(fieldsAt(life, noon + 3 * minute), { ...fields, timeoutMinutes: 7 });
  });

  it('no TIMEOUT where none was asked for', () => {
    for (const timed of [
      minutes(0),
      days(0),
      { format: 'dm1.2' as const, fields: { timeoutMinutes: 5 } },
      { format: 'dm1.3' as const, fields: {} },
    ]) {
      assert.doesNotThrow(() => fieldsAt({ ...timed, expiresAt: noon + day }, noon));
      assert.deepEqual(fieldsAt({ ...timed, expiresAt: noon + day }, noon), timed.fields);
    }
  });
});

describe('a Session-ID is kept', () => {
  it('until the end, or until a TIMEOUT ends that was rounded up beyond it', () => {
    const until = noon + 3 * day;
    assert.equal(keptUntil({ ...days(3), expiresAt: until }, noon), until);
    // Half a day later two and a half are left, and three are told.
    assert.equal(keptUntil({ ...days(3), expiresAt: until }, noon + day / 2), noon + 3.5 * day);
    assert.equal(keptUntil({ ...days(3), expiresAt: noon + 5 * day }, noon), noon + 5 * day);
    const ten = { ...minutes(10), expiresAt: noon + 10 * minute };
    assert.equal(keptUntil(ten, noon + 90_000), noon + 10.5 * minute);
    const given = { ...minutes(10, noon / 1000 - 60), expiresAt: noon + 9 * minute };
    assert.equal(keptUntil(given, noon + 5 * minute), noon + 9 * minute, 'it counts from TIMESTAMP');
  });

  it('as long as the push, without a TIMEOUT', () => {
    for (const timed of [minutes(0), days(0), { format: 'dm1.2' as const, fields: { timeoutDays: 3 } }]) {
      assert.doesNotThrow(() => keptUntil({ ...timed, expiresAt: noon + 7 }, noon));
      assert.equal(keptUntil({ ...timed, expiresAt: noon + 7 }, noon), undefined);
    }
  });

  it('and what waits for its session as long as a TIMEOUT may be rounded up, by a whole unit', () => {
    assert.equal(neededUntil({ ...minutes(10), expiresAt: noon }), noon + minute);
    assert.equal(neededUntil({ ...days(3), expiresAt: noon }), noon + day);
    for (const timed of [minutes(0), days(0), { format: 'dm1.2' as const, fields: {} }]) {
      assert.doesNotThrow(() => neededUntil({ ...timed, expiresAt: noon }));
      assert.equal(neededUntil({ ...timed, expiresAt: noon }), noon);
    }
  });
});
