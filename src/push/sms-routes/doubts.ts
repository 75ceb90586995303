// Which road may have a push: while it is under way there, and from then on where nobody can tell whether it was taken.

/** Pushes that are remembered; the oldest are forgotten. */
const mostDoubtful = 100_000;

/** One attempt of a push at one road. */
export interface Doubt {
  readonly road: string;
  readonly mayHave: () => boolean;
}

/** Roads by push. In memory: whoever keeps pushes asks for it, and gives it back (`Carriers.heldBy`). */
export class Doubts {
  readonly #doubts = new Map<string, Doubt>();

  /** The road that may have it. */
  of(pushId: string): string | undefined {
    const doubt = this.#doubts.get(pushId);
    return doubt?.mayHave() === true ? doubt.road : undefined;
  }

  /** An attempt begins: this road may have it from now on, as long as it says so. */
  begin(pushId: string, road: string, mayHave: () => boolean): Doubt {
    const doubt = { road, mayHave };
    this.#note(pushId, doubt);
    return doubt;
  }

  /** The attempt is over, and nobody can tell whether the road took it. */
  keep(pushId: string, doubt: Doubt): void {
    if (this.#isLast(pushId, doubt)) this.#note(pushId, { road: doubt.road, mayHave: () => true });
  }

  /** The attempt is over, and it is known who has it, or that nobody has. */
  settle(pushId: string, doubt: Doubt): void {
    if (this.#isLast(pushId, doubt)) this.#doubts.delete(pushId);
  }

  /** False for an attempt that was given up before the last one began: that one knows better. */
  #isLast(pushId: string, doubt: Doubt): boolean {
    return this.#doubts.get(pushId) === doubt;
  }

  #note(pushId: string, doubt: Doubt): void {
    this.#doubts.delete(pushId);
    const [oldest] = this.#doubts.keys();
    if (oldest !== undefined && this.#doubts.size >= mostDoubtful) this.#doubts.delete(oldest);
    this.#doubts.set(pushId, doubt);
  }
}
