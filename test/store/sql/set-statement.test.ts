// Statements that write sets: what is bound once, what goes along as JSON, and that the engine understands it.
import assert from 'node:assert/strict';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { numbers, setStatements, texts } from '../../../src/store/sql/engine/set-statement.ts';
import type { Query } from '../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { postgresEngine } from './postgres-engine.ts';

interface Row {
  readonly id: string;
  readonly label: string | null;
  readonly count: number | null;
}

function table() {
  const database = new DatabaseSync(':memory:');
  database.exec(
    'create table things (id text primary key, label text, count integer, other text default null)',
  );
  const sets = setStatements(sqliteEngine);
  return {
    sets,
    run: ({ sql, values }: Query) =>
      Number(database.prepare(sql).run(...(values as SQLInputValue[])).changes),
    all: ({ sql, values }: Query) =>
      database
        .prepare(sql)
        .all(...(values as SQLInputValue[]))
        .map((row) => ({ ...row })),
    rows: () =>
      database
        .prepare('select id, label, count from things order by rowid')
        .all()
        .map((row) => ({ ...row }) as unknown as Row),
    insert: (rows: readonly Row[], returning?: string) => sets.insert('things', columns(rows), returning),
  };
}

const columns = (rows: readonly Row[]) => [
  texts('id', rows, ({ id }) => id),
  texts('label', rows, ({ label }) => label),
  numbers('count', rows, ({ count }) => count),
];

const update = (
  sets: ReturnType<typeof setStatements>,
  before: readonly Row[],
  after: readonly Row[],
): Query =>
  sets.update(
    'things',
    [texts('id', before, ({ id }) => id), numbers('count', before, ({ count }) => count)],
    columns(after).slice(1),
  );

test('what is the same in all rows is bound once, what is null in all is left out, the rest is one list', () => {
  const { insert, run, rows } = table();
  const set = ['a', 'b', 'c'].map((id): Row => ({ id, label: 'x', count: null }));
  const query = insert(set);
  assert.deepEqual(query.values, ['x', '["a","b","c"]']);
  assert.doesNotMatch(query.sql, /count/);
  assert.equal(run(query), 3);
  assert.deepEqual(rows(), set);
  const mixed = insert(set.map(({ id, label }, count) => ({ id, label, count: count === 1 ? null : count })));
  assert.deepEqual(mixed.values, ['x', '[["a",0],["b",null],["c",2]]']);
});

test('one row needs no list', () => {
  const { insert, run, rows, sets } = table();
  const row: Row = { id: 'a', label: "it's", count: 7 };
  const query = insert([row]);
  assert.deepEqual(query.values, ['a', "it's", 7]);
  assert.doesNotMatch(query.sql, /json/);
  assert.equal(run(query), 1);
  const changed = { ...row, label: 'b', count: 8 };
  const updated = update(sets, [row], [changed]);
  assert.doesNotMatch(updated.sql, /json/);
  assert.equal(run(updated), 1);
  assert.deepEqual(rows(), [changed]);
  assert.equal(run(updated), 0, 'it is not as it was any more');
});

test('an update writes the rows that are as they were read, and says how many these are', () => {
  const { insert, run, rows, sets } = table();
  const before = ['a', 'b', 'c', 'd'].map((id, count): Row => ({ id, label: null, count }));
  run(insert(before));
  const read = before.map((row) => (row.id === 'b' ? { ...row, count: 9 } : row));
  const after = before.map((row) => ({ ...row, label: row.id.toUpperCase() }));
  assert.equal(run(update(sets, read, after)), 3);
  assert.deepEqual(
    rows().map(({ label }) => label),
    ['A', null, 'C', 'D'],
  );
});

test('a column can be given back, of one row and of many', () => {
  const { insert, all } = table();
  assert.deepEqual(all(insert([{ id: 'a', label: null, count: 1 }], 'count')), [{ count: 1 }]);
  const rows = ['b', 'c'].map((id, count): Row => ({ id, label: null, count }));
  assert.deepEqual(all(insert(rows, 'count')), [{ count: 0 }, { count: 1 }]);
});

test('sets of one shape have one text, whatever their values and their number of rows', () => {
  const { insert } = table();
  const set = (label: string, size: number) =>
    Array.from({ length: size }, (_, index): Row => ({ id: `${label}${index}`, label, count: index }));
  const { sql } = insert(set('a', 2));
  assert.equal(insert(set('b', 500)).sql, sql);
  assert.notEqual(insert(set('b', 500).map((row) => ({ ...row, count: 1 }))).sql, sql);
  for (let count = 0; count < 500; count += 1) insert([{ id: 'a', label: null, count }], `column ${count}`);
  assert.equal(insert(set('c', 3)).sql, sql, 'also when it has been forgotten meanwhile');
});

const anyText = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((text) => !text.includes('\0'));

test('property: rows come back as they were given, in their order', () => {
  const anyRow = fc.record({
    label: fc.option(anyText),
    count: fc.option(fc.oneof(fc.maxSafeInteger(), fc.nat(3))),
  });
  fc.assert(
    fc.property(fc.array(anyRow, { minLength: 1, maxLength: 12 }), anyText, (given, prefix) => {
      const { insert, run, rows, sets } = table();
      const set = given.map((row, index): Row => ({ id: `${prefix}${index}`, ...row }));
      assert.equal(run(insert(set)), set.length);
      assert.deepEqual(rows(), set);
      const known = set.filter(({ count }) => count !== null);
      if (known.length === 0) return;
      const after = known.map((row, index) => ({ ...row, ...given[given.length - 1 - index], id: row.id }));
      assert.equal(run(update(sets, known, after)), known.length);
      const changed = new Map(after.map((row) => [row.id, row]));
      assert.deepEqual(
        rows(),
        set.map((row) => changed.get(row.id) ?? row),
      );
    }),
  );
});

test('PostgreSQL: parameters are numbered, and what a list has is cast', () => {
  const sets = setStatements(postgresEngine);
  const rows = ['a', 'b'].map((id, count): Row => ({ id, label: 'x', count }));
  assert.deepEqual(sets.insert('things', columns(rows), 'id'), {
    sql:
      `insert into "things" ("id", "label", "count") select (r.value ->> 0), $1, (r.value ->> 1)::bigint ` +
      `from jsonb_array_elements($2::jsonb) with ordinality as r(value, place) order by r.place returning "id"`,
    values: ['x', '[["a",0],["b",1]]'],
  });
  const [first] = rows;
  assert.ok(first);
  assert.equal(
    update(sets, [first], [first]).sql,
    `update "things" set "label" = $1, "count" = $2 where "things"."id" = $3 and "things"."count" = $4`,
  );
});

test('rows that are the same in every column are as many as were given', () => {
  const database = new DatabaseSync(':memory:');
  database.exec('create table said (id integer primary key, words text, of text)');
  const sets = setStatements(sqliteEngine);
  for (const count of [1, 2, 5]) {
    const rows = Array<string>(count).fill('the same');
    const { sql, values } = sets.insert('said', [
      texts('words', rows, (row) => row),
      texts('of', rows, () => null),
    ]);
    database.prepare(sql).run(...(values as SQLInputValue[]));
  }
  assert.equal(database.prepare("select count(*) as n from said where words = 'the same'").get()?.n, 8);
});
