// Versions of the database, each as the statements that lead to it from the one before, in a file of its own. A version
// that has been released is never edited: what changes comes as another one.
import type { CompiledQuery } from 'kysely';
import { StoreError } from '../../../core/index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program } from '../engine/program.ts';
import { once } from '../engine/statement.ts';
import { firstVersion } from './v1-first.ts';
import { jobTables } from './v2-jobs.ts';
import { authenticationPolicy } from './v3-authentication.ts';
import { pushMessageTables } from './v4-push-messages.ts';
import { secretRotations } from './v5-rotations.ts';
import { countedEnds } from './v6-counted-ends.ts';
import { deviceFamilies } from './v7-families.ts';

/** One version of the database. */
export interface Migration {
  /** Counts up from 1. */
  readonly version: number;
  readonly statements: (engine: SqlEngine) => readonly CompiledQuery[];
}

/** All versions, oldest first. */
export const migrations: readonly Migration[] = [
  { version: 1, statements: firstVersion },
  { version: 2, statements: jobTables },
  { version: 3, statements: authenticationPolicy },
  { version: 4, statements: pushMessageTables },
  { version: 5, statements: secretRotations },
  { version: 6, statements: countedEnds },
  { version: 7, statements: deviceFamilies },
];

/**
 * Brings the database to the newest version, within the transaction that runs it.
 * @throws {StoreError} NEWER_VERSION when a later release of the project has written it
 */
export function* migrate(engine: SqlEngine): Program<void> {
  const { schema } = engine.builder;
  yield* run(
    schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .compile(),
  );
  const row = yield* first(once(engine.builder.selectFrom('schema_version').select('version')), undefined);
  const current = row?.version ?? 0;
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new StoreError(
      'NEWER_VERSION',
      `the database has version ${current}, this release knows ${newest}: use the release that wrote it, or a newer one`,
    );
  }
  for (const migration of migrations) {
    if (migration.version > current) {
      for (const statement of migration.statements(engine)) yield* run(statement);
    }
  }
  if (row === undefined) {
    yield* all(once(engine.builder.insertInto('schema_version').values({ version: newest })), undefined);
  } else if (current < newest) {
    yield* all(once(engine.builder.updateTable('schema_version').set({ version: newest })), undefined);
  }
}

function* run(query: CompiledQuery): Program<void> {
  yield { sql: query.sql, values: [] };
}
