// The bearers that are available now, and sessions that wait for one (DM-NOTI-1.3 §6.5.6).
import type { PreferredBearer } from '../../codec/notification/index.ts';
import type { Clock } from '../../core/index.ts';
import { type Bearer, chooseBearer } from './bearers.ts';

/** Keeps the available bearers. */
export class BearerPool {
  #available: readonly Bearer[] | undefined;
  readonly #waiting = new Set<() => void>();

  /** `undefined`: the device does not tell bearers apart. */
  constructor(available: readonly Bearer[] | undefined) {
    this.#available = available;
  }

  /** Replaces the list; whoever waits for one of them goes on. */
  set(available: readonly Bearer[] | undefined): void {
    this.#available = available;
    for (const check of [...this.#waiting]) check();
  }

  /** The bearer to use now, `'any'`, or `undefined` when there is none. */
  choose(preferred: readonly PreferredBearer[]): Bearer | 'any' | undefined {
    return chooseBearer(preferred, this.#available);
  }

  /** As `choose`, but waits up to `timeoutMs` for one, or until `signal` aborts. */
  waitFor(
    preferred: readonly PreferredBearer[],
    clock: Clock,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<Bearer | 'any' | undefined> {
    const now = this.choose(preferred);
    if (now !== undefined || signal.aborted) return Promise.resolve(now);
    return new Promise((resolve) => {
      const settle = (bearer: Bearer | 'any' | undefined): void => {
        timer.cancel();
        signal.removeEventListener('abort', giveUp);
        this.#waiting.delete(check);
        resolve(bearer);
      };
      const giveUp = (): void => settle(undefined);
      const check = (): void => {
        const bearer = this.choose(preferred);
        if (bearer !== undefined) settle(bearer);
      };
      const timer = clock.after(timeoutMs, giveUp);
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.add(check);
    });
  }
}
