// Statements that insert rows of one kind: what stands in the text, what is bound once, what goes along as a list.
import assert from 'node:assert/strict';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { test } from 'node:test';
import fc from 'fast-check';
import { numberColumn, rowInserts, textColumn } from '../../../src/store/sql/engine/row-inserts.ts';
import type { Query } from '../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import { postgresEngine } from './postgres-engine.ts';

interface Row {
  readonly id: string;
  readonly label: string | null;
  readonly count: number | null;
}

const columns = [
  textColumn<Row>('id', ({ id }) => id),
  textColumn<Row>('label', ({ label }) => label),
  numberColumn<Row>('count', ({ count }) => count),
];
const constants = { state: "it's", open: 1 };

function table() {
  const database = new DatabaseSync(':memory:');
  database.exec(
    'create table things (id text primary key, label text, count integer, state text, open integer)',
  );
  return {
    run: ({ sql, values }: Query) => database.prepare(sql).run(...(values as SQLInputValue[])),
    rows: () =>
      database
        .prepare('select id, label, count, state, open from things order by rowid')
        .all()
        .map((row) => ({ ...row })),
  };
}

test('what never differs stands in the text, what is the same is bound once, null is left out, the rest is one list', () => {
  const insert = rowInserts(sqliteEngine, 'things', columns, constants);
  const one = insert([{ id: 'a', label: null, count: 7 }]);
  assert.deepEqual(one.values, ['a', 7]);
  assert.doesNotMatch(one.sql, /label|json/);
  assert.match(one.sql, /'it''s', 1$/);
  const ids = ['a', 'b', 'c'];
  const single = insert(ids.map((id) => ({ id, label: 'x', count: null })));
  assert.deepEqual(single.values, ['x', '["a","b","c"]']);
  const several = insert(ids.map((id, count) => ({ id, label: count === 1 ? null : 'x', count: 7 })));
  assert.deepEqual(several.values, [7, '[["a","x"],["b",null],["c","x"]]']);
  assert.equal(insert([{ id: 'z', label: null, count: 8 }]).sql, one.sql, 'sets of one shape have one text');
});

test('PostgreSQL numbers the parameters in the same order, and is told the types', () => {
  const insert = rowInserts(postgresEngine, 'things', columns, constants);
  const { sql, values } = insert([
    { id: 'a', label: 'x', count: 1 },
    { id: 'b', label: 'x', count: 2 },
  ]);
  assert.deepEqual(values, ['x', '[["a",1],["b",2]]']);
  assert.match(sql, /\$1.*::bigint.*\$2::jsonb.*order by r\.place$/s);
});

test('any rows come into the table as they are, in their order', () => {
  const insert = rowInserts(sqliteEngine, 'things', columns, constants);
  const row = fc.record({
    id: fc.uuid(),
    label: fc.option(fc.constantFrom('x', 'y', '"', 'ä\n')),
    count: fc.option(fc.integer({ min: -3, max: 3 })),
  });
  fc.assert(
    fc.property(fc.uniqueArray(row, { selector: ({ id }) => id, minLength: 1, maxLength: 6 }), (set) => {
      const { run, rows } = table();
      run(insert(set));
      assert.deepEqual(
        rows(),
        set.map((each) => ({ ...each, ...constants })),
      );
    }),
  );
});
