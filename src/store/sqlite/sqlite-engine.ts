// SQLite as one of the SQL engines: Kysely builds and compiles, it never holds a connection.
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { noSealer, type Sealer } from '../index.ts';
import { type Schema, type SqlEngine, shortKeys, sqliteUnfolding } from '../sql/index.ts';

export const sqliteEngine: SqlEngine = {
  builder: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  }),
  // One process, one connection that writes: transactions come one after the other.
  locksRows: false,
  unfolding: sqliteUnfolding,
  keys: shortKeys,
  sealer: noSealer,
};

/** The same with a sealer. */
export function engineWith(sealer: Sealer): SqlEngine {
  return { ...sqliteEngine, sealer };
}
