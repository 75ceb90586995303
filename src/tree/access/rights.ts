// Who may do what: the effective ACL of a node (DM-TND-1.2 §7.7.1; DM-TND-1.2).
import { type Acl, type AclCommand, aclAllows } from '../node/acl.ts';
import { nodeAt, type TreeNode } from '../node/node.ts';

/** What the root allows when nobody said otherwise: `Add=*&Get=*`. */
export const defaultRootAcl: Acl = Object.freeze({ Add: ['*'], Get: ['*'] });

/** The ACL in force at a node: its own, else that of the nearest ancestor that has one. Whole values, never merged. */
export function effectiveAcl(root: TreeNode, segments: readonly string[]): Acl {
  let acl = root.acl ?? defaultRootAcl;
  let node: TreeNode | undefined = root;
  for (const name of segments) {
    node = node.children?.get(name);
    if (node === undefined) break;
    acl = node.acl ?? acl;
  }
  return acl;
}

/** True when the server may give the command on the node. */
export function mayCommand(
  root: TreeNode,
  segments: readonly string[],
  command: AclCommand,
  serverId: string,
): boolean {
  return aclAllows(effectiveAcl(root, segments), command, serverId);
}

/**
 * True when the server may replace the ACL of a node: it has Replace on the parent, or, for an interior node and for the
 * root, on the node itself.
 */
export function mayReplaceAcl(root: TreeNode, segments: readonly string[], serverId: string): boolean {
  // The root is its own parent.
  if (mayCommand(root, segments.slice(0, -1), 'Replace', serverId)) return true;
  const interior = nodeAt(root, segments)?.children !== undefined;
  return interior && mayCommand(root, segments, 'Replace', serverId);
}
