// The store in SQL, whatever the engine: tables, migrations, queries and the transactions made of them.
export { clockPrograms } from './clock-programs.ts';
export * from './engine/engine.ts';
export { plainKeys, shortKeys } from './engine/index-keys.ts';
export { changedMeanwhile } from './engine/optimistic.ts';
export * from './engine/program.ts';
export type { Schema } from './engine/schema.ts';
export type { SqlRow, SqlValue } from './engine/statement.ts';
export { postgresUnfolding, sqliteUnfolding } from './engine/unfold.ts';
export { type Migration, migrate, migrations } from './migrations/migrate.ts';
export { sealPrograms } from './seal-programs.ts';
export * from './sql-store.ts';
