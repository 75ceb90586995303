// Rows as they come from SQLite, as lists of values, and as the store's programs see them.
import type { SqlRow } from '../../sql/index.ts';

/**
 * Rows by the names of their columns. SQLite's own objects are a kind of their own each, so that whatever reads a field of them
 * has to look its name up; these are all alike.
 */
export function rowsOf(rows: readonly (readonly unknown[])[], columns: readonly string[]): SqlRow[] {
  return rows.map((values) => {
    const row: Record<string, unknown> = {};
    for (let index = 0; index < columns.length; index += 1) row[columns[index] as string] = values[index];
    return row;
  });
}
