// The tree with a node put in, taken out or found: what changes above it (DM-TND-1.2 §7.7.6, §7.7.8).
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeNode, nodeAt, type TreeNode, withNode } from '../../../src/tree/node/node.ts';

const leaf = (value: string): TreeNode => makeNode({ format: 'chr', value, tstamp: 1 });
const interior = (children: Readonly<Record<string, TreeNode>>): TreeNode =>
  makeNode({ format: 'node', children: new Map(Object.entries(children)), tstamp: 1 });
const root = interior({ A: interior({ B: leaf('b') }), L: leaf('l') });
/** VerNo and TStamp of the root and of ./A. */
const changes = (tree: TreeNode): unknown[] =>
  [[], ['A']].map((segments) => {
    const node = nodeAt(tree, segments);
    return [node?.verNo, node?.tstamp];
  });

test('a list of children changes its node where a child comes or goes, and not where one is another now', () => {
  assert.deepEqual(changes(withNode(root, ['A', 'C'], leaf('c'), 5)), [
    [0, 1],
    [1, 5],
  ]);
  assert.deepEqual(changes(withNode(root, ['A', 'B'], undefined, 5)), [
    [0, 1],
    [1, 5],
  ]);
  assert.deepEqual(changes(withNode(root, ['A', 'B'], leaf('other'), 5)), [
    [0, 1],
    [0, 1],
  ]);
  assert.deepEqual(changes(withNode(root, ['A', 'None'], undefined, 5)), [
    [0, 1],
    [0, 1],
  ]);
  assert.deepEqual(changes(withNode(root, ['A'], undefined, 5))[0], [1, 5]);
});

test('nodes and octets are counted anew on the way up', () => {
  const counts = (tree: TreeNode): unknown[] => [tree.nodeCount, tree.octets];
  assert.deepEqual(counts(root), [4, 5]);
  assert.deepEqual(counts(withNode(root, ['A', 'Long'], leaf('value'), 5)), [5, 14]);
  assert.deepEqual(counts(withNode(root, ['A', 'B'], leaf('value'), 5)), [4, 9]);
  assert.deepEqual(counts(withNode(root, ['A', 'B'], undefined, 5)), [3, 3]);
  assert.deepEqual(counts(withNode(root, ['A'], undefined, 5)), [2, 2]);
  assert.deepEqual(counts(root), [4, 5], 'the tree itself never changes');
});

test('the root itself can be another, and stays where nothing is given', () => {
  const other = interior({});
  assert.equal(withNode(root, [], other, 5), other);
  assert.equal(withNode(root, [], undefined, 5), root);
});

test('nothing can be put below a node that is not there', () => {
  assert.throws(() => withNode(root, ['None', 'C'], leaf('c'), 5), /no node None to change below/);
  assert.throws(() => withNode(root, ['L', 'C', 'D'], leaf('c'), 5), /no node C to change below/);
});
