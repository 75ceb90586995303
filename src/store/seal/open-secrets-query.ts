// The questions to a database about what lies open in it, in words that every SQL engine knows.
import { sealedColumns } from './database-columns.ts';
import { sealedMark } from './sealer.ts';
import type { OpenSecrets } from './sealing.ts';

type Sealed = (typeof sealedColumns)[number];

/** One question, which looks through a table. */
export interface OpenSecretsQuery {
  readonly sql: string;
  /** What its one row says. */
  read(row: Readonly<Record<string, unknown>> | undefined): readonly OpenSecrets[];
}

/** A question for each table with secrets. */
export const openSecretsQueries: readonly OpenSecretsQuery[] = [
  ...new Set(sealedColumns.map(({ table }) => table)),
].map((table) =>
  queryOf(
    table,
    sealedColumns.filter((each) => each.table === table),
  ),
);

function queryOf(table: string, columns: readonly Sealed[]): OpenSecretsQuery {
  const counts = columns.map(
    ({ column }) =>
      `sum(case when ${column} is null or substr(${column}, 1, ${sealedMark.length}) in ('', '${sealedMark}') then 0 else 1 end) as ${column}`,
  );
  return {
    sql: `select ${counts.join(', ')} from ${table}`,
    read: (row) =>
      columns.flatMap(({ column, holds }) => {
        const count = Number(row?.[column] ?? 0);
        return count > 0 ? [{ table, column, holds, count }] : [];
      }),
  };
}
