// Work on many things in slices, so that others have their turns of the event loop between them.
import { loopTurn } from '../work/loop-turns.ts';

/** Things that are worked on between two turns of the event loop: a millisecond or two. */
const slice = 64;

/** Does one thing after the other, in order. */
export class Slices<Thing> {
  readonly #work: (thing: Thing) => void;
  readonly #onSlice: () => void;
  #waiting: Thing[] = [];
  #working = false;

  /** `work` does one, and `onSlice` is called after each slice; neither may throw. */
  constructor(work: (thing: Thing) => void, onSlice: () => void) {
    this.#work = work;
    this.#onSlice = onSlice;
  }

  /** How many wait. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** The first of them have their turn at once, unless others are worked on. */
  add(things: readonly Thing[]): void {
    for (const thing of things) this.#waiting.push(thing);
    if (this.#working) return;
    this.#working = true;
    this.#doSome();
  }

  #doSome(): void {
    const now = this.#waiting.slice(0, slice);
    this.#waiting = this.#waiting.slice(now.length);
    for (const thing of now) this.#work(thing);
    this.#working = this.#waiting.length > 0;
    if (this.#working) void loopTurn().then(() => this.#doSome());
    this.#onSlice();
  }
}
