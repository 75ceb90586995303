// Versions of the database that have been released: their statements, letter for letter, in the words of each engine.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { migrations, type SqlEngine } from '../../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../../src/store/sqlite/sqlite-engine.ts';
import { postgresEngine } from '../postgres-engine.ts';

const engines: Readonly<Record<string, SqlEngine>> = { sqlite: sqliteEngine, postgres: postgresEngine };

/** The statements of each version; a blank line ends a statement. */
function releasedBy(engine: string): ReadonlyMap<number, readonly string[]> {
  const text = readFileSync(join(import.meta.dirname, 'released', `${engine}.sql`), 'utf8');
  const versions = text.split(/^-- version ([0-9]+)\n+/m).slice(1);
  const released = new Map<number, readonly string[]>();
  for (let at = 0; at < versions.length; at += 2) {
    released.set(Number(versions[at]), versions[at + 1]?.trim().split('\n\n') ?? []);
  }
  return released;
}

for (const [name, engine] of Object.entries(engines)) {
  const released = releasedBy(name);
  for (const { version, statements } of migrations) {
    test(`${name}: version ${version} is as it was released, and binds nothing`, () => {
      const compiled = statements(engine);
      assert.deepEqual(
        compiled.map(({ sql }) => sql),
        released.get(version),
        `a version that was released is never edited: what changes comes as another one, with its statements in released/${name}.sql`,
      );
      for (const { sql, parameters } of compiled) assert.deepEqual(parameters, [], sql);
    });
  }
}

test('no version that was released has gone', () => {
  for (const name of Object.keys(engines)) {
    assert.deepEqual(
      [...releasedBy(name).keys()],
      migrations.map(({ version }) => version),
    );
  }
});
