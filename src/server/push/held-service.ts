// What is held after a restore, as callers let it go or end it.
import type { Asker, HeldCounts, HeldPushes, JobStore, PushQueue } from '../../store/index.ts';
import { readHeld } from './held-input.ts';

export interface HeldServiceOptions {
  readonly store: HeldPushes & Pick<PushQueue, 'change'> & Pick<JobStore, 'cancelJob'>;
  /** How often a notification goes out at most. */
  readonly attempts: number;
  /** Hears of pushes that may be due. */
  readonly onReleased: () => void;
}

/** Changed in one transaction. */
const setSize = 1000;

export class HeldService {
  readonly #options: HeldServiceOptions;

  constructor(options: HeldServiceOptions) {
    this.#options = options;
  }

  /**
   * Lets pushes and jobs go on. What was let go before an error stays so: the same may be asked again.
   * @throws {ValueError} as `readHeld`
   */
  async release(request: unknown, by?: Asker): Promise<HeldCounts> {
    const selection = readHeld(request);
    const { store, onReleased, attempts } = this.#options;
    const how = { actor: by?.actor, attempts };
    let pushes = 0;
    let jobs = 0;
    for (;;) {
      const step = await store.releaseHeld(selection, setSize, how);
      pushes += step.pushes;
      jobs += step.jobs;
      if (step.pushes > 0) onReleased();
      if (step.pushes < setSize && step.jobs < setSize) return { pushes, jobs };
    }
  }

  /**
   * Ends pushes and jobs that are held, as far as their state allows that; gives how many that were. A push whose session runs, or
   * that a carrier has, stays held.
   * @throws {ValueError} as `release`
   */
  async cancel(request: unknown, by?: Asker): Promise<HeldCounts> {
    const selection = readHeld(request);
    const { store } = this.#options;
    const change = {
      event: 'cancelled',
      detail: 'cancelled while it was held',
      ...(by?.actor !== undefined && { actor: by.actor }),
    } as const;
    let jobs = 0;
    // First, for a job takes its push with it.
    for (;;) {
      const ids = await store.heldJobs(selection, setSize);
      const before = jobs;
      for (const id of ids) {
        const outcome = await store.cancelJob(id, change.detail, by?.actor);
        if (outcome?.verdict === 'cancelled') jobs += 1;
      }
      if (ids.length < setSize || jobs === before) break;
    }
    let pushes = 0;
    for (;;) {
      const ids = await store.heldPushes(selection, setSize);
      const outcomes = await store.change(ids.map((id) => ({ id, change })));
      const ended = outcomes.filter((outcome) => outcome?.verdict === 'changed').length;
      pushes += ended;
      if (ids.length < setSize || ended === 0) return { pushes, jobs };
    }
  }
}
