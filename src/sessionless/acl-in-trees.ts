// Rights on objects that a sessionless message adds stand in its trees (DM-SESSIONLESS-1.3 §5.4).
import { embeddedTree, type ManagementCommand, mediaTypes } from '../codec/syncml/index.ts';
import { parseTnds, type TndsNode } from '../codec/tnds/index.ts';
import { DecodeError, ValueError } from '../core/index.ts';
import { parseMoIdentifier, placementOf, standardPlacements } from '../tree/index.ts';
import { type ItemWithMeta, itemsWithMeta } from './message-items.ts';

/** Where a tree of the message goes. */
interface AddedTree {
  /** Names from the root down to the Target. */
  readonly target: readonly string[];
  /** For the Inbox: the objects, which the device puts where their kind belongs. */
  readonly objects: readonly string[];
}

/**
 * Refuses a command that sets the ACL of a node which a tree of the message adds: at the tree's Target or below it; for a
 * tree that goes to the Inbox, wherever the device may put its objects. Where that is nobody knows before, so any URI counts
 * that has the name of one of the objects in it.
 * @throws {ValueError} OUT_OF_RANGE, naming the tree
 */
export function requireAclInTrees(commands: readonly ManagementCommand[]): void {
  const items = itemsWithMeta(commands);
  const trees = items.flatMap(addedTree);
  if (trees.length === 0) return;
  for (const { item } of items) {
    const [path = '', property] = (item.target?.uri ?? '').split('?');
    if (property?.toLowerCase() !== 'prop=acl') continue;
    const segments = segmentsOf(path);
    const owner = trees.find((tree) => adds(tree, segments));
    if (owner === undefined) continue;
    const where = `./${owner.target.join('/')}`;
    const detail =
      owner.target[0] === 'Inbox'
        ? `the ACL of ${path} belongs into the tree for ${where}, whose object it may be: put it there as the ACL property ` +
          'of the node, or into another message where an object that is there already is meant'
        : `the ACL of a node of ${where} belongs into its tree`;
    throw new ValueError('OUT_OF_RANGE', detail, 'job', { doc: 'DM-SESSIONLESS-1.3', section: '5.4' });
  }
}

const treeTypes: readonly string[] = [mediaTypes.tndsXml, mediaTypes.tndsWbxml];

function addedTree({ item, type }: ItemWithMeta): readonly AddedTree[] {
  const { target, data } = item;
  if (target === undefined || type === undefined || !treeTypes.includes(type.trim().toLowerCase())) return [];
  const segments = segmentsOf(target.uri.split('?')[0] ?? '');
  const inbox = segments[0] === 'Inbox';
  return [{ target: segments, objects: inbox && data !== undefined ? objectNames(data, segments) : [] }];
}

function adds({ target, objects }: AddedTree, segments: readonly string[]): boolean {
  // The device decides about everything in its Inbox: whatever is below, the tree says it.
  const root = target[0] === 'Inbox' ? target.slice(0, 1) : target;
  if (root.every((name, index) => segments[index] === name)) return true;
  return segments.some((name) => objects.includes(name));
}

/** Names that the objects of a document may have on the device. */
function objectNames(data: Parameters<typeof embeddedTree>[0], target: readonly string[]): readonly string[] {
  try {
    return parseTnds(embeddedTree(data)).nodes.flatMap((node) => namesBelow(node, target));
  } catch (error) {
    // No document: the device refuses it, and no object comes of it.
    if (error instanceof DecodeError) return [];
    throw error;
  }
}

function namesBelow(node: TndsNode, target: readonly string[]): readonly string[] {
  const type = node.properties?.type;
  const identifier = type !== undefined && 'ddfName' in type ? type.ddfName : '';
  if (identifier === '' && node.nodes.length > 0) return node.nodes.flatMap((child) => namesBelow(child, []));
  const last = target.length > 1 ? target[target.length - 1] : undefined;
  const usual = placementOf(standardPlacements, parseMoIdentifier(identifier))?.name;
  const given = node.name === '' ? undefined : node.name;
  const name = given ?? last ?? usual;
  return name === undefined ? [] : [name];
}

/** `./A/B`, `A/B` and `./A/B/` are one node. */
function segmentsOf(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '' && segment !== '.');
}
