// The Inbox: an object sent there goes where its kind belongs (DM-StdObj-1.2 §5.3.4; DM-SESSIONLESS-1.3 §5.5).
import type { TndsDocument, TndsNode } from '../../codec/tnds/index.ts';
import { type MoIdentifier, type Placement, parseMoIdentifier, placementOf } from '../access/placement.ts';
import { mayCommand } from '../access/rights.ts';
import { makeNode, nodeAt, type TreeNode, withNode } from '../node/node.ts';
import { type CommandResult, type PlacedObject, Refusal, refused } from '../node/outcome.ts';
import { deepest, formatUri, splitPath } from '../node/uri.ts';
import { createAll } from '../tnds/tnds-in.ts';
import { type PlacedNode, placeOf, placeSubtree } from '../tnds/tnds-nodes.ts';
import { checkRoom, type Workspace } from '../workspace/workspace.ts';

/** An object of the document. */
interface Arrival {
  readonly node: TndsNode;
  /** Where it stands in the document. */
  readonly location: readonly string[];
  readonly type: string;
  readonly identifier: MoIdentifier;
  readonly placement: Placement;
}

/** An object with its place. */
interface Destination extends Arrival {
  readonly segments: readonly string[];
  /** Where it would stand had its name been free. */
  readonly wanted: readonly string[];
}

/**
 * Places every management object of the document, renaming where a name is taken, and rewrites references among them.
 * The right to Add on the Inbox is the only one that it takes, for where objects go is the device's decision; what may stand
 * there, the description says as for any other Add.
 */
export function addToInbox(
  workspace: Workspace,
  serverId: string,
  target: readonly string[],
  document: TndsDocument,
  ignoreUnsupported: boolean,
): CommandResult {
  if (!mayCommand(workspace.root, ['Inbox'], 'Add', serverId)) {
    return refused(new Refusal(425, 'no right to Add to the Inbox'));
  }
  const ignored: string[] = [];
  const arrivals = findObjects(workspace.placements, document, ignoreUnsupported, ignored);
  if (arrivals instanceof Refusal) return refused(arrivals);
  const newest = newestVersions(arrivals, ignored);
  const name = newest.length === 1 && target.length > 1 ? target[target.length - 1] : undefined;
  const destinations = chooseNames(workspace.root, newest, name);
  const { references, names } = referencesTo(destinations);
  let tree: TreeNode | Refusal = workspace.root;
  for (const { node, segments } of destinations) {
    tree = withContainer(tree, segments.slice(0, -1), workspace.now());
    const nodes = placeSubtree(node, segments);
    if (nodes instanceof Refusal) return refused(nodes);
    const rewritten = nodes.map((each) => rewriteReference(each, references, names));
    tree = createAll(workspace, tree, serverId, rewritten, { granted: true });
    if (tree instanceof Refusal) return refused(tree);
  }
  const full = checkRoom(workspace, tree);
  if (full !== undefined) return refused(full);
  workspace.root = tree;
  const placed = destinations.map(
    ({ type, location, segments }): PlacedObject => ({
      type,
      from: ['./Inbox', ...location].join('/'),
      uri: formatUri(segments),
    }),
  );
  return { status: 200, placed, ...(ignored.length === 0 ? {} : { ignored }) };
}

function findObjects(
  placements: readonly Placement[],
  document: TndsDocument,
  ignoreUnsupported: boolean,
  ignored: string[],
): readonly Arrival[] | Refusal {
  const arrivals: Arrival[] = [];
  const visit = (node: TndsNode, base: readonly string[], top: boolean): Refusal | undefined => {
    const location = placeOf(node, base, top);
    if (location instanceof Refusal) return location;
    const declared = node.properties?.type;
    const type = declared !== undefined && 'ddfName' in declared ? declared.ddfName : '';
    if (type === '' && node.nodes.length > 0) {
      for (const child of node.nodes) {
        const failed = visit(child, location, false);
        if (failed !== undefined) return failed;
      }
      return undefined;
    }
    const identifier = parseMoIdentifier(type);
    const placement = type === '' ? undefined : placementOf(placements, identifier);
    if (placement?.parent === 'refused') {
      return new Refusal(405, `${type} cannot be added`, formatUri(['Inbox', ...location]));
    }
    if (placement !== undefined) {
      arrivals.push({ node, location, type, identifier, placement });
      return undefined;
    }
    const what =
      type === '' ? `${formatUri(location)} belongs to no management object` : `${type} is not supported`;
    if (!ignoreUnsupported) return new Refusal(415, what, formatUri(['Inbox', ...location]));
    ignored.push(what);
    return undefined;
  };
  for (const node of document.nodes) {
    const failed = visit(node, [], true);
    if (failed !== undefined) return failed;
  }
  return arrivals;
}

// Of several versions of one object the newest that we know counts. Other objects of its kind are none of its versions.
function newestVersions(arrivals: readonly Arrival[], ignored: string[]): readonly Arrival[] {
  const best = new Map<string, number>();
  const ranked = arrivals.map((arrival) => ({ arrival, object: objectOf(arrival), rank: rankOf(arrival) }));
  for (const { object, rank } of ranked) best.set(object, Math.max(best.get(object) ?? rank, rank));
  return ranked.flatMap(({ arrival, object, rank }) => {
    if (rank === best.get(object)) return [arrival];
    ignored.push(`${arrival.type} stands beside a version that suits better`);
    return [];
  });
}

// What is the same in all versions of one object: its kind, and what its key says, else its place in the document.
function objectOf({ node, location, identifier, placement: { key } }: Arrival): string {
  const value = key === undefined ? undefined : node.nodes.find(({ name }) => name === key)?.value;
  return JSON.stringify([identifier.base, typeof value === 'string' ? value : location]);
}

// Supported versions of one object share their major number. Of minor ones that we do not know the lowest is the nearest.
function rankOf({ identifier, placement }: Arrival): number {
  const minor = identifier.version?.minor ?? 0;
  return minor <= (placement.minor ?? minor) ? minor : -minor;
}

function chooseNames(
  root: TreeNode,
  arrivals: readonly Arrival[],
  targetName: string | undefined,
): readonly Destination[] {
  const taken = new Set<string>();
  const nextNumbers = new Map<string, number>();
  return arrivals.map((arrival) => {
    const parent = splitPath(arrival.placement.parent) ?? [];
    const given = arrival.node.name ?? '';
    const name = given === '' ? (targetName ?? arrival.placement.name) : given;
    const wanted = [...parent, name];
    let segments = wanted;
    let number = nextNumbers.get(formatUri(wanted)) ?? 2;
    for (; nodeAt(root, segments) !== undefined || taken.has(formatUri(segments)); number += 1) {
      segments = [...parent, `${name}_${number}`];
    }
    nextNumbers.set(formatUri(wanted), number);
    taken.add(formatUri(segments));
    return { ...arrival, wanted, segments };
  });
}

// What a reference may read, with what it becomes: by the place in the document, and for renamed objects by the URI or
// the name that they would have had. Of two that would have had the same, the first is meant.
function referencesTo(destinations: readonly Destination[]): {
  readonly references: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, string>;
} {
  const references = new Map<string, string>();
  const names = new Map<string, string>();
  const add = (map: Map<string, string>, from: string, to: string): void => {
    if (!map.has(from)) map.set(from, to);
  };
  for (const { location, wanted, segments, placement } of destinations) {
    add(references, `./Inbox/${location.join('/')}`, formatUri(segments));
    add(references, formatUri(wanted), formatUri(segments));
    if (placement.parent !== './DMAcc') add(names, last(wanted), last(segments));
  }
  return { references, names };
}

// A container such as ./NAP belongs to nobody, so it inherits its ACL.
function withContainer(root: TreeNode, segments: readonly string[], now: number): TreeNode {
  if (nodeAt(root, segments) !== undefined) return root;
  const above = withContainer(root, segments.slice(0, -1), now);
  return withNode(above, segments, makeNode({ format: 'node', tstamp: now }), now);
}

function rewriteReference(
  node: PlacedNode,
  references: ReadonlyMap<string, string>,
  names: ReadonlyMap<string, string>,
): PlacedNode {
  const { value } = node.made;
  if (node.made.format !== 'chr' || typeof value !== 'string') return node;
  const isReference = ['PrefConRef', 'ConRef'].includes(last(node.segments));
  const rewritten = rewriteUri(value, references) ?? (isReference ? names.get(value) : undefined);
  return rewritten === undefined ? node : { ...node, made: { ...node.made, value: rewritten } };
}

// The longest beginning of the value that is a reference, up to a "/" or the end, gives way to the final URI.
function rewriteUri(value: string, references: ReadonlyMap<string, string>): string | undefined {
  if (!value.startsWith('./')) return undefined;
  const ends: number[] = [];
  for (let end = 1; end < value.length && ends.length <= deepest; ) {
    const slash = value.indexOf('/', end + 1);
    end = slash < 0 ? value.length : slash;
    ends.push(end);
  }
  for (const end of ends.reverse()) {
    const uri = references.get(value.slice(0, end));
    if (uri !== undefined) return uri + value.slice(end);
  }
  return undefined;
}

function last(segments: readonly string[]): string {
  return segments[segments.length - 1] ?? '';
}
