// Lines that strangers can cause, summed up: the first of its kind at once, then a count for each interval, so that a flood
// writes a handful of lines whatever its rate.
import type { Clock, Timer } from './clock.ts';
import { longestMs, wholeNumber } from './whole-number.ts';

/** Entries of one kind that were not written. */
export interface LogSum<Entry> {
  /** What they have in common; `otherKinds` for all that came while there were too many kinds. */
  readonly kind: string;
  /** How many, without the one that was written by itself. */
  readonly count: number;
  /** The latest of them, as an example. */
  readonly latest: Entry;
  /** Milliseconds in which they came, at most. */
  readonly withinMs: number;
}

/** Settings of a summary. */
export interface LogSummaryOptions<Entry> {
  readonly clock: Clock;
  /** Writes an entry by itself. */
  readonly write: (entry: Entry) => void;
  /** Writes a count. */
  readonly writeSum: (sum: LogSum<Entry>) => void;
  /** Length of an interval in milliseconds. Default 10000. */
  readonly intervalMs?: number;
  /** Kinds that are told apart at once. Default 64. */
  readonly maxKinds?: number;
  /** Entries of a kind that are written by themselves in its first interval. Default 1. */
  readonly burst?: number;
}

/** The kind of what comes while `maxKinds` others are under way. */
export const otherKinds = 'other kinds';

/** What counts when an option is absent. */
export const logSummaryDefaults = Object.freeze({ intervalMs: 10_000, maxKinds: 64, burst: 1 });

interface Kind<Entry> {
  /** End of its interval, on the monotonic clock. */
  endsAt: number;
  /** Entries that were written by themselves. */
  written: number;
  count: number;
  latest: Entry;
  /** Runs while something is to be told. */
  timer: Timer | undefined;
}

/**
 * Sums entries up by kind. A kind is made of words of our own (a binding, a reason), never of a peer's text: its variety is
 * what memory and lines are bounded by. A kind that was quiet for an interval begins anew. No timer runs but while something
 * is to be told.
 */
export class LogSummary<Entry> {
  readonly #clock: Clock;
  readonly #write: (entry: Entry) => void;
  readonly #writeSum: (sum: LogSum<Entry>) => void;
  readonly #intervalMs: number;
  readonly #maxKinds: number;
  readonly #burst: number;
  readonly #kinds = new Map<string, Kind<Entry>>();

  /** @throws {ValueError} OUT_OF_RANGE: a number of the options is not a whole one above 0 */
  constructor(options: LogSummaryOptions<Entry>) {
    const { intervalMs, maxKinds, burst } = { ...logSummaryDefaults, ...options };
    this.#clock = options.clock;
    this.#write = options.write;
    this.#writeSum = options.writeSum;
    this.#intervalMs = wholeNumber(intervalMs, 1, longestMs, 'intervalMs');
    this.#maxKinds = wholeNumber(maxKinds, 1, 65_536, 'maxKinds');
    this.#burst = wholeNumber(burst, 1, 65_536, 'burst');
  }

  /** Kinds that are remembered: at most `maxKinds`, and the one of all others. */
  get size(): number {
    return this.#kinds.size;
  }

  /** Writes the entry, or counts it. */
  note(kind: string, entry: Entry): void {
    const nowMs = this.#clock.monotonic();
    if (this.#live(kind, nowMs) === undefined && this.#full(nowMs)) this.#take(otherKinds, entry, nowMs);
    else this.#take(kind, entry, nowMs);
  }

  /** Writes the counts that are due later, and begins all kinds anew: at the end of what is logged. */
  flush(): void {
    const kinds = [...this.#kinds];
    this.#kinds.clear();
    for (const [name, kind] of kinds) {
      kind.timer?.cancel();
      if (kind.count > 0) this.#tell(name, kind);
    }
  }

  #take(name: string, entry: Entry, nowMs: number): void {
    const kind = this.#live(name, nowMs);
    if (kind === undefined) {
      const endsAt = nowMs + this.#intervalMs;
      this.#kinds.set(name, { endsAt, written: 1, count: 0, latest: entry, timer: undefined });
      this.#write(entry);
      return;
    }
    kind.latest = entry;
    if (kind.written < this.#burst) {
      kind.written += 1;
      this.#write(entry);
      return;
    }
    kind.count += 1;
    kind.timer ??= this.#clock.after(Math.max(0, kind.endsAt - nowMs), () => this.#end(name, kind));
  }

  /** An interval with something to tell is over; the next one begins, in which all is counted. */
  #end(name: string, kind: Kind<Entry>): void {
    kind.timer = undefined;
    kind.endsAt = this.#clock.monotonic() + this.#intervalMs;
    kind.written = this.#burst;
    const { count, latest } = kind;
    kind.count = 0;
    this.#tell(name, { count, latest });
  }

  #tell(kind: string, { count, latest }: Pick<Kind<Entry>, 'count' | 'latest'>): void {
    this.#writeSum({ kind, count, latest, withinMs: this.#intervalMs });
  }

  /** The kind, unless it was quiet until its interval was over. */
  #live(name: string, nowMs: number): Kind<Entry> | undefined {
    const kind = this.#kinds.get(name);
    return kind === undefined || isOver(kind, nowMs) ? undefined : kind;
  }

  /** True when there is no room for another kind, after what is over was forgotten. */
  #full(nowMs: number): boolean {
    const others = (): number => this.#kinds.size - (this.#kinds.has(otherKinds) ? 1 : 0);
    if (others() < this.#maxKinds) return false;
    for (const [name, kind] of this.#kinds) if (isOver(kind, nowMs)) this.#kinds.delete(name);
    return others() >= this.#maxKinds;
  }
}

function isOver(kind: Kind<unknown>, nowMs: number): boolean {
  return kind.count === 0 && nowMs >= kind.endsAt;
}
