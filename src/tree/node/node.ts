// The nodes of the tree: immutable, so that a change shares everything that it does not touch and a roll back is free.
import type { NodeFormat } from '../../codec/tnds/index.ts';
import type { Acl } from './acl.ts';

/** One node with its properties. Its Name is the key that its parent holds it under. */
export interface TreeNode {
  /** Format property; `node` for an interior node. `b64` does not occur: such values are kept decoded, as `bin`. */
  readonly format: Exclude<NodeFormat, 'b64'>;
  /** Type property: MIME type of a leaf, management object identifier of an interior node or empty. */
  readonly type: string;
  /** The node's own ACL; `undefined` when it inherits. */
  readonly acl: Acl | undefined;
  /** Title property, empty for none. */
  readonly title: string;
  /** TStamp property: seconds since the POSIX epoch. */
  readonly tstamp: number;
  /** VerNo property: 0-65535. */
  readonly verNo: number;
  /** Value of a leaf: octets for `bin`, text for the rest, empty for `null` and for an interior node. */
  readonly value: string | Uint8Array;
  /** Children of an interior node by name, in order; `undefined` for a leaf. */
  readonly children: ReadonlyMap<string, TreeNode> | undefined;
  /**
   * What the device itself notes on the node, by name: no property, so no server reads or writes it. It goes where the node
   * goes, through other values, rights and names, and ends with it: a node that is deleted and added again has none.
   */
  readonly notes: ReadonlyMap<string, string> | undefined;
  /** Nodes from here down, this one included. */
  readonly nodeCount: number;
  /** Octets of all values, names and notes from here down. */
  readonly octets: number;
}

/** What a node is made of; the counts follow from it. */
export type NodeParts = Partial<Omit<TreeNode, 'nodeCount' | 'octets'>> & Pick<TreeNode, 'format' | 'tstamp'>;

/** Makes a node, filling in defaults: Type `text/plain` for a leaf, no ACL, title or notes, VerNo 0, empty value. */
export function makeNode(parts: NodeParts): TreeNode {
  const children = parts.format === 'node' ? (parts.children ?? new Map<string, TreeNode>()) : undefined;
  const value = children === undefined ? valueFor(parts.format, parts.value) : '';
  let nodeCount = 1;
  let octets = valueOctets(value);
  for (const [name, text] of parts.notes ?? []) octets += name.length + valueOctets(text);
  if (children !== undefined) {
    for (const [name, child] of children) {
      nodeCount += child.nodeCount;
      octets += child.octets + name.length;
    }
  }
  return {
    format: parts.format,
    type: parts.type ?? (children === undefined ? 'text/plain' : ''),
    acl: parts.acl,
    title: parts.title ?? '',
    tstamp: parts.tstamp,
    verNo: parts.verNo ?? 0,
    value,
    children,
    notes: parts.notes === undefined || parts.notes.size === 0 ? undefined : parts.notes,
    nodeCount,
    octets,
  };
}

// Octets go with bin and text with the others; what does not fit a changed format is gone.
function valueFor(format: TreeNode['format'], value: string | Uint8Array | undefined): string | Uint8Array {
  if (format === 'bin') return value instanceof Uint8Array ? value : new Uint8Array();
  return typeof value === 'string' ? value : '';
}

/** The node with some parts changed, its VerNo one higher and its TStamp `now`. */
export function changeNode(node: TreeNode, changes: Partial<NodeParts>, now: number): TreeNode {
  return makeNode({ ...node, ...changes, tstamp: now, verNo: (node.verNo + 1) & 0xffff });
}

/** Octets of a value as the Size property counts them: decoded, text as UTF-8. */
export function valueOctets(value: string | Uint8Array): number {
  return typeof value === 'string' ? Buffer.byteLength(value) : value.length;
}

/** The node at a path, or `undefined`. */
export function nodeAt(root: TreeNode, segments: readonly string[]): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const name of segments) {
    node = node.children?.get(name);
    if (node === undefined) return undefined;
  }
  return node;
}

/** How many leading segments name nodes that exist; `segments.length` when all do. */
export function existingDepth(root: TreeNode, segments: readonly string[]): number {
  let node = root;
  for (const [depth, name] of segments.entries()) {
    const child = node.children?.get(name);
    if (child === undefined) return depth;
    node = child;
  }
  return segments.length;
}

/**
 * Lists of children that one command made and nobody else has seen, so that it may go on changing them: adding thousands
 * of nodes would otherwise copy their parent's list thousands of times.
 */
export type FreshChildren = WeakSet<ReadonlyMap<string, TreeNode>>;

/**
 * The tree with another node at a path, or without it for `undefined`. The parent must exist; when its list of children
 * changes, its VerNo and TStamp do too.
 */
export function withNode(
  root: TreeNode,
  segments: readonly string[],
  node: TreeNode | undefined,
  now: number,
  fresh?: FreshChildren,
): TreeNode {
  return segments.length === 0 ? (node ?? root) : withBelow(root, segments, 0, node, now, fresh);
}

function withBelow(
  parent: TreeNode,
  segments: readonly string[],
  depth: number,
  node: TreeNode | undefined,
  now: number,
  fresh: FreshChildren | undefined,
): TreeNode {
  const name = segments[depth] ?? '';
  if (depth === segments.length - 1) return withChild(parent, name, node, now, fresh);
  const child = parent.children?.get(name);
  if (child === undefined) throw new Error(`no node ${name} to change below`);
  return withChild(parent, name, withBelow(child, segments, depth + 1, node, now, fresh), now, fresh);
}

function withChild(
  parent: TreeNode,
  name: string,
  child: TreeNode | undefined,
  now: number,
  fresh: FreshChildren | undefined,
): TreeNode {
  const mayChange = parent.children !== undefined && fresh?.has(parent.children) === true;
  const children = mayChange ? (parent.children as Map<string, TreeNode>) : new Map(parent.children);
  fresh?.add(children);
  const old = children.get(name);
  if (child === undefined) children.delete(name);
  else children.set(name, child);
  const listed = (old === undefined) !== (child === undefined);
  return {
    ...parent,
    children,
    ...(listed ? { verNo: (parent.verNo + 1) & 0xffff, tstamp: now } : {}),
    nodeCount: parent.nodeCount + (child?.nodeCount ?? 0) - (old?.nodeCount ?? 0),
    octets: parent.octets + weightOf(name, child) - weightOf(name, old),
  };
}

function weightOf(name: string, node: TreeNode | undefined): number {
  return node === undefined ? 0 : node.octets + name.length;
}

/** The tree with a node under another name, in the same place among its siblings. */
export function withRenamed(
  root: TreeNode,
  segments: readonly string[],
  name: string,
  now: number,
): TreeNode {
  const above = segments.slice(0, -1);
  const old = segments[segments.length - 1];
  const parent = nodeAt(root, above);
  const children = new Map<string, TreeNode>();
  for (const [key, child] of parent?.children ?? []) {
    if (key === old) children.set(name, changeNode(child, {}, now));
    else children.set(key, child);
  }
  return parent === undefined ? root : withNode(root, above, changeNode(parent, { children }, now), now);
}

/** The node and all below it, parents first, each with its path. */
export function* walk(
  node: TreeNode,
  segments: readonly string[] = [],
): Generator<readonly [segments: readonly string[], node: TreeNode]> {
  yield [segments, node];
  for (const [name, child] of node.children ?? []) yield* walk(child, [...segments, name]);
}
