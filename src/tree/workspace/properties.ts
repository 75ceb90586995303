// Properties of nodes, as `?prop=` reads and replaces them (DM-TND-1.2 §7; DM-TND-1.2).
import type { TndsData } from '../../codec/tnds/index.ts';
import { ValueError } from '../../core/index.ts';
import { mayCommand, mayReplaceAcl } from '../access/rights.ts';
import { formatAcl, parseAcl } from '../node/acl.ts';
import { changeNode, nodeAt, type TreeNode, valueOctets, walk, withNode, withRenamed } from '../node/node.ts';
import { type CommandResult, ok, Refusal, refused } from '../node/outcome.ts';
import { checkLimits, isNodeName, limitsOf, type PropertyName } from '../node/uri.ts';
import { readPropertyText } from '../node/value.ts';
import type { Workspace } from './workspace.ts';

/** Longest Title, in octets (DM-TND-1.2 §7.7.5). */
export const longestTitle = 255;

/** Text of a property; `undefined` for Size of an interior node, which has none. */
export function propertyText(node: TreeNode, name: string, property: PropertyName): string | undefined {
  switch (property) {
    case 'ACL':
      return formatAcl(node.acl);
    case 'Format':
      return node.format;
    case 'Name':
      return name;
    case 'Size':
      return node.children === undefined ? String(valueOctets(node.value)) : undefined;
    case 'Title':
      return node.title;
    case 'TStamp':
      return formatTimeStamp(node.tstamp);
    case 'Type':
      return node.type;
    case 'VerNo':
      return String(node.verNo);
  }
}

/** Basic ISO 8601 in UTC: `20010711T163817Z`. */
export function formatTimeStamp(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** Replaces a property: ACL, Name and Title only. */
export function replaceProperty(
  workspace: Workspace,
  serverId: string,
  segments: readonly string[],
  property: PropertyName,
  data: TndsData | undefined,
): CommandResult {
  const text = readPropertyText(data);
  if (text instanceof Refusal) return refused(text);
  const node = nodeAt(workspace.root, segments);
  if (node === undefined) return refused(new Refusal(404, 'no such node'));
  const tree = propertyReplaced(workspace, serverId, segments, node, property, text);
  if (tree instanceof Refusal) return refused(tree);
  workspace.root = tree;
  return ok;
}

function propertyReplaced(
  workspace: Workspace,
  serverId: string,
  segments: readonly string[],
  node: TreeNode,
  property: PropertyName,
  text: string,
): TreeNode | Refusal {
  if (property === 'ACL') return aclReplaced(workspace, serverId, segments, node, text);
  if (property === 'Name') return renamed(workspace, serverId, segments, text);
  if (!mayCommand(workspace.root, segments, 'Replace', serverId)) {
    return new Refusal(425, 'no right to Replace');
  }
  if (property !== 'Title') return new Refusal(405, `${property} is the device's own`);
  if (valueOctets(text) > longestTitle)
    return new Refusal(413, `Title is longer than ${longestTitle} octets`);
  const now = workspace.now();
  return withNode(workspace.root, segments, changeNode(node, { title: text }, now), now);
}

function aclReplaced(
  workspace: Workspace,
  serverId: string,
  segments: readonly string[],
  node: TreeNode,
  text: string,
): TreeNode | Refusal {
  let acl: TreeNode['acl'];
  try {
    acl = parseAcl(text);
  } catch (error) {
    if (error instanceof ValueError) return new Refusal(400, error.message);
    throw error;
  }
  if (!mayReplaceAcl(workspace.root, segments, serverId)) {
    return new Refusal(425, 'no right to replace the ACL');
  }
  // Every authenticated server can extend the tree: the root keeps Add=*.
  if (segments.length === 0 && acl?.Add?.[0] !== '*') return new Refusal(405, 'the root keeps Add=*');
  const now = workspace.now();
  return withNode(workspace.root, segments, changeNode(node, { acl }, now), now);
}

function renamed(
  workspace: Workspace,
  serverId: string,
  segments: readonly string[],
  name: string,
): TreeNode | Refusal {
  const { root, rules } = workspace;
  if (!isNodeName(name)) return new Refusal(400, `${JSON.stringify(name)} cannot be the name of a node`);
  const above = segments.slice(0, -1);
  const path = [...above, name];
  const same = name === segments[segments.length - 1];
  const node = nodeAt(root, segments);
  const limits = limitsOf(root);
  let keepsRules = rules.ruleOf(segments).scope !== 'permanent';
  for (const [below] of node === undefined ? [] : walk(node)) {
    const renamedPath = [...path, ...below];
    const tooLong = checkLimits(renamedPath, limits);
    if (tooLong !== undefined) return tooLong;
    keepsRules &&= rules.ruleOf(renamedPath) === rules.ruleOf([...segments, ...below]);
  }
  if (!same && nodeAt(root, path) !== undefined) return new Refusal(418, 'a sibling has that name');
  if (!mayCommand(root, segments, 'Replace', serverId)) return new Refusal(425, 'no right to Replace');
  // Another name must not bring anything under another row of the description: a secret would become readable.
  if (!keepsRules) return new Refusal(405, 'the node keeps its name');
  return same ? root : withRenamed(root, segments, name, workspace.now());
}
