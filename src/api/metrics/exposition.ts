// Metrics in the text format of Prometheus: the server's counts, and those of the process by prom-client.
import type { Metric, Registry } from 'prom-client';
import type { MetricFamily } from '../../server/index.ts';

/** Content type of the text. */
export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** What prom-client asks of a metric that it is to print. */
interface Printed {
  readonly name: string;
  readonly help: string;
  readonly type: MetricFamily['type'];
  readonly aggregator: 'sum';
  readonly values: readonly {
    readonly value: number;
    readonly metricName?: string;
    readonly labels: Readonly<Record<string, string | number>>;
  }[];
}

/** Counts of this process: memory, processor, event loop, garbage collection. Kept from the first that asks. */
let ofProcess: Promise<{ readonly own: Registry; readonly make: () => Registry }> | undefined;

/** Loaded when somebody asks for the first time: a server that nobody watches does without. */
async function loaded() {
  const { default: client } = await import('prom-client');
  const own = new client.Registry();
  client.collectDefaultMetrics({ register: own });
  return { own, make: () => new client.Registry() };
}

/** Prints families. Those who ask while one is being printed get that. */
export class Exposition {
  readonly #families: () => Promise<readonly MetricFamily[]>;
  #printing: Promise<string> | undefined;

  /** `families` gives what the server counted. */
  constructor(families: () => Promise<readonly MetricFamily[]>) {
    this.#families = families;
  }

  /** All metrics as text. Rejects as `families` does. */
  text(): Promise<string> {
    this.#printing ??= this.#print().finally(() => {
      this.#printing = undefined;
    });
    return this.#printing;
  }

  async #print(): Promise<string> {
    ofProcess ??= loaded();
    const [{ own, make }, families] = await Promise.all([ofProcess, this.#families()]);
    const registry = make();
    for (const family of families) {
      const printed = printedOf(family);
      const metric = { ...printed, get: () => Promise.resolve(printed) };
      registry.registerMetric(metric as unknown as Metric<string>);
    }
    return `${await registry.metrics()}\n${await own.metrics()}`;
  }
}

/** A family as prom-client prints it. */
export function printedOf(family: MetricFamily): Printed {
  const { name, help, type, labels } = family;
  const labelled = (values: readonly string[]): Record<string, string> =>
    Object.fromEntries(labels.map((label, index) => [label, values[index] ?? '']));
  const base = { name, help, type, aggregator: 'sum' } as const;
  if (family.type !== 'histogram') {
    const values = family.samples.map((sample) => ({
      value: sample.value,
      labels: labelled(sample.labels),
    }));
    return { ...base, values };
  }
  const { buckets } = family;
  const values = family.samples.flatMap(({ labels: own, counts, sum }) => {
    const named = labelled(own);
    let below = 0;
    const each = counts.map((count, index) => {
      below += count;
      return {
        metricName: `${name}_bucket`,
        value: below,
        labels: { ...named, le: buckets[index] ?? '+Inf' },
      };
    });
    return [
      ...each,
      { metricName: `${name}_sum`, value: sum, labels: named },
      { metricName: `${name}_count`, value: below, labels: named },
    ];
  });
  return { ...base, values };
}
