// What refusals say beside their status.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lineFault } from '../../src/core/index.ts';
import { refusalDetails } from '../../src/push/index.ts';

const saying =
  (fields: Readonly<Record<string, readonly string[]>>) =>
  (name: string): readonly string[] =>
    fields[name] ?? [];

test('only the fields of the status are told, and warnings with any', () => {
  const all = saying({
    Accept: ['a/b'],
    Allow: ['X'],
    Unsupported: ['y'],
    Require: ['z'],
    Warning: ['399 h "w"'],
  });
  const said = (status: number): readonly string[] => refusalDetails(status, all);
  assert.deepEqual(said(415), ['it takes: a/b', 'its warning: 399 h "w"']);
  assert.deepEqual(said(405), ['methods that it takes: X', 'its warning: 399 h "w"']);
  assert.deepEqual(said(420), ['extensions that it lacks: y', 'its warning: 399 h "w"']);
  assert.deepEqual(said(500), ['its warning: 399 h "w"']);
  assert.deepEqual(refusalDetails(500, saying({})), []);
  assert.deepEqual(refusalDetails(415, saying({})), ['it does not say which it takes']);
});

test('whatever strangers write is bounded and fits one line', () => {
  const long = refusalDetails(
    415,
    saying({ Accept: Array.from({ length: 1000 }, () => 'x'.repeat(30_000)) }),
  );
  assert.ok(long.join('').length < 300);
  const steered = refusalDetails(415, saying({ Accept: ['a/b\r\nInjected: 1\u202e'] }));
  assert.deepEqual(steered, ['it takes: a/b??Injected: 1?']);
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary' })),
      fc.integer({ min: 300, max: 699 }),
      (values, status) => {
        for (const detail of refusalDetails(status, () => values)) {
          assert.equal(lineFault(detail), undefined);
          assert.ok(detail.length < 500);
        }
      },
    ),
  );
});
