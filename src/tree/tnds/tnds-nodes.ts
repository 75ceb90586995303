// The nodes of a TNDS document with the places that they ask for (DM-TNDS-1.2 §6.3.1; DM-TNDS-1.2).
import type { TndsDocument, TndsNode } from '../../codec/tnds/index.ts';
import { ValueError } from '../../core/index.ts';
import { type Acl, parseAcl } from '../node/acl.ts';
import { Refusal } from '../node/outcome.ts';
import { formatUri, isNodeName, isXmlText, splitPath } from '../node/uri.ts';
import { readLeafValue } from '../node/value.ts';
import type { NewNode } from '../workspace/create.ts';
import { longestTitle } from '../workspace/properties.ts';

/** A node of a document with its place in the tree. */
export interface PlacedNode {
  readonly segments: readonly string[];
  readonly made: NewNode;
  /** `undefined` when the document gives none. */
  readonly acl: Acl | undefined;
}

interface Found {
  readonly segments: readonly string[];
  readonly node: TndsNode;
}

/**
 * Every node of the document, parents first. Paths are relative to the target. A first node without a name is the
 * target itself; with `targetOpen` so is a first node that has the target's own name, as peers write it. Refuses with
 * 400 a document that makes no tree, 413 a title that is too long, 415 a format.
 */
export function placeNodes(
  document: TndsDocument,
  target: readonly string[],
  targetOpen: boolean,
): readonly PlacedNode[] | Refusal {
  const found: Found[] = [];
  for (const [index, node] of document.nodes.entries()) {
    const isTarget = index === 0 && targetOpen && namesTarget(node, target);
    const segments = isTarget ? target : placeOf(node, target, true);
    if (segments instanceof Refusal) return segments;
    const failed = collect(node, segments, found);
    if (failed !== undefined) return failed;
  }
  found.sort((a, b) => a.segments.length - b.segments.length);
  return readNodes(found);
}

/** The nodes of one subtree of a document, its own first, as if the tree ended at `segments`. */
export function placeSubtree(node: TndsNode, segments: readonly string[]): readonly PlacedNode[] | Refusal {
  const found: Found[] = [];
  return collect(node, segments, found) ?? readNodes(found);
}

/** Where a node stands below `base`, by its Path and NodeName. Only a child of MgmtTree may be without a name. */
export function placeOf(node: TndsNode, base: readonly string[], top: boolean): readonly string[] | Refusal {
  const { name = '', path = '' } = node;
  const between = splitBase(path);
  if (between === undefined) return new Refusal(400, `Path ${JSON.stringify(path)} is not a URI`);
  if (name === '') return top ? [...base, ...between] : new Refusal(400, 'a node inside another has no name');
  if (!isNodeName(name)) return new Refusal(400, `${JSON.stringify(name)} cannot be the name of a node`);
  return [...base, ...between, name];
}

// A Path is what stands before a name, so peers may end it with the "/" between the two.
function splitBase(path: string): readonly string[] | undefined {
  return path === '' ? [] : splitPath(path.replace(/\/$/, ''));
}

function namesTarget(node: TndsNode, target: readonly string[]): boolean {
  const { name = '', path = '' } = node;
  if (name === '' || target.length === 0) return false;
  if (path === '') return name === target[target.length - 1];
  const between = splitBase(path);
  return between !== undefined && formatUri([...between, name]) === formatUri(target);
}

function collect(node: TndsNode, segments: readonly string[], found: Found[]): Refusal | undefined {
  found.push({ segments, node });
  for (const child of node.nodes) {
    const place = placeOf(child, segments, false);
    if (place instanceof Refusal) return place;
    const failed = collect(child, place, found);
    if (failed !== undefined) return failed;
  }
  return undefined;
}

function readNodes(found: readonly Found[]): readonly PlacedNode[] | Refusal {
  const parents = new Set(found.map(({ segments }) => formatUri(segments.slice(0, -1))));
  const nodes: PlacedNode[] = [];
  for (const { segments, node } of found) {
    const uri = formatUri(segments);
    const made = readNode(node, parents.has(uri));
    if (made instanceof Refusal) return new Refusal(made.status, made.reason, uri);
    const acl = readAcl(node.properties?.acl ?? '');
    if (acl instanceof Refusal) return new Refusal(acl.status, acl.reason, uri);
    nodes.push({ segments, made, acl });
  }
  return nodes;
}

// Without a Format, a node is interior when something stands below it or a management object identifier names it.
function readNode(node: TndsNode, hasChildren: boolean): NewNode | Refusal {
  const { format, title, type } = node.properties ?? {};
  if (title !== undefined && Buffer.byteLength(title) > longestTitle) {
    return new Refusal(413, `Title is longer than ${longestTitle} octets`);
  }
  const ddfName = type !== undefined && 'ddfName' in type ? type.ddfName : '';
  const mime = type !== undefined && 'mime' in type ? type.mime : '';
  const interior =
    format === undefined ? hasChildren || (ddfName !== '' && node.value === undefined) : format === 'node';
  const named = interior ? ddfName : mime || ddfName;
  if (!isXmlText(named) || !isXmlText(title ?? '')) {
    return new Refusal(400, 'a Type or Title that XML cannot carry');
  }
  const properties = { ...(named === '' ? {} : { type: named }), ...(title === undefined ? {} : { title }) };
  if (interior) {
    return node.value === undefined || node.value.length === 0
      ? { format: 'node', ...properties }
      : new Refusal(400, 'an interior node has a value');
  }
  const { value = '' } = node;
  const leaf = readLeafValue(typeof value === 'string' ? format : 'bin', value);
  return leaf instanceof Refusal ? leaf : { ...leaf, ...properties };
}

function readAcl(text: string): Acl | undefined | Refusal {
  try {
    return parseAcl(text);
  } catch (error) {
    if (error instanceof ValueError) return new Refusal(400, error.message);
    throw error;
  }
}
