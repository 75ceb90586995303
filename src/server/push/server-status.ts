// How a server stands: its carriers, and how many pushes are in each state.
import type { CarrierStatus } from '../../push/index.ts';
import type { CarrierSuspension, PushCount, PushReader } from '../../store/index.ts';
import { shownCarriers } from '../carrier/shown-carriers.ts';
import type { SuspendedCarriers } from '../carrier/suspended-carriers.ts';
import type { BindingTable } from './bindings.ts';

/** One carrier. */
export interface CarrierState extends CarrierStatus {
  /** Name of its binding; absent for one that is suspended, and configured no more. */
  readonly binding?: string;
  /** How it is suspended; absent while it is not. */
  readonly suspended?: CarrierSuspension;
  /** True while it gets no pushes: it is suspended, or every road of this list is. */
  readonly getsNone?: true;
}

/** How a server stands. */
export interface ServerStatus {
  /** When that was, milliseconds since the POSIX epoch. */
  readonly at: number;
  /** Pushes by purpose and state, each up to `mostCounted`. */
  readonly pushes: readonly PushCount[];
  readonly carriers: readonly CarrierState[];
}

/** Pushes of one kind that are counted, at most: what is over stays for weeks. */
export const mostCounted = 10_000;

/** Asks the store, and every binding once, whatever number of schemes it serves. Rejects as the store does. */
export async function serverStatus(
  bindings: BindingTable,
  store: Pick<PushReader, 'countPushes'>,
  at: number,
  suspended?: Pick<SuspendedCarriers, 'all' | 'of' | 'holds'>,
): Promise<ServerStatus> {
  const pushes = await store.countPushes(mostCounted);
  const shown = [...new Set(Object.values(bindings))].flatMap((binding) => {
    const told = new Map(binding.status?.().map((one) => [one.name, one]));
    const { names = [binding.name] } = binding.carriers ?? {};
    return shownCarriers(binding).map((name): CarrierState => {
      const suspension = suspended?.of(name);
      const holds = suspension !== undefined || suspended?.holds(name) === true;
      const free = holds ? 0 : names.includes(name) ? binding.carriers?.free(name) : undefined;
      return {
        binding: binding.name,
        ...(told.get(name) ?? { name, state: 'unknown' }),
        ...(free !== undefined && { free }),
        ...(suspension !== undefined && { suspended: suspension }),
        ...(holds && { getsNone: true as const }),
      };
    });
  });
  const configured = new Set(shown.map(({ name }) => name));
  const gone = suspended?.all.filter(({ carrier }) => !configured.has(carrier)) ?? [];
  const forgotten = gone.map(
    (one): CarrierState => ({ name: one.carrier, state: 'unknown', suspended: one }),
  );
  return { at, pushes, carriers: [...shown, ...forgotten] };
}
