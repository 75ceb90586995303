// What a database says of itself when it is only read.
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';

/** What was found, as far as it was. */
export interface DatabaseFacts {
  /** Number of the newest migration that it has; absent where it is no database of ours, or cannot be read. */
  readonly version?: number;
  /** What is damaged first, in SQLite's words. */
  readonly damage?: string;
  /** Why it cannot be opened or read: code of SQLite (sqlite.org/rescode.html), and its words. */
  readonly failure?: { readonly code: number; readonly text: string };
}

/**
 * Reads a database, and tells what it finds as soon as it does. Where it is at rest the file is taken as it is, so that
 * nothing is locked or made beside it; else it is read beside its journal.
 */
export function readDatabase(file: string, isInUse: boolean, tell: (facts: DatabaseFacts) => void): void {
  let database: DatabaseSync | undefined;
  try {
    const place = pathToFileURL(file);
    if (!isInUse) place.searchParams.set('immutable', '1');
    database = new DatabaseSync(place, { readOnly: true, timeout: 500 });
    const tables = database
      .prepare(`SELECT count(*) AS count FROM sqlite_schema WHERE name = 'schema_version'`)
      .get();
    if (Object(tables).count !== 0) {
      const row = database.prepare('SELECT version FROM schema_version').get();
      tell({ version: Number(Object(row).version ?? 0) });
    }
    const [fault] = database.prepare('PRAGMA quick_check(1)').all();
    const found = String(Object.values(fault ?? {})[0]);
    if (found !== 'ok') tell({ damage: found });
  } catch (error) {
    const code = Number(Object(error).errcode ?? 0) & 0xff;
    tell({ failure: { code, text: error instanceof Error ? error.message : String(error) } });
  } finally {
    database?.close();
  }
}
