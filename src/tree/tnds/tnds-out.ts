// A part of the tree as a TNDS document (DM-TND-1.2 §8.2; DM-TND-1.2).
import type { TndsDocument, TndsNode, TndsProperties } from '../../codec/tnds/index.ts';
import { formatAcl } from '../node/acl.ts';
import { type TreeNode, valueOctets } from '../node/node.ts';
import type { ListQuery, TndsPart } from '../node/uri.ts';
import { formatTimeStamp } from '../workspace/properties.ts';

// Name and Size only repeat what the document says anyway, so they come when asked for.
const usualParts: readonly TndsPart[] = ['ACL', 'Format', 'Title', 'TStamp', 'Type', 'VerNo', 'Value'];

/**
 * The document of the node at `segments` and what is below it. A node that is not `readable` is left out with everything
 * below it.
 */
export function toTnds(
  node: TreeNode,
  segments: readonly string[],
  query: Omit<Extract<ListQuery, { list: 'TNDS' }>, 'list'> = {},
  readable: (segments: readonly string[]) => boolean = () => true,
): TndsDocument {
  const { include = usualParts, exclude = [] } = query;
  const parts = new Set(include.filter((part) => !exclude.includes(part)));
  const name = segments[segments.length - 1] ?? '';
  return { verDtd: '1.2', nodes: [toNode(node, name, segments, parts, readable)] };
}

function toNode(
  node: TreeNode,
  name: string,
  segments: readonly string[],
  parts: ReadonlySet<TndsPart>,
  readable: (segments: readonly string[]) => boolean,
): TndsNode {
  const nodes: TndsNode[] = [];
  for (const [childName, child] of node.children ?? []) {
    const path = [...segments, childName];
    if (readable(path)) nodes.push(toNode(child, childName, path, parts, readable));
  }
  const properties = toProperties(node, name, parts);
  const withValue = node.children === undefined && node.format !== 'null' && parts.has('Value');
  return {
    name,
    ...(properties === undefined ? {} : { properties }),
    ...(withValue ? { value: node.value } : {}),
    nodes,
  };
}

function toProperties(
  node: TreeNode,
  name: string,
  parts: ReadonlySet<TndsPart>,
): TndsProperties | undefined {
  const leaf = node.children === undefined;
  const properties: TndsProperties = {
    ...(parts.has('ACL') && node.acl !== undefined ? { acl: formatAcl(node.acl) } : {}),
    ...(parts.has('Format') ? { format: node.format } : {}),
    ...(parts.has('Name') ? { name } : {}),
    ...(parts.has('Size') && leaf ? { size: valueOctets(node.value) } : {}),
    ...(parts.has('Title') && node.title !== '' ? { title: node.title } : {}),
    ...(parts.has('TStamp') ? { tstamp: formatTimeStamp(node.tstamp) } : {}),
    ...(parts.has('Type') ? { type: leaf ? { mime: node.type } : { ddfName: node.type } } : {}),
    ...(parts.has('VerNo') ? { verNo: node.verNo } : {}),
  };
  return Object.keys(properties).length === 0 ? undefined : properties;
}
