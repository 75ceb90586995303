// Which carriers get no pushes for the time being: kept in the store, known here without asking it.
import { type Clock, type Logger, Turns } from '../../core/index.ts';
import type { Binding, DeviceAddress } from '../../push/index.ts';
import type { CarrierSuspension, CarrierSuspensions, SuspensionRequest } from '../../store/index.ts';
import { shownCarriers } from './shown-carriers.ts';

/** What suspensions are kept with. */
export interface SuspendedCarriersOptions {
  readonly store: CarrierSuspensions;
  readonly bindings: Iterable<Binding<DeviceAddress>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Suspends carriers, lets them go on, and says which are suspended. */
export class SuspendedCarriers {
  readonly #store: CarrierSuspensions;
  readonly #bindings: ReadonlySet<Binding<DeviceAddress>>;
  /** Bindings by the carriers that pushes wait for. */
  readonly #bindingOf = new Map<string, Binding<DeviceAddress>>();
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #turns = new Turns();
  readonly #listeners = new Set<() => void>();
  #suspended: ReadonlyMap<string, CarrierSuspension> = new Map();
  #loaded: Promise<void> | undefined;

  constructor({ store, bindings, clock, logger }: SuspendedCarriersOptions) {
    this.#store = store;
    this.#bindings = new Set(bindings);
    this.#clock = clock;
    this.#logger = logger;
    for (const binding of this.#bindings) {
      for (const name of binding.carriers?.names ?? [binding.name]) this.#bindingOf.set(name, binding);
    }
  }

  /** Reads what the store has, once. @throws {StoreError} when it cannot be read; the next call tries again */
  load(): Promise<void> {
    this.#loaded ??= this.#read().catch((error: unknown) => {
      this.#loaded = undefined;
      throw error;
    });
    return this.#loaded;
  }

  /** Those that are suspended, in order of their names. */
  get all(): readonly CarrierSuspension[] {
    return [...this.#suspended.values()];
  }

  /** How a carrier is suspended, by the name that people see; `undefined` where it is not. */
  of(carrier: string): CarrierSuspension | undefined {
    return this.#suspended.get(carrier);
  }

  /** Names that may be suspended now. */
  configured(): readonly string[] {
    return [...this.#bindings].flatMap((binding) => shownCarriers(binding));
  }

  /** True while pushes that wait for this carrier are handed to nobody: it is suspended, or all that stand behind it are. */
  holds(carrier: string): boolean {
    if (this.#suspended.size === 0) return false;
    const carriers = this.#bindingOf.get(carrier)?.carriers;
    return this.#suspended.has(carrier) || carriers?.isSuspended?.(carrier) === true;
  }

  /**
   * Suspends a carrier; no push is handed to it from then on, and it stays so over restarts. Who suspends it again changes no more
   * than the reason. `undefined` where there is no such carrier.
   * @throws {StoreError} when it cannot be kept; it is not suspended then
   */
  async suspend(request: SuspensionRequest): Promise<CarrierSuspension | undefined> {
    const { carrier } = request;
    await this.load();
    return await this.#turns.run(async () => {
      const before = this.#suspended.get(carrier);
      if (before === undefined && !this.configured().includes(carrier)) return undefined;
      // At once, and not only when it is on disk: nothing more leaves meanwhile.
      if (before === undefined) this.#put(carrier, { carrier, since: this.#clock.now() });
      try {
        const kept = await this.#store.suspendCarrier(request);
        this.#put(carrier, kept);
        if (before === undefined) this.#logger.warn(aboutOf(kept), 'a carrier was suspended');
        return kept;
      } catch (error) {
        this.#put(carrier, before);
        throw error;
      }
    });
  }

  /**
   * Lets a carrier go on, and gives how it was suspended; `undefined` where it was not. One that is configured no more is forgotten.
   * @throws {StoreError} when that cannot be kept; it stays suspended then
   */
  async resume(carrier: string, actor?: string): Promise<CarrierSuspension | undefined> {
    await this.load();
    return await this.#turns.run(async () => {
      const was = await this.#store.resumeCarrier(carrier, actor);
      if (was === undefined) return undefined;
      this.#put(carrier, undefined);
      const { since } = was;
      const about = { carrier, since: new Date(since).toISOString(), ...(actor !== undefined && { actor }) };
      this.#logger.info(about, 'a carrier was resumed');
      return was;
    });
  }

  /** Calls back after each change. Gives what ends that. The listener must not throw. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  async #read(): Promise<void> {
    const kept = await this.#store.suspendedCarriers();
    this.#set(new Map(kept.map((one) => [one.carrier, one])));
    const configured = new Set(this.configured());
    for (const one of kept) {
      const known = configured.has(one.carrier);
      const text = known ? 'a carrier is suspended' : 'a carrier is suspended that is configured no more';
      this.#logger.warn(aboutOf(one), text);
    }
  }

  #put(carrier: string, suspension: CarrierSuspension | undefined): void {
    const next = new Map(this.#suspended);
    if (suspension === undefined) next.delete(carrier);
    else next.set(carrier, suspension);
    this.#set(new Map([...next].sort(([one], [other]) => (one < other ? -1 : 1))));
  }

  #set(suspended: ReadonlyMap<string, CarrierSuspension>): void {
    this.#suspended = suspended;
    const names = new Set(suspended.keys());
    for (const { carriers } of this.#bindings) carriers?.suspend?.(names);
    for (const listener of this.#listeners) listener();
  }
}

function aboutOf({ carrier, since, actor, reason }: CarrierSuspension) {
  return {
    carrier,
    since: new Date(since).toISOString(),
    ...(actor !== undefined && { actor }),
    ...(reason !== undefined && { reason }),
  };
}
