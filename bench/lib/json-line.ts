// The JSON line of a row: all that was measured, and on what.
import type { Measured, RowResult } from './measure.ts';
import type { Row } from './row.ts';

/** Where and how a run was made. */
export interface RunFacts {
  /** Commit of the checkout; absent outside of one. */
  readonly commit?: string;
  /** Version of Node. */
  readonly node: string;
  readonly cpus: number;
  /** Load of the machine when the row began, over the last minute; the row before counts too. */
  readonly load: number;
  readonly quick: boolean;
  readonly rounds: number;
  /** ISO 8601. */
  readonly at: string;
}

/** One line, without the line's end. Numbers have four digits that count. */
export function jsonLine(row: Pick<Row, 'name' | 'better'>, result: RowResult, facts: RunFacts): string {
  const sides = result.sides.map((side) => {
    if ('missing' in side) return side;
    const figures = Object.entries(side.figures).map(([name, measured]) => [name, rounded(measured)]);
    return { name: side.name, figures: Object.fromEntries(figures) };
  });
  const { ratio, spread, noisy, tries } = result;
  return JSON.stringify({
    row: row.name,
    ...facts,
    sides,
    ...(ratio !== undefined && { ratio: four(ratio), better: row.better }),
    ...(spread !== undefined && { spread: four(spread) }),
    noisy,
    tries,
  });
}

/** The line of a row that could not be measured. */
export function failedLine(row: Pick<Row, 'name'>, reason: string, facts: RunFacts): string {
  return JSON.stringify({ row: row.name, ...facts, failed: reason });
}

function rounded({ value, spread, samples }: Measured): Measured {
  return { value: four(value), spread: four(spread), samples: samples.map(four) };
}

function four(value: number): number {
  return Number(value.toPrecision(4));
}
