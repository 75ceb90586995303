// What a bootstrap may have changed in the tree when it is done: the one account of its Source and the connectivity that
// comes with it, and nothing else (spec-notes ruling 17).
import { connectivityParents, type TreeNode } from '../../tree/index.ts';

/** The part of the tree that it must not have touched; `undefined` when there is none. `account` is the URI of the new account. */
export function beyondScope(before: TreeNode, after: TreeNode, account: string): string | undefined {
  for (const name of namesOf(before, after)) {
    const uri = `./${name}`;
    const [old, now] = [before.children?.get(name), after.children?.get(name)];
    if (old === now) continue;
    const container = uri === './DMAcc' || connectivityParents.includes(uri);
    if (!container || now?.children === undefined || (old !== undefined && old.acl !== now.acl)) return uri;
    for (const child of namesOf(old, now)) {
      const [had, has] = [old?.children?.get(child), now.children.get(child)];
      const added = had === undefined && (uri !== './DMAcc' || `${uri}/${child}` === account);
      if (had !== has && !added) return `${uri}/${child}`;
    }
  }
  return before.acl === after.acl ? undefined : '.';
}

function namesOf(...nodes: readonly (TreeNode | undefined)[]): ReadonlySet<string> {
  return new Set(nodes.flatMap((node) => [...(node?.children?.keys() ?? [])]));
}
