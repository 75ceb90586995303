// Keys that the database needs, and what lies open in it, in SQL.
import { sql } from 'kysely';
import { StoreError } from '../../core/index.ts';
import { type OpenSecrets, openSecretsQueries, type Sealer, type Sealing } from '../index.ts';
import type { SqlEngine } from './engine/engine.ts';
import { all, first, type Program, run, type Transaction } from './engine/program.ts';
import { inWords, once, type SqlRow, statement } from './engine/statement.ts';
import { sealKeysVersion } from './migrations/v13-seal-keys.ts';

/** Gives the programs; `sealer` is the engine's. */
export function sealPrograms({ builder, sealer }: SqlEngine) {
  const keys = statement<Record<never, never>>()(() =>
    builder.selectFrom('seal_keys').selectAll().orderBy('since').orderBy('id'),
  );
  const anything = statement<Record<never, never>>()(() =>
    inWords(
      builder,
      sql<{
        found: number;
      }>`select 1 as found where exists (select 1 from accounts) or exists (select 1 from pushes)
        or exists (select 1 from campaigns)`,
    ),
  );
  const raiseWriter = statement<{ version: number }>()((slot) =>
    builder
      .updateTable('schema_version')
      .set({ oldest_writer: slot('version') })
      .where('oldest_writer', '<', slot('version')),
  );

  return {
    /**
     * Lets in a sealer that has all keys which the database needs, and notes the one that seals from now on.
     * @throws {StoreError} SEALED when one is missing
     */
    *admit({ now }: Transaction): Program<void> {
      const needed = yield* all(keys, {});
      requireKeys(
        sealer,
        needed.map(({ id }) => id),
      );
      const { keyId } = sealer;
      if (keyId === undefined || needed.some(({ id }) => id === keyId)) return;
      const isWhole =
        needed.length === 0
          ? (yield* first(anything, {})) === undefined
          : needed.every(({ whole }) => whole === 1);
      const row = { id: keyId, since: now, whole: isWhole ? 1 : 0 };
      yield* all(once(builder.insertInto('seal_keys').values(row)), undefined);
      yield* run(raiseWriter, { version: sealKeysVersion });
    },

    /** What lies open, by looking through everything where that may be something. */
    *state(): Program<Sealing> {
      const needed = yield* all(keys, {});
      const { keyId } = sealer;
      const isWhole = needed.length > 0 && needed.every(({ whole }) => whole === 1);
      const open = isWhole ? [] : yield* openSecrets(builder);
      return { ...(keyId !== undefined && { keyId }), needed: needed.map(({ id }) => id), open };
    },
  };
}

/** @throws {StoreError} SEALED */
function requireKeys(sealer: Sealer, needed: readonly string[]): void {
  const missing = needed.filter((id) => !sealer.has(id));
  if (missing.length === 0) return;
  const named = missing.length === 1 ? `the key ${missing[0]}` : `the keys ${missing.join(', ')}`;
  const given = sealer.keyIds.length === 0 ? 'none was given' : `given: ${sealer.keyIds.join(', ')}`;
  throw new StoreError(
    'SEALED',
    `secrets of this database are sealed under ${named} (${given}): name the file that has it with --seal-key, or set ` +
      'REVEILLE_SEAL_KEY',
  );
}

function* openSecrets(builder: SqlEngine['builder']): Program<readonly OpenSecrets[]> {
  const found: OpenSecrets[] = [];
  for (const { sql: words, read } of openSecretsQueries) {
    found.push(...read(yield* first(once(inWords(builder, sql.raw<SqlRow>(words))), undefined)));
  }
  return found;
}
