// What a row of the benchmarks is: sides that are measured in turn, and figures by which they are compared.
import type { Older } from './older.ts';
import type { Scratch } from './scratch.ts';

/** What a figure counts. */
export type Unit =
  /** So many in a second. */
  | '/s'
  | 'µs'
  | 'ms'
  | 's'
  /** Of 10^6 octets on disk, of 2^20 in memory. */
  | 'MB'
  /** A share of 1. */
  | '%';

/** One figure of a row. */
export interface Figure {
  /** Name in samples and in the JSON line. */
  readonly name: string;
  readonly unit: Unit;
  /** What it is, behind the number in the table; absent: the number says it. */
  readonly label?: string;
  /** Of the rounds; absent: the median. */
  readonly of?: 'most' | 'least';
  /** True when it stands in the JSON line only. */
  readonly hidden?: boolean;
}

/** One round of one side, by name of the figure. */
export type Sample = Readonly<Record<string, number>>;

/** What is measured. */
export interface Side {
  readonly name: string;
  /** One round. */
  measure(): Promise<Sample>;
}

/** What cannot be measured here. */
export interface Missing {
  readonly name: string;
  /** Why. */
  readonly missing: string;
}

/** A row that is ready to be measured. */
export interface OpenRow {
  /** Ours, what it is held against, and more of ours that is worth knowing; measured in this order, round by round. */
  readonly sides: readonly [Side | Missing, Side | Missing, ...(Side | Missing)[]];
  /** Ends what it runs on. */
  close(): Promise<void>;
}

/** What rows are made with. */
export interface Context {
  /** Fewer and smaller rounds: whether it works, not how fast it is. */
  readonly quick: boolean;
  /** Root of this checkout. */
  readonly root: string;
  /** The older commit that rows are held against, or why it is missing. */
  readonly older: Older | { readonly missing: string };
  /** True when this process has a network of its own, in which every port is free. */
  readonly ownNetwork: boolean;
  readonly scratch: Scratch;
}

/** One row of the table. */
export interface Row {
  readonly name: string;
  /** One line on what it measures. */
  readonly about: string;
  /** The first is what both sides are compared by, and whose spread counts. */
  readonly figures: readonly [Figure, ...Figure[]];
  /** Whether more or less of the first figure is good. */
  readonly better: 'more' | 'less';
  readonly rounds: { readonly full: number; readonly quick: number };
  /** How often it is measured at most while the spread is too large, the first time included. */
  readonly tries: number;
  /** True when it compares with the older commit. */
  readonly needsOlder?: boolean;
  open(context: Context): Promise<OpenRow>;
}

/** True for a side that cannot be measured. */
export function isMissing(side: Side | Missing): side is Missing {
  return 'missing' in side;
}

/** A row none of whose sides can be measured here. */
export function withoutSides([ours, other]: readonly [string, string], missing: string): OpenRow {
  return {
    sides: [
      { name: ours, missing },
      { name: other, missing },
    ],
    close: async () => undefined,
  };
}
