// How a server stands: its carriers, and how many pushes are in each state.
import type { CarrierStatus } from '../../push/index.ts';
import type { PushCount, PushReader } from '../../store/index.ts';
import type { BindingTable } from './bindings.ts';

/** One carrier. */
export interface CarrierState extends CarrierStatus {
  /** Name of its binding. */
  readonly binding: string;
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
): Promise<ServerStatus> {
  const pushes = await store.countPushes(mostCounted);
  const carriers = [...new Set(Object.values(bindings))].flatMap((binding) => {
    const told = new Map(binding.status?.().map((one) => [one.name, one]));
    const { names = [binding.name], held = [] } = binding.carriers ?? {};
    const shown = new Set([...names.filter((name) => !held.includes(name)), ...told.keys()]);
    return [...shown].map((name): CarrierState => {
      const free = names.includes(name) ? binding.carriers?.free(name) : undefined;
      const known = told.get(name) ?? { name, state: 'unknown' as const };
      return { binding: binding.name, ...known, ...(free === undefined ? {} : { free }) };
    });
  });
  return { at, pushes, carriers };
}
