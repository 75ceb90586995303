// The plan of a campaign as options and files say it: what the REST API takes. What is wrong with it the server says.

import { readSourceText } from '../config/source-text.ts';
import { readInput } from '../io/input.ts';
import { type Io, UsageError } from '../io/io.ts';
import type { BodyOf } from './campaign-types.ts';

/** Options of rules, which may change while a campaign runs. */
export interface RuleOptions {
  readonly name?: string;
  readonly perSecond?: string;
  readonly carrierRate?: readonly string[];
  readonly timeZone?: string;
  readonly window?: readonly string[];
  readonly stopRate?: string;
  readonly stopFrom?: string;
  readonly stopFailures?: string;
  readonly priority?: string;
  readonly wakesPerDay?: string;
  readonly expires?: string;
}

/** Options of a plan. */
export interface PlanOptions extends RuleOptions {
  readonly file?: string;
  readonly kind?: string;
  readonly body?: string;
  readonly filter?: string;
  readonly live?: boolean;
  readonly device?: readonly string[];
  readonly devices?: string;
  readonly start?: string;
  readonly canary?: string;
  readonly canaryWait?: string;
}

type Fields = Record<string, unknown>;

/** Reads a plan: the file first, and options in place of what it says. @throws {UsageError} @throws {ConfigError} */
export async function planOf(io: Io, options: PlanOptions): Promise<BodyOf<'/v1/campaigns'>> {
  const plan: Fields = options.file === undefined ? {} : await fieldsOf(io, options.file);
  Object.assign(plan, rulesOf(options, plan));
  if (options.kind !== undefined || options.body !== undefined || plan.content === undefined) {
    const before = Object(plan.content) as Fields;
    const kind = options.kind ?? before.kind ?? 'wake';
    const body = options.body === undefined ? before.body : await fieldsOf(io, options.body);
    plan.content = { kind, ...(body !== undefined && { body }) };
  }
  const target = await targetOf(io, options);
  if (target !== undefined) plan.target = target;
  if (options.start !== undefined) plan.startAt = momentOf(options.start, '--start');
  if (options.canary !== undefined || options.canaryWait !== undefined) {
    plan.canary = canaryOf(options, Object(plan.canary) as Fields);
  }
  return plan as BodyOf<'/v1/campaigns'>;
}

/** The rules that options give, `none` taking away what there is; `before`: those of a file. @throws {UsageError} */
export function rulesOf(options: RuleOptions, before: Readonly<Fields> = {}): Fields {
  const rules: Fields = {};
  if (options.name !== undefined) rules.name = options.name;
  const { perSecond, carrierRate } = options;
  if (perSecond === 'none' && carrierRate === undefined) rules.pace = null;
  else if (perSecond !== undefined || carrierRate !== undefined) {
    rules.pace = {
      ...(Object(before.pace) as Fields),
      ...(perSecond !== undefined &&
        perSecond !== 'none' && { perSecond: numberOf(perSecond, '--per-second') }),
      ...(carrierRate !== undefined && { carriers: ratesOf(carrierRate) }),
    };
  }
  if (options.timeZone !== undefined) rules.timeZone = options.timeZone === 'none' ? null : options.timeZone;
  if (options.window !== undefined) {
    rules.windows = options.window.includes('none') ? null : options.window.map(windowOf);
  }
  const { stopRate, stopFrom, stopFailures } = options;
  if (stopRate === 'none' || stopFailures === 'none') rules.stop = null;
  else if (stopRate !== undefined || stopFrom !== undefined || stopFailures !== undefined) {
    rules.stop = {
      ...(Object(before.stop) as Fields),
      ...(stopRate !== undefined && { failureRate: partOf(stopRate) }),
      ...(stopFrom !== undefined && { rateFrom: numberOf(stopFrom, '--stop-from') }),
      ...(stopFailures !== undefined && { failures: numberOf(stopFailures, '--stop-failures') }),
    };
  }
  for (const [name, option] of [
    ['priority', '--priority'],
    ['wakesPerDay', '--wakes-per-day'],
  ] as const) {
    const text = options[name];
    if (text !== undefined) rules[name] = text === 'none' ? null : numberOf(text, option);
  }
  if (options.expires !== undefined) rules.expiresAt = momentOf(options.expires, '--expires');
  return rules;
}

async function fieldsOf(io: Io, file: string): Promise<Fields> {
  const { value } = readSourceText(await readInput(io, file), file);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  throw new UsageError(`${file} holds no object`, 'Write NAME: VALUE lines of YAML, or a JSON object.');
}

async function targetOf(
  io: Io,
  { filter, live = false, device, devices }: PlanOptions,
): Promise<Fields | undefined> {
  const given = [filter, device, devices].filter((each) => each !== undefined).length;
  if (given > 1) throw new UsageError('--filter, --device and --devices exclude each other');
  if (live && filter === undefined) throw new UsageError('--live is for --filter');
  if (filter !== undefined) return { filter, ...(live && { mode: 'live' }) };
  if (device !== undefined) return { devices: device };
  if (devices === undefined) return undefined;
  const ids = (await readInput(io, devices))
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  return { devices: ids };
}

function canaryOf({ canary, canaryWait }: PlanOptions, before: Fields): Fields {
  const { devices, percent, waitSeconds } = before;
  const size: Fields = {
    ...(devices !== undefined && { devices }),
    ...(percent !== undefined && { percent }),
  };
  return {
    ...(canary === undefined
      ? size
      : canary.endsWith('%')
        ? { percent: numberOf(canary.slice(0, -1), '--canary') }
        : { devices: numberOf(canary, '--canary') }),
    ...(canaryWait === undefined
      ? { ...(waitSeconds !== undefined && { waitSeconds }) }
      : { waitSeconds: secondsOf(canaryWait, '--canary-wait') }),
  };
}

function ratesOf(texts: readonly string[]): Fields {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      if (at <= 0) {
        throw new UsageError(`--carrier-rate ${text}: say a carrier and its devices a second, sms:desk=20`);
      }
      return [text.slice(0, at), numberOf(text.slice(at + 1), '--carrier-rate')];
    }),
  );
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** Reads `22:00-05:00`, `mon-fri 22:00-05:00`, `sat,sun 08:00-24:00`. */
function windowOf(text: string): Fields {
  const [, days, from, to] = /^(?:([a-z,-]+) +)?(\d\d?:\d\d)-(\d\d?:\d\d)$/i.exec(text.trim()) ?? [];
  if (from === undefined || to === undefined) {
    throw new UsageError(
      `--window ${text}: say when it opens and closes, 22:00-05:00 or "mon-fri 22:00-05:00"`,
    );
  }
  const whole = (time: string): string => time.padStart(5, '0');
  return {
    ...(days !== undefined && { days: daysOf(days.toLowerCase(), text) }),
    from: whole(from),
    to: whole(to),
  };
}

function daysOf(text: string, window: string): readonly number[] {
  const dayOf = (name: string): number => {
    const place = dayNames.indexOf(name);
    if (place < 0) throw new UsageError(`--window ${window}: days are ${dayNames.join(', ')}`);
    return place + 1;
  };
  return text.split(',').flatMap((part) => {
    const [first = '', last] = part.split('-');
    const from = dayOf(first);
    if (last === undefined) return [from];
    const count = ((dayOf(last) - from + 7) % 7) + 1;
    return Array.from({ length: count }, (_, index) => ((from - 1 + index) % 7) + 1);
  });
}

/** Reads `10%` or `0.1`. */
function partOf(text: string): number {
  return text.endsWith('%')
    ? numberOf(text.slice(0, -1), '--stop-rate') / 100
    : numberOf(text, '--stop-rate');
}

function numberOf(text: string, option: string): number {
  const value = /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(value)) throw new UsageError(`${option} ${text}: must be a number`);
  return value;
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** Reads `90s`, `15m`, `2h`, `1d`. */
function secondsOf(text: string, option: string): number {
  const [, count = '', unit = ''] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = units[unit];
  if (seconds === undefined) throw new UsageError(`${option} ${text}: say how long, such as 90s, 15m or 2h`);
  return Number(count) * seconds;
}

const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/;

/** Reads a moment, or how long from now: `2026-12-01T22:00:00+01:00`, `2h`. */
function momentOf(text: string, option: string): string {
  if (/^[0-9]{1,6}[smhd]$/.test(text)) {
    return new Date(Date.now() + secondsOf(text, option) * 1000).toISOString();
  }
  const ms = dateTime.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) {
    throw new UsageError(
      `${option} ${text}: neither a moment such as 2026-12-01T22:00:00+01:00 nor how long from now, such as 2h or 7d`,
    );
  }
  return new Date(ms).toISOString();
}
