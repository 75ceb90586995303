// One transaction that several pieces of work share. What begins, parts and ends it goes to the writer with their queries.
import type { Answer, Query } from '../sql/index.ts';
import type { WriteConnection } from './write-connection.ts';
import type { TransactionStep } from './writer-messages.ts';
import { WriteFailure } from './writer-threads.ts';

export class SharedTransaction {
  readonly #writer: WriteConnection;
  /** Only pieces that have company need to be undone apart from it. */
  readonly #hasCompany: boolean;
  /** What has to come before the next queries. */
  #steps: readonly TransactionStep[];
  #begun = false;
  #lost = false;
  /** The present piece has asked something. */
  #asked = false;
  /** The piece that asked last is to be undone. */
  #undoing = false;

  constructor(writer: WriteConnection, hasCompany: boolean) {
    this.#writer = writer;
    this.#hasCompany = hasCompany;
    this.#steps = hasCompany ? ['begin', 'savepoint'] : ['begin'];
  }

  /** Nothing of it is left in the database, and no piece of it can go on. */
  get isLost(): boolean {
    return this.#lost;
  }

  /** Runs queries of the present piece. @throws {WriteFailure} {StoreError} as `WriteConnection.run`; see `isLost` */
  async run(queries: readonly Query[]): Promise<readonly Answer[]> {
    if (queries.length === 0) return [];
    this.#asked = true;
    this.#undoing = false;
    const steps = this.#steps;
    this.#steps = [];
    this.#begun = true;
    return await this.#ask(steps, queries);
  }

  /** The present piece is done; another one may follow. */
  keepPiece(): void {
    if (this.#asked && this.#hasCompany) this.#steps = ['release', 'savepoint'];
    this.#asked = false;
  }

  /** What the present piece wrote is taken back; another one may follow. */
  undoPiece(): void {
    if (this.#asked) {
      this.#steps = ['undo'];
      this.#undoing = true;
    }
    this.#asked = false;
  }

  /** Resolves when it is on disk. @throws {WriteFailure} {StoreError} nothing of it is */
  async commit(): Promise<void> {
    if (!this.#begun) return;
    if (!this.#undoing) await this.#ask(['commit'], []);
    else await this.#ask(this.#hasCompany ? ['undo', 'commit'] : ['rollback'], []);
  }

  async #ask(steps: readonly TransactionStep[], queries: readonly Query[]): Promise<readonly Answer[]> {
    try {
      return await this.#writer.run(steps, queries);
    } catch (error) {
      // A full disk or an I/O error has already ended the transaction.
      this.#lost = !(error instanceof WriteFailure && error.open);
      throw error;
    }
  }
}
