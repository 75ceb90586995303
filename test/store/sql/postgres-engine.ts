// PostgreSQL as a SQL engine, as far as it is data: what the shared statements are in its words.
import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import { noSealer } from '../../../src/store/index.ts';
import { plainKeys, postgresUnfolding, type Schema, type SqlEngine } from '../../../src/store/sql/index.ts';

export const postgresEngine: SqlEngine = {
  builder: new Kysely<Schema>({
    dialect: {
      createAdapter: () => new PostgresAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new PostgresIntrospector(database),
      createQueryCompiler: () => new PostgresQueryCompiler(),
    },
  }),
  locksRows: true,
  unfolding: postgresUnfolding,
  keys: plainKeys,
  sealer: noSealer,
};
