// Group commit: what arrives within a short time is one transaction, and is answered once that is on disk.
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../core/index.ts';

/** A piece of work inside the shared transaction. */
interface Work {
  /** Does it; what it throws undoes this piece only. */
  readonly run: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How many pieces go into one transaction, so that one commit does not hold up the event loop for long. */
const largestGroup = 1000;

/** Collects writes of one database into shared transactions. */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #delayMs: number;
  readonly #wrapError: (error: unknown) => unknown;
  #waiting: Work[] = [];
  #scheduled = false;
  #closed = false;

  /** `delayMs`: how long a write waits for company; 0 takes what arrives in the same turn of the event loop. */
  constructor(database: DatabaseSync, delayMs: number, wrapError: (error: unknown) => unknown) {
    this.#database = database;
    this.#delayMs = delayMs;
    this.#wrapError = wrapError;
  }

  /** Runs `run` in the next shared transaction; resolves with its result when that is on disk. */
  write<Result>(run: () => Result, committed: (result: Result) => void): Promise<Result> {
    if (this.#closed) return Promise.reject(new StoreError('CLOSED', 'the store has been closed'));
    return new Promise<Result>((resolve, reject) => {
      this.#waiting.push({
        run,
        resolve: (result) => {
          committed(result as Result);
          resolve(result as Result);
        },
        reject,
      });
      this.#schedule();
    });
  }

  /** Writes what waits, and refuses what comes later. */
  close(): void {
    this.#closed = true;
    while (this.#waiting.length > 0) this.#commit();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    const run = (): void => {
      this.#scheduled = false;
      this.#commit();
      if (this.#waiting.length > 0) this.#schedule();
    };
    if (this.#delayMs === 0) setImmediate(run);
    else setTimeout(run, this.#delayMs);
  }

  #commit(): void {
    const group = this.#waiting.splice(0, largestGroup);
    if (group.length === 0) return;
    const outcomes: ({ readonly result: unknown } | { readonly error: unknown })[] = [];
    try {
      this.#database.exec('BEGIN IMMEDIATE');
      for (const work of group) outcomes.push(this.#runOne(work));
      this.#database.exec('COMMIT');
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec('ROLLBACK');
      const wrapped = this.#wrapError(error);
      for (const work of group) work.reject(wrapped);
      return;
    }
    group.forEach((work, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined || 'error' in outcome) work.reject(outcome?.error);
      else work.resolve(outcome.result);
    });
  }

  /** Runs one piece under a savepoint. Throws only when the whole transaction is lost. */
  #runOne(work: Work): { readonly result: unknown } | { readonly error: unknown } {
    this.#database.exec('SAVEPOINT piece');
    try {
      const result = work.run();
      this.#database.exec('RELEASE piece');
      return { result };
    } catch (error) {
      // A full disk or an I/O error has already ended the transaction.
      if (!this.#database.isTransaction) throw error;
      this.#database.exec('ROLLBACK TO piece');
      this.#database.exec('RELEASE piece');
      return { error: this.#wrapError(error) };
    }
  }
}
