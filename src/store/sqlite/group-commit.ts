// Group commit: what arrives within a short time is one transaction, and is answered once that is on disk.
import type { DatabaseSync } from 'node:sqlite';
import { StoreError } from '../../core/index.ts';
import { storeTroubleOf } from '../index.ts';

/** A piece of work inside the shared transaction. */
interface Work {
  /** Does it; what it throws undoes this piece only. */
  readonly run: () => unknown;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** How many pieces go into one transaction, so that one commit does not hold up the event loop for long. */
const largestGroup = 1000;

/** What transactions run on. */
export interface GroupCommitOptions {
  readonly database: DatabaseSync;
  /** How long a write waits for company, in milliseconds; 0 takes what arrives in the same turn of the event loop. */
  readonly delayMs: number;
  /** Called before each transaction; what it throws is why there can be none. */
  readonly ready: () => void;
  /** An error in the words of the store. */
  readonly wrapError: (error: unknown) => unknown;
}

/** Collects writes of one database into shared transactions. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #waiting: Work[] = [];
  #scheduled = false;
  #closed = false;
  #trouble: unknown;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Why the last writes failed, when it was trouble of the machine (`storeTroubleOf`); stays until `recovered`. */
  get trouble(): unknown {
    return this.#trouble;
  }

  /** Writes work again. */
  recovered(): void {
    this.#trouble = undefined;
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
    if (this.#options.delayMs === 0) setImmediate(run);
    else setTimeout(run, this.#options.delayMs);
  }

  #commit(): void {
    const { database, ready } = this.#options;
    const group = this.#waiting.splice(0, largestGroup);
    if (group.length === 0) return;
    const outcomes: ({ readonly result: unknown } | { readonly error: unknown })[] = [];
    try {
      ready();
      // A transaction that could neither be ended nor undone would take in what comes after it.
      if (database.isTransaction) database.exec('ROLLBACK');
      database.exec('BEGIN IMMEDIATE');
      for (const work of group) outcomes.push(this.#runOne(work));
      database.exec('COMMIT');
    } catch (error) {
      this.#undo();
      const wrapped = this.#wrap(error);
      for (const work of group) work.reject(wrapped);
      return;
    }
    group.forEach((work, index) => {
      const outcome = outcomes[index];
      if (outcome === undefined || 'error' in outcome) work.reject(outcome?.error);
      else work.resolve(outcome.result);
    });
  }

  /** Nothing of a transaction stays whose end failed. */
  #undo(): void {
    const { database } = this.#options;
    try {
      if (database.isTransaction) database.exec('ROLLBACK');
    } catch {
      // The disk fails: the next transaction tries again, and begins only when this one is gone.
    }
  }

  /** Runs one piece under a savepoint. Throws only when the whole transaction is lost. */
  #runOne(work: Work): { readonly result: unknown } | { readonly error: unknown } {
    const { database } = this.#options;
    database.exec('SAVEPOINT piece');
    try {
      const result = work.run();
      database.exec('RELEASE piece');
      return { result };
    } catch (error) {
      // A full disk or an I/O error has already ended the transaction.
      if (!database.isTransaction) throw error;
      database.exec('ROLLBACK TO piece');
      database.exec('RELEASE piece');
      return { error: this.#wrap(error) };
    }
  }

  #wrap(error: unknown): unknown {
    const wrapped = this.#options.wrapError(error);
    if (storeTroubleOf(wrapped) !== undefined) this.#trouble = wrapped;
    return wrapped;
  }
}
