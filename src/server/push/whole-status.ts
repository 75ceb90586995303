// How a server stands, whole: carriers with what they did of late and what waits for them, pushes, store, sessions.
import { ReveilleError } from '../../core/index.ts';
import { type CarrierQueue, type HeldCounts, storeTroubleOf } from '../../store/index.ts';
import type { CarrierMetrics } from '../metrics/carrier-metrics.ts';
import type { MetricFamily } from '../metrics/instruments.ts';
import { type CarrierNumbers, gaugesOf } from '../metrics/server-gauges.ts';
import type { CarrierState, ServerStatus } from './server-status.ts';

/** A carrier with its queue. */
export interface WholeCarrier extends CarrierState {
  /** Pushes that it took in a second, over the last ten. */
  readonly perSecond: number;
  /** Pushes on their way to it. */
  readonly inFlight: number;
  /** What is due and waits for it. */
  readonly queue: Omit<CarrierQueue, 'carrier'>;
  /** What it refused last, where that is known; milliseconds since the POSIX epoch. */
  readonly lastRefusal?: { readonly at: number; readonly why: string };
}

/** How a server stands. */
export interface WholeStatus extends Omit<ServerStatus, 'carriers'> {
  readonly node: string;
  /** Milliseconds since the POSIX epoch. */
  readonly startedAt: number;
  readonly uptimeMs: number;
  readonly store: StoreState;
  readonly carriers: readonly WholeCarrier[];
  /** What is due and has no carrier. */
  readonly unplaced: Omit<CarrierQueue, 'carrier'>;
  /** What is held after a restore, each counted up to `mostQueued`. */
  readonly held: HeldCounts;
  /** When the oldest push that is due became due. */
  readonly oldestDueAt?: number;
  /** DM sessions that run. */
  readonly sessions: number;
}

/** Whether the store takes writes. */
export interface StoreState {
  readonly state: 'ok' | 'full' | 'away' | 'stopping' | 'broken';
  /** What is wrong with it. */
  readonly detail?: string;
}

/** Pushes that are counted in one queue, at most. */
export const mostQueued = 100_000;

const empty: CarrierQueue = { due: 0, more: false };

/** Puts carriers and queues together. */
export function wholeCarriers(
  carriers: readonly CarrierState[],
  queues: readonly CarrierQueue[],
  metrics: CarrierMetrics,
  inFlight: (carrier: string) => number,
): readonly WholeCarrier[] {
  const byName = new Map(queues.map(({ carrier, ...queue }) => [carrier, queue]));
  return carriers.map((carrier) => ({
    ...carrier,
    ...metrics.activity(carrier.name),
    inFlight: inFlight(carrier.name),
    queue: byName.get(carrier.name) ?? empty,
  }));
}

/** The queue of what waits for no carrier. */
export function unplacedQueue(queues: readonly CarrierQueue[]): Omit<CarrierQueue, 'carrier'> {
  const { carrier: _, ...queue } = queues.find(({ carrier }) => carrier === undefined) ?? empty;
  return queue;
}

/** What an error of `health` says of the store. */
export function storeStateOf(error: unknown): StoreState {
  const detail = error instanceof Error ? error.message : String(error);
  const trouble = storeTroubleOf(error);
  if (trouble !== undefined) return { state: trouble, detail };
  return error instanceof ReveilleError && error.code === 'STOPPING'
    ? { state: 'stopping' }
    : { state: 'broken', detail };
}

/** The same as numbers; `version` is that of the program. */
export function statusFamilies(
  status: WholeStatus,
  version: string,
  sessionOctets: number,
): readonly MetricFamily[] {
  return gaugesOf({
    version,
    node: status.node,
    startedAt: status.startedAt,
    ready: status.store.state === 'ok',
    pushes: status.pushes,
    carriers: status.carriers.flatMap((carrier) => numbersOf(carrier, status.at)),
    unplaced: status.unplaced.due,
    sessions: status.sessions,
    sessionOctets,
  });
}

/** Nothing of a carrier that is configured no more. */
function numbersOf(
  { binding, name, state, free, inFlight, queue, perSecond, modem, getsNone }: WholeCarrier,
  at: number,
): readonly CarrierNumbers[] {
  if (binding === undefined) return [];
  const numbers = {
    binding,
    name,
    state,
    inFlight,
    due: queue.due,
    perSecond,
    suspended: getsNone === true,
    ...(free !== undefined && { free }),
    ...(queue.oldestDueAt !== undefined && { oldestMs: at - queue.oldestDueAt }),
    ...(modem?.signalDbm !== undefined && { signalDbm: modem.signalDbm }),
  };
  return [numbers];
}
