// Loads an HTTP server: `node load.ts SPEC`, SPEC being a `LoadSpec` as JSON. Every connection asks again as soon as it has its
// answer, but for reads, which keep their pace. SIGTERM ends it early. Prints a `Loaded`.
import { setTimeout as wait } from 'node:timers/promises';
import { percentile } from '../lib/statistics.ts';
import { type ClientName, openClient } from './load-client.ts';
import { type Asking, requestsOf } from './requests.ts';

/** What is asked, of whom, and how much. */
export interface LoadSpec {
  /** Origin, such as `http://127.0.0.1:8081`. */
  readonly origin: string;
  readonly connections: number;
  /** Requests in all. */
  readonly count: number;
  readonly asking: Asking;
  /** Default `undici`. */
  readonly client?: ClientName;
  /** Requests at the beginning whose times do not count. Default 0. */
  readonly warmUp?: number;
}

/** What came of it. */
export interface Loaded {
  /** From the first request to the last answer. */
  readonly seconds: number;
  /** Pushes that the answers say are taken, or notifications that were read. */
  readonly taken: number;
  /** Pushes that were asked for in vain. */
  readonly refused: number;
  /** The first such answer. */
  readonly firstRefusal?: string;
  /** Time to an answer, in milliseconds; of reads, from the moment that they were to begin. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const spec = JSON.parse(process.argv[2] ?? '{}') as LoadSpec;
const { asking, count, connections, origin, warmUp = 0 } = spec;
const client = openClient(spec.client ?? 'undici', origin, connections);
const requestOf = requestsOf(asking);
const times: number[] = [];
let [next, taken, refused] = [0, 0, 0];
let firstRefusal: string | undefined;
let ending = false;
process.on('SIGTERM', () => {
  ending = true;
});

async function ask(index: number, began: number): Promise<void> {
  const { taken: takenOf, pushes, ...request } = requestOf(index);
  let answer: { readonly status: number; readonly text: string };
  try {
    answer = await client.ask(request);
  } catch (error) {
    answer = { status: 0, text: String(error) };
  }
  if (index >= warmUp) times.push(performance.now() - began);
  const good = takenOf(answer.status, answer.text);
  taken += good;
  refused += pushes - good;
  if (good < pushes) firstRefusal ??= `${answer.status} ${answer.text.slice(0, 300)}`;
}

async function closedLoop(): Promise<void> {
  while (next < count && !ending) {
    const index = next;
    next += 1;
    await ask(index, performance.now());
  }
}

/** A read that has to wait because others are late counts its waiting: its time is from when it was to begin. */
async function paced(perSecond: number): Promise<void> {
  const asked: Promise<void>[] = [];
  const start = performance.now();
  while (next < count && !ending) {
    const due = Math.min(count, Math.floor(((performance.now() - start) * perSecond) / 1000) + 1);
    for (; next < due; next += 1) asked.push(ask(next, start + (next * 1000) / perSecond));
    await wait(1);
  }
  await Promise.all(asked);
}

const started = performance.now();
if (asking.what === 'get') await paced(asking.perSecond);
else await Promise.all(Array.from({ length: connections }, closedLoop));
const seconds = (performance.now() - started) / 1000;
await client.close();
const result: Loaded = {
  seconds,
  taken,
  refused,
  ...(firstRefusal !== undefined && { firstRefusal }),
  p50Ms: times.length === 0 ? 0 : percentile(times, 0.5),
  p99Ms: times.length === 0 ? 0 : percentile(times, 0.99),
};
console.log(JSON.stringify(result));
