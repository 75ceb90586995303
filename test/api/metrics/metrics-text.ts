// Reads the text format of Prometheus, as far as tests ask for numbers.

/** All samples, by name and labels as they stand in the text. */
export type Metrics = ReadonlyMap<string, number>;

/** Reads it; throws for a line that is none. */
export function readMetrics(text: string): Metrics {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, series = '', value = ''] = /^([a-zA-Z_:][a-zA-Z0-9_:]*(?:\{.*\})?) (\S+)$/.exec(line) ?? [];
    if (series === '' || found.has(series)) throw new Error(`not a sample, or twice: ${line}`);
    found.set(series, value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value));
  }
  return found;
}

/** The sum of all series of a name whose labels hold all of these. */
export function sumOf(metrics: Metrics, name: string, labels: Readonly<Record<string, string>> = {}): number {
  let sum = 0;
  for (const [series, value] of metrics) {
    if (series !== name && !series.startsWith(`${name}{`)) continue;
    if (Object.entries(labels).every(([label, text]) => series.includes(`${label}="${text}"`))) sum += value;
  }
  return sum;
}
