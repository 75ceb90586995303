// Group commit: what arrives within a short time, or while another transaction runs, is one transaction, and is answered once
// that is on disk.
import { StoreError } from '../../../core/index.ts';
import { storeTroubleOf } from '../../index.ts';
import { type Answer, changedMeanwhile, type Program, type Query } from '../../sql/index.ts';
import { SharedTransaction } from './shared-transaction.ts';
import type { WriteConnection } from './write-connection.ts';
import { WriteFailure } from './writer-threads.ts';

/** A piece of work inside the shared transaction. */
interface Work {
  /** Does it; what it throws undoes this piece only. */
  readonly program: () => Program<unknown>;
  /** Others may come before it. */
  readonly guarded: boolean;
  /** No other shares its transaction. */
  readonly alone: boolean;
  /** By how much the clock had been set in all when it was asked for, in milliseconds. */
  readonly setByMs: number;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type Outcome = { readonly result: unknown } | { readonly error: unknown };

/** The outcome of a piece, which may have to wait for the end of its transaction. */
type Ending = Outcome | (() => Outcome);

/** How many pieces go into one transaction, so that the first of them does not wait long for the last. */
const largestGroup = 1000;

/** Hears how long a transaction took, in milliseconds, and with what it failed. */
export type CommitListener = (ms: number, error?: unknown) => void;

/** What transactions run on. */
export interface GroupCommitOptions {
  readonly writer: WriteConnection;
  /** Answers queries that only read, in the call, from what has been committed. */
  readonly read: (queries: readonly Query[]) => readonly Answer[];
  /** How long a write waits for company, in milliseconds; 0 takes what arrives in the same turn of the event loop. */
  readonly delayMs: number;
  /** Called before each transaction; what it throws is why there can be none. */
  readonly ready: () => void;
  readonly onCommit?: CommitListener;
  /** An error in the words of the store. */
  readonly wrapError: (error: unknown) => unknown;
}

/** How a program stands to others that write. */
export interface WriteManners {
  /** As `ProgramRunner.write`. Default false. */
  readonly guarded?: boolean;
  /** As `ProgramRunner.writeAlone`. Default false. */
  readonly alone?: boolean;
  /** By how much the clock has been set in all, in milliseconds. Default 0. */
  readonly setByMs?: number;
}

/** Collects writes of one database into shared transactions. */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: Work[] = [];
  /** Begins the work earlier than it was to. */
  #hurry: (() => void) | undefined;
  #working: Promise<void> | undefined;
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

  /** Something waits for the transaction that runs to be over. */
  get isWaitedFor(): boolean {
    return this.#waiting.length > 0;
  }

  /** Runs a program in the next shared transaction; resolves with its result when that is on disk. */
  write<Result>(
    program: () => Program<Result>,
    committed: () => void,
    { guarded = false, alone = false, setByMs = 0 }: WriteManners = {},
  ): Promise<Result> {
    if (this.#closed) return Promise.reject(new StoreError('CLOSED', 'the store has been closed'));
    return new Promise<Result>((resolve, reject) => {
      const work: Work = {
        program,
        guarded,
        alone,
        setByMs,
        resolve: (result) => {
          committed();
          resolve(result as Result);
        },
        reject,
      };
      this.#waiting.push(work);
      this.#working ??= this.#work();
    });
  }

  /** Writes what waits, at once, and refuses what comes later. Resolves when that is on disk, or was refused. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#hurry?.();
    await this.#working;
  }

  /** Works until nothing waits. Never rejects. */
  async #work(): Promise<void> {
    await this.#company();
    // What comes while a transaction runs has had time for company.
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      // The first of a transaction sees it as it begins, and need not ask the thread for that: those that ask nothing can wait.
      await this.#commit([...group.filter((work) => !work.guarded), ...group.filter((work) => work.guarded)]);
    }
    this.#working = undefined;
  }

  /** Of one clock: a piece of the clock before must not come after one that was counted by the next. */
  #nextGroup(): readonly Work[] {
    const first = this.#waiting[0];
    if (first?.alone === true) return this.#waiting.splice(0, 1);
    const other = this.#waiting.findIndex((work) => work.alone || work.setByMs !== first?.setByMs);
    return this.#waiting.splice(0, other < 0 ? largestGroup : Math.min(other, largestGroup));
  }

  /** Resolves when the first has waited long enough. */
  #company(): Promise<void> {
    const { delayMs } = this.#options;
    return new Promise((resolve) => {
      const begin = (): void => {
        this.#hurry = undefined;
        resolve();
      };
      if (delayMs === 0) setImmediate(begin);
      else {
        const timer = setTimeout(begin, delayMs);
        this.#hurry = () => {
          clearTimeout(timer);
          begin();
        };
      }
    });
  }

  async #commit(group: readonly Work[]): Promise<void> {
    const { writer, ready, onCommit } = this.#options;
    const begunAt = performance.now();
    const endings: Ending[] = [];
    try {
      ready();
      const transaction = new SharedTransaction(writer, group.length > 1);
      for (const work of group) endings.push(await this.#runOne(work, transaction));
      await transaction.commit();
    } catch (error) {
      const wrapped = this.#wrap(error);
      onCommit?.(performance.now() - begunAt, wrapped);
      for (const work of group) work.reject(wrapped);
      return;
    }
    onCommit?.(performance.now() - begunAt);
    group.forEach((work, index) => {
      const ending = endings[index];
      const outcome = typeof ending === 'function' ? ending() : ending;
      if (outcome === undefined || 'error' in outcome) work.reject(outcome?.error);
      else work.resolve(outcome.result);
    });
  }

  /** Runs one piece. Throws only when the whole transaction is lost. */
  async #runOne(work: Work, transaction: SharedTransaction): Promise<Ending> {
    try {
      const program = work.program();
      let step = program.next([]);
      while (step.done !== true) {
        if (step.value.last === true) {
          const answers = transaction.runLast(step.value);
          transaction.keepPiece();
          return () => this.#end(program, answers());
        }
        // Nobody else writes: what has been committed is what the transaction would see.
        const known = step.value.reads === true && !transaction.hasBegun;
        step = program.next(known ? this.#options.read(step.value) : await transaction.run(step.value));
      }
      transaction.keepPiece();
      return { result: step.value };
    } catch (error) {
      if (transaction.isLost) throw error;
      transaction.undoPiece();
      return { error: this.#wrap(error) };
    }
  }

  /** Gives a program the answers to its last queries. */
  #end(program: Program<unknown>, answers: readonly Answer[] | WriteFailure): Outcome {
    if (answers instanceof WriteFailure) return { error: this.#wrap(answers) };
    try {
      const step = program.next(answers);
      if (step.done === true) return { result: step.value };
      return { error: new Error('a program asked on after its last queries') };
    } catch (error) {
      return { error: this.#wrap(error) };
    }
  }

  #wrap(error: unknown): unknown {
    if (error instanceof WriteFailure && error.unexpected) return changedMeanwhile;
    const wrapped = this.#options.wrapError(error);
    if (storeTroubleOf(wrapped) !== undefined) this.#trouble = wrapped;
    return wrapped;
  }
}
