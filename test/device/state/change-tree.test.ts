// Changes of the tree that meet others: made anew, and not for ever.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreError } from '../../../src/core/index.ts';
import { changeTree, isConflict, mostConflicts } from '../../../src/device/state/change-tree.ts';
import { ManagementTree, type TreeTransaction } from '../../../src/tree/index.ts';

/** A tree of which another change comes before this many of ours. */
function treeWith(conflicts: number, code = 'TREE_CONFLICT') {
  const tree = new ManagementTree();
  let runs = 0;
  const run: ManagementTree['run'] = async (work) => {
    runs += 1;
    assert.ok(runs <= 2 * mostConflicts, 'it does not end');
    if (runs <= conflicts) throw new StoreError(code, 'met');
    return (await ManagementTree.prototype.run.call(tree, work as (at: TreeTransaction) => unknown)) as never;
  };
  return { tree: Object.assign(tree, { run }), runs: () => runs };
}

test('a change that another one came before is made again, eight times at most', async () => {
  for (const conflicts of [0, 1, mostConflicts]) {
    const { tree, runs } = treeWith(conflicts);
    const made = await changeTree(tree, (transaction) => {
      transaction.set('./A', { value: 'x' });
      return 'made';
    });
    assert.equal(made, 'made');
    assert.equal(tree.node('./A')?.value, 'x');
    assert.equal(runs(), conflicts + 1);
  }
  const { tree, runs } = treeWith(Number.POSITIVE_INFINITY);
  await assert.rejects(
    changeTree(tree, () => undefined),
    isConflict,
  );
  assert.equal(runs(), mostConflicts + 1);
});

test('what else goes wrong is not tried again', async () => {
  const { tree, runs } = treeWith(1, 'TREE_FULL');
  await assert.rejects(
    changeTree(tree, () => undefined),
    (error) => error instanceof StoreError && error.code === 'TREE_FULL' && !isConflict(error),
  );
  assert.equal(runs(), 1);
  const other = Object.assign(new Error('no'), { code: 'TREE_CONFLICT' });
  assert.equal(isConflict(other), false);
});
