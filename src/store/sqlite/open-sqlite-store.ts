// The embedded store: one SQLite file, one process.
import { type Clock, longestMs, StoreError, systemClock, wholeNumber } from '../../core/index.ts';
import { ClosedSealer, Sealer, type Sealing, type SealKey, type Store } from '../index.ts';
import { clockPrograms, migrate, migrations, sealPrograms, sqlStore } from '../sql/index.ts';
import type { CommitListener } from './commit/group-commit.ts';
import type { StoreCopy } from './file/copy-database.ts';
import { storeErrorOf } from './file/sqlite-error.ts';
import { engineWith } from './sqlite-engine.ts';
import { openSqliteFile } from './sqlite-file.ts';
import { SqliteRunner } from './sqlite-runner.ts';

export interface SqliteStoreOptions {
  /** Path of the database file; it and its folder are made when they do not exist, for their owner only. */
  readonly file: string;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
  /** How long a write waits for others to share its transaction, in milliseconds. Default 1. */
  readonly groupCommitMs?: number;
  /** How long to wait for a process that is just closing the file, in milliseconds. Default 500. */
  readonly busyTimeoutMs?: number;
  /**
   * Largest number of pages of 4096 octets that the database may have; beyond it writes fail with FULL, and it is never
   * less than the file has when it is opened. Default: what SQLite allows.
   */
  readonly maxPages?: number;
  /**
   * Keys of secrets: the first one seals what is written, all of them open. Default: none, and secrets are written as they are.
   * `unused`: nobody is going to read or write a secret, and no key is needed.
   */
  readonly sealKeys?: readonly SealKey[] | 'unused';
  /** Hears of each transaction that writes: how many milliseconds it took, and what went wrong. Must not throw. */
  readonly onCommit?: CommitListener;
  /** Takes a sentence when a file or folder was open to others and has been closed to them. Default: nobody is told. */
  readonly onRemark?: (text: string) => void;
}

const newestVersion = migrations.at(-1)?.version ?? 0;

/** Defaults of `SqliteStoreOptions`. */
export const sqliteStoreDefaults = Object.freeze({ groupCommitMs: 1, busyTimeoutMs: 500 });

/** A store in one file. */
export interface SqliteStore extends Store {
  /**
   * A consistent copy of the whole store as it is now, made by a thread and a connection of their own: neither what is called here
   * nor who writes waits for it. It stands on the disk of the database until it has been read or ended.
   * @throws {StoreError} COPY_UNDER_WAY while another one is made or read; FULL, IO, BUSY
   */
  copy(): Promise<StoreCopy>;
  /** How secrets lie on disk; what lies open is counted by a thread and a connection of their own. */
  sealing(): Promise<Sealing>;
}

/**
 * Opens the store and brings its tables to the newest version.
 * @throws {ValueError} a number of the options is none that can be
 * @throws {StoreError} NOT_WRITABLE, NOT_OURS when another user owns the file or can replace it, EMPTY when there is nothing in
 *   it, BUSY when another process has it open, NOT_A_STORE, NEWER_VERSION, DAMAGED, FULL, IO, SEALED when it needs a key that
 *   was not given
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<SqliteStore> {
  const settings = { ...sqliteStoreDefaults, ...options };
  const groupCommitMs = wholeNumber(settings.groupCommitMs, 0, longestMs, 'groupCommitMs');
  const busyTimeoutMs = wholeNumber(settings.busyTimeoutMs, 0, longestMs, 'busyTimeoutMs');
  const { file, maxPages, clock = systemClock(), onRemark = () => undefined, sealKeys = [] } = options;
  const engine = engineWith(sealKeys === 'unused' ? new ClosedSealer() : new Sealer(sealKeys));
  const seals = sealPrograms(engine);
  if (maxPages !== undefined) wholeNumber(maxPages, 1, 2 ** 32 - 2, 'maxPages');
  const database = await openSqliteFile(file, busyTimeoutMs, onRemark);
  const clockMoves = clockPrograms(engine);
  const { onCommit } = options;
  const { moved } = clockMoves;
  const runner = new SqliteRunner({
    database,
    file,
    clock,
    groupCommitMs,
    moved,
    ...(onCommit !== undefined && { onCommit }),
  });
  const execute = (sql: string) => database.writer.execute(sql);
  try {
    const before = await runner.write(() => migrate(engine));
    // An upgrade may have written all of it anew: its journal would stay as large until the process ends.
    if (before !== 0 && before < newestVersion) await execute('PRAGMA wal_checkpoint(TRUNCATE)');
    await runner.write((transaction) => seals.admit(transaction));
    await runner.write((transaction) => clockMoves.resumed(transaction));
    if (maxPages !== undefined) await execute(`PRAGMA max_page_count = ${maxPages}`);
  } catch (error) {
    await runner.close();
    throw storeErrorOf(error, file);
  }
  return Object.assign(sqlStore(engine, runner, clock), {
    copy: oneAtATime(database.copy),
    sealing: () => runner.scan(() => seals.state()),
  });
}

/** A copy takes as much room as the database, until it has been read. */
function oneAtATime(copy: SqliteStore['copy']): SqliteStore['copy'] {
  /** The one that is made or read. A copy ends in several ways, and what ends again may not let go of the next one. */
  let current: object | undefined;
  return async () => {
    if (current !== undefined) {
      throw new StoreError('COPY_UNDER_WAY', 'another copy is being made or read: try again when it is done');
    }
    const mine = {};
    current = mine;
    const over = (): void => {
      if (current === mine) current = undefined;
    };
    try {
      const made = await copy();
      return { ...made, end: () => made.end().finally(over), pieces: () => endedWith(made.pieces(), over) };
    } catch (error) {
      over();
      throw error;
    }
  };
}

async function* endedWith<Item>(
  items: AsyncGenerator<Item, void>,
  over: () => void,
): AsyncGenerator<Item, void> {
  try {
    yield* items;
  } finally {
    over();
  }
}
