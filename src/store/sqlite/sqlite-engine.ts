// SQLite as one of the SQL engines: Kysely builds and compiles, it never holds a connection.
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  type QueryId,
  type RootOperationNode,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { noSealer, type Sealer } from '../index.ts';
import { type Schema, type SqlEngine, shortKeys, sqliteUnfolding } from '../sql/index.ts';

/**
 * SQLite plans by the value of a bound LIMIT, and so prepares such a statement anew for each value that is bound, which takes
 * longer than most of our queries. It does not look into an expression.
 */
class Compiler extends SqliteQueryCompiler {
  override compileQuery(node: RootOperationNode, queryId: QueryId): CompiledQuery {
    const compiled = super.compileQuery(node, queryId);
    return { ...compiled, sql: compiled.sql.replaceAll(/\blimit \?/g, 'limit +?') };
  }
}

export const sqliteEngine: SqlEngine = {
  builder: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new Compiler(),
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
