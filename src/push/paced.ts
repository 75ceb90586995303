// Gives a binding carriers with places and a pace: what they cannot take now waits with whoever sends, or here in turn.
import type { Clock } from '../core/index.ts';
import type { Binding, Carriers } from './binding.ts';
import { CarrierPlaces, type Pace } from './carrier-places.ts';
import type { ReportingBinding } from './delivery-report.ts';

/** Places and pace of a binding, and the clock that they go by. */
export interface PacedOptions extends Pace {
  readonly clock: Clock;
}

/** The carriers of a binding, each with places of its own. */
export class PacedCarriers<To> implements Carriers<To> {
  readonly names: readonly string[];
  readonly #of: (to: To) => string;
  readonly #places = new Map<string, CarrierPlaces>();
  readonly #listeners = new Set<(carrier: string) => void>();

  /**
   * `paces` by the names of the carriers, of which there is one at least; `of` may throw what `Carriers.of` may. `pathOf`
   * begins the paths of errors about one.
   * @throws {ValueError} OUT_OF_RANGE
   */
  constructor(
    paces: ReadonlyMap<string, Pace>,
    of: (to: To) => string,
    clock: Clock,
    pathOf: (carrier: string) => string = () => '',
  ) {
    this.names = [...paces.keys()];
    this.#of = of;
    for (const [name, pace] of paces) {
      this.#places.set(name, new CarrierPlaces(pace, clock, () => this.#tell(name), pathOf(name)));
    }
  }

  of(to: To): string {
    return this.#of(to);
  }

  free(carrier: string): number {
    return this.#places.get(carrier)?.free ?? 0;
  }

  onFree(listener: (carrier: string) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Does work in a place of the carrier that `to` belongs to, once there is one. Rejects as `CarrierPlaces.run` does. */
  run<T>(to: To, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    let places: CarrierPlaces | undefined;
    try {
      places = this.#places.get(this.of(to));
    } catch (error) {
      return Promise.reject(error);
    }
    return places === undefined ? work() : places.run(signal, work);
  }

  /** Who waits is refused. */
  close(): void {
    for (const places of this.#places.values()) places.close();
  }

  #tell(carrier: string): void {
    for (const listener of this.#listeners) listener(carrier);
  }
}

/**
 * The same binding with one carrier of its name, which has places and a pace. A push beyond them waits for its turn in `send`;
 * whoever asks `carriers` first need not wait.
 * @throws {ValueError} OUT_OF_RANGE
 */
export function paced<To>(binding: ReportingBinding<To>, options: PacedOptions): ReportingBinding<To>;
export function paced<To>(binding: Binding<To>, options: PacedOptions): Binding<To>;
export function paced<To>(
  binding: Binding<To> | ReportingBinding<To>,
  { clock, ...pace }: PacedOptions,
): Binding<To> {
  const { name, maxPayload } = binding;
  const carriers = new PacedCarriers<To>(new Map([[name, pace]]), () => name, clock);
  return {
    name,
    maxPayload,
    carriers,
    send: (push, to, signal) => carriers.run(to, signal, () => binding.send(push, to, signal)),
    close() {
      carriers.close();
      return binding.close();
    },
    ...(binding.status !== undefined && { status: () => binding.status?.() ?? [] }),
    ...('expectReport' in binding && {
      expectReport: (...report: Parameters<typeof binding.expectReport>) => binding.expectReport(...report),
    }),
  };
}
