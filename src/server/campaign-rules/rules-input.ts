// The rules of a campaign as callers give them: pace, windows, when it stops, priority, end. What may change while it runs.
import { ValueError } from '../../core/index.ts';
import type {
  CampaignPace,
  CampaignPlan,
  CampaignRules,
  CampaignStop,
  DailyWindow,
} from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';
import { isTimeZone, minutesOf, windowAt } from './window.ts';

/** Bounds of what a campaign may ask for. */
export const campaignBounds = Object.freeze({
  /** Octets of its name. */
  name: 255,
  /** Devices of a list. */
  list: 100_000,
  /** Windows of one day or of several. */
  windows: 14,
  /** Carriers that have a pace of their own. */
  carriers: 100,
  /** Devices a second. */
  perSecond: 100_000,
  /** Highest and, below 0, lowest priority. */
  priority: 10,
  /** Wakes of a device within 24 hours. */
  wakesPerDay: 1000,
  /** Devices, for numbers of them. */
  devices: 100_000_000,
  /** How long a canary is waited for, in seconds. */
  waitSeconds: 7 * 86_400,
  /** How far its start may lie ahead, and how long it may go on after it, in milliseconds. */
  lifeMs: 366 * 86_400_000,
});

/** How long a campaign goes on that names no end, in milliseconds from its start. */
export const campaignLifeMs = 7 * 86_400_000;

/**
 * Takes the rules out of a plan. `startAt`: from when its life counts, milliseconds since the POSIX epoch, as `now`.
 * @throws {ValueError} for the first thing wrong
 */
export function readRules(input: InputReader, startAt: number, now: number): CampaignRules {
  const pace = readPace(input);
  const timeZone = readTimeZone(input);
  const windows = readWindows(input);
  const stop = readStop(input);
  const priority = input.optionalInteger('priority', -campaignBounds.priority, campaignBounds.priority);
  const wakesPerDay = input.optionalInteger('wakesPerDay', 1, campaignBounds.wakesPerDay);
  const expiresAt = readEnd(input, startAt, now) ?? startAt + campaignLifeMs;
  const rules: CampaignRules = {
    ...(pace !== undefined && { pace }),
    ...(timeZone !== undefined && { timeZone }),
    ...(windows !== undefined && { windows }),
    ...(stop !== undefined && { stop }),
    ...(priority !== undefined && { priority }),
    ...(wakesPerDay !== undefined && { wakesPerDay }),
    expiresAt,
  };
  return checkedRules(rules, input, startAt);
}

/**
 * The plan after a change of its name and rules: what is given takes the place of what was; `null` takes away.
 * @throws {ValueError} for the first thing wrong
 */
export function changedPlan(value: unknown, plan: CampaignPlan, startAt: number, now: number): CampaignPlan {
  const input = new InputReader(value, 'a change of a campaign');
  const next: Record<string, unknown> = { ...plan };
  const change = (name: string, read: (from: InputReader) => unknown): void => {
    const given = input.take(name);
    if (given === undefined) return;
    if (given === null) delete next[name];
    else next[name] = read(new InputReader({ [name]: given }, 'a change of a campaign', input.path));
  };
  const name = input.optionalText('name', { max: campaignBounds.name });
  if (name !== undefined) next.name = name;
  change('pace', readPace);
  change('timeZone', readTimeZone);
  change('windows', readWindows);
  change('stop', readStop);
  change('priority', (from) =>
    from.optionalInteger('priority', -campaignBounds.priority, campaignBounds.priority),
  );
  change('wakesPerDay', (from) => from.optionalInteger('wakesPerDay', 1, campaignBounds.wakesPerDay));
  const expiresAt = readEnd(input, startAt, now);
  if (expiresAt !== undefined) next.expiresAt = expiresAt;
  input.end();
  // Without windows a zone means nothing, and is no reason to refuse that they are taken away.
  if (next.windows === undefined) delete next.timeZone;
  const changed = next as unknown as CampaignPlan;
  checkedRules(changed, input, startAt);
  requireJudge(changed, input);
  return changed;
}

/** A canary is judged by a rule. @throws {ValueError} MISSING */
export function requireJudge(
  { canary, stop }: Pick<CampaignPlan, 'canary' | 'stop'>,
  input: InputReader,
): void {
  if (canary === undefined) return;
  if (stop?.failureRate !== undefined || stop?.failures !== undefined) return;
  const detail = 'a canary is judged by failureRate or failures: say at least one';
  throw new ValueError('MISSING', detail, input.pathOf('stop'));
}

function checkedRules(rules: CampaignRules, input: InputReader, startAt: number): CampaignRules {
  const { timeZone, windows, expiresAt } = rules;
  if (windows !== undefined && timeZone === undefined) {
    throw new ValueError('MISSING', 'say whose wall clock the windows go by', input.pathOf('timeZone'));
  }
  if (windows === undefined && timeZone !== undefined) {
    throw new ValueError('MISSING', 'a time zone is for windows: say which', input.pathOf('windows'));
  }
  if (windows === undefined || timeZone === undefined) return rules;
  const state = windowAt(windows, timeZone, startAt);
  if (!state.open && state.opensAt >= expiresAt) {
    const detail = 'none of them opens before the campaign is over';
    throw new ValueError('OUT_OF_RANGE', detail, input.pathOf('windows'));
  }
  return rules;
}

function readEnd(input: InputReader, startAt: number, now: number): number | undefined {
  const expiresAt = input.optionalTime('expiresAt');
  if (expiresAt === undefined) return undefined;
  const path = input.pathOf('expiresAt');
  if (expiresAt <= now) throw new ValueError('OUT_OF_RANGE', 'has passed', path);
  if (expiresAt <= startAt) throw new ValueError('OUT_OF_RANGE', 'must be after the start', path);
  if (expiresAt > startAt + campaignBounds.lifeMs) {
    throw new ValueError('OUT_OF_RANGE', 'may be 366 days after the start at most', path);
  }
  return expiresAt;
}

function readPace(input: InputReader): CampaignPace | undefined {
  const value = input.take('pace');
  if (value === undefined) return undefined;
  const path = input.pathOf('pace');
  const fields = new InputReader(value, 'a pace', path);
  const perSecond = fields.optionalNumber('perSecond', 0, campaignBounds.perSecond);
  const given = fields.take('carriers');
  fields.end();
  if (given === undefined) return perSecond === undefined ? undefined : { perSecond };
  const of = new InputReader(given, 'the pace of carriers', `${path}.carriers`);
  const names = Object.keys(given as object);
  if (names.length > campaignBounds.carriers) {
    throw new ValueError('TOO_LONG', `at most ${campaignBounds.carriers} carriers`, `${path}.carriers`);
  }
  const rates = names.flatMap((name): (readonly [string, number])[] => {
    if (name === '' || name.length > 255)
      throw new ValueError('OUT_OF_RANGE', 'is no name of a carrier', `${path}.carriers`);
    const rate = of.optionalNumber(name, 0, campaignBounds.perSecond);
    return rate === undefined ? [] : [[name, rate]];
  });
  return { ...(perSecond !== undefined && { perSecond }), carriers: Object.fromEntries(rates) };
}

function readTimeZone(input: InputReader): string | undefined {
  const name = input.optionalText('timeZone', { max: 64 });
  if (name === undefined || isTimeZone(name)) return name;
  const detail = 'is no time zone: use a name like Europe/Berlin';
  throw new ValueError('OUT_OF_RANGE', detail, input.pathOf('timeZone'));
}

function readWindows(input: InputReader): readonly DailyWindow[] | undefined {
  const value = input.take('windows');
  if (value === undefined) return undefined;
  const path = input.pathOf('windows');
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be a list', path);
  if (value.length === 0) throw new ValueError('OUT_OF_RANGE', 'must have one at least', path);
  if (value.length > campaignBounds.windows) {
    throw new ValueError('TOO_LONG', `at most ${campaignBounds.windows} windows`, path);
  }
  return value.map((one: unknown, index) => readWindow(one, `${path}[${index}]`));
}

function readWindow(value: unknown, path: string): DailyWindow {
  const fields = new InputReader(value, 'a window', path);
  const days = readDays(fields.take('days'), `${path}.days`);
  const from = minutesOf(fields.text('from', { max: 5 }), `${path}.from`, 1439);
  const to = minutesOf(fields.text('to', { max: 5 }), `${path}.to`, 1440);
  fields.end();
  // A day ends at 24:00 of its own, and that is the next one's 00:00.
  return { ...(days !== undefined && { days }), from, to: to === 0 ? 1440 : to };
}

function readDays(value: unknown, path: string): readonly number[] | undefined {
  if (value === undefined) return undefined;
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be a list', path);
  const days = value.map((day: unknown) => {
    if (typeof day === 'number' && Number.isInteger(day) && day >= 1 && day <= 7) return day;
    throw new ValueError('OUT_OF_RANGE', 'a day is a number from 1, Monday, to 7, Sunday', path);
  });
  if (days.length === 0) throw new ValueError('OUT_OF_RANGE', 'must name one day at least', path);
  if (new Set(days).size < days.length) throw new ValueError('OUT_OF_RANGE', 'names a day twice', path);
  return days.sort((one, other) => one - other);
}

function readStop(input: InputReader): CampaignStop | undefined {
  const value = input.take('stop');
  if (value === undefined) return undefined;
  const path = input.pathOf('stop');
  const fields = new InputReader(value, 'a rule to stop by', path);
  const failureRate = fields.optionalNumber('failureRate', 0, 1);
  const rateFrom = fields.optionalInteger('rateFrom', 1, campaignBounds.devices);
  const failures = fields.optionalInteger('failures', 0, campaignBounds.devices);
  fields.end();
  if (failureRate === undefined && failures === undefined) {
    throw new ValueError('MISSING', 'say failureRate, failures, or both', path);
  }
  return {
    ...(failureRate !== undefined && { failureRate }),
    ...(rateFrom !== undefined && { rateFrom }),
    ...(failures !== undefined && { failures }),
  };
}
