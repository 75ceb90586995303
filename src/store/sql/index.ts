// The store in SQL, whatever the engine: tables, migrations, queries and the transactions made of them.
export { clockPrograms } from './clock-programs.ts';
export * from './engine.ts';
export { type Migration, migrate, migrations } from './migrations.ts';
export * from './program.ts';
export type { Schema } from './schema.ts';
export * from './sql-store.ts';
export type { SqlRow, SqlValue } from './statement.ts';
