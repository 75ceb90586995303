// Every secret of a store sealed anew under the first key, or laid open again, while no server has it open. Whoever kills it finds
// a store that opens with the same keys, and begins again.
import { statSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { setImmediate } from 'node:timers/promises';
import { StoreError } from '../../core/index.ts';
import { noSealer, placeOf, Sealer, type SealKey, sealedColumns } from '../index.ts';
import { storeErrorOf } from './file/sqlite-error.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

/** How far it has come. */
export interface ResealProgress {
  readonly table: string;
  /** Records looked at, of all of the table. */
  readonly done: number;
  readonly of: number;
}

/** Options of `resealStore`. */
export interface ResealOptions {
  /** The database. */
  readonly file: string;
  /** The first one seals, all of them open. At least one. */
  readonly keys: readonly SealKey[];
  /** True: secrets lie open afterwards, and no key is needed any more. Default: they are sealed. */
  readonly layOpen?: boolean;
  /** Hears of each set of records. */
  readonly onProgress?: (progress: ResealProgress) => void;
  /** Ends it after the set that is under way. */
  readonly signal?: AbortSignal;
}

/** What was done. */
export interface Resealed {
  /** Records that hold secrets, or may. */
  readonly records: number;
  /** Values that were written anew. */
  readonly values: number;
}

/** Records in one transaction, and characters of their secrets from which on there are no more in it. */
const setSize = 500;
const setLength = 8_000_000;

/** Places of values that do not open which an error names. */
const mostNamed = 5;

/**
 * Seals every secret of a store under the first key. Values that are sealed so already stay as they are. When it resolves, no page of
 * the file and no journal has what was there before.
 * @throws {StoreError} NOT_A_STORE when there is none, BUSY while a server has it open, SEALED when it needs another key, SEAL_BROKEN
 *   when values do not open (the others are sealed, and no key is let go), ABORTED; FULL, IO, and what opening a store throws
 */
export async function resealStore(options: ResealOptions): Promise<Resealed> {
  const { file, keys } = options;
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) === 0) {
    throw new StoreError(
      'NOT_A_STORE',
      `there is no database ${file}: name the folder of a server with --data`,
    );
  }
  // Brings it to the version of this release, and finds out whether its keys are there.
  const store = await openSqliteStore({ file, sealKeys: keys });
  await store.close();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 500 });
    database.exec(
      // What is overwritten goes with zeros; the lock is held to the end.
      'PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE; COMMIT',
    );
    return await new Resealing(database, options).run();
  } catch (error) {
    throw storeErrorOf(error, file);
  } finally {
    database?.close();
  }
}

type Row = Readonly<Record<string, string | number | null>>;

/** Rows after a place, as many as a set may have. */
function nextSet(select: StatementSync, after: number): readonly Row[] {
  const rows: Row[] = [];
  let length = 0;
  for (const row of select.iterate(after) as IterableIterator<Row>) {
    rows.push(row);
    for (const value of Object.values(row)) if (typeof value === 'string') length += value.length;
    if (length >= setLength) break;
  }
  return rows;
}

class Resealing {
  readonly #database: DatabaseSync;
  readonly #options: ResealOptions;
  readonly #opener: Sealer;
  readonly #sealer: Sealer;
  readonly #broken: string[] = [];
  #records = 0;
  #values = 0;

  constructor(database: DatabaseSync, options: ResealOptions) {
    this.#database = database;
    this.#options = options;
    this.#opener = new Sealer(options.keys);
    this.#sealer = options.layOpen === true ? noSealer : this.#opener;
  }

  async run(): Promise<Resealed> {
    for (const table of new Set(sealedColumns.map((each) => each.table))) await this.#table(table);
    // Pages that hold what was there before are left out of the file, and out of the journal.
    this.#database.exec('VACUUM');
    this.#checkpoint();
    if (this.#broken.length > 0) throw this.#brokenError();
    this.#letKeysGo();
    this.#checkpoint();
    return { records: this.#records, values: this.#values };
  }

  async #table(table: string): Promise<void> {
    const columns = sealedColumns.filter((each) => each.table === table);
    const [{ record } = { record: [] as readonly string[] }] = columns;
    const names = columns.map(({ column }) => column);
    const select = this.#database.prepare(
      `SELECT rowid AS place, ${[...record, ...names].join(', ')} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ${setSize}`,
    );
    const update = this.#database.prepare(
      `UPDATE ${table} SET ${names.map((name) => `${name} = ?`).join(', ')} WHERE rowid = ?`,
    );
    const of = Number(Object(this.#database.prepare(`SELECT count(*) AS n FROM ${table}`).get()).n);
    let done = 0;
    for (let after = -1; ; ) {
      const rows = nextSet(select, after);
      const last = rows.at(-1);
      if (last === undefined) break;
      this.#database.exec('BEGIN IMMEDIATE');
      for (const row of rows) {
        const values = this.#renewed(table, names, record, row);
        if (values !== undefined) update.run(...values, Number(row.place));
      }
      this.#database.exec('COMMIT');
      after = Number(last.place);
      done += rows.length;
      this.#options.onProgress?.({ table, done, of });
      await setImmediate();
      if (this.#options.signal?.aborted === true) {
        throw new StoreError('ABORTED', 'stopped before all was done: run it again, with the same keys');
      }
    }
    this.#records += done;
  }

  /** Values of the columns as they are to be kept; `undefined` when they are so already. */
  #renewed(
    table: string,
    names: readonly string[],
    record: readonly string[],
    row: Row,
  ): (string | null)[] | undefined {
    const id = record.map((name) => row[name]).join(' ');
    let changed = 0;
    const values = names.map((name) => {
      const kept = row[name];
      if (typeof kept !== 'string' || this.#sealer.isUpToDate(kept)) return (kept ?? null) as string | null;
      const place = placeOf(table, name, id);
      try {
        const sealed = this.#sealer.seal(this.#opener.open(kept, place), place);
        changed += 1;
        return sealed;
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'SEAL_BROKEN') throw error;
        this.#broken.push(place);
        return kept;
      }
    });
    this.#values += changed;
    return changed > 0 ? values : undefined;
  }

  /** From now on the database needs the first key alone, or none. */
  #letKeysGo(): void {
    const { keyId } = this.#sealer;
    this.#database.prepare('DELETE FROM seal_keys WHERE id IS NOT ?').run(keyId ?? null);
    this.#database.exec('UPDATE seal_keys SET whole = 1');
  }

  #checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  #brokenError(): StoreError {
    const { length } = this.#broken;
    const named = this.#broken.slice(0, mostNamed).join(', ');
    const more = length > mostNamed ? ` and ${length - mostNamed} more` : '';
    return new StoreError(
      'SEAL_BROKEN',
      `${length} values do not open (${named}${more}), the others are done: restore them from a copy, or remove the records; then ` +
        'run it again, with the same keys',
    );
  }
}
