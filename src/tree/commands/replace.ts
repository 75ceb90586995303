// Replace: the value of a leaf, a property, or a whole subtree as TNDS (DM-RepPro-1.2 §6.6.11).

import { mayCommand } from '../access/rights.ts';
import { isReserved } from '../access/rules.ts';
import { changeNode, nodeAt, type TreeNode, withNode } from '../node/node.ts';
import { type CommandResult, ok, Refusal, refused } from '../node/outcome.ts';
import { limitsOf, parseTreeUri } from '../node/uri.ts';
import { interiorType, readLeafValue, readType } from '../node/value.ts';
import { readDocument, replaceTnds } from '../tnds/tnds-in.ts';
import { carriesTnds, type ValueCommand } from '../workspace/command.ts';
import { replaceProperty } from '../workspace/properties.ts';
import { checkRoom, type Workspace } from '../workspace/workspace.ts';

/** Carries a Replace out. It never creates a node, except below the target of a TNDS document. */
export function replace(workspace: Workspace, serverId: string, command: ValueCommand): CommandResult {
  const uri = parseTreeUri(command.uri, limitsOf(workspace.root));
  if (uri instanceof Refusal) return refused(uri);
  if (uri.list !== undefined) return refused(new Refusal(405, 'a list cannot be replaced'));
  if (isReserved(workspace.rules.ruleOf(uri.segments))) {
    return refused(new Refusal(405, 'the place is the device’s own'));
  }
  if (uri.property !== undefined) {
    return replaceProperty(workspace, serverId, uri.segments, uri.property, command.data);
  }
  if (carriesTnds(command)) {
    const document = readDocument(command);
    if (document instanceof Refusal) return refused(document);
    return replaceTnds(workspace, serverId, uri.segments, document);
  }
  const tree = replaceValue(workspace, serverId, uri.segments, command);
  const outcome = tree instanceof Refusal ? tree : (checkRoom(workspace, tree) ?? tree);
  if (outcome instanceof Refusal) return refused(outcome);
  workspace.root = outcome;
  return ok;
}

function replaceValue(
  workspace: Workspace,
  serverId: string,
  segments: readonly string[],
  command: ValueCommand,
): TreeNode | Refusal {
  const { root, rules } = workspace;
  const node = nodeAt(root, segments);
  const toInterior = command.format === 'node';
  // Missing data is a fault of the message, whatever it aims at; format null has none.
  if (command.data === undefined && !toInterior && command.format !== 'null') {
    return new Refusal(412, 'no data');
  }
  const type = readType(command.type);
  if (type instanceof Refusal) return type;
  if (node === undefined) return new Refusal(404, 'no such node');
  if (!mayCommand(root, segments, 'Replace', serverId)) return new Refusal(425, 'no right to Replace');
  if (!rules.ruleOf(segments).access.includes('Replace')) {
    return new Refusal(405, 'the description does not allow Replace');
  }
  if ((node.children !== undefined) !== toInterior) {
    return new Refusal(405, toInterior ? 'a leaf has a value' : 'an interior node has no value');
  }
  if (toInterior) return replaceType(workspace, segments, node, command);
  // Meta that is left out keeps what the node has, unless that is octets.
  const kept = node.format === 'bin' || node.format === 'null' ? undefined : node.format;
  const leaf = readLeafValue(command.format ?? kept, command.data);
  if (leaf instanceof Refusal) return leaf;
  const now = workspace.now();
  const changed = changeNode(node, { ...leaf, type: type ?? node.type }, now);
  return withNode(root, segments, changed, now);
}

// The only thing of an interior node that a Replace without TNDS can set is its Type.
function replaceType(
  workspace: Workspace,
  segments: readonly string[],
  node: TreeNode,
  command: ValueCommand,
): TreeNode | Refusal {
  const { type, data } = command;
  if (type === undefined || (data !== undefined && data !== '')) {
    return new Refusal(405, 'an interior node has no value');
  }
  const now = workspace.now();
  return withNode(workspace.root, segments, changeNode(node, { type: interiorType(type) }, now), now);
}
