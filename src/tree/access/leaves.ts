// The leaves of an object, for package #1 (DM-PRO-1.2).
import { nodeAt, type TreeNode, walk } from '../node/node.ts';
import { formatUri } from '../node/uri.ts';
import { metaOf } from '../node/value.ts';
import type { NodeRules } from './rules.ts';

/** A leaf as it travels in an Item. */
export interface TreeLeaf {
  /** From the root: `./DevInfo/DevId`. */
  readonly uri: string;
  /** Absent for the default `chr`. */
  readonly format?: string;
  /** Absent for the default `text/plain`. */
  readonly type?: string;
  readonly data: string | Uint8Array;
}

/** All leaves from a node down, in order; none when there is no such node. What may not be read is never among them. */
export function leavesOf(root: TreeNode, rules: NodeRules, segments: readonly string[]): readonly TreeLeaf[] {
  const start = nodeAt(root, segments);
  const leaves: TreeLeaf[] = [];
  for (const [path, node] of start === undefined ? [] : walk(start, segments)) {
    if (node.children !== undefined || !rules.ruleOf(path).access.includes('Get')) continue;
    leaves.push({ uri: formatUri(path), ...metaOf(node), data: node.value });
  }
  return leaves;
}
