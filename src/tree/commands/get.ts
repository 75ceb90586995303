// Get: a value, a list of children, a property, or a part of the tree (DM-RepPro-1.2 §6.6.7, DM-TND-1.2 §8).
import { type TndsForm, tndsMediaTypes, writeTnds } from '../../codec/tnds/index.ts';
import { bytesToUtf8, ValueError } from '../../core/index.ts';
import { mayCommand } from '../access/rights.ts';
import { isReserved, type NodeRules } from '../access/rules.ts';
import { nodeAt, type TreeNode, walk } from '../node/node.ts';
import { type CommandResult, Refusal, refused, type TreeItem } from '../node/outcome.ts';
import { formatUri, type ListQuery, limitsOf, parseTreeUri } from '../node/uri.ts';
import { metaOf } from '../node/value.ts';
import { toTnds } from '../tnds/tnds-out.ts';
import { propertyText } from '../workspace/properties.ts';

/** How a Get answers. */
export interface GetOptions {
  /** Encoding of `?list=TNDS`. Default `xml`. */
  readonly tnds?: TndsForm;
}

/** Carries a Get out. */
export function get(
  root: TreeNode,
  rules: NodeRules,
  serverId: string,
  text: string,
  options: GetOptions = {},
): CommandResult {
  const uri = parseTreeUri(text, limitsOf(root));
  if (uri instanceof Refusal) return refused(uri);
  const { segments, property, list } = uri;
  const node = nodeAt(root, segments);
  const rule = rules.ruleOf(segments);
  if (isReserved(rule)) return refused(new Refusal(405, 'the place is the device’s own'));
  // Whatever is addressed below the Inbox, the answer is the same (DM-StdObj-1.2 §5.3.4).
  if (segments[0] === 'Inbox' && !rule.access.includes('Get')) {
    return refused(new Refusal(405, 'nothing of the Inbox can be read'));
  }
  if (node === undefined) return refused(new Refusal(404, 'no such node'));
  if (!mayCommand(root, segments, 'Get', serverId)) return refused(new Refusal(425, 'no right to Get'));
  if (!rule.access.includes('Get')) {
    return refused(new Refusal(405, 'the description does not allow Get'));
  }
  if (property !== undefined) {
    const value = propertyText(node, segments[segments.length - 1] ?? '.', property);
    return value === undefined
      ? refused(new Refusal(406, 'an interior node has no Size'))
      : found([{ uri: text, data: value }]);
  }
  if (list === undefined) return found([valueItem(text, node)]);
  if (list.list === 'TNDS') {
    const item = tndsItem(root, rules, serverId, segments, node, list, options);
    return item instanceof Refusal ? refused(item) : found([item]);
  }
  return found(listItems(root, rules, serverId, segments, node, list.list === 'StructData'));
}

function found(results: readonly TreeItem[]): CommandResult {
  return { status: 200, results };
}

function valueItem(uri: string, node: TreeNode): TreeItem {
  // A child list is text, whatever object the node is.
  if (node.children !== undefined) return { uri, format: 'node', data: [...node.children.keys()].join('/') };
  return { uri, ...metaOf(node), data: node.value };
}

function listItems(
  root: TreeNode,
  rules: NodeRules,
  serverId: string,
  segments: readonly string[],
  start: TreeNode,
  withData: boolean,
): TreeItem[] {
  const items: TreeItem[] = [];
  for (const [path, node] of walk(start, segments)) {
    if (!rules.ruleOf(path).access.includes('Get') || !mayCommand(root, path, 'Get', serverId)) continue;
    const data = withData && node.children === undefined ? { data: node.value } : {};
    items.push({ uri: formatUri(path), ...metaOf(node), ...data });
  }
  return items;
}

function tndsItem(
  root: TreeNode,
  rules: NodeRules,
  serverId: string,
  segments: readonly string[],
  node: TreeNode,
  list: Extract<ListQuery, { list: 'TNDS' }>,
  options: GetOptions,
): TreeItem | Refusal {
  const form = options.tnds ?? 'xml';
  const readable = (path: readonly string[]): boolean =>
    rules.ruleOf(path).access.includes('Get') && mayCommand(root, path, 'Get', serverId);
  try {
    const octets = writeTnds(toTnds(node, segments, list, readable), form);
    return {
      uri: formatUri(segments),
      format: 'xml',
      type: tndsMediaTypes[form],
      data: form === 'xml' ? (bytesToUtf8(octets) ?? '') : octets,
    };
  } catch (error) {
    // Text that XML cannot carry is never taken in, but a snapshot may have been made elsewhere.
    if (error instanceof ValueError) return new Refusal(500, `TNDS: ${error.message}`);
    throw error;
  }
}
