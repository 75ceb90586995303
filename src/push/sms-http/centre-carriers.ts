// The road as a carrier: places and pace of pushes, and no place at all while the company wants a pause.
import type { Carriers, PacedCarriers } from '../index.ts';

/** Its one carrier. */
export class CentreCarriers<To> implements Carriers<To> {
  readonly #paced: PacedCarriers<To>;
  readonly #isPaused: () => boolean;
  readonly #listeners = new Set<(carrier: string) => void>();

  constructor(paced: PacedCarriers<To>, isPaused: () => boolean) {
    this.#paced = paced;
    this.#isPaused = isPaused;
  }

  get names(): readonly string[] {
    return this.#paced.names;
  }

  of(to: To): string {
    return this.#paced.of(to);
  }

  free(carrier: string): number {
    return this.#isPaused() ? 0 : this.#paced.free(carrier);
  }

  onFree(listener: (carrier: string) => void): () => void {
    this.#listeners.add(listener);
    const end = this.#paced.onFree(listener);
    return () => {
      this.#listeners.delete(listener);
      end();
    };
  }

  /** The pause is over. */
  resume(): void {
    for (const listener of this.#listeners) for (const name of this.names) listener(name);
  }
}
