// Two changes of one tree made side by side, put together.
import { formatAcl } from './acl.ts';
import { makeNode, type TreeNode } from './node.ts';

/**
 * The tree with the changes of `ours` and of `theirs`, both made from `base`; `undefined` when both changed the same
 * thing. Unchanged parts are the same objects, so the cost is that of what changed.
 */
export function mergeTrees(base: TreeNode, ours: TreeNode, theirs: TreeNode): TreeNode | undefined {
  const merged = mergeNode(base, ours, theirs);
  return merged === conflict ? undefined : merged;
}

const conflict = Symbol('conflict');
type Merged = TreeNode | undefined | typeof conflict;

function mergeNode(
  base: TreeNode | undefined,
  ours: TreeNode | undefined,
  theirs: TreeNode | undefined,
): Merged {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  if (base?.children === undefined || ours?.children === undefined || theirs?.children === undefined) {
    return conflict;
  }
  const acl = pick(formatAcl(base.acl), formatAcl(ours.acl), formatAcl(theirs.acl));
  const type = pick(base.type, ours.type, theirs.type);
  const title = pick(base.title, ours.title, theirs.title);
  const notes = mergeNotes(base.notes, ours.notes, theirs.notes);
  if (acl === undefined || type === undefined || title === undefined || notes === conflict) return conflict;
  const children = new Map<string, TreeNode>();
  for (const name of new Set([...theirs.children.keys(), ...ours.children.keys()])) {
    const child = mergeNode(base.children.get(name), ours.children.get(name), theirs.children.get(name));
    if (child === conflict) return conflict;
    if (child !== undefined) children.set(name, child);
  }
  return makeNode({
    ...theirs,
    acl: formatAcl(base.acl) === formatAcl(theirs.acl) ? ours.acl : theirs.acl,
    type,
    title,
    notes,
    tstamp: Math.max(ours.tstamp, theirs.tstamp),
    verNo: (theirs.verNo + ours.verNo - base.verNo) & 0xffff,
    children,
  });
}

type Notes = TreeNode['notes'];

function mergeNotes(base: Notes, ours: Notes, theirs: Notes): Notes | typeof conflict {
  if (ours === theirs || theirs === base) return ours;
  if (ours === base) return theirs;
  const merged = new Map<string, string>();
  for (const name of new Set([...(theirs?.keys() ?? []), ...(ours?.keys() ?? [])])) {
    const [old, mine, other] = [base?.get(name), ours?.get(name), theirs?.get(name)];
    if (mine !== other && mine !== old && other !== old) return conflict;
    const text = other === old ? mine : other;
    if (text !== undefined) merged.set(name, text);
  }
  return merged;
}

/** What one of the two changed; `undefined` when both did, differently. */
function pick(base: string, ours: string, theirs: string): string | undefined {
  if (ours === theirs || theirs === base) return ours;
  return ours === base ? theirs : undefined;
}
