// The tree as plain JSON, whole, for whatever keeps it.
import { isNodeFormat } from '../../codec/tnds/index.ts';
import { base64ToBytes, bytesToBase64, StoreError, ValueError } from '../../core/index.ts';
import { defaultRootAcl } from '../access/rights.ts';
import { formatAcl, parseAcl } from '../node/acl.ts';
import { makeNode, type TreeNode } from '../node/node.ts';
import { isNodeName } from '../node/uri.ts';

/** One node in a snapshot. What is left out has its default. */
export interface NodeSnapshot {
  /** Absent on the root only. */
  readonly name?: string;
  readonly acl?: string;
  /** Default `chr`. */
  readonly format?: string;
  /** Default `text/plain` for a leaf, empty for an interior node. */
  readonly type?: string;
  readonly title?: string;
  /** Seconds since the POSIX epoch. */
  readonly tstamp: number;
  readonly verNo?: number;
  /** Value of a leaf as text. */
  readonly text?: string;
  /** Value of a leaf of format `bin`. */
  readonly base64?: string;
  /** Children of an interior node. */
  readonly children?: readonly NodeSnapshot[];
  /** Notes of the device's own, by name; from version 2 on. */
  readonly notes?: Readonly<Record<string, string>>;
}

/** The whole tree. Version 1 had no notes, and is read as well. */
export interface TreeSnapshot {
  readonly kind: 'reveille-tree';
  readonly version: 1 | 2;
  readonly root: NodeSnapshot;
}

// Nodes never change, so neither do their snapshots: a commit only builds those on the way to what it touched.
const known = new WeakMap<TreeNode, NodeSnapshot>();

/** The tree as plain JSON. Not to be changed: parts of it are shared with other snapshots. */
export function takeSnapshot(root: TreeNode): TreeSnapshot {
  return { kind: 'reveille-tree', version: 2, root: nodeSnapshot(root, undefined) };
}

function nodeSnapshot(node: TreeNode, name: string | undefined): NodeSnapshot {
  const before = known.get(node);
  if (before !== undefined && before.name === name) return before;
  const { children, format, value } = node;
  const made: NodeSnapshot = {
    ...(name === undefined ? {} : { name }),
    ...(node.acl === undefined ? {} : { acl: formatAcl(node.acl) }),
    ...(format === 'chr' ? {} : { format }),
    ...(node.type === (children === undefined ? 'text/plain' : '') ? {} : { type: node.type }),
    ...(node.title === '' ? {} : { title: node.title }),
    tstamp: node.tstamp,
    ...(node.verNo === 0 ? {} : { verNo: node.verNo }),
    ...(children === undefined
      ? {}
      : { children: [...children].map(([key, child]) => nodeSnapshot(child, key)) }),
    ...(children !== undefined || value === ''
      ? {}
      : typeof value === 'string'
        ? { text: value }
        : { base64: bytesToBase64(value) }),
    ...(node.notes === undefined ? {} : { notes: Object.fromEntries(node.notes) }),
  };
  known.set(node, made);
  return made;
}

/**
 * The tree of a snapshot, as read from JSON.
 * @throws {StoreError} TREE_CORRUPT with the place, TREE_VERSION when a later version wrote it
 */
export function readSnapshot(snapshot: unknown): TreeNode {
  const { kind, version, root } = objectAt(snapshot, 'snapshot');
  if (kind !== 'reveille-tree') throw corrupt('kind is not reveille-tree', 'snapshot');
  if (version !== 1 && version !== 2) {
    throw new StoreError(
      'TREE_VERSION',
      `the tree has version ${String(version)}, this program reads 1 and 2; use the version that wrote it`,
    );
  }
  const { node } = readNode(root, '.', 0);
  if (node.children === undefined) throw corrupt('the root is a leaf', '.');
  return node.acl === undefined ? makeNode({ ...node, acl: defaultRootAcl }) : node;
}

function readNode(input: unknown, uri: string, depth: number): { name: string; node: TreeNode } {
  // As deep as URIs go, and one level for the root.
  if (depth > 101) throw corrupt('too many nodes inside one another', uri);
  const record = objectAt(input, uri);
  const name = depth === 0 ? '.' : textAt(record, 'name', uri, undefined);
  if (depth > 0 && !isNodeName(name)) throw corrupt(`${JSON.stringify(name)} is no name`, uri);
  const path = depth === 0 ? '.' : `${uri}/${name}`;
  const format = textAt(record, 'format', path, 'chr');
  if (!isNodeFormat(format) || format === 'b64') throw corrupt('unknown format', path);
  const interior = format === 'node';
  const acl = textAt(record, 'acl', path, '');
  return {
    name,
    node: makeNode({
      format,
      type: textAt(record, 'type', path, interior ? '' : 'text/plain'),
      acl: checked(path, () => parseAcl(acl, 'kept')),
      title: textAt(record, 'title', path, ''),
      tstamp: integerAt(record, 'tstamp', path, undefined, 2 ** 40),
      verNo: integerAt(record, 'verNo', path, 0, 0xffff),
      value:
        format === 'bin'
          ? checked(path, () => base64ToBytes(textAt(record, 'base64', path, '')))
          : textAt(record, 'text', path, ''),
      children: interior ? readChildren(record.children, path, depth) : undefined,
      notes: record.notes === undefined ? undefined : readNotes(record.notes, path),
    }),
  };
}

function readChildren(input: unknown, uri: string, depth: number): Map<string, TreeNode> {
  if (!Array.isArray(input)) throw corrupt('children is no list', uri);
  const children = new Map<string, TreeNode>();
  for (const each of input) {
    const { name, node } = readNode(each, uri, depth + 1);
    if (children.has(name)) throw corrupt(`${JSON.stringify(name)} stands twice`, uri);
    children.set(name, node);
  }
  return children;
}

function readNotes(input: unknown, uri: string): Map<string, string> {
  const record = objectAt(input, uri);
  return new Map(Object.keys(record).map((name) => [name, textAt(record, name, uri, undefined)]));
}

function objectAt(input: unknown, uri: string): Readonly<Record<string, unknown>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) throw corrupt('no object', uri);
  return input as Readonly<Record<string, unknown>>;
}

function textAt(
  record: Readonly<Record<string, unknown>>,
  key: string,
  uri: string,
  fallback: string | undefined,
): string {
  const value = record[key] ?? fallback;
  if (typeof value !== 'string') throw corrupt(`${key} is no text`, uri);
  return value;
}

function integerAt(
  record: Readonly<Record<string, unknown>>,
  key: string,
  uri: string,
  fallback: number | undefined,
  maximum: number,
): number {
  const value = record[key] ?? fallback;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > maximum) {
    throw corrupt(`${key} is no number`, uri);
  }
  return value;
}

function checked<T>(uri: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ValueError) throw corrupt(error.message, uri, error);
    throw error;
  }
}

function corrupt(detail: string, uri: string, cause?: unknown): StoreError {
  return new StoreError(
    'TREE_CORRUPT',
    `the tree is damaged at ${uri}: ${detail}; restore it from a copy, or remove it and provision the device again`,
    { cause },
  );
}
