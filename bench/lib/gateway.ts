// A gateway as a side of rows: it is handed pushes over HTTP, and they come out as datagrams.
import type { Asking } from '../programs/requests.ts';
import { cpuMsOf, peakMbOf, tells } from './process-figures.ts';
import { load } from './programs.ts';
import type { Figure, Sample, Side } from './row.ts';
import type { Sink } from './sink.ts';

/** What is measured of it. */
export interface GatewayOptions {
  /** Name of the side. */
  readonly name: string;
  readonly origin: string;
  /** All processes that do the work. */
  readonly pids: readonly number[];
  readonly asking: Asking;
  readonly connections: number;
  /** Requests in a round. */
  readonly count: number;
  /** Pushes in a request. Default 1. */
  readonly pushesEach?: number;
  /** Where they come out; absent: they do not, or nobody waits for it. */
  readonly sink?: Sink;
}

/** Figures of a gateway, by name. */
export const gatewayFigures = {
  accepted: { name: 'acceptedPerSecond', unit: '/s' },
  delivered: { name: 'deliveredPerSecond', unit: '/s', label: 'delivered' },
  cpu: { name: 'cpuUs', unit: 'µs', label: 'CPU a push' },
  peak: { name: 'peakMb', unit: 'MB', label: 'peak', of: 'most' },
  p50: { name: 'p50Ms', unit: 'ms', hidden: true },
  p99: { name: 'p99Ms', unit: 'ms', hidden: true },
  arrived: { name: 'arrived', unit: '%', of: 'least', hidden: true },
} as const satisfies Record<string, Figure>;

/** One round: asks, then waits until the last push has come out, whose cost counts too. */
export function gatewaySide({ name, ...options }: GatewayOptions): Side {
  return { name, measure: () => round(options) };
}

/** A tenth of a round that does not count, for whatever has to become warm. */
export async function warmUp(options: Omit<GatewayOptions, 'name'>): Promise<void> {
  await round({ ...options, count: Math.ceil(options.count / 10) });
}

async function round(options: Omit<GatewayOptions, 'name'>): Promise<Sample> {
  const { origin, pids, asking, connections, count, pushesEach = 1, sink } = options;
  const pushes = count * pushesEach;
  await sink?.reset();
  const cpu = tells ? cpuMsOf(pids) : 0;
  const { taken, refused, firstRefusal, seconds, p50Ms, p99Ms } = await load({
    origin,
    connections,
    count,
    asking,
  });
  if (refused > 0) throw new Error(`${refused} of ${pushes} pushes were refused: ${firstRefusal}`);
  const out = await sink?.waitFor(pushes);
  return {
    acceptedPerSecond: taken / seconds,
    p50Ms,
    p99Ms,
    ...(tells && { cpuUs: ((cpuMsOf(pids) - cpu) * 1000) / pushes, peakMb: peakMbOf(pids) }),
    ...(out !== undefined && {
      deliveredPerSecond: (out.count * 1000) / Math.max(out.lastAt - out.firstAt, 1),
      arrived: out.count / pushes,
    }),
  };
}
