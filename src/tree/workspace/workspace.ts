// What commands work on: the tree as it stands, and what the device allows.
import { ValueError } from '../../core/index.ts';
import type { Placement } from '../access/placement.ts';
import type { NodeRules } from '../access/rules.ts';
import type { AclCommand } from '../node/acl.ts';
import { existingDepth, makeNode, nodeAt, type TreeNode, withNode } from '../node/node.ts';
import { Refusal } from '../node/outcome.ts';
import { formatUri } from '../node/uri.ts';

/** Everything a command needs beside its arguments. A command that succeeds puts a new tree into `root`. */
export interface Workspace extends WorkspaceSettings {
  root: TreeNode;
}

/** What does not change while commands run. */
export interface WorkspaceSettings {
  readonly rules: NodeRules;
  /** Seconds since the POSIX epoch, for TStamp. */
  readonly now: () => number;
  /** Nodes that the device has room for. */
  readonly maxNodes: number;
  /** Octets of values and names that it has room for. */
  readonly maxOctets: number;
  /** Rights of a server on an interior node that it makes where it may not Replace the parent. */
  readonly creatorRights: readonly AclCommand[];
  /** Where objects that arrive in the Inbox go. */
  readonly placements: readonly Placement[];
}

/** Refuses with 420 a command of a server that makes the tree larger than servers may make it. */
export function checkRoom(
  settings: WorkspaceSettings & { readonly root: TreeNode },
  tree: TreeNode,
): Refusal | undefined {
  const { root, maxNodes, maxOctets } = settings;
  if (tree.nodeCount > maxNodes && tree.nodeCount > root.nodeCount) {
    return new Refusal(420, `no room beyond ${maxNodes} nodes`);
  }
  if (tree.octets > maxOctets && tree.octets > root.octets) {
    return new Refusal(420, `no room beyond ${maxOctets} octets`);
  }
  return undefined;
}

/**
 * Refuses with 420 a tree beyond the device's room. An eighth more than servers may fill is for what the device itself writes,
 * such as its memory of messages: else one server that fills the tree would stop the messages of all.
 */
export function checkWholeRoom(
  { maxNodes, maxOctets }: WorkspaceSettings,
  root: TreeNode,
): Refusal | undefined {
  const [nodes, octets] = [Math.ceil((maxNodes * 9) / 8), Math.ceil((maxOctets * 9) / 8)];
  if (root.nodeCount > nodes) return new Refusal(420, `no room beyond ${nodes} nodes`);
  if (root.octets > octets) return new Refusal(420, `no room beyond ${octets} octets`);
  return undefined;
}

/**
 * The tree with a node set by the device itself: no right and no description is asked, missing parents are made. The
 * parts of an existing node that are not given stay; it keeps its children.
 * @throws {ValueError} below a leaf, and for a root that is none
 */
export function setNode(
  root: TreeNode,
  segments: readonly string[],
  parts: Partial<Omit<TreeNode, 'children' | 'nodeCount' | 'octets'>>,
  now: number,
): TreeNode {
  let tree = root;
  const above = nodeAt(root, segments.slice(0, Math.min(existingDepth(root, segments), segments.length - 1)));
  if (segments.length > 0 && above?.children === undefined) {
    throw new ValueError('OUT_OF_RANGE', 'a leaf stands above it', formatUri(segments));
  }
  for (let depth = existingDepth(root, segments) + 1; depth < segments.length; depth += 1) {
    tree = withNode(tree, segments.slice(0, depth), makeNode({ format: 'node', tstamp: now }), now);
  }
  const old = nodeAt(tree, segments);
  const format = parts.format ?? old?.format ?? 'chr';
  if (segments.length === 0 && format !== 'node') {
    throw new ValueError('OUT_OF_RANGE', 'the root is an interior node', '.');
  }
  const sameKind = old !== undefined && (old.format === 'node') === (format === 'node');
  const node = sameKind
    ? makeNode({ ...old, ...parts, format, tstamp: now, verNo: (old.verNo + 1) & 0xffff })
    : makeNode({ ...parts, format, tstamp: now });
  return withNode(tree, segments, node, now);
}
