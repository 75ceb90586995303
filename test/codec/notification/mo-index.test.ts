import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  defaultMoIndexRegistry,
  moIndexRegistry,
  projectMoIndexes,
} from '../../../src/codec/notification/index.ts';
import { valueErrorOf } from './support.ts';

test("the project's table of MO indexes", () => {
  assert.deepEqual(
    defaultMoIndexRegistry.entries.map(({ index, name }) => `${index} ${name}`),
    [
      '1 DevInfo',
      '2 DevDetail',
      '3 DMAcc',
      '4 Inbox',
      '5 FUMO',
      '6 SCOMO',
      '7 LAWMO',
      '8 DiagMon',
      '9 ConnMO',
    ],
  );
  for (const [name, index] of Object.entries(projectMoIndexes)) {
    assert.equal(defaultMoIndexRegistry.indexOf(name), index);
    assert.equal(defaultMoIndexRegistry.nameOf(index), name);
  }
  assert.equal(defaultMoIndexRegistry.nameOf(0), undefined);
  assert.equal(defaultMoIndexRegistry.nameOf(10), undefined);
  assert.equal(defaultMoIndexRegistry.indexOf('constructor'), undefined);
});

test('an operator may move, add and take out names', () => {
  const registry = moIndexRegistry({ DevInfo: 2, DevDetail: 1, Vendor: 0x8000, Inbox: null });
  assert.deepEqual(
    [registry.nameOf(1), registry.nameOf(2), registry.nameOf(0x8000), registry.nameOf(4)],
    ['DevDetail', 'DevInfo', 'Vendor', undefined],
  );
  assert.deepEqual([registry.indexOf('DevInfo'), registry.indexOf('Inbox')], [2, undefined]);
  assert.equal(defaultMoIndexRegistry.indexOf('DevInfo'), 1);
});

test('an index out of range, or of two names, is refused', () => {
  for (const index of [0, -1, 65536, 1.5])
    assert.equal(valueErrorOf(() => moIndexRegistry({ X: index })).path, 'X');
  assert.equal(valueErrorOf(() => moIndexRegistry({ X: 5 })).message, "X: index 5 is FUMO's already");
});
