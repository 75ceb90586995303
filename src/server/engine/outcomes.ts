// What came of attempts, gathered and written together: what comes turn after turn of the event loop, and while a set is written.
import type { Clock } from '../../core/index.ts';
import {
  type ChangeOutcome,
  type ChangeRequest,
  type PushChange,
  type PushQueue,
  type PushRecord,
  storeTroubleOf,
} from '../../store/index.ts';
import { movedChange, setSince, settingOf } from '../work/clock-setting.ts';
import { Growth } from '../work/growth.ts';
import { persist } from '../work/persist.ts';
import type { TroubleLog } from '../work/trouble-log.ts';

/** What came of an attempt. */
export interface Outcome {
  /** The push as it was claimed. */
  readonly push: PushRecord;
  /** False when it may have been changed since. */
  readonly unchanged: boolean;
  /** In order; one or more. */
  readonly changes: readonly PushChange[];
  /** Called once it is on disk, with the push as it is then; without it when the store did not take it. Must not throw. */
  readonly written: (push: PushRecord | undefined) => void;
}

/** One that waits, and how the clock was set when its moments were reckoned. */
interface Waiting {
  readonly outcome: Outcome;
  readonly setting: number;
}

/** What outcomes are written with. */
export interface OutcomesOptions {
  readonly queue: Pick<PushQueue, 'change'>;
  readonly clock: Clock;
  readonly trouble: TroubleLog;
  /** Largest number of outcomes in one set. */
  readonly setSize: number;
  /** How long a set waits for more after the one before, in milliseconds. */
  readonly growMs: number;
  /** Called when some have been written, or given up. Must not throw. */
  readonly onWritten: () => void;
}

/** Writes outcomes until they are on disk. */
export class Outcomes {
  readonly #options: OutcomesOptions;
  #waiting: Waiting[] = [];
  /** Of the set that is being written. */
  #underWay = 0;
  #writing = false;
  readonly #growth = new Growth();
  /** When the last set was taken, by `performance.now`. */
  #takenAt = Number.NEGATIVE_INFINITY;
  #ender = new AbortController();

  constructor(options: OutcomesOptions) {
    this.#options = options;
  }

  /** Outcomes that are not on disk yet. */
  get size(): number {
    return this.#waiting.length + this.#underWay;
  }

  /** Takes one; `written` says when it is on disk. */
  add(outcome: Outcome): void {
    this.#waiting.push({ outcome, setting: settingOf(this.#options.clock) });
    this.#growth.more();
    if (this.#writing) return;
    this.#writing = true;
    void this.#writeAll();
  }

  /** From now on, what the store is in trouble for is given up after one try, and the lease of its claim brings it back. */
  end(): void {
    this.#ender.abort();
    this.#growth.more();
  }

  /** The opposite of `end`. */
  begin(): void {
    this.#ender = new AbortController();
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      await this.#gather();
      const set = this.#waiting.slice(0, this.#options.setSize);
      this.#waiting = this.#waiting.slice(set.length);
      this.#underWay = set.length;
      await this.#write(set);
      this.#underWay = 0;
      this.#options.onWritten();
    }
    this.#writing = false;
  }

  /** Sets follow each other at intervals, and wait for company while each turn of the event loop brings some; a whole one does not. */
  async #gather(): Promise<void> {
    const { growMs, setSize } = this.#options;
    const isWhole = (): boolean => this.#waiting.length >= setSize || this.#ender.signal.aborted;
    await this.#growth.wait(this.#takenAt + growMs - performance.now(), isWhole);
    this.#takenAt = performance.now();
    let count: number;
    do {
      count = this.#waiting.length;
      await new Promise<void>((resolve) => {
        setImmediate(resolve);
      });
    } while (this.#waiting.length > count && this.#waiting.length < this.#options.setSize);
  }

  async #write(set: readonly Waiting[]): Promise<void> {
    let written: readonly (ChangeOutcome | undefined)[];
    try {
      written = await this.#persist(set);
    } catch (error) {
      await this.#writeLost(set, error);
      return;
    }
    let last = -1;
    for (const { outcome } of set) {
      last += outcome.changes.length;
      outcome.written(written[last]?.push);
    }
  }

  /** One that the store cannot write keeps none of the others from being written. */
  async #writeLost(set: readonly Waiting[], error: unknown): Promise<void> {
    if (set.length > 1 && storeTroubleOf(error) === undefined) {
      for (const one of set) await this.#write([one]);
      return;
    }
    this.#options.trouble.note('the push engine could not record an outcome', error);
    for (const { outcome } of set) outcome.written(undefined);
  }

  #persist(set: readonly Waiting[]): Promise<readonly (ChangeOutcome | undefined)[]> {
    const { queue, clock, trouble } = this.#options;
    return persist(() => queue.change(this.#requests(set)), { clock, trouble, signal: this.#ender.signal });
  }

  /** The changes of a set, by the clock as it is now. */
  #requests(set: readonly Waiting[]): readonly ChangeRequest[] {
    const requests: ChangeRequest[] = [];
    for (const { outcome, setting } of set) {
      const { push, unchanged, changes } = outcome;
      const byMs = setSince(this.#options.clock, setting);
      for (const each of changes) {
        const change = movedChange(each, byMs);
        requests.push(unchanged ? { id: push.id, change, as: push } : { id: push.id, change });
      }
    }
    return requests;
  }
}
