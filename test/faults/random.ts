// What a seed decides: the same numbers in the same order, on every machine.
import { createHash } from 'node:crypto';

/** Numbers that follow from a seed and a name. */
export class Random {
  readonly #name: string;
  #count = 0;

  constructor(seed: number, name: string) {
    this.#name = `${seed} ${name}`;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#count += 1;
    return createHash('sha256').update(`${this.#name} ${this.#count}`).digest().readUIntBE(0, 6) / 2 ** 48;
  }

  /** A whole number from `least` to `most`, both included. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** True so often, from 0 to 1. */
  chance(rate: number): boolean {
    return this.next() < rate;
  }

  /** One of these. */
  one<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.next() * items.length)];
    if (item === undefined) throw new RangeError('there is nothing to choose from');
    return item;
  }
}
