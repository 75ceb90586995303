// Counts as plain data: whoever shows them gives them a form. Nothing here knows Prometheus, but names and units follow its
// conventions: seconds, octets as bytes, `_total` behind what only grows.

/** One number of a family. */
export interface MetricSample {
  /** One for each name of `labels`, in their order. */
  readonly labels: readonly string[];
  readonly value: number;
}

/** One distribution of a family. */
export interface HistogramSample {
  readonly labels: readonly string[];
  /** How many fell into each bucket alone, and as the last one how many were beyond all. */
  readonly counts: readonly number[];
  readonly sum: number;
}

interface FamilyBase {
  readonly name: string;
  readonly help: string;
  /** Names of the labels. */
  readonly labels: readonly string[];
}

/** Numbers of one name, as they stand at one moment. */
export type MetricFamily = FamilyBase &
  (
    | { readonly type: 'counter' | 'gauge'; readonly samples: readonly MetricSample[] }
    | {
        readonly type: 'histogram';
        /** Upper bounds, rising; what is beyond the last has a bucket of its own. */
        readonly buckets: readonly number[];
        readonly samples: readonly HistogramSample[];
      }
  );

/** Series of one family that are kept apart. Label values come from closed lists; this bound is for what was overlooked. */
export const mostSeries = 1000;

/** The value of all labels of what comes when there are as many series. */
export const otherSeries = 'other';

/** A label after others, or what is held under the last one. */
type Branch<Held> = Map<string, Branch<Held> | Held>;

/** What is held for each set of labels: looked up label by label, for that is what counting costs. */
class Series<Held extends object> {
  readonly #root: Branch<Held> = new Map();
  readonly #held: Held[] = [];
  readonly #make: (labels: readonly string[]) => Held;
  #only: Held | undefined;

  constructor(make: (labels: readonly string[]) => Held) {
    this.#make = make;
  }

  of(labels: readonly string[]): Held {
    if (labels.length === 0) {
      this.#only ??= this.#add([]);
      return this.#only;
    }
    let at: Branch<Held> | Held | undefined = this.#root;
    for (const label of labels) {
      at = (at as Branch<Held>).get(label);
      if (at === undefined) return this.#added(labels);
    }
    return at as Held;
  }

  all(): readonly Held[] {
    return this.#held;
  }

  #added(labels: readonly string[]): Held {
    const others = labels.map(() => otherSeries);
    const full = this.#held.length >= mostSeries;
    if (full && labels.some((label) => label !== otherSeries)) return this.of(others);
    let branch = this.#root;
    for (const label of labels.slice(0, -1)) {
      const next = branch.get(label);
      if (next instanceof Map) branch = next;
      else {
        const made: Branch<Held> = new Map();
        branch.set(label, made);
        branch = made;
      }
    }
    const held = this.#add([...labels]);
    branch.set(labels.at(-1) ?? '', held);
    return held;
  }

  #add(labels: readonly string[]): Held {
    const held = this.#make(labels);
    this.#held.push(held);
    return held;
  }
}

/** Counts what happens. */
export class Counter {
  readonly #base: FamilyBase;
  readonly #series = new Series((labels) => ({ labels, value: 0 }));

  /** `name` ends with `_total`. */
  constructor(name: string, help: string, labels: readonly string[] = []) {
    this.#base = { name, help, labels };
  }

  /** One more, or `by` more. The labels are from closed lists: never what a peer chose. */
  add(labels: readonly string[], by = 1): void {
    this.#series.of(labels).value += by;
  }

  family(): MetricFamily {
    return { ...this.#base, type: 'counter', samples: this.#series.all().map((each) => ({ ...each })) };
  }
}

/** Counts how long things take, or how large they are. */
export class Histogram {
  readonly #base: FamilyBase;
  readonly #buckets: readonly number[];
  readonly #series: Series<{ readonly labels: readonly string[]; readonly counts: number[]; sum: number }>;

  /** `buckets`: upper bounds, rising. */
  constructor(name: string, help: string, buckets: readonly number[], labels: readonly string[] = []) {
    this.#base = { name, help, labels };
    this.#buckets = buckets;
    this.#series = new Series((own) => ({
      labels: own,
      counts: new Array(buckets.length + 1).fill(0),
      sum: 0,
    }));
  }

  /** Takes a value in; one below 0, such as a clock that was set brings about, counts as 0. */
  observe(labels: readonly string[], value: number): void {
    const held = this.#series.of(labels);
    const counted = Math.max(0, value);
    let place = 0;
    while (place < this.#buckets.length && counted > (this.#buckets[place] ?? 0)) place += 1;
    held.counts[place] = (held.counts[place] ?? 0) + 1;
    held.sum += counted;
  }

  family(): MetricFamily {
    const samples = this.#series
      .all()
      .map(({ labels, counts, sum }) => ({ labels, counts: [...counts], sum }));
    return { ...this.#base, type: 'histogram', buckets: this.#buckets, samples };
  }
}

/** A family of numbers that are looked up when they are asked for. */
export function gauge(
  name: string,
  help: string,
  labels: readonly string[],
  samples: readonly MetricSample[],
): MetricFamily {
  return { name, help, labels, type: 'gauge', samples };
}
