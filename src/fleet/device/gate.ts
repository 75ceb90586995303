// How many devices are awake at a time; the others wait their turn, in order.

/** Why there is no way in. */
export type Refusal = 'full' | 'closed';

/** Lets so many in. */
export class Gate {
  readonly #places: number;
  readonly #mostWaiting: number;
  readonly #waiting: ((refusal: Refusal | undefined) => void)[] = [];
  /** Of `#waiting`, those that were let in already. */
  #head = 0;
  #inside = 0;
  #closed = false;

  constructor(places: number, mostWaiting: number) {
    this.#places = places;
    this.#mostWaiting = mostWaiting;
  }

  get inside(): number {
    return this.#inside;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /** Resolves when its turn has come, or with why it never will. Who was let in calls `leave`, once. */
  enter(): Promise<Refusal | undefined> {
    if (this.#closed) return Promise.resolve('closed');
    if (this.#inside < this.#places) {
      this.#inside += 1;
      return Promise.resolve(undefined);
    }
    if (this.waiting >= this.#mostWaiting) return Promise.resolve('full');
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting[this.#head];
    if (next === undefined) {
      this.#inside -= 1;
      return;
    }
    this.#head += 1;
    if (this.#head > 1024 && this.#head * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
    next(undefined);
  }

  /** Turns everybody away that waits or comes later. */
  close(): void {
    this.#closed = true;
    for (const turnAway of this.#waiting.splice(0).slice(this.#head)) turnAway('closed');
    this.#head = 0;
  }
}
