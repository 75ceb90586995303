// Octets that peers make us hold (bodies on their way, unfinished objects, answers that are not read yet): bounded for each
// holder and in all. What is unfinished may give way, the oldest first, as with `Places`.

/** Bounds of what is held. */
export interface OctetBounds {
  /** Octets in all. */
  readonly total: number;
  /** Octets of one holder. */
  readonly perHolder: number;
}

/** What is held for one purpose of one holder. */
export interface HeldOctets {
  /** Octets that are held. */
  readonly octets: number;
  /** Holds more octets, after others gave way where they can; false, and nothing more is held, where there is no room. */
  take(octets: number): boolean;
  /** Holds more octets, whether there is room or not: for what is bounded by other means and has to be counted. */
  charge(octets: number): void;
  /** Holds fewer octets. */
  give(octets: number): void;
  /** It gives way no more. */
  finish(): void;
  /** Holds nothing any more, for good. May be called again. */
  release(): void;
}

interface Place {
  readonly holder: string;
  readonly onDisplaced: () => void;
  octets: number;
  /** Released, or gave way. */
  gone: boolean;
}

interface Share {
  octets: number;
  /** Those that may give way, the oldest first. */
  readonly unfinished: Set<Place>;
  places: number;
}

/** Counts octets by holder. Memory of its own is bounded by the number of open places. */
export class OctetPlaces {
  readonly #total: number;
  readonly #perHolder: number;
  readonly #unfinished = new Set<Place>();
  readonly #shares = new Map<string, Share>();
  #held = 0;
  #displaced = 0;
  #refused = 0;

  /** @throws {RangeError} a bound is not a whole number above 0 */
  constructor({ total, perHolder }: OctetBounds) {
    for (const [name, value] of Object.entries({ total, perHolder })) {
      if (!Number.isSafeInteger(value) || value < 1) {
        throw new RangeError(`${name} is ${value}; use a whole number above 0`);
      }
    }
    this.#total = total;
    this.#perHolder = perHolder;
  }

  /** Octets that are held in all. */
  get held(): number {
    return this.#held;
  }

  /** Octets that may still be held. */
  get room(): number {
    return Math.max(0, this.#total - this.#held);
  }

  /** How many places gave way, and how often there was no room, since the start. */
  get counters(): { readonly displaced: number; readonly refused: number } {
    return { displaced: this.#displaced, refused: this.#refused };
  }

  /** A place of `holder`, with nothing held. Without `onDisplaced` it never gives way. */
  open(holder: string, onDisplaced?: () => void): HeldOctets {
    const place: Place = { holder, onDisplaced: onDisplaced ?? (() => undefined), octets: 0, gone: false };
    const share = this.#shares.get(holder) ?? { octets: 0, unfinished: new Set(), places: 0 };
    this.#shares.set(holder, share);
    share.places += 1;
    if (onDisplaced !== undefined) {
      share.unfinished.add(place);
      this.#unfinished.add(place);
    }
    let released = false;
    const leave = (): void => {
      share.unfinished.delete(place);
      this.#unfinished.delete(place);
    };
    return {
      get octets() {
        return place.octets;
      },
      take: (octets) => {
        if (place.gone) return false;
        if (!this.#make(place, share, octets)) {
          this.#refused += 1;
          return false;
        }
        this.#add(place, share, octets);
        return true;
      },
      charge: (octets) => {
        if (!place.gone) this.#add(place, share, octets);
      },
      give: (octets) => {
        if (!place.gone) this.#add(place, share, -Math.min(octets, place.octets));
      },
      finish: leave,
      release: () => {
        if (released) return;
        released = true;
        leave();
        if (!place.gone) this.#add(place, share, -place.octets);
        place.gone = true;
        share.places -= 1;
        if (share.places === 0) this.#shares.delete(holder);
      },
    };
  }

  /** Makes room for so many octets; false when it cannot. */
  #make(place: Place, share: Share, octets: number): boolean {
    while (share.octets + octets > this.#perHolder) {
      if (!this.#displaceOldest(share.unfinished, place)) return false;
    }
    while (this.#held + octets > this.#total) {
      if (!this.#displaceOldest(this.#unfinished, place)) return false;
    }
    return true;
  }

  #displaceOldest(among: Set<Place>, but: Place): boolean {
    for (const oldest of among) {
      if (oldest === but || oldest.octets === 0) continue;
      const share = this.#shares.get(oldest.holder);
      share?.unfinished.delete(oldest);
      this.#unfinished.delete(oldest);
      if (share !== undefined) this.#add(oldest, share, -oldest.octets);
      oldest.gone = true;
      this.#displaced += 1;
      oldest.onDisplaced();
      return true;
    }
    return false;
  }

  #add(place: Place, share: Share, octets: number): void {
    place.octets += octets;
    share.octets += octets;
    this.#held += octets;
  }
}
