// The message centres as one carrier: what leaves now is handed over, and what would only wait here is not.
import type { Carriers } from '../index.ts';

/** Says how much room there is, and tells when there is some again. */
export class SmsCarrier implements Carriers<unknown> {
  readonly names: readonly string[];
  readonly #name: string;
  readonly #room: () => number;
  readonly #listeners = new Set<(carrier: string) => void>();
  /** True when somebody has asked in vain. */
  #asked = false;

  /** `room` says how many pushes may come now, 0 or more. */
  constructor(name: string, room: () => number) {
    this.#name = name;
    this.names = [name];
    this.#room = room;
  }

  of(): string {
    return this.#name;
  }

  free(): number {
    const room = this.#room();
    if (room === 0) this.#asked = true;
    return room;
  }

  onFree(listener: (carrier: string) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  /** There may be more room. */
  look(): void {
    if (!this.#asked || this.#room() === 0) return;
    this.#asked = false;
    for (const listener of this.#listeners) listener(this.#name);
  }
}
