// TNDS into the tree: Add and Replace of a whole subtree, all or nothing (DM-RepPro-1.2 §6.6.1, §6.6.11).
import { readTnds, type TndsDocument } from '../../codec/tnds/index.ts';
import { base64ToBytes, ReveilleError } from '../../core/index.ts';
import { mayCommand, mayReplaceAcl } from '../access/rights.ts';
import { formatAcl } from '../node/acl.ts';
import { changeNode, type FreshChildren, nodeAt, type TreeNode, walk, withNode } from '../node/node.ts';
import { type CommandResult, ok, Refusal, refused } from '../node/outcome.ts';
import { formatUri } from '../node/uri.ts';
import type { ValueCommand } from '../workspace/command.ts';
import { createNode } from '../workspace/create.ts';
import { checkRoom, type Workspace, type WorkspaceSettings } from '../workspace/workspace.ts';
import { type PlacedNode, placeNodes } from './tnds-nodes.ts';

/** The document that a command carries. Refuses with 412 when there is none, 400 when it cannot be read. */
export function readDocument(command: ValueCommand): TndsDocument | Refusal {
  const { data, format } = command;
  if (data === undefined) return new Refusal(412, 'no TNDS document');
  try {
    // WBXML inside XML can only have come as Base64.
    const encoded = typeof data === 'string' && (format === 'b64' || format === 'bin');
    return readTnds(encoded ? base64ToBytes(data) : data);
  } catch (error) {
    if (error instanceof ReveilleError) return new Refusal(400, `TNDS: ${error.message}`);
    throw error;
  }
}

/** Adds every node of the document. */
export function addTnds(
  workspace: Workspace,
  serverId: string,
  target: readonly string[],
  document: TndsDocument,
): CommandResult {
  const exists = nodeAt(workspace.root, target) !== undefined;
  const nodes = placeNodes(document, target, !exists);
  if (nodes instanceof Refusal) return refused(nodes);
  return finish(workspace, target, createAll(workspace, workspace.root, serverId, nodes, {}));
}

/**
 * Replaces the node at the target and everything below it by the document. Replace on the target is the only right that
 * it takes; what stood below is gone, whoever had rights on it, as with Delete.
 */
export function replaceTnds(
  workspace: Workspace,
  serverId: string,
  target: readonly string[],
  document: TndsDocument,
): CommandResult {
  const { root, rules } = workspace;
  const old = nodeAt(root, target);
  if (old === undefined) return refused(new Refusal(404, 'no such node'));
  const nodes = placeNodes(document, target, true);
  if (nodes instanceof Refusal) return refused(nodes);
  if (!mayCommand(root, target, 'Replace', serverId)) return refused(new Refusal(425, 'no right to Replace'));
  if (!rules.ruleOf(target).access.includes('Replace')) {
    return refused(new Refusal(405, 'the description does not allow Replace'));
  }
  for (const [segments] of walk(old, target)) {
    if (segments.length > target.length && rules.ruleOf(segments).scope === 'permanent') {
      return refused(new Refusal(405, 'a permanent node stands below', formatUri(segments)));
    }
  }
  const own = nodes.find((node) => node.segments.length === target.length);
  if (own !== undefined && (own.made.format === 'node') !== (old.children !== undefined)) {
    return refused(new Refusal(405, 'a leaf cannot become an interior node, nor the reverse'));
  }
  const now = workspace.now();
  const emptied = changeNode(old, { ...own?.made, children: new Map() }, now);
  const tree = withNode(root, target, emptied, now);
  const options = { granted: true, ...(own === undefined ? {} : { existing: own }) };
  return finish(workspace, target, createAll(workspace, tree, serverId, nodes, options));
}

/**
 * The tree with every node made, and then the ACLs that the document gives, deepest first: each is judged by what the
 * server may do before the document takes its own rights away.
 */
export function createAll(
  settings: WorkspaceSettings,
  root: TreeNode,
  serverId: string,
  nodes: readonly PlacedNode[],
  options: {
    /** The right to add was settled before. */
    readonly granted?: boolean;
    /** Stands in the tree already; only its ACL is set. */
    readonly existing?: PlacedNode;
  },
): TreeNode | Refusal {
  let tree = root;
  const fresh: FreshChildren = new WeakSet();
  const create = { granted: options.granted === true, fresh };
  for (const node of nodes) {
    if (node === options.existing) continue;
    const next = createNode(settings, tree, serverId, node.segments, node.made, create);
    if (next instanceof Refusal) return blaming(next, node);
    tree = next;
  }
  const now = settings.now();
  for (const node of nodes.toReversed()) {
    const made = nodeAt(tree, node.segments);
    if (node.acl === undefined || made === undefined) continue;
    if (formatAcl(node.acl) === formatAcl(made.acl)) continue;
    if (!mayReplaceAcl(tree, node.segments, serverId)) {
      return blaming(new Refusal(425, 'no right to set the ACL'), node);
    }
    // A new node, so its VerNo stays.
    tree = withNode(tree, node.segments, { ...made, acl: node.acl }, now, fresh);
  }
  return tree;
}

function blaming(refusal: Refusal, node: PlacedNode): Refusal {
  return new Refusal(refusal.status, refusal.reason, refusal.failedUri ?? formatUri(node.segments));
}

function finish(workspace: Workspace, target: readonly string[], tree: TreeNode | Refusal): CommandResult {
  const outcome = tree instanceof Refusal ? tree : (checkRoom(workspace, tree) ?? tree);
  if (outcome instanceof Refusal) {
    const own = outcome.failedUri === formatUri(target);
    return refused(own ? new Refusal(outcome.status, outcome.reason) : outcome);
  }
  workspace.root = outcome;
  return ok;
}
