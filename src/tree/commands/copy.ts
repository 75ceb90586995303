// Copy: the value of a leaf into another leaf (DM-RepPro-1.2 §6.6.4).

import { mayCommand } from '../access/rights.ts';
import { changeNode, nodeAt, type TreeNode, withNode } from '../node/node.ts';
import { type CommandResult, ok, Refusal, refused } from '../node/outcome.ts';
import { limitsOf, parseTreeUri } from '../node/uri.ts';
import { createNode } from '../workspace/create.ts';
import { checkRoom, type Workspace } from '../workspace/workspace.ts';

/** Carries a Copy out. A target that does not exist is made; one that does must be a leaf, else 403. */
export function copy(
  workspace: Workspace,
  serverId: string,
  sourceUri: string,
  targetUri: string,
): CommandResult {
  const limits = limitsOf(workspace.root);
  const source = parseTreeUri(sourceUri, limits);
  if (source instanceof Refusal) return refused(source);
  const target = parseTreeUri(targetUri, limits);
  if (target instanceof Refusal) return refused(target);
  for (const { property, list } of [source, target]) {
    if (property !== undefined || list !== undefined) {
      return refused(new Refusal(405, 'a property cannot be copied'));
    }
  }
  const tree = copied(workspace, serverId, source.segments, target.segments);
  const outcome = tree instanceof Refusal ? tree : (checkRoom(workspace, tree) ?? tree);
  if (outcome instanceof Refusal) return refused(outcome);
  workspace.root = outcome;
  return ok;
}

function copied(
  workspace: Workspace,
  serverId: string,
  source: readonly string[],
  target: readonly string[],
): TreeNode | Refusal {
  const { root, rules } = workspace;
  const from = nodeAt(root, source);
  if (from === undefined) return new Refusal(404, 'the source does not exist');
  if (!mayCommand(root, source, 'Get', serverId)) return new Refusal(425, 'no right to Get the source');
  const to = nodeAt(root, target);
  if (to !== undefined && !mayCommand(root, target, 'Replace', serverId)) {
    return new Refusal(425, 'no right to Replace the target');
  }
  if (from.children !== undefined || to?.children !== undefined) {
    return new Refusal(403, 'only a leaf can be copied, and only onto a leaf');
  }
  const { format, type, value } = from;
  const made =
    to === undefined ? createNode(workspace, root, serverId, target, { format, type, value }) : undefined;
  if (made instanceof Refusal && made.status === 425) return made;
  if (!rules.ruleOf(source).access.includes('Get')) {
    return new Refusal(405, 'the description does not allow Get of the source');
  }
  if (made !== undefined) return made;
  if (to === undefined || !rules.ruleOf(target).access.includes('Replace')) {
    return new Refusal(405, 'the description does not allow Replace of the target');
  }
  const now = workspace.now();
  return withNode(root, target, changeNode(to, { format, type, value }, now), now);
}
