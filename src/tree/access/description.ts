// One gate for whatever servers write: the device description holds for the difference that a command made, whichever way it
// was made, one node after the other, as TNDS at any depth, by Copy, or through the Inbox (DM-TND-1.2 §6.2).
import type { TreeNode } from '../node/node.ts';
import { Refusal } from '../node/outcome.ts';
import { formatUri } from '../node/uri.ts';
import { isContainer, type Placement } from './placement.ts';
import type { AccessType, NodeRule, NodeRules } from './rules.ts';

/** What the device allows. */
export interface DescriptionSettings {
  readonly rules: NodeRules;
  /** Where the Inbox places objects: these containers the device makes itself. */
  readonly placements: readonly Placement[];
}

/**
 * Refuses with 405 a change that single commands could not have made: a new node takes Add, another value or type Replace, a
 * node that is gone Delete (what stood below it goes along), and none of them on a permanent node. Properties follow the
 * ACL alone; a new Name has its own rule. Parts that are the same nodes as before cost nothing.
 */
export function checkDescription(
  settings: DescriptionSettings,
  before: TreeNode,
  after: TreeNode,
): Refusal | undefined {
  return check(settings, before, after, []);
}

function check(
  settings: DescriptionSettings,
  before: TreeNode,
  after: TreeNode,
  segments: readonly string[],
): Refusal | undefined {
  if (before === after) return undefined;
  const rule = settings.rules.ruleOf(segments);
  if ((before.children === undefined) !== (after.children === undefined)) {
    return requires(rule, segments, 'Delete') ?? checkAdded(settings, after, segments);
  }
  if (!sameContent(before, after)) {
    // Who may delete a node and add it can give it any value.
    const anew = rule.scope === 'dynamic' && rule.access.includes('Delete') && rule.access.includes('Add');
    if (!anew && !rule.access.includes('Replace')) return refusal('Replace', segments);
  }
  for (const [name, child] of after.children ?? []) {
    const old = before.children?.get(name);
    const path = [...segments, name];
    const refused = old === undefined ? checkAdded(settings, child, path) : check(settings, old, child, path);
    if (refused !== undefined) return refused;
  }
  for (const name of before.children?.keys() ?? []) {
    if (after.children?.has(name) === true) continue;
    const path = [...segments, name];
    const refused = requires(settings.rules.ruleOf(path), path, 'Delete');
    if (refused !== undefined) return refused;
  }
  return undefined;
}

function checkAdded(
  settings: DescriptionSettings,
  node: TreeNode,
  segments: readonly string[],
): Refusal | undefined {
  // A leaf there would keep out whatever the Inbox would place below it.
  const container = isContainer(settings.placements, segments);
  if (container && node.children === undefined) return refusal('Add', segments);
  const refused = container ? undefined : requires(settings.rules.ruleOf(segments), segments, 'Add');
  if (refused !== undefined) return refused;
  for (const [name, child] of node.children ?? []) {
    const below = checkAdded(settings, child, [...segments, name]);
    if (below !== undefined) return below;
  }
  return undefined;
}

function requires(rule: NodeRule, segments: readonly string[], access: AccessType): Refusal | undefined {
  return rule.scope === 'dynamic' && rule.access.includes(access) ? undefined : refusal(access, segments);
}

function refusal(access: AccessType, segments: readonly string[]): Refusal {
  return new Refusal(405, `the description does not allow ${access}`, formatUri(segments));
}

function sameContent(before: TreeNode, after: TreeNode): boolean {
  if (before.format !== after.format || before.type !== after.type) return false;
  const [old, now] = [before.value, after.value];
  if (typeof old === 'string' || typeof now === 'string') return old === now;
  return old.length === now.length && old.every((octet, index) => octet === now[index]);
}
