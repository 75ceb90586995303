// Waits for company: what comes one by one is worked on some at a time, since each claim and each write has a price of its own.

/** Waits until there is enough of something, and for so long at most. */
export class Growth {
  #look: () => void = () => undefined;

  /**
   * Resolves when there is enough, at the latest after `ms` milliseconds; one wait at a time. No time of ours: it passes while
   * others write, whatever our clock says.
   */
  async wait(ms: number, isEnough: () => boolean): Promise<void> {
    if (ms <= 0 || isEnough()) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        this.#look = () => undefined;
        resolve();
      };
      const timer = setTimeout(go, ms);
      this.#look = () => {
        if (isEnough()) go();
      };
    });
  }

  /** There is more than before. */
  more(): void {
    this.#look();
  }
}
