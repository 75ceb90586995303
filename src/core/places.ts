// Places for what strangers can leave unfinished (connections, handshakes, challenges, reassemblies): bounded for each
// source and in all. When they are full the oldest that is unfinished gives way, so a flood displaces itself, and an
// honest peer that finishes within its time gets in.

/** Bounds of a set of places. */
export interface PlacesOptions {
  /** Places in all. */
  readonly total: number;
  /** Places of one source (`sourceOf`). */
  readonly perSource: number;
}

/** One place that is held. Each function may be called again, and then does nothing. */
export interface HeldPlace {
  /** The peer did what was asked (authenticated, completed its handshake): it no longer gives way to a newer one. */
  finish(): void;
  /** Gives the place back. */
  release(): void;
}

interface Held {
  readonly source: string;
  readonly onDisplaced: () => void;
}

/** What one source holds, each in the order in which it came. */
interface SourceShare {
  readonly unfinished: Set<Held>;
  finished: number;
}

/** Bounded places. Every step takes constant time, and memory is bounded by `total`. */
export class Places {
  readonly #total: number;
  readonly #perSource: number;
  readonly #unfinished = new Set<Held>();
  readonly #shares = new Map<string, SourceShare>();
  #finished = 0;
  #displaced = 0;
  #refused = 0;

  /** @throws {RangeError} a bound is not a whole number above 0 */
  constructor({ total, perSource }: PlacesOptions) {
    for (const [name, value] of Object.entries({ total, perSource })) {
      if (!Number.isSafeInteger(value) || value < 1) {
        throw new RangeError(`${name} is ${value}; use a whole number above 0`);
      }
    }
    this.#total = total;
    this.#perSource = perSource;
  }

  /** Places that are held, finished or not. */
  get held(): number {
    return this.#unfinished.size + this.#finished;
  }

  /** How many gave way, and how many were refused because nothing could, since the start. */
  get counters(): { readonly displaced: number; readonly refused: number } {
    return { displaced: this.#displaced, refused: this.#refused };
  }

  /**
   * Takes a place for `source`. Where the source, or all together, hold as many as they may, the oldest unfinished one
   * of that source, or of all, gives way first: its `onDisplaced` is called, and its place is gone.
   * @returns undefined where nothing can give way: all are finished
   */
  take(source: string, onDisplaced: () => void): HeldPlace | undefined {
    const share = this.#shares.get(source);
    if (share !== undefined && share.unfinished.size + share.finished >= this.#perSource) {
      if (!this.#displaceOldest(share.unfinished)) return this.#refuse();
    } else if (this.held >= this.#total && !this.#displaceOldest(this.#unfinished)) {
      return this.#refuse();
    }
    return this.#hold({ source, onDisplaced });
  }

  #hold(held: Held): HeldPlace {
    let share = this.#shares.get(held.source);
    if (share === undefined) {
      share = { unfinished: new Set(), finished: 0 };
      this.#shares.set(held.source, share);
    }
    const ownShare = share;
    ownShare.unfinished.add(held);
    this.#unfinished.add(held);
    let finished = false;
    return {
      finish: () => {
        if (!this.#unfinished.delete(held)) return;
        ownShare.unfinished.delete(held);
        ownShare.finished += 1;
        this.#finished += 1;
        finished = true;
      },
      release: () => {
        if (finished) {
          finished = false;
          ownShare.finished -= 1;
          this.#finished -= 1;
        } else if (!this.#drop(held, ownShare)) return;
        this.#forgetEmpty(held.source, ownShare);
      },
    };
  }

  #displaceOldest(among: Set<Held>): boolean {
    const oldest = among.values().next();
    if (oldest.done === true) return false;
    const held = oldest.value;
    const share = this.#shares.get(held.source);
    if (share !== undefined) {
      this.#drop(held, share);
      this.#forgetEmpty(held.source, share);
    }
    this.#displaced += 1;
    held.onDisplaced();
    return true;
  }

  #drop(held: Held, share: SourceShare): boolean {
    share.unfinished.delete(held);
    return this.#unfinished.delete(held);
  }

  #forgetEmpty(source: string, share: SourceShare): void {
    if (share.finished === 0 && share.unfinished.size === 0 && this.#shares.get(source) === share) {
      this.#shares.delete(source);
    }
  }

  #refuse(): undefined {
    this.#refused += 1;
    return undefined;
  }
}
