// The order of the sets of one request, of which several are under way at once: one is read after the other, they are taken beside
// each other, but for those that have a thing in common, and told one after the other.

/** Moments in the life of a set. */
interface Moments {
  /** The next one may be read. */
  readonly isRead: Promise<void>;
  readonly isOver: Promise<void>;
}

/** Sets of one request. */
export class SetOrder {
  /** Of the last set. */
  #last: Moments = { isRead: Promise.resolve(), isOver: Promise.resolve() };
  /** The last set under way that has an id. */
  readonly #underWay = new Map<string, Moments>();

  /** Resolves when the next set may be read. */
  ready(): Promise<void> {
    return this.#last.isRead;
  }

  /** The place of the next set. Whatever becomes of it, its `end` is to be called. */
  next(): PlaceInOrder {
    const before = this.#last;
    const place = new PlaceInOrder(this.#underWay, before);
    this.#last = place;
    return place;
  }
}

/** Where one set stands among the others. */
export class PlaceInOrder implements Moments {
  readonly #underWay: Map<string, Moments>;
  readonly #before: Moments;
  readonly #read = Promise.withResolvers<void>();
  readonly #over = Promise.withResolvers<void>();
  #ids: readonly string[] = [];

  constructor(underWay: Map<string, Moments>, before: Moments) {
    this.#underWay = underWay;
    this.#before = before;
  }

  get isRead(): Promise<void> {
    return this.#read.promise;
  }

  get isOver(): Promise<void> {
    return this.#over.promise;
  }

  /**
   * Resolves when the set may be taken, where it has been read since `ready`: others may be under way that came before, but none that
   * has one of its ids.
   */
  async enter(ids: readonly string[]): Promise<void> {
    this.#ids = ids;
    const isShared = ids.some((id) => this.#underWay.has(id));
    for (const id of ids) this.#underWay.set(id, this);
    if (isShared) await this.#before.isOver;
  }

  /** The next set may be read. */
  passOn(): void {
    this.#read.resolve();
  }

  /** Resolves when the sets before are over. */
  first(): Promise<void> {
    return this.#before.isOver;
  }

  /** It is over, well or not. */
  end(): void {
    for (const id of this.#ids) if (this.#underWay.get(id) === this) this.#underWay.delete(id);
    this.#read.resolve();
    // Who waits for this one waits for those before too.
    void this.#before.isOver.then(this.#over.resolve);
  }
}
