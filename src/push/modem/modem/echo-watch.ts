// What it says that a modem gives commands back after ATE0: it was reset without a word, or it does so whatever it is told.

/** One for each modem. */
export class EchoWatch {
  /** It gave something back while it was initialised, or again after a reset that was taken for the cause. */
  #despite = false;
  #suspected = false;

  /** The modem is initialised anew. */
  begin(): void {
    this.#despite = false;
  }

  /** Takes note of an echo after ATE0. True when it has to be taken for a reset. */
  seen(ready: boolean): boolean {
    if (!ready || this.#suspected) this.#despite = true;
    if (this.#despite) return false;
    this.#suspected = true;
    return true;
  }

  /** A message was taken: without an echo, what was seen before was a reset. */
  taken(): void {
    if (!this.#despite) this.#suspected = false;
  }
}
