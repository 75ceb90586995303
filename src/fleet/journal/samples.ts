// Percentiles of times. So many are kept as they are; beyond, each further one takes the place of a random one, so that what
// is kept stays a fair choice of all (Vitter's algorithm R) and memory is bounded.

/** Samples that are kept as they are: percentiles are exact up to this number. */
export const exactSamples = 131_072;

/** What a set of times comes to, in milliseconds. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** Times in milliseconds. */
export class Samples {
  readonly #random: () => number;
  #values = new Float32Array(64);
  #kept = 0;
  #count = 0;
  #max = 0;

  /** `random` gives 0 to below 1. */
  constructor(random: () => number) {
    this.#random = random;
  }

  add(ms: number): void {
    this.#count += 1;
    this.#max = Math.max(this.#max, ms);
    if (this.#kept < exactSamples) {
      if (this.#kept === this.#values.length) {
        const larger = new Float32Array(this.#kept * 2);
        larger.set(this.#values);
        this.#values = larger;
      }
      this.#values[this.#kept] = ms;
      this.#kept += 1;
      return;
    }
    const at = Math.floor(this.#random() * this.#count);
    if (at < exactSamples) this.#values[at] = ms;
  }

  /** The smallest kept time that so many per cent do not exceed (nearest rank); all 0 without samples. */
  percentiles(): Percentiles {
    const sorted = this.#values.slice(0, this.#kept).sort();
    const rank = (percent: number): number =>
      Math.round(sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0);
    return {
      count: this.#count,
      p50: rank(50),
      p90: rank(90),
      p99: rank(99),
      max: Math.round(this.#max),
    };
  }
}
