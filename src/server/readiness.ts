// Whether the server can do its work now, asked as often as anybody likes.
import { type Clock, type Logger, ReveilleError } from '../core/index.ts';
import type { StoreHealth } from '../store/index.ts';

/** What readiness is found out with. */
export interface ReadinessOptions {
  readonly store: StoreHealth;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** For how long an answer stands, in milliseconds: strangers may ask, and finding out writes to the disk. */
const staleAfterMs = 1000;

/** Asks the store, at most once a second, and tells the log when the answer becomes another one. */
export class Readiness {
  readonly #options: ReadinessOptions;
  #answer: Promise<void> | undefined;
  #askedAt = 0;
  #stopping = false;
  #wasReady = true;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /**
   * Resolves while the server can work.
   * @throws {StoreError} the store takes no writes
   * @throws {ReveilleError} STOPPING
   */
  check(): Promise<void> {
    if (this.#stopping) return Promise.reject(new ReveilleError('STOPPING', 'the server is stopping'));
    const now = this.#options.clock.monotonic();
    if (this.#answer === undefined || now - this.#askedAt >= staleAfterMs) {
      this.#askedAt = now;
      this.#answer = this.#ask();
    }
    return this.#answer;
  }

  /** Every answer from now on is that the server stops. */
  stop(): void {
    this.#stopping = true;
  }

  async #ask(): Promise<void> {
    const { store, logger } = this.#options;
    try {
      await store.check();
    } catch (error) {
      if (this.#wasReady) logger.error({ error: String(error) }, 'the server is not ready');
      this.#wasReady = false;
      throw error;
    }
    if (!this.#wasReady) logger.info({}, 'the server is ready again');
    this.#wasReady = true;
  }
}
