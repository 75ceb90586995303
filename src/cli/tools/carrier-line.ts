// A carrier of a server as one line of text, for commands that show some.
import { printable } from '../../core/index.ts';
import type { JsonObject } from '../remote/api-client.ts';

/** Of a PIN, what is as it should be. */
const harmless: ReadonlySet<string> = new Set(['not needed', 'given']);

/** A carrier as one line; `at` is the moment of the answer. */
export function carrierLine(carrier: JsonObject, at: unknown): string {
  const { name, state, since, free, rate, inFlight, queue, lastError, lastRefusal, modem, suspended } =
    carrier;
  const { registration, signalDbm, pin } = Object(modem);
  const parts = [
    `${String(name).padEnd(20)} ${String(state).padEnd(8)}`,
    suspendedText(suspended),
    since === undefined ? '' : `since ${String(since)}`,
    free === undefined ? '' : `takes ${String(free)}`,
    Number(rate ?? 0) === 0 ? '' : `took ${String(rate)}/s`,
    Number(inFlight ?? 0) === 0 ? '' : `${String(inFlight)} on their way`,
    queueText(queue, at),
    registration === undefined ? '' : `network ${String(registration)}`,
    signalDbm === undefined ? '' : `signal ${String(signalDbm)} dBm`,
    pin === undefined || harmless.has(String(pin)) ? '' : `PIN ${String(pin)}`,
    lastError === undefined ? '' : `last error: ${String(lastError)}`,
    lastError !== undefined || lastRefusal === undefined
      ? ''
      : `refused last: ${String(Object(lastRefusal).why)}`,
  ];
  return printable(parts.filter((part) => part !== '').join(' '));
}

/** `SUSPENDED since … by ann/desk (why)`, or nothing. */
function suspendedText(suspended: unknown): string {
  if (suspended === undefined) return '';
  const { since, by, reason } = Object(suspended);
  const who = by === undefined ? '' : ` by ${String(by)}`;
  const why = reason === undefined ? '' : ` (${String(reason)})`;
  return `SUSPENDED since ${String(since)}${who}${why}`;
}

/** `3 waiting for 12 s`, or nothing where none waits. */
export function queueText(queue: unknown, at: unknown): string {
  const { due = 0, more, oldestDueAt } = Object(queue);
  if (Number(due) === 0) return '';
  const seconds = Math.round((Date.parse(String(at)) - Date.parse(String(oldestDueAt))) / 1000);
  const age = seconds > 0 ? ` for ${durationText(seconds)}` : '';
  return `${String(due)}${more === true ? '+' : ''} waiting${age}`;
}

/** The largest two units of so many seconds: `2 d 3 h`. */
export function durationText(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, length]) => seconds >= length);
  if (first < 0) return '0 s';
  let left = seconds;
  const parts: string[] = [];
  for (const [unit, length] of units.slice(first, first + 2)) {
    const count = Math.floor(left / length);
    left -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.join(' ');
}
