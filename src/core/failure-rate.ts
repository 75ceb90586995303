// How fast somebody fails: a leaking count for each key, in a table that is bounded and still never counts too little.

/** How many failures in what time. */
export interface FailureLimits {
  /**
   * Failures at once after which a key is refused, and the average of each window; a whole number above 0. Who reaches it
   * is refused for a whole window.
   */
  readonly maxFailures: number;
  /** Length of the window in milliseconds; above 0. */
  readonly windowMs: number;
  /** Keys remembered at once; a whole number above 0. */
  readonly maxKeys: number;
}

/** The failures of one key. Its count leaks steadily: after `emptyAt` there is none left. */
export interface FailureCount {
  emptyAt: number;
  locked: boolean;
}

/** Adds to counts, and judges them. */
export class FailureRate {
  readonly #windowMs: number;
  /** Milliseconds in which one failure leaks away. */
  readonly costMs: number;

  constructor({ maxFailures, windowMs }: Pick<FailureLimits, 'maxFailures' | 'windowMs'>) {
    this.#windowMs = windowMs;
    this.costMs = windowMs / maxFailures;
  }

  /** For how long a key with that count is refused, in milliseconds; 0: not at all. */
  refusedForMs({ emptyAt, locked }: FailureCount, nowMs: number): number {
    const left = emptyAt - nowMs;
    if (left <= 0) return 0;
    if (locked) return left;
    return Math.max(0, left - this.#mostWhenAllowed);
  }

  /** Adds a failure to the count. */
  add(count: FailureCount, nowMs: number): void {
    if (count.emptyAt <= nowMs) count.locked = false;
    const emptyAt = Math.max(nowMs, count.emptyAt) + this.costMs;
    count.locked ||= emptyAt - nowMs > this.#mostWhenAllowed;
    // From then on a whole window.
    count.emptyAt = count.locked ? nowMs + this.#windowMs : emptyAt;
  }

  /** Takes failures back. */
  takeBack(count: FailureCount, failures: number): void {
    count.emptyAt -= failures * this.costMs;
    if (failures > 0) count.locked = false;
  }

  /** Half a failure of tolerance, for what sums of fractions lose. */
  get #mostWhenAllowed(): number {
    return this.#windowMs - this.costMs / 2;
  }
}

interface Entry extends FailureCount {
  slot: number;
}

/**
 * Failures by key. Strangers choose the keys, so a full table gives up the key with the least failures; how many those
 * were is remembered, and each key that is not in the table counts as having as many. So nobody loses their own failures
 * by inventing keys: that only takes the table's patience with keys that it does not know, and only above
 * `maxKeys × maxFailures` failures in a window. Memory is bounded by `maxKeys`.
 */
export class FailureTable {
  readonly #rate: FailureRate;
  readonly #maxKeys: number;
  readonly #entries = new Map<string, Entry>();
  /** Keys by when their count is empty, in steps of one failure; each in the order in which they came there. */
  readonly #slots = new Map<number, Set<string>>();
  #lowestSlot: number | undefined;
  #cleanedSlot = Number.NEGATIVE_INFINITY;
  /** Up to when keys that are not in the table may have failures. */
  #forgottenUntil = 0;

  constructor(limits: FailureLimits) {
    this.#rate = new FailureRate(limits);
    this.#maxKeys = limits.maxKeys;
  }

  /** Keys that are remembered. */
  get size(): number {
    return this.#entries.size;
  }

  /** For how long `key` is refused, in milliseconds; 0: not at all. */
  refusedForMs(key: string, nowMs: number): number {
    return this.#rate.refusedForMs(this.#entries.get(key) ?? this.#unknown(), nowMs);
  }

  /** Records a failure of `key`; one that is refused already is not refused for longer. */
  failed(key: string, nowMs: number): void {
    this.#forgetEmpty(nowMs);
    let entry = this.#entries.get(key);
    if (entry?.locked === true && entry.emptyAt > nowMs) return;
    if (entry === undefined) {
      entry = { ...this.#unknown(), slot: 0 };
      if (this.#entries.size >= this.#maxKeys) this.#giveUpLeast();
    } else this.#leaveSlot(key, entry.slot);
    this.#rate.add(entry, nowMs);
    this.#put(key, entry);
  }

  /** Takes failures of `key` back: they were no guesses. One that is refused stays so, unless `mayOpen`. */
  takeBack(key: string, failures: number, mayOpen: boolean): void {
    const entry = this.#entries.get(key);
    if (entry === undefined || failures <= 0 || (entry.locked && !mayOpen)) return;
    this.#leaveSlot(key, entry.slot);
    this.#rate.takeBack(entry, failures);
    this.#put(key, entry);
  }

  /** Forgets the failures of `key`. */
  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#leaveSlot(key, entry.slot);
    this.#entries.delete(key);
  }

  #unknown(): FailureCount {
    return { emptyAt: this.#forgottenUntil, locked: false };
  }

  #put(key: string, entry: Entry): void {
    entry.slot = Math.floor(entry.emptyAt / this.#rate.costMs);
    this.#entries.set(key, entry);
    const slot = this.#slots.get(entry.slot);
    if (slot === undefined) this.#slots.set(entry.slot, new Set([key]));
    else slot.add(key);
    if (this.#lowestSlot === undefined || entry.slot < this.#lowestSlot) this.#lowestSlot = entry.slot;
  }

  #leaveSlot(key: string, number: number): void {
    const slot = this.#slots.get(number);
    slot?.delete(key);
    if (slot?.size === 0) this.#dropSlot(number);
  }

  #dropSlot(number: number): void {
    this.#slots.delete(number);
    if (number !== this.#lowestSlot) return;
    this.#lowestSlot = undefined;
    for (const each of this.#slots.keys()) {
      if (this.#lowestSlot === undefined || each < this.#lowestSlot) this.#lowestSlot = each;
    }
  }

  #giveUpLeast(): void {
    const number = this.#lowestSlot;
    const oldest = number === undefined ? undefined : this.#slots.get(number)?.values().next();
    if (number === undefined || oldest === undefined || oldest.done === true) return;
    const key = oldest.value;
    this.#forgottenUntil = Math.max(this.#forgottenUntil, this.#entries.get(key)?.emptyAt ?? 0);
    this.#entries.delete(key);
    this.#leaveSlot(key, number);
  }

  /** Lets go of keys whose count is empty; there is work only once for each failure that leaks away. */
  #forgetEmpty(nowMs: number): void {
    const now = Math.floor(nowMs / this.#rate.costMs);
    if (now <= this.#cleanedSlot) return;
    this.#cleanedSlot = now;
    for (const [number, keys] of this.#slots) {
      if (number >= now) continue;
      for (const key of keys) this.#entries.delete(key);
      this.#slots.delete(number);
    }
    this.#lowestSlot = undefined;
    for (const each of this.#slots.keys()) {
      if (this.#lowestSlot === undefined || each < this.#lowestSlot) this.#lowestSlot = each;
    }
  }
}
