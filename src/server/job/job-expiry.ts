// Ends jobs whose time is over.

import type { Logger } from '../../core/index.ts';
import { type Clock, sleep } from '../../core/index.ts';
import type { JobStore } from '../../store/index.ts';
import { TroubleLog } from '../work/trouble-log.ts';

/** What it works with. */
export interface JobExpiryOptions {
  readonly jobs: JobStore;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Longest sleep, in milliseconds: after it the jobs are looked at unasked, for another node may have made some. */
const longestSleepMs = 30_000;
/** Pause after the store has failed, in milliseconds. */
const storePauseMs = 1000;
const batch = 100;

/** Looks at the jobs whenever the time of one ends, until it is stopped. */
export class JobExpiry {
  readonly #options: JobExpiryOptions;
  readonly #trouble: TroubleLog;
  #running: Promise<void> | undefined;
  #stopping = false;
  #wakeUp = new AbortController();

  constructor(options: JobExpiryOptions) {
    this.#options = options;
    this.#trouble = new TroubleLog(options.clock, options.logger);
  }

  start(): void {
    if (this.#running !== undefined) return;
    this.#stopping = false;
    this.#running = this.#run();
  }

  /** Looks at the jobs now. */
  wake(): void {
    this.#wakeUp.abort();
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    this.#running = undefined;
    this.#trouble.end();
  }

  async #run(): Promise<void> {
    const { jobs, clock } = this.#options;
    while (!this.#stopping) {
      // Made before looking, so that what comes while looking is not slept through.
      const wakeUp = new AbortController();
      this.#wakeUp = wakeUp;
      let pauseMs = longestSleepMs;
      try {
        const next = await jobs.nextJobExpiry();
        if (next !== undefined && next <= clock.now()) {
          if ((await jobs.expireJobs(batch)) > 0) continue;
          // Another node is at them.
          pauseMs = storePauseMs;
        } else if (next !== undefined) pauseMs = Math.min(pauseMs, next - clock.now());
      } catch (error) {
        this.#trouble.note('the time of jobs could not be looked at', error);
        pauseMs = storePauseMs;
      }
      await sleep(clock, pauseMs, wakeUp.signal);
    }
  }
}
