// Every column of the database is said to be sealed or open, and the page for operators says which are sealed.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { openColumns, sealedColumns } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-columns-'));
after(() => rm(folder, { recursive: true }));

const file = join(folder, 'store.db');
await (await openSqliteStore({ file })).close();
const database = new DatabaseSync(file, { readOnly: true });
after(() => database.close());

const there = database
  .prepare(
    `select tables.name || '.' || columns.name as name from sqlite_schema as tables, pragma_table_info(tables.name) as columns
      where tables.type = 'table' and tables.name not like 'sqlite_%'`,
  )
  .all()
  .map(({ name }) => String(name))
  .sort();

test('each column of a new database is in one of the lists, once, and the lists name no other', () => {
  const listed = [
    ...sealedColumns.map(({ table, column }) => `${table}.${column}`),
    ...openColumns.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)),
  ].sort();
  assert.deepEqual(listed, there);
});

test('what looks like a secret by its name is sealed', () => {
  const sealed = new Set<string>(sealedColumns.map(({ table, column }) => `${table}.${column}`));
  const open = there.filter((name) => !sealed.has(name));
  // Names of keys, and hashes of them.
  const known = [
    'push_keys.key',
    'push_keys.fingerprint',
    'jobs.idempotency_key',
    'pushes.idempotency_key',
    'campaigns.idempotency_key',
  ];
  const suspect = open.filter((name) => /secret|password|private|\bpin\b|\.key|_key$|body/.test(name));
  assert.deepEqual(suspect, known.filter((name) => suspect.includes(name)).sort());
});

test('docs/sealing.md says what is sealed, in the words of the list', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/sealing.md'), 'utf8');
  for (const { table, column, holds } of sealedColumns) {
    assert.ok(page.includes(`| ${holds} | \`${table}.${column}\` |`), `${table}.${column}: ${holds}`);
  }
});
