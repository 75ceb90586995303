// Statements that insert rows of one kind, of which many sets come. As `setStatements` has it, what is the same in all rows of a
// set is bound once, and what varies goes along as one list; but the rows are looked at as they are, and what never differs
// stands in the text.
import { type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';
import type { Query } from './program.ts';
import { inWords, type SqlValue, statement } from './statement.ts';
import type { ValueType } from './unfold.ts';

/** A column that differs from row to row, or from set to set. */
export interface RowColumn<Row> {
  readonly name: string;
  readonly type: ValueType;
  readonly value: (row: Row) => SqlValue;
}

/** A column of texts. */
export function textColumn<Row>(name: string, value: (row: Row) => string | null): RowColumn<Row> {
  return { name, type: 'text', value };
}

/** A column of numbers. */
export function numberColumn<Row>(name: string, value: (row: Row) => number | null): RowColumn<Row> {
  return { name, type: 'number', value };
}

/** Texts that are kept of one kind; sets come in few shapes. */
const largestCache = 50;

/** How the values of a column are in a set. */
type Spread = 'null' | 'same' | 'varying';

interface Known<Row> {
  readonly sql: string;
  readonly varying: readonly RowColumn<Row>[];
}

/** Gives a function that makes such queries, of one row or more. `constants`: columns that are the same in all rows ever. */
export function rowInserts<Row>(
  { builder, unfolding }: SqlEngine,
  table: string,
  columns: readonly RowColumn<Row>[],
  constants: Readonly<Record<string, string | number>> = {},
): (rows: readonly Row[]) => Query {
  /** By the spread of each column. */
  const kept = new Map<string, Known<Row>>();

  /** Parameters stand in it in the order of the columns, and the list of what varies comes last. */
  function known(spreads: readonly Spread[]): Known<Row> {
    const there = columns.filter((_, index) => spreads[index] !== 'null');
    const varying = columns.filter((_, index) => spreads[index] === 'varying');
    const { sql: words } = statement<Record<string, SqlValue>>()((slot) => {
      const given = (column: RowColumn<Row>): RawBuilder<unknown> => {
        const place = varying.indexOf(column);
        if (place < 0) return sql`${slot(column.name)}`;
        return varying.length === 1 ? unfolding.element(column.type) : unfolding.member(place, column.type);
      };
      const names = [...there.map(({ name }) => name), ...Object.keys(constants)].map((name) =>
        sql.ref(name),
      );
      const values = [...there.map(given), ...Object.values(constants).map((value) => sql.lit(value))];
      const from = varying.length === 0 ? sql`` : sql` from ${unfolding.rows(slot('list') as string)}`;
      const order = varying.length === 0 ? sql`` : unfolding.inOrder;
      return inWords(
        builder,
        sql`insert into ${sql.table(table)} (${sql.join(names)}) select ${sql.join(values)}${from}${order}`,
      );
    });
    return { sql: words, varying };
  }

  return (rows) => {
    const values: SqlValue[] = [];
    let shape = '';
    for (const { value } of columns) {
      const spread = spreadOf(rows, value);
      shape += marks[spread];
      if (spread === 'same') values.push(value(rows[0] as Row));
    }
    let found = kept.get(shape);
    if (found === undefined) {
      if (kept.size >= largestCache) kept.clear();
      found = known(columns.map(({ value }) => spreadOf(rows, value)));
      kept.set(shape, found);
    }
    const { sql: words, varying } = found;
    const [one] = varying;
    if (one !== undefined) {
      const list =
        varying.length === 1
          ? rows.map(one.value)
          : rows.map((row) => varying.map(({ value }) => value(row)));
      values.push(JSON.stringify(list));
    }
    return { sql: words, values };
  };
}

const marks: Readonly<Record<Spread, string>> = { null: '0', same: '=', varying: '#' };

function spreadOf<Row>(rows: readonly Row[], value: (row: Row) => SqlValue): Spread {
  const first = value(rows[0] as Row);
  for (let index = 1; index < rows.length; index += 1) {
    if (value(rows[index] as Row) !== first) return 'varying';
  }
  return first === null ? 'null' : 'same';
}
