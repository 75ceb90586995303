// Which devices were written lately. Where nobody else writes the database, a claim need not read the devices again that it read
// before it was on disk, unless they are among these.

/** Devices that are remembered, so that memory has a bound; older writes count as writes of every device. */
const longestMemory = 10_000;

/** Watches the writes of devices that go through one store. */
export class DeviceWrites {
  /** Numbers of the writes that are over, by device; the oldest first. */
  readonly #last = new Map<string, number>();
  /** How many writes of a device are under way. */
  readonly #underWay = new Map<string, number>();
  readonly #longest: number;
  #count = 0;
  /** Writes up to this number are not remembered. */
  #forgotten = 0;

  /** `longest`: how many devices are remembered, 1 or more. */
  constructor(longest = longestMemory) {
    this.#longest = longest;
  }

  /** The present moment, for `mayHaveChanged`: what is read after it has been asked for has all writes before it. */
  get moment(): number {
    return this.#count;
  }

  /** Watches a write of devices from before it begins to when it is over, well or not. */
  async watch<Result>(ids: readonly string[], write: () => Promise<Result>): Promise<Result> {
    for (const id of ids) this.#underWay.set(id, (this.#underWay.get(id) ?? 0) + 1);
    try {
      return await write();
    } finally {
      for (const id of ids) this.#over(id);
    }
  }

  /** False when the device is as it was at that moment. */
  mayHaveChanged(id: string, moment: number): boolean {
    if (moment < this.#forgotten || this.#underWay.has(id)) return true;
    return (this.#last.get(id) ?? 0) > moment;
  }

  #over(id: string): void {
    const left = (this.#underWay.get(id) ?? 1) - 1;
    if (left === 0) this.#underWay.delete(id);
    else this.#underWay.set(id, left);
    this.#count += 1;
    this.#last.delete(id);
    this.#last.set(id, this.#count);
    if (this.#last.size <= this.#longest) return;
    for (const [oldest, number] of this.#last) {
      this.#last.delete(oldest);
      this.#forgotten = number;
      break;
    }
  }
}
