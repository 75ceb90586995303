// What waits for its other parts, within bounds, for it comes from strangers: fragments of IP, segments of short messages. Time is
// that of the capture.

/** Bounds of all that waits, and of one. */
export interface WaitingBounds {
  /** Entries in all. */
  readonly open: number;
  /** Entries of one source. */
  readonly ofOneSource: number;
  /** Octets in all. */
  readonly octets: number;
  /** How long an entry waits. */
  readonly seconds: number;
}

interface Waiting<Entry> {
  readonly entry: Entry;
  readonly source: string;
  readonly since: number;
  octets: number;
}

/** Entries by their keys, in the order in which they began; the oldest is given up where there is no room. */
export class WaitingParts<Entry> {
  readonly #bounds: WaitingBounds;
  readonly #onGivenUp: (entry: Entry, octets: number) => void;
  readonly #waiting = new Map<string, Waiting<Entry>>();
  readonly #ofSource = new Map<string, number>();
  #octets = 0;

  /** `onGivenUp` is told of what is given up, and how many octets it had. */
  constructor(bounds: WaitingBounds, onGivenUp: (entry: Entry, octets: number) => void) {
    this.#bounds = bounds;
    this.#onGivenUp = onGivenUp;
  }

  /** What waits under a key. */
  get(key: string): Entry | undefined {
    return this.#waiting.get(key)?.entry;
  }

  /** Begins an entry; makes room for it first. */
  begin(key: string, source: string, since: number, entry: Entry): Entry {
    if (this.#waiting.size >= this.#bounds.open) this.#giveUpOldest();
    if ((this.#ofSource.get(source) ?? 0) >= this.#bounds.ofOneSource) this.#giveUpOldest(source);
    this.#waiting.set(key, { entry, source, since, octets: 0 });
    this.#ofSource.set(source, (this.#ofSource.get(source) ?? 0) + 1);
    return entry;
  }

  /** Octets were added to an entry; others may be given up for them, and at last the entry itself. */
  grow(key: string, octets: number): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    waiting.octets += octets;
    this.#octets += octets;
    while (this.#octets > this.#bounds.octets) this.#giveUpOldest();
  }

  /** Takes an entry away: it is whole. */
  take(key: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.#waiting.delete(key);
    this.#octets -= waiting.octets;
    const left = (this.#ofSource.get(waiting.source) ?? 1) - 1;
    if (left > 0) this.#ofSource.set(waiting.source, left);
    else this.#ofSource.delete(waiting.source);
  }

  /** Gives an entry up. */
  giveUp(key: string): void {
    const waiting = this.#waiting.get(key);
    if (waiting === undefined) return;
    this.take(key);
    this.#onGivenUp(waiting.entry, waiting.octets);
  }

  /** It is `seconds` now: what has waited too long is given up. */
  expire(seconds: number): void {
    for (const [key, { since }] of this.#waiting) {
      if (seconds - since < this.#bounds.seconds) return;
      this.giveUp(key);
    }
  }

  /** The capture is over: all that waits is given up. */
  end(): void {
    for (const key of this.#waiting.keys()) this.giveUp(key);
  }

  #giveUpOldest(of?: string): void {
    for (const [key, { source }] of this.#waiting) {
      if (of !== undefined && source !== of) continue;
      this.giveUp(key);
      return;
    }
  }
}
