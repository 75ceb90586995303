// Moments of pushes under way, for how long their steps take. Kept in memory, bounded, and lost with the process: what is missing
// falls out of the histograms, and nothing else depends on it.

/** What is remembered of a push. */
export interface PushTimes {
  /** Binding that took it last. */
  binding?: string;
  /** Not to go out before; milliseconds since the POSIX epoch, as the others. */
  notBefore?: number;
  /** When it went out last. */
  sentAt?: number;
  answeredAt?: number;
}

/** Pushes that are remembered at once: about 20 MB. */
export const mostRemembered = 100_000;

/** Remembers pushes until they are over; the oldest give way. */
export class PushMemory {
  readonly #most: number;
  readonly #pushes = new Map<string, PushTimes>();

  constructor(most: number = mostRemembered) {
    this.#most = most;
  }

  get size(): number {
    return this.#pushes.size;
  }

  /** What is known of it, if anything. */
  known(id: string): PushTimes | undefined {
    return this.#pushes.get(id);
  }

  /** What is known of it, to be added to. */
  of(id: string): PushTimes {
    const known = this.#pushes.get(id);
    if (known !== undefined) return known;
    if (this.#pushes.size >= this.#most) {
      const [oldest] = this.#pushes.keys();
      if (oldest !== undefined) this.#pushes.delete(oldest);
    }
    const made: PushTimes = {};
    this.#pushes.set(id, made);
    return made;
  }

  forget(id: string): void {
    this.#pushes.delete(id);
  }
}
