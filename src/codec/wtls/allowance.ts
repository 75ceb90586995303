// How often strangers may make us do something, within a while: bounded for each source and in all.
import type { Clock } from '../../core/index.ts';

/** Bounds. */
export interface AllowanceOptions {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** In milliseconds. */
  readonly windowMs: number;
  readonly perSource: number;
  readonly total: number;
}

/** Counts within windows that follow each other. Remembers at most `total` sources. */
export class Allowance {
  readonly #options: AllowanceOptions;
  readonly #bySource = new Map<string, number>();
  #from = Number.NEGATIVE_INFINITY;
  #used = 0;

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  /** True, and counted, while the source and all together have not used theirs up. */
  take(source: string): boolean {
    const { clock, windowMs, perSource, total } = this.#options;
    const now = clock.monotonic();
    if (now >= this.#from + windowMs) {
      this.#from = now;
      this.#used = 0;
      this.#bySource.clear();
    }
    const used = this.#bySource.get(source) ?? 0;
    if (used >= perSource || this.#used >= total) return false;
    this.#bySource.set(source, used + 1);
    this.#used += 1;
    return true;
  }
}
