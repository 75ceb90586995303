// Versions of the database, each as the statements that lead to it from the one before, in a file of its own. A version
// that has been released is never edited: what changes comes as another one.
import type { CompiledQuery } from 'kysely';
import { StoreError } from '../../../core/index.ts';
import { firstVersion } from '../early-versions/v1-first.ts';
import { jobTables } from '../early-versions/v2-jobs.ts';
import { authenticationPolicy } from '../early-versions/v3-authentication.ts';
import { pushMessageTables } from '../early-versions/v4-push-messages.ts';
import { secretRotations } from '../early-versions/v5-rotations.ts';
import { countedEnds } from '../early-versions/v6-counted-ends.ts';
import { deviceFamilies } from '../early-versions/v7-families.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program } from '../engine/program.ts';
import { once } from '../engine/statement.ts';
import { onePush } from './v8-pushes.ts';
import { queuesOfCarriers } from './v9-carriers.ts';
import { devicesInBulk } from './v10-devices.ts';
import { accessTables } from './v11-access.ts';
import { heldPushes } from './v12-held.ts';
import { sealKeys, sealKeysVersion } from './v13-seal-keys.ts';
import { carrierSuspensions } from './v14-suspensions.ts';
import { campaigns } from './v15-campaigns.ts';
import { notices } from './v16-notices.ts';

/** One version of the database. */
export interface Migration {
  /** Counts up from 1. */
  readonly version: number;
  /**
   * The oldest version whose release may still write the database afterwards. Absent: the one of before, as an expansion
   * leaves it, which only adds what earlier releases can leave alone. A contraction takes away what they use, and so names
   * it. That nodes can be replaced one by one, an expansion comes first, and its contraction as a version of its own, in a
   * release of after all nodes have the former.
   */
  readonly oldestWriter?: number;
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
  // From here on the database names its oldest writer; releases of before open none that is newer than they are.
  { version: 8, oldestWriter: 8, statements: onePush },
  { version: 9, statements: queuesOfCarriers },
  { version: 10, statements: devicesInBulk },
  { version: 11, statements: accessTables },
  { version: 12, statements: heldPushes },
  { version: sealKeysVersion, statements: sealKeys },
  { version: 14, statements: carrierSuspensions },
  { version: 15, statements: campaigns },
  { version: 16, statements: notices },
];

/**
 * Brings the database to the newest of the versions that are `known`, within the transaction that runs it, and gives the
 * version that it had; 0 for an empty one. A newer one is left as it is.
 * @throws {StoreError} NEWER_VERSION when it is newer and may no longer be written by a release that knows only these
 */
export function* migrate(engine: SqlEngine, known: readonly Migration[] = migrations): Program<number> {
  const { builder } = engine;
  yield* run(
    builder.schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .compile(),
  );
  const row = yield* first(once(builder.selectFrom('schema_version').select('version')), undefined);
  const current = row?.version ?? 0;
  const newest = known.at(-1)?.version ?? 0;
  if (current > newest) yield* requireWritable(engine, current, newest);
  const missing = known.filter(({ version }) => version > current);
  for (const { statements } of missing) {
    for (const statement of statements(engine)) yield* run(statement);
  }
  if (missing.length === 0) return current;
  const oldest = missing.findLast(({ oldestWriter }) => oldestWriter !== undefined)?.oldestWriter;
  const reached = { version: newest, ...(oldest !== undefined && { oldest_writer: oldest }) };
  if (row === undefined) yield* all(once(builder.insertInto('schema_version').values(reached)), undefined);
  else yield* all(once(builder.updateTable('schema_version').set(reached)), undefined);
  return current;
}

function* requireWritable(engine: SqlEngine, current: number, newest: number): Program<void> {
  const row = yield* first(
    once(engine.builder.selectFrom('schema_version').select('oldest_writer')),
    undefined,
  );
  const oldest = row?.oldest_writer ?? current;
  if (newest >= oldest) return;
  throw new StoreError(
    'NEWER_VERSION',
    `the database has version ${current} and takes writes of releases that know version ${oldest}, this release knows ` +
      `${newest}: use the release that wrote it, or a newer one`,
  );
}

function* run(query: CompiledQuery): Program<void> {
  yield [{ sql: query.sql, values: [] }];
}
