// Statements that write a set of rows at once. What is the same in all rows is bound once; what varies goes along as one
// parameter of JSON, which costs the engine much more for each value. So the text of a statement follows from what varies in
// the set, and texts are kept by that.
import { type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from './engine.ts';
import type { Query } from './program.ts';
import { inWords, type SlotMaker, type SqlValue, type Statement, statement } from './statement.ts';
import type { ValueType } from './unfold.ts';

/** A column of a set. */
export interface SetColumn {
  readonly name: string;
  readonly type: ValueType;
  /** One for each row, in the order of the rows. */
  readonly values: readonly SqlValue[];
  /**
   * True: it goes along with what varies even where all are the same. For columns of a key before others that vary: an engine that is
   * told one of them for all rows looks through whatever has it, row by row.
   */
  readonly isApart?: true;
}

/** A column of texts. */
export function texts<Row>(
  name: string,
  rows: readonly Row[],
  value: (row: Row) => string | null,
): SetColumn {
  return { name, type: 'text', values: rows.map(value) };
}

/** A column of numbers. */
export function numbers<Row>(
  name: string,
  rows: readonly Row[],
  value: (row: Row) => number | null,
): SetColumn {
  return { name, type: 'number', values: rows.map(value) };
}

/** Texts that are kept; sets come in few shapes. */
const largestCache = 200;

type Values = Readonly<Record<string, SqlValue>>;

/** Name of the parameter that has what varies; the others have numbers. */
const list = 'varying';

/** Columns of a statement, in its order; those that vary apart. */
interface Shape {
  readonly columns: readonly SetColumn[];
  readonly varying: readonly SetColumn[];
}

/** Gives functions that make such statements for an engine. */
export function setStatements({ builder, unfolding }: SqlEngine) {
  const kept = new Map<string, Statement<Values, unknown>>();

  /** The query of a shape; `build` is asked only for one that was not there before. */
  function queryOf(
    what: string,
    shape: Shape,
    build: (
      given: (column: SetColumn) => RawBuilder<unknown>,
      from: RawBuilder<unknown>,
    ) => RawBuilder<unknown>,
  ): Query {
    const name = what + nameOf(shape);
    let made = kept.get(name);
    if (made === undefined) {
      if (kept.size >= largestCache) kept.clear();
      made = statement<Values>()((slot) => {
        const from = shape.varying.length === 0 ? sql`` : sql` from ${unfolding.rows(slot(list) as string)}`;
        return inWords(builder, build(valuesIn(shape, slot), from));
      });
      kept.set(name, made);
    }
    return { sql: made.sql, values: made.bind(valuesOf(shape)) };
  }

  /** What stands for the value of a column in a row. */
  function valuesIn({ columns, varying }: Shape, slot: SlotMaker<Values>) {
    return (column: SetColumn): RawBuilder<unknown> => {
      const place = varying.indexOf(column);
      if (place < 0) return sql`${slot(String(columns.indexOf(column)))}`;
      return varying.length === 1 ? unfolding.element(column.type) : unfolding.member(place, column.type);
    };
  }

  return {
    /**
     * Inserts a set of one row or more, in its order. A column that is null in all rows is left out. With `returning` it gives
     * that column of each row, in any order.
     */
    insert(table: string, columns: readonly SetColumn[], returning?: string): Query {
      const shape = shapeOf(columns, true);
      return queryOf(`insert ${table} ${returning}`, shape, (given, from) => {
        const names = sql.join(shape.columns.map(({ name }) => sql.ref(name)));
        const values = sql.join(shape.columns.map((column) => given(column)));
        const order = shape.varying.length === 0 ? sql`` : unfolding.inOrder;
        const returned = returning === undefined ? sql`` : sql` returning ${sql.ref(returning)}`;
        return sql`insert into ${sql.table(table)} (${names}) select ${values}${from}${order}${returned}`;
      });
    },

    /**
     * Sets columns of a set of one row or more. Only rows that have the values of `of` in its columns are written, so that their
     * number tells whether all had them; the first of `of` is the key.
     */
    update(table: string, of: readonly SetColumn[], set: readonly SetColumn[]): Query {
      const shape = shapeOf([...of, ...set]);
      return queryOf(`update ${table} ${of.length}`, shape, (given, from) => {
        const assigned = set.map((column) => sql`${sql.ref(column.name)} = ${given(column)}`);
        const met = of.map((column) => sql`${sql.ref(`${table}.${column.name}`)} = ${given(column)}`);
        return sql`update ${sql.table(table)} set ${sql.join(assigned)}${from} where ${sql.join(met, sql` and `)}`;
      });
    },
  };
}

function shapeOf(all: readonly SetColumn[], withoutNulls = false): Shape {
  const columns: SetColumn[] = [];
  const varying: SetColumn[] = [];
  for (const column of all) {
    const same = column.isApart !== true && isSame(column.values);
    if (withoutNulls && same && column.values[0] === null) continue;
    columns.push(column);
    if (!same) varying.push(column);
  }
  const [first] = columns;
  // What varies gives a row each; where nothing does, one column does so in its place.
  if (withoutNulls && varying.length === 0 && first !== undefined && first.values.length > 1)
    varying.push(first);
  return { columns, varying };
}

function isSame(values: readonly SqlValue[]): boolean {
  const [first] = values;
  for (const value of values) if (value !== first) return false;
  return true;
}

/** What statements of the same text have in common. */
function nameOf({ columns, varying }: Shape): string {
  let name = '';
  for (const column of columns) name += (varying.includes(column) ? ' #' : ' =') + column.name;
  return name;
}

function valuesOf({ columns, varying }: Shape): Values {
  const values: Record<string, SqlValue> = {};
  for (const [index, column] of columns.entries()) {
    if (!varying.includes(column)) values[index] = column.values[0] ?? null;
  }
  const [one, ...others] = varying;
  if (one !== undefined) {
    const rows = others.length === 0 ? one.values : one.values.map((_, row) => rowOf(varying, row));
    values[list] = JSON.stringify(rows);
  }
  return values;
}

function rowOf(columns: readonly SetColumn[], row: number): SqlValue[] {
  return columns.map(({ values }) => values[row] ?? null);
}
