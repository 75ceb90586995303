// A modem as a carrier: what it is not ready for waits where somebody else can claim it.
import type { Clock } from '../../core/index.ts';
import { type Carriers, type Pace, PacedCarriers } from '../index.ts';
import type { AtModem } from './modem/at-modem.ts';

/** One carrier, with room while the modem is ready, and while it comes up for the first time: then a push waits for it inside. */
export class ModemCarrier implements Carriers<unknown> {
  readonly names: readonly string[];
  readonly #modem: AtModem;
  readonly #linkWaitMs: number;
  readonly #paced: PacedCarriers<unknown>;
  readonly #listeners = new Set<(carrier: string) => void>();
  readonly #unlisten: () => void;

  /** @throws {ValueError} OUT_OF_RANGE for the pace */
  constructor(name: string, pace: Pace, modem: AtModem, linkWaitMs: number, clock: Clock) {
    this.names = [name];
    this.#modem = modem;
    this.#linkWaitMs = linkWaitMs;
    this.#paced = new PacedCarriers(new Map([[name, pace]]), () => name, clock);
    this.#paced.onFree(() => this.#tell());
    this.#unlisten = modem.listen({ onReady: () => this.#tell() });
  }

  of(): string {
    return this.names[0] ?? '';
  }

  free(carrier: string): number {
    const usable = this.#modem.ready || this.#modem.comingUp(this.#linkWaitMs);
    return usable ? this.#paced.free(carrier) : 0;
  }

  onFree(listener: (carrier: string) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** Does work in a place, once there is one. Rejects as `PacedCarriers.run` does. */
  run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#paced.run(undefined, signal, work);
  }

  /** Who waits is refused. */
  close(): void {
    this.#unlisten();
    this.#paced.close();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.of());
  }
}
