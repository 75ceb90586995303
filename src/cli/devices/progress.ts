// How work on many devices goes on: a line that changes on a terminal, and nothing elsewhere.
import type { Io } from '../io/io.ts';
import type { JsonObject } from '../remote/api-client.ts';

/** Shows progress on standard error, where standard output is a terminal. */
export class Progress {
  readonly #io: Io;
  /** Octets in all; absent when nobody knows. */
  readonly #octets: number | undefined;
  #shown = false;

  constructor(io: Io, octets?: number) {
    this.#io = io;
    this.#octets = octets;
  }

  show(progress: JsonObject): void {
    const { columns } = this.#io;
    if (columns === undefined) return;
    const line = progressLine(progress, this.#octets);
    this.#io.stderr(`\r\x1b[K${line.slice(0, Math.max(0, columns - 1))}`);
    this.#shown = true;
  }

  /** Takes the line away, before another is written. */
  clear(): void {
    if (this.#shown) this.#io.stderr('\r\x1b[K');
    this.#shown = false;
  }
}

/** Such as `12000 lines  21000/s  3 refused  40 %  0:18 left`. */
export function progressLine(
  { lines, devices, rejected, perSecond, octets }: JsonObject,
  all: number | undefined,
): string {
  const done = Number(lines ?? devices ?? 0);
  const rate = Number(perSecond ?? 0);
  const parts = [`${done} ${lines === undefined ? 'devices' : 'lines'}`, `${rate}/s`];
  if (Number(rejected ?? 0) > 0) parts.push(`${String(rejected)} refused`);
  const read = Number(octets ?? 0);
  if (all !== undefined && all > 0 && read > 0) {
    parts.push(`${Math.min(100, Math.floor((read * 100) / all))} %`);
    if (rate > 0) {
      const seconds = Math.round(((done / read) * Math.max(0, all - read)) / rate);
      parts.push(`${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')} left`);
    }
  }
  return parts.join('  ');
}

/** The counts of a summary that are not 0, such as `999 created, 1 refused`. */
export function summaryText(summary: JsonObject): string {
  const words = { created: 'created', changed: 'changed', unchanged: 'unchanged', removed: 'removed' };
  const parts = Object.entries(words).flatMap(([name, word]) =>
    Number(summary[name] ?? 0) > 0 ? [`${String(summary[name])} ${word}`] : [],
  );
  parts.push(`${String(summary.rejected ?? 0)} refused`);
  return `${parts.join(', ')}${summary.dryRun === true ? '; nothing was written' : ''}`;
}
