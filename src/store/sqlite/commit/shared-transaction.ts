// One transaction that several pieces of work share. What begins, parts and ends it goes to the writer with their queries; the
// last queries of pieces wait for company, so that a transaction of pieces that ask only once is one message.
import type { Answer, Query } from '../../sql/index.ts';
import type { Part, WriteConnection } from './write-connection.ts';
import type { TransactionStep } from './writer-messages.ts';
import { WriteFailure } from './writer-threads.ts';

/** The answers of a piece's last queries, or why it was undone; known once the transaction has ended. */
export type LastAnswers = () => readonly Answer[] | WriteFailure;

export class SharedTransaction {
  readonly #writer: WriteConnection;
  /** Only pieces that have company need to be undone apart from it. */
  readonly #hasCompany: boolean;
  /** What has to come before the next queries. */
  #steps: readonly TransactionStep[];
  /** Last queries of pieces, still to go to the writer. */
  #waiting: Part[] = [];
  /** Where their answers go. */
  #takers: ((outcome: readonly Answer[] | WriteFailure) => void)[] = [];
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

  /** Something was asked of it, or is to be. */
  get hasBegun(): boolean {
    return this.#begun;
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
    const part = this.#part(queries);
    const outcome = (await this.#ask([...this.#waiting.splice(0), part])).at(-1);
    if (outcome instanceof WriteFailure) throw outcome;
    return outcome ?? [];
  }

  /** Runs the last queries of the present piece, by the end of the transaction at the latest. */
  runLast(queries: readonly Query[]): LastAnswers {
    let outcome: readonly Answer[] | WriteFailure = [];
    if (queries.length > 0) {
      this.#asked = true;
      this.#undoing = false;
      this.#waiting.push(this.#part(queries));
      this.#takers.push((known) => {
        outcome = known;
      });
    }
    return () => outcome;
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
    const end: readonly TransactionStep[] = !this.#undoing
      ? ['commit']
      : this.#hasCompany
        ? ['undo', 'commit']
        : ['rollback'];
    const alone = !this.#hasCompany && this.#waiting.length > 0;
    const outcomes = await this.#ask([...this.#waiting.splice(0), { steps: end, queries: [] }], alone);
    const last = outcomes.at(-1);
    if (last instanceof WriteFailure && !(alone && outcomes.length === 1)) throw last;
  }

  #part(queries: readonly Query[]): Part {
    const steps = this.#steps;
    this.#steps = [];
    this.#begun = true;
    return { steps, queries };
  }

  /** Asks the parts of pieces that wait, and one more. `alone`: a piece that fails takes the transaction with it. */
  async #ask(parts: readonly Part[], alone = false): Promise<readonly (readonly Answer[] | WriteFailure)[]> {
    let outcomes: readonly (readonly Answer[] | WriteFailure)[];
    try {
      outcomes = await this.#writer.run(parts, this.#hasCompany);
    } catch (error) {
      this.#lost = true;
      throw error;
    }
    const last = outcomes.at(-1);
    // A full disk or an I/O error has already ended the transaction.
    const isOver = last instanceof WriteFailure && (!last.open || outcomes.length < parts.length);
    if (isOver && !alone) {
      this.#lost = true;
      throw last;
    }
    const takers = this.#takers.splice(0);
    for (const [index, take] of takers.entries()) take(outcomes[index] ?? []);
    return outcomes;
  }
}
