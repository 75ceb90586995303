// Sets as JSON: lists that reach a statement as one parameter and are unfolded into rows there, and rows that come back as one
// list each, which costs the reader half of what a row of many columns does.
import { type RawBuilder, sql } from 'kysely';
import type { SqlValue } from './statement.ts';

/** What stands in a column of a set: engines that are strict about types have to be told. */
export type ValueType = 'text' | 'number';

/** How an engine unfolds a JSON list into rows, and folds a row into one. */
export interface Unfolding {
  /** The list as a table with the name `r`: a row for each element. */
  readonly rows: (list: string) => RawBuilder<unknown>;
  /** The same of the list in a column of text. */
  readonly rowsOf: (column: RawBuilder<unknown>) => RawBuilder<unknown>;
  /** The element of a row, where elements are plain values. */
  readonly element: (type: ValueType) => RawBuilder<SqlValue>;
  /** A member of the element of a row, where elements are lists. */
  readonly member: (index: number, type: ValueType) => RawBuilder<SqlValue>;
  /** Values of a row as one JSON list. */
  readonly fold: (values: readonly RawBuilder<unknown>[]) => RawBuilder<string>;
  /** Names and values of a group of rows as one JSON object. */
  readonly object: (name: RawBuilder<unknown>, value: RawBuilder<unknown>) => RawBuilder<string | null>;
  /** The text under a name in a JSON object in a column of text; null where there is none. The name begins with `./`. */
  readonly property: (column: RawBuilder<unknown>, name: string) => RawBuilder<string | null>;
  /** What ends a `select` of these rows that is to have them in the order of the list. */
  readonly inOrder: RawBuilder<unknown>;
}

/** SQLite: a value has the type that it has in JSON, and the rows come in the order of the list. */
export const sqliteUnfolding: Unfolding = {
  rows: (list) => sql`json_each(${list}) as r`,
  rowsOf: (column) => sql`json_each(${column}) as r`,
  element: () => sql`r.value`,
  member: (index) => sql`(r.value ->> ${sql.lit(index)})`,
  fold: (values) => sql`json_array(${sql.join(values)})`,
  object: (name, value) => sql`json_group_object(${name}, ${value})`,
  property: (column, name) => sql`(${column} ->> ${name})`,
  inOrder: sql``,
};

/** PostgreSQL: values are text until they are cast. */
export const postgresUnfolding: Unfolding = {
  rows: (list) => sql`jsonb_array_elements(${list}::jsonb) with ordinality as r(value, place)`,
  rowsOf: (column) => sql`jsonb_array_elements(${column}::jsonb) with ordinality as r(value, place)`,
  element: (type) => sql`(r.value #>> '{}')${cast(type)}`,
  member: (index, type) => sql`(r.value ->> ${sql.lit(index)})${cast(type)}`,
  fold: (values) => sql`json_build_array(${sql.join(values)})::text`,
  object: (name, value) => sql`json_object_agg(${name}, ${value})::text`,
  property: (column, name) => sql`(${column}::jsonb ->> ${name}::text)`,
  inOrder: sql` order by r.place`,
};

function cast(type: ValueType): RawBuilder<unknown> {
  return type === 'number' ? sql`::bigint` : sql``;
}
