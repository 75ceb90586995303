// Runs the shared SQL programs on node:sqlite: those that read in the call, those that write list by list in a thread of
// their own, where neither a commit nor the disk holds up this one.
import { dirname } from 'node:path';
import { type Clock, ClockWatch, StoreError } from '../../core/index.ts';
import type { EventListener, JobSummary, Notice, ToldEvent } from '../index.ts';
import { notLast, type Program, type ProgramRunner, type Transaction } from '../sql/index.ts';
import { type CommitListener, GroupCommit, type WriteManners } from './commit/group-commit.ts';
import { isFull, requireFile } from './file/disk-trouble.ts';
import { storeErrorOf } from './file/sqlite-error.ts';
import type { SqliteFile } from './sqlite-file.ts';

/** Octets that have to fit before a store that had no room counts as well again: a push with its event, and more. */
const probeOctets = 65_536;

/** What a piece of work has to tell once it is on disk. */
interface Told {
  readonly events: ToldEvent[];
  readonly endedJobs: JobSummary[];
  readonly notices: Notice[];
}

/** What a runner works with. */
export interface SqliteRunnerOptions {
  /** Closed with the runner. */
  readonly database: SqliteFile;
  readonly file: string;
  readonly clock: Clock;
  readonly groupCommitMs: number;
  readonly onCommit?: CommitListener;
  /** Rewrites waits when the clock was set by so many milliseconds. */
  readonly moved: (byMs: number) => Program<void>;
}

/** Programs on one open database. */
export class SqliteRunner implements ProgramRunner {
  readonly #database: SqliteFile;
  readonly #file: string;
  readonly #clock: Clock;
  readonly #commits: GroupCommit;
  readonly #listeners = new Set<EventListener>();
  readonly #jobListeners = new Set<(job: JobSummary) => void>();
  readonly #noticeListeners = new Set<(notice: Notice) => void>();
  readonly #moveListeners = new Set<() => void>();
  readonly #moved: SqliteRunnerOptions['moved'];
  readonly #watch: ClockWatch;
  /** By how much the clock was set in all, how much of that is on disk, and how much more in the present transaction. */
  #setByMs = 0;
  #onDiskMs = 0;
  #movingMs = 0;
  /** A write that brings nothing but the move is on its way. */
  #moving = false;
  #closed: Promise<void> | undefined;
  #checks = 0;

  constructor({ database, file, clock, groupCommitMs, moved, onCommit }: SqliteRunnerOptions) {
    this.#database = database;
    this.#file = file;
    this.#clock = clock;
    this.#moved = moved;
    this.#watch = new ClockWatch(clock);
    this.#commits = new GroupCommit({
      writer: database.writer,
      read: (queries) => database.reader.answers(queries),
      delayMs: groupCommitMs,
      ready: () => {
        this.#movingMs = 0;
        requireFile(file);
      },
      wrapError: (error) => this.#wordsOf(error),
      ...(onCommit !== undefined && { onCommit }),
    });
  }

  get isWaitedFor(): boolean {
    return this.#commits.isWaitedFor;
  }

  write<Result>(program: (transaction: Transaction) => Program<Result>, guarded = false): Promise<Result> {
    return this.#write(program, { guarded });
  }

  writeAlone<Result>(program: (transaction: Transaction) => Program<Result>): Promise<Result> {
    return this.#write(program, { alone: true });
  }

  #write<Result>(
    program: (transaction: Transaction) => Program<Result>,
    manners: WriteManners,
  ): Promise<Result> {
    const told: Told = { events: [], endedJobs: [], notices: [] };
    // The moments that it brings were counted by the clock as it is now. Where that is set before the transaction begins, it
    // runs under the clock of before, and what it wrote is moved with the rest.
    const calledAtMs = this.#lookAtClock();
    return this.#commits.write(
      () => this.#piece(program, calledAtMs, told),
      () => {
        this.#tellMoved();
        for (const { event, context } of told.events) {
          for (const listener of this.#listeners) tellOne(() => listener(event, context));
        }
        for (const job of told.endedJobs) {
          for (const listener of this.#jobListeners) tellOne(() => listener(job));
        }
        for (const notice of told.notices) {
          for (const listener of this.#noticeListeners) tellOne(() => listener(notice));
        }
      },
      { ...manners, setByMs: calledAtMs },
    );
  }

  async read<Result>(program: () => Program<Result>): Promise<Result> {
    this.#requireOpen();
    if (this.#lookAtClock() !== this.#onDiskMs) {
      await this.#moveNow();
      this.#requireOpen();
    }
    try {
      return this.#database.reader.run(program());
    } catch (error) {
      throw storeErrorOf(error, this.#file);
    }
  }

  async scan<Result>(program: () => Program<Result>): Promise<Result> {
    this.#requireOpen();
    try {
      const running = program();
      let step = running.next([]);
      while (step.done !== true) step = running.next(await this.#database.scanner.answers(step.value));
      return step.value;
    } catch (error) {
      throw storeErrorOf(error, this.#file);
    }
  }

  async check(): Promise<void> {
    // A number that nobody reads; written as it is already, nothing would go to the disk.
    this.#checks = (this.#checks + 1) % 2;
    await this.#execute(`PRAGMA user_version = ${this.#checks}`);
    if (this.#commits.trouble === undefined) return;
    // A small write may find room where others still find none.
    await this.#execute(
      'CREATE TABLE IF NOT EXISTS space_probe (filler BLOB)',
      `INSERT INTO space_probe VALUES (zeroblob(${probeOctets}))`,
    );
    await this.#execute('DROP TABLE space_probe');
    this.#commits.recovered();
  }

  onClockMoved(listener: () => void): () => void {
    this.#moveListeners.add(listener);
    return () => {
      this.#moveListeners.delete(listener);
    };
  }

  onEvent(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  onJobEnd(listener: (job: JobSummary) => void): () => void {
    this.#jobListeners.add(listener);
    return () => {
      this.#jobListeners.delete(listener);
    };
  }

  onNotice(listener: (notice: Notice) => void): () => void {
    this.#noticeListeners.add(listener);
    return () => {
      this.#noticeListeners.delete(listener);
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await this.#commits.close();
    this.#listeners.clear();
    this.#jobListeners.clear();
    this.#noticeListeners.clear();
    this.#moveListeners.clear();
    await this.#database.close();
  }

  #requireOpen(): void {
    if (this.#closed !== undefined) throw new StoreError('CLOSED', 'the store has been closed');
    this.#database.writer.requireAlive();
  }

  /** A program with what the clock did before it. */
  *#piece<Result>(
    program: (transaction: Transaction) => Program<Result>,
    calledAtMs: number,
    told: Told,
  ): Program<Result> {
    // First, so that no program sees waits of the clock before.
    const byMs = calledAtMs - this.#onDiskMs - this.#movingMs;
    if (byMs !== 0) yield* this.#moved(byMs);
    const now = this.#clock.now() - (this.#lookAtClock() - calledAtMs);
    if (byMs === 0) return yield* program({ now, ...told });
    // Pieces after it have to know whether it moved waits.
    const result = yield* notLast(program({ now, ...told }));
    this.#movingMs += byMs;
    return result;
  }

  #execute(...statements: readonly string[]): Promise<void> {
    return this.#commits.write(
      function* (): Program<void> {
        yield statements.map((sql) => ({ sql, values: [] }));
      },
      () => undefined,
      { setByMs: this.#setByMs },
    );
  }

  #lookAtClock(): number {
    this.#setByMs += this.#watch.moved();
    return this.#setByMs;
  }

  async #moveNow(): Promise<void> {
    this.#moving = true;
    try {
      await this.write(noProgram);
    } catch {
      // Whatever is written next tries again; until then times are read as they are.
    } finally {
      this.#moving = false;
    }
  }

  /** The transaction is on disk, and with it what it moved. */
  #tellMoved(): void {
    if (this.#movingMs !== 0) {
      this.#onDiskMs += this.#movingMs;
      this.#movingMs = 0;
      for (const listener of this.#moveListeners) tellOne(listener);
    }
    // It was set while this transaction was on its way.
    if (this.#closed === undefined && this.#lookAtClock() !== this.#onDiskMs && !this.#moving)
      void this.#moveNow();
  }

  #wordsOf(error: unknown): unknown {
    const wrapped = storeErrorOf(error, this.#file);
    if (!(wrapped instanceof StoreError && wrapped.code === 'IO' && isFull(dirname(this.#file))))
      return wrapped;
    return new StoreError('FULL', `${this.#file} cannot grow: the disk or its quota is full`, {
      cause: error,
    });
  }
}

/** It only brings what the runner does before it. */
function* noProgram(): Program<void> {}

function tellOne(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    // The writers of this commit have to hear of it whatever a listener does.
    process.emitWarning(error instanceof Error ? error : String(error));
  }
}
