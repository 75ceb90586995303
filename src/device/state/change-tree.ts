// Changes of the tree that stand beside those of sessions and messages.
import { StoreError } from '../../core/index.ts';
import type { ManagementTree, TreeTransaction } from '../../tree/index.ts';

/** Times that a change is made anew because another one of the same nodes came before it. */
export const mostConflicts = 8;

/** True for a commit that another one came before. */
export function isConflict(error: unknown): boolean {
  return error instanceof StoreError && error.code === 'TREE_CONFLICT';
}

/**
 * Runs `work` in a transaction and commits it; anew, on the tree as it is then, where another commit changed the same nodes
 * meanwhile. Nothing in `work` may wait for anybody.
 * @throws {StoreError} what cannot be stored, a conflict that does not end included
 */
export async function changeTree<Result>(
  tree: ManagementTree,
  work: (transaction: TreeTransaction) => Result | Promise<Result>,
): Promise<Result> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await tree.run(work);
    } catch (error) {
      if (!isConflict(error) || conflicts >= mostConflicts) throw error;
    }
  }
}
