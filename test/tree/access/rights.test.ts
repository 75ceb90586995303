// The ACL in force at a place, be there a node or not (DM-TND-1.2 §7.7.1).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultRootAcl, effectiveAcl, mayCommand, mayReplaceAcl } from '../../../src/tree/access/rights.ts';
import { parseAcl } from '../../../src/tree/index.ts';
import { makeNode, type TreeNode } from '../../../src/tree/node/node.ts';

const leaf = (acl?: string): TreeNode =>
  makeNode({ format: 'chr', value: 'x', acl: acl === undefined ? undefined : parseAcl(acl), tstamp: 0 });
const interior = (children: Readonly<Record<string, TreeNode>>, acl?: string): TreeNode =>
  makeNode({
    format: 'node',
    children: new Map(Object.entries(children)),
    acl: acl === undefined ? undefined : parseAcl(acl),
    tstamp: 0,
  });
const root = interior(
  {
    A: interior({ Below: interior({ Leaf: leaf() }, 'Replace=b') }, 'Get=a&Replace=a'),
    Leaf: leaf('Replace=c'),
  },
  'Add=*&Get=*&Replace=r',
);

test('where no node is, the ACL of the nearest one above is in force', () => {
  const text = (...segments: readonly string[]): unknown => effectiveAcl(root, segments);
  assert.deepEqual(text('None'), root.acl);
  assert.deepEqual(text('None', 'Deeper'), root.acl);
  assert.deepEqual(text('A', 'None', 'Deeper'), parseAcl('Get=a&Replace=a'));
  assert.deepEqual(text('A', 'Below', 'Leaf', 'None'), parseAcl('Replace=b'));
  assert.deepEqual(text('A', 'Below', 'Leaf'), parseAcl('Replace=b'));
  assert.equal(effectiveAcl(interior({}), ['None']), defaultRootAcl);
  assert.equal(mayCommand(root, ['None'], 'Replace', 'r'), true);
  assert.equal(mayCommand(root, ['A', 'None'], 'Replace', 'r'), false);
});

test('an ACL is replaced with Replace on the parent, or on the node itself where that is no leaf', () => {
  const may = (segments: readonly string[]): string =>
    ['r', 'a', 'b', 'c'].filter((serverId) => mayReplaceAcl(root, segments, serverId)).join('');
  assert.equal(may([]), 'r', 'the root has no parent but itself');
  assert.equal(may(['A']), 'ra');
  assert.equal(may(['A', 'Below']), 'ab');
  assert.equal(may(['A', 'Below', 'Leaf']), 'b');
  assert.equal(may(['Leaf']), 'r', 'its own Replace is for its value');
  assert.equal(may(['None']), 'r');
  assert.equal(may(['A', 'None', 'Deeper']), 'a');
});
