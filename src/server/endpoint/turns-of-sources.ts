// How much is worked on at once, in all and for one source. Work ends by itself and soon, so the newest waits outside.

/** The largest share of one source. */
const shareOfSource = 1 / 8;

/** Counts what is under way. */
export class TurnsOfSources {
  readonly #total: number;
  readonly #perSource: number;
  readonly #sources = new Map<string, number>();
  #underWay = 0;

  /** `total` is a whole number above 0; one source has an eighth of it, but at least one. */
  constructor(total: number) {
    this.#total = total;
    this.#perSource = Math.max(1, Math.floor(total * shareOfSource));
  }

  /** Takes a turn; calling what it gives ends it. `undefined` when all turns, or all of the source, are taken. */
  take(source: string): (() => void) | undefined {
    const ofSource = this.#sources.get(source) ?? 0;
    if (this.#underWay >= this.#total || ofSource >= this.#perSource) return undefined;
    this.#underWay += 1;
    this.#sources.set(source, ofSource + 1);
    return () => {
      this.#underWay -= 1;
      const left = (this.#sources.get(source) ?? 1) - 1;
      if (left === 0) this.#sources.delete(source);
      else this.#sources.set(source, left);
    };
  }
}
