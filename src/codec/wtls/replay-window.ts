// Which sequence numbers of the other end were seen: the last 64 and everything before them (docs/secure-push.md).

/** Width of the window. */
export const replayWindowWidth = 64;

/** Tells fresh records from repeated ones. Numbers count up to 65535 and never start again. */
export class ReplayWindow {
  #highest = -1;
  readonly #seen = new Uint8Array(replayWindowWidth);

  /** True for a number that was not accepted yet and is not left of the window. */
  isFresh(sequenceNumber: number): boolean {
    if (sequenceNumber > this.#highest) return true;
    if (this.#highest - sequenceNumber >= replayWindowWidth) return false;
    return this.#seen[sequenceNumber % replayWindowWidth] === 0;
  }

  /** Marks a fresh number as seen. Only for records whose MAC holds, or a forger could move the window. */
  accept(sequenceNumber: number): void {
    const first = Math.max(this.#highest + 1, sequenceNumber - replayWindowWidth + 1);
    for (let skipped = first; skipped < sequenceNumber; skipped += 1) {
      this.#seen[skipped % replayWindowWidth] = 0;
    }
    this.#seen[sequenceNumber % replayWindowWidth] = 1;
    this.#highest = Math.max(this.#highest, sequenceNumber);
  }
}
