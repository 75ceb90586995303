// Making a node for a server, with everything that may stand against it (DM-RepPro-1.2 §6.6.1; DM-REPPRO-1.2).
import { isServerId } from '../../core/index.ts';
import { isContainer } from '../access/placement.ts';
import { mayCommand } from '../access/rights.ts';
import { aclFor } from '../node/acl.ts';
import {
  existingDepth,
  type FreshChildren,
  makeNode,
  nodeAt,
  type TreeNode,
  withNode,
} from '../node/node.ts';
import { Refusal } from '../node/outcome.ts';
import { checkLimits, formatUri, limitsOf } from '../node/uri.ts';
import type { WorkspaceSettings } from './workspace.ts';

/** What the new node is. */
export interface NewNode {
  readonly format: TreeNode['format'];
  readonly type?: string;
  readonly title?: string;
  readonly value?: string | Uint8Array;
}

/**
 * The tree with a new node, or why the server cannot have it: 418 it exists, 414 too long, 425 no Add right, 405 the
 * description or a leaf above stands against it. Missing parents are made on the way.
 */
export function createNode(
  settings: WorkspaceSettings,
  root: TreeNode,
  serverId: string,
  segments: readonly string[],
  made: NewNode,
  options: {
    /** The right to add was settled before. */
    readonly granted?: boolean;
    /** Lists of children that the same command made. */
    readonly fresh?: FreshChildren;
  } = {},
): TreeNode | Refusal {
  const tooLong = checkLimits(segments, limitsOf(root));
  if (tooLong !== undefined) return tooLong;
  const depth = existingDepth(root, segments);
  if (depth === segments.length) return new Refusal(418, 'the node exists');
  const above = segments.slice(0, depth);
  if (options.granted !== true && !mayCommand(root, above, 'Add', serverId)) {
    return new Refusal(425, `no right to Add below ${formatUri(above)}`);
  }
  if (nodeAt(root, above)?.children === undefined) {
    return new Refusal(405, `${formatUri(above)} is a leaf`);
  }
  const now = settings.now();
  let tree = root;
  for (let length = depth + 1; length <= segments.length; length += 1) {
    const path = segments.slice(0, length);
    const last = length === segments.length;
    const rule = settings.rules.ruleOf(path);
    if (rule.scope === 'permanent' || !rule.access.includes('Add')) {
      return new Refusal(405, 'the description does not allow Add', last ? undefined : formatUri(path));
    }
    const parts = last ? made : ({ format: 'node' } as const);
    let acl: TreeNode['acl'];
    const interior = parts.format === 'node' && !isContainer(settings.placements, path);
    if (interior && !mayCommand(tree, path.slice(0, -1), 'Replace', serverId)) {
      // The creator could otherwise never change what it made (DM-TND-1.2 §7.7.1.3).
      if (!isServerId(serverId)) return new Refusal(403, 'the server id cannot stand in an ACL');
      acl = aclFor(serverId, settings.creatorRights);
    }
    tree = withNode(tree, path, makeNode({ ...parts, acl, tstamp: now }), now, options.fresh);
  }
  return tree;
}
