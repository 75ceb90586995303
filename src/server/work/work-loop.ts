// The loop of everything that works on what the store says is due: look, work with bounded concurrency, sleep.
import type { Clock, Logger } from '../../core/index.ts';
import { Nap, storePauseMs } from './nap.ts';
import { TroubleLog } from './trouble-log.ts';

/** What a loop works on. */
export interface Work {
  /** For logs: `push engine`. */
  readonly name: string;
  /** When there is something to do next, milliseconds since the POSIX epoch; `undefined` when there will be nothing. */
  nextDueAt(): Promise<number | undefined>;
  /**
   * Claims up to `limit` pieces of what is due and starts them. Each promise settles when its piece is over; a piece that
   * rejects is logged, and the lease of its claim brings it back. `nothing`: others were there before.
   */
  start(limit: number): Promise<readonly Promise<void>[] | 'nothing'>;
}

/** Settings of a loop. */
export interface WorkLoopOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Largest number of pieces in one claim. Default 200. */
  readonly batchSize?: number | undefined;
  /** Largest number of pieces under way at once. Default 256. */
  readonly maxInFlight?: number | undefined;
  /** Longest sleep, in milliseconds: after it the loop looks unasked. Default 30000. */
  readonly pollMs?: number | undefined;
}

/** Defaults of `WorkLoopOptions`. */
export const workLoopDefaults = Object.freeze({ batchSize: 200, maxInFlight: 256, pollMs: 30_000 });

/** Works until it is stopped. */
export class WorkLoop {
  readonly #work: Work;
  readonly #options: WorkLoopOptions;
  readonly #batchSize: number;
  readonly #maxInFlight: number;
  readonly #pollMs: number;
  readonly #trouble: TroubleLog;
  readonly #inFlight = new Set<Promise<void>>();
  #running: Promise<void> | undefined;
  #stopping = false;
  readonly #nap: Nap;
  #vain = false;

  constructor(work: Work, options: WorkLoopOptions) {
    this.#work = work;
    this.#trouble = new TroubleLog(options.clock, options.logger);
    this.#options = options;
    this.#nap = new Nap(options.clock);
    this.#batchSize = options.batchSize ?? workLoopDefaults.batchSize;
    this.#maxInFlight = options.maxInFlight ?? workLoopDefaults.maxInFlight;
    this.#pollMs = options.pollMs ?? workLoopDefaults.pollMs;
  }

  /** Pieces under way. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** True between `start` and `stop`. */
  get running(): boolean {
    return this.#running !== undefined;
  }

  /** Begins. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#stopping = false;
    this.#running = this.#run();
  }

  /**
   * Looks at the store now; with `dueAt`, milliseconds since the POSIX epoch, only where it would sleep longer than until
   * then.
   */
  wake(dueAt?: number): void {
    this.#nap.wake(dueAt);
  }

  /** Claims nothing more, and resolves when what is under way is over. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#running;
    await Promise.all(this.#inFlight);
    this.#running = undefined;
    this.#trouble.end();
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      this.#nap.begin();
      try {
        const pauseMs = await this.#step();
        if (pauseMs > 0) await this.#nap.sleep(pauseMs);
      } catch (error) {
        this.#trouble.note(`the ${this.#work.name} could not work with the store`, error);
        await this.#nap.sleep(storePauseMs);
      }
    }
  }

  /** Claims and starts what is due; gives for how long there is nothing to do, in milliseconds. */
  async #step(): Promise<number> {
    const free = this.#maxInFlight - this.#inFlight.size;
    if (free <= 0) {
      await Promise.race(this.#inFlight);
      return 0;
    }
    const dueAt = await this.#work.nextDueAt();
    const now = this.#options.clock.now();
    if (dueAt === undefined) return this.#pollMs;
    if (dueAt > now) return Math.min(this.#pollMs, dueAt - now);
    const started = await this.#work.start(Math.min(free, this.#batchSize));
    if (started !== 'nothing') {
      this.#vain = false;
      for (const piece of started) this.#track(piece);
      return 0;
    }
    // What was due may have gone meanwhile; where it is due still, others are at it.
    this.#vain = !this.#vain;
    return this.#vain ? 0 : storePauseMs;
  }

  #track(piece: Promise<void>): void {
    const settled = piece
      .catch((error: unknown) => {
        this.#trouble.note(`the ${this.#work.name} could not record an outcome`, error);
      })
      .finally(() => {
        this.#inFlight.delete(settled);
      });
    this.#inFlight.add(settled);
  }
}
