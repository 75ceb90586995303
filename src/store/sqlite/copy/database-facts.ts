// What a database says of itself when it is only read.
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { type OpenSecrets, openSecretsQueries } from '../../index.ts';

/** What was found, as far as it was. */
export interface DatabaseFacts {
  /** Number of the newest migration that it has; absent where it is no database of ours, or cannot be read. */
  readonly version?: number;
  /** Ids of the keys that its secrets may be sealed under. */
  readonly neededKeys?: readonly string[];
  /** Secrets that lie open; absent where nobody has looked. */
  readonly openSecrets?: readonly OpenSecrets[];
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
    if (hasTable(database, 'schema_version')) {
      const row = database.prepare('SELECT version FROM schema_version').get();
      tell({ version: Number(Object(row).version ?? 0) });
    }
    tellOfSecrets(database, tell);
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

/** Which keys it needs, and what lies open in it, where it is of a version that knows keys. */
function tellOfSecrets(database: DatabaseSync, tell: (facts: DatabaseFacts) => void): void {
  if (!hasTable(database, 'seal_keys')) return;
  const keys = database.prepare('SELECT id, whole FROM seal_keys ORDER BY since, id').all();
  tell({ neededKeys: keys.map(({ id }) => String(id)) });
  if (keys.length > 0 && keys.every(({ whole }) => whole === 1)) return;
  tell({ openSecrets: openSecretsQueries.flatMap(({ sql, read }) => read(database.prepare(sql).get())) });
}

function hasTable(database: DatabaseSync, name: string): boolean {
  const found = database.prepare('SELECT count(*) AS count FROM sqlite_schema WHERE name = ?').get(name);
  return Object(found).count !== 0;
}
