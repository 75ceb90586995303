// References of concatenated messages: one counter for each device, so that a handset meets the same one as late as
// possible.

/** Counters, at most as many as `capacity`; the one that was used longest ago is forgotten first. */
export class ReferenceCounter {
  readonly #modulus: number;
  readonly #capacity: number;
  readonly #random: () => number;
  readonly #last = new Map<string, number>();

  /** `bits` is the width of a reference. A counter begins anywhere: `random` gives a number from 0 up to 1. */
  constructor(bits: 8 | 16, random: () => number, capacity = 100_000) {
    this.#modulus = 2 ** bits;
    this.#random = random;
    this.#capacity = capacity;
  }

  /** The next reference for a device. */
  next(device: string): number {
    const last = this.#last.get(device) ?? Math.floor(this.#random() * this.#modulus);
    const reference = (last + 1) % this.#modulus;
    this.#last.delete(device);
    if (this.#last.size >= this.#capacity) {
      for (const oldest of this.#last.keys()) {
        this.#last.delete(oldest);
        break;
      }
    }
    this.#last.set(device, reference);
    return reference;
  }
}
