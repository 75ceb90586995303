// Server ids across the whole tree: who has an account and keeps it, and taking an id out of every ACL (DM-TND-1.2
// §7.7.1.4).
import { hasServerIdCharacters, isServerId } from '../../core/index.ts';
import { aclWithout } from '../node/acl.ts';
import { changeNode, makeNode, nodeAt, type TreeNode } from '../node/node.ts';
import { Refusal } from '../node/outcome.ts';
import { formatUri } from '../node/uri.ts';

/** The ServerID of each account below `./DMAcc`, in order. */
export function accountServerIds(root: TreeNode): readonly string[] {
  const ids: string[] = [];
  for (const [, account] of nodeAt(root, ['DMAcc'])?.children ?? []) {
    const id = account.children?.get('ServerID')?.value;
    if (typeof id === 'string' && id !== '') ids.push(id);
  }
  return ids;
}

/**
 * Refuses what one change of the tree, of whatever kind, may not make of the accounts: 400 a ServerID that is none, 405 an
 * account whose ServerID is another one or gone. Accounts that an earlier version took under such a name stay as they are.
 */
export function checkAccounts(before: TreeNode, after: TreeNode): Refusal | undefined {
  const old = before.children?.get('DMAcc');
  const now = after.children?.get('DMAcc');
  if (old === now) return undefined;
  let known: ReadonlySet<string> | undefined;
  for (const [name, account] of now?.children ?? []) {
    const earlier = old?.children?.get(name);
    if (earlier === account) continue;
    const leaf = earlier?.children?.get('ServerID');
    const has = account.children?.get('ServerID');
    if (leaf === has) continue;
    const had = leaf?.value;
    if (typeof had === 'string' && had !== '') {
      if (has?.value !== had) return new Refusal(405, 'an account keeps its ServerID');
      continue;
    }
    const id = has?.children === undefined ? has?.value : '';
    if (has === undefined || (typeof id === 'string' && isServerId(id))) continue;
    known ??= new Set(accountServerIds(before));
    if (typeof id !== 'string' || !known.has(id)) {
      return new Refusal(
        400,
        'it is no ServerID: no ACL could name it',
        formatUri(['DMAcc', name, 'ServerID']),
      );
    }
  }
  return undefined;
}

/** Refuses with 418 a tree in which a server has gained a second account: no message of it could be told apart. */
export function checkServerIds(before: TreeNode, after: TreeNode): Refusal | undefined {
  if (before.children?.get('DMAcc') === after.children?.get('DMAcc')) return undefined;
  const known = countsOf(accountServerIds(before));
  for (const [id, count] of countsOf(accountServerIds(after))) {
    if (count > 1 && count > (known.get(id) ?? 0)) {
      return new Refusal(418, 'another account has this ServerID');
    }
  }
  return undefined;
}

function countsOf(ids: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

/**
 * The tree without the id in any ACL. A command of the root that loses its last id is for everyone. What is no ServerID
 * stands in none: an account named `*`, as earlier versions took it, is not what `*` means there.
 */
export function withoutServerId(root: TreeNode, serverId: string, now: number): TreeNode {
  if (!hasServerIdCharacters(serverId)) return root;
  return strip(root, serverId, now, 'everyone');
}

/** The tree without the ids of accounts that were there before and no longer are. */
export function withoutGoneServers(before: TreeNode, after: TreeNode, now: number): TreeNode {
  if (before.children?.get('DMAcc') === after.children?.get('DMAcc')) return after;
  const left = new Set(accountServerIds(after));
  const gone = accountServerIds(before).filter((id) => !left.has(id));
  return gone.reduce((root, id) => withoutServerId(root, id, now), after);
}

function strip(node: TreeNode, serverId: string, now: number, emptied?: 'everyone'): TreeNode {
  const acl = node.acl === undefined ? undefined : aclWithout(node.acl, serverId, emptied);
  let children: Map<string, TreeNode> | undefined;
  for (const [name, child] of node.children ?? []) {
    const stripped = strip(child, serverId, now);
    if (stripped === child) continue;
    children ??= new Map(node.children);
    children.set(name, stripped);
  }
  if (acl !== node.acl) return changeNode(node, { acl, children: children ?? node.children }, now);
  return children === undefined ? node : makeNode({ ...node, children });
}
