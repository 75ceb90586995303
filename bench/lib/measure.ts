// Measures a row: its sides in turn, round by round, again when they spread too far.
import {
  type Figure,
  isMissing,
  type Missing,
  type OpenRow,
  type Row,
  type Sample,
  type Side,
} from './row.ts';
import { median, spread } from './statistics.ts';

/** A spread of the first figure beyond this is noise of the machine: the row is measured again, and marked in the end. */
export const calm = 0.15;

/** One figure of one side over all rounds. */
export interface Measured {
  /** Median, or the largest or smallest where the figure says so. */
  readonly value: number;
  /** (max − min) / median. */
  readonly spread: number;
  readonly samples: readonly number[];
}

/** What one side came to. */
export interface SideResult {
  readonly name: string;
  readonly figures: Readonly<Record<string, Measured>>;
}

/** What a row came to. */
export interface RowResult {
  /** In the order of the row: ours, what it is held against, more of ours. */
  readonly sides: readonly (SideResult | Missing)[];
  /** Ours by the other's first figure; absent when one of both is missing. */
  readonly ratio?: number;
  /** The largest spread of the first figure; absent when all are missing. */
  readonly spread?: number;
  readonly noisy: boolean;
  /** How often it was measured. The figures are those of the calmest time. */
  readonly tries: number;
}

/** How a row is measured. */
export interface MeasureOptions {
  readonly rounds: number;
  /** 1 or more. */
  readonly tries: number;
  /** Told before each round of each side. */
  readonly onRound?: (side: string, round: number, attempt: number) => void;
}

/**
 * Measures the sides of a row in turn. While the first figure of one of them spreads beyond `calm` all is measured again, up
 * to `tries` times; the calmest time counts. Rounds of two times are never mixed.
 */
export async function measureRow(
  row: Pick<Row, 'figures'>,
  open: OpenRow,
  options: MeasureOptions,
): Promise<RowResult> {
  let best: RowResult | undefined;
  for (let attempt = 1; attempt <= options.tries; attempt += 1) {
    const result = resultOf(row.figures, open, await roundsOf(open, options, attempt), attempt);
    if (best === undefined || (result.spread ?? 0) < (best.spread ?? 0)) best = result;
    best = { ...best, tries: attempt };
    if (!best.noisy) break;
  }
  if (best === undefined) throw new RangeError(`tries is ${options.tries}: it must be 1 or more`);
  return best;
}

async function roundsOf(
  { sides }: OpenRow,
  { rounds, onRound }: MeasureOptions,
  attempt: number,
): Promise<ReadonlyMap<Side, readonly Sample[]>> {
  const samples = new Map<Side, Sample[]>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const side of sides) {
      if (isMissing(side)) continue;
      onRound?.(side.name, round, attempt);
      const sample = await side.measure();
      samples.set(side, [...(samples.get(side) ?? []), sample]);
    }
  }
  return samples;
}

function resultOf(
  figures: Row['figures'],
  { sides }: OpenRow,
  samples: ReadonlyMap<Side, readonly Sample[]>,
  tries: number,
): RowResult {
  const results = sides.map((side) => {
    if (isMissing(side)) return side;
    const own = samples.get(side) ?? [];
    const entries = figures.flatMap((figure) => {
      const values = own.flatMap((sample) => sample[figure.name] ?? []);
      return values.length === 0 ? [] : [[figure.name, measured(figure, values)] as const];
    });
    return { name: side.name, figures: Object.fromEntries(entries) };
  });
  const first = results.map((side) => ('figures' in side ? side.figures[figures[0].name] : undefined));
  const spreads = first.flatMap((figure) => figure?.spread ?? []);
  const widest = spreads.length === 0 ? undefined : Math.max(...spreads);
  const [ours, other] = first;
  return {
    sides: results,
    ...(ours !== undefined && other !== undefined && other.value > 0 && { ratio: ours.value / other.value }),
    ...(widest !== undefined && { spread: widest }),
    noisy: widest !== undefined && widest > calm,
    tries,
  };
}

function measured({ of }: Figure, samples: readonly number[]): Measured {
  const value =
    of === 'most' ? Math.max(...samples) : of === 'least' ? Math.min(...samples) : median(samples);
  return { value, spread: spread(samples), samples };
}
