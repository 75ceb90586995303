// The same rows by sqlite3's own .import, into the same tables with the same indexes.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { finished } from 'node:stream/promises';

/** Tables that a device stands in. */
const tables = ['devices', 'device_labels'] as const;

/** Why it cannot be measured; `undefined` where it can. */
export function sqliteMissing(): string | undefined {
  return spawnSync('sqlite3', ['--version']).status === 0 ? undefined : 'sqlite3 is not installed';
}

/** The rows of a database of ours as CSV, and the words that make its tables. */
export interface SqliteRows {
  readonly schema: string;
  /** Files, by table. */
  readonly files: Readonly<Record<(typeof tables)[number], string>>;
}

/** Writes the rows of a database into a folder. */
export async function exportRows(database: string, folder: string): Promise<SqliteRows> {
  const source = new DatabaseSync(database, { readOnly: true });
  try {
    const named = ['accounts', ...tables].map((name) => `'${name}'`).join(', ');
    const schema = source
      .prepare(
        `select sql from sqlite_schema where sql is not null and tbl_name in (${named}) order by rowid`,
      )
      .all()
      .map(({ sql }) => `${String(sql)};`)
      .join('\n');
    const files = { devices: join(folder, 'devices.csv'), device_labels: join(folder, 'labels.csv') };
    for (const table of tables) {
      const out = createWriteStream(files[table]);
      // Devices as they came; labels in the order of their key.
      const order = table === 'devices' ? 'rowid' : 'device_id, name';
      for (const row of source.prepare(`select * from ${table} order by ${order}`).iterate()) {
        const cells = Object.values(row).map((value) => `"${String(value ?? '').replaceAll('"', '""')}"`);
        if (!out.write(`${cells.join(',')}\n`)) await once(out, 'drain');
      }
      out.end();
      await finished(out);
    }
    return { schema, files };
  } finally {
    source.close();
  }
}

/** Imports them into a new database, and gives the seconds that sqlite3 took. */
export function importRows({ schema, files }: SqliteRows, folder: string): number {
  const path = join(folder, 'imported.db');
  const made = new DatabaseSync(path);
  made.exec(`PRAGMA journal_mode = WAL; ${schema}`);
  made.close();
  // Each .import is a transaction.
  const commands = [
    'PRAGMA synchronous = FULL;',
    ...tables.map((table) => `.import --csv ${files[table]} ${table}`),
  ];
  const started = performance.now();
  const { status, stderr } = spawnSync('sqlite3', ['-bail', path], {
    input: `${commands.join('\n')}\n`,
    encoding: 'utf8',
  });
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0 || stderr !== '') throw new Error(`sqlite3: ${stderr}`);
  return seconds;
}
