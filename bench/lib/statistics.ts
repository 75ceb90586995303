// Medians, spreads and percentiles of what was measured.

/** The middle of the values; of an even number of them, between both in the middle. @throws {RangeError} without any */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? nothing();
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? upper) + upper) / 2;
}

/**
 * How far the values lie apart: (max − min) / median, so 0.15 is 15 %. 0 for one value, and where all are 0.
 * @throws {RangeError} without any
 */
export function spread(values: readonly number[]): number {
  const sorted = ascending(values);
  const width = (sorted.at(-1) ?? nothing()) - (sorted[0] ?? nothing());
  return width === 0 ? 0 : width / median(sorted);
}

/**
 * The value that so great a share of all does not exceed: `percentile(ms, 0.99)` is p99.
 * @param share from 0 to 1
 * @throws {RangeError} without any
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = ascending(values);
  const place = Math.ceil(share * sorted.length) - 1;
  return sorted[Math.min(Math.max(place, 0), sorted.length - 1)] ?? nothing();
}

function ascending(values: readonly number[]): number[] {
  return [...values].sort((one, other) => one - other);
}

function nothing(): never {
  throw new RangeError('nothing was measured');
}
