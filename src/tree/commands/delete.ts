// Delete: a node with everything below it (DM-RepPro-1.2 §6.6.5).

import { mayCommand } from '../access/rights.ts';
import { isReserved } from '../access/rules.ts';
import { nodeAt, withNode } from '../node/node.ts';
import { type CommandResult, ok, Refusal, refused } from '../node/outcome.ts';
import { limitsOf, parseTreeUri } from '../node/uri.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Carries a Delete out. Only the addressed node's own ACL and description count; what is below goes with it. */
export function deleteNode(workspace: Workspace, serverId: string, text: string): CommandResult {
  const { root, rules } = workspace;
  const uri = parseTreeUri(text, limitsOf(root));
  if (uri instanceof Refusal) return refused(uri);
  if (uri.property !== undefined || uri.list !== undefined) {
    return refused(new Refusal(405, 'a property cannot be deleted'));
  }
  const { segments } = uri;
  if (segments.length === 0) return refused(new Refusal(405, 'the root cannot be deleted'));
  const rule = rules.ruleOf(segments);
  if (isReserved(rule)) return refused(new Refusal(405, 'the place is the device’s own'));
  if (nodeAt(root, segments) === undefined) return refused(new Refusal(404, 'no such node'));
  if (!mayCommand(root, segments, 'Delete', serverId)) return refused(new Refusal(425, 'no right to Delete'));
  if (rule.scope === 'permanent') return refused(new Refusal(405, 'the node is permanent'));
  if (!rule.access.includes('Delete')) {
    return refused(new Refusal(405, 'the description does not allow Delete'));
  }
  workspace.root = withNode(root, segments, undefined, workspace.now());
  return ok;
}
