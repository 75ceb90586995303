// The management objects that package #1 carries beside DevInfo (DM-NOTI-1.3 §6.5.4, DM-NOTI-1.3-2010 §6.2.11).
import type { MoIndexRegistry, Notification } from '../../codec/notification/index.ts';
import type { ObjectLeaf } from '../../session/index.ts';
import { type ManagementTree, valueOctets } from '../../tree/index.ts';

/** What a notification asks for. */
export interface RequestedObjects {
  /** Names of the registry. DevInfo is not among them, for it is always sent. */
  readonly names: readonly string[];
  /** Indexes that the registry does not know: left out. */
  readonly unknown: readonly number[];
}

/** Reads Requested-MO of dm1.3, and SendDevDetail of dm1.3-2010. Each object counts once. */
export function requestedObjects(message: Notification, registry: MoIndexRegistry): RequestedObjects {
  if (message.format === 'dm1.2') return { names: [], unknown: [] };
  if (message.format === 'dm1.3-2010') {
    return { names: message.sendDevDetail ? ['DevDetail'] : [], unknown: [] };
  }
  const names = new Set<string>();
  const unknown = new Set<number>();
  for (const index of message.requestedMo) {
    // 0 stands for no object.
    if (index === 0) continue;
    const name = registry.nameOf(index);
    if (name === undefined) unknown.add(index);
    else if (name !== 'DevInfo') names.add(name);
  }
  return { names: [...names], unknown: [...unknown] };
}

/** Objects that stand in one place. */
const places: Readonly<Record<string, string>> = {
  DevDetail: './DevDetail',
  DMAcc: './DMAcc',
  Inbox: './Inbox',
};

/** Identifiers of those that can stand anywhere, without their version. */
const identifiers: Readonly<Record<string, string>> = {
  FUMO: 'urn:oma:mo:oma-fumo',
  SCOMO: 'urn:oma:mo:oma-scomo',
  LAWMO: 'urn:oma:mo:oma-lawmo',
  DiagMon: 'urn:oma:mo:oma-diagmon',
  ConnMO: 'urn:oma:mo:oma-connmo',
};

/**
 * The leaves of all objects of a name that the server may Get, one list for each object; a name that is not one of the
 * project's table is taken as a management object identifier. Secrets are never among them.
 */
export function leavesOfObjects(
  tree: ManagementTree,
  serverId: string,
  name: string,
): readonly (readonly ObjectLeaf[])[] {
  const place = Object.hasOwn(places, name) ? places[name] : undefined;
  const identifier = Object.hasOwn(identifiers, name) ? identifiers[name] : undefined;
  const uris = place === undefined ? tree.objects(identifier ?? name) : [place];
  return uris.map((uri) => readableLeaves(tree, serverId, uri)).filter((leaves) => leaves.length > 0);
}

/** Octets of URIs and values of all requested objects that a session begins with. */
const mostOctets = 65_536;

/**
 * The objects that fit into 64 KiB together, each without what stands below its Ext where it would not fit with that: servers
 * may add there, and objects of their own, and none of them must make the sessions of the others too large.
 */
export function objectsThatFit(
  objects: readonly (readonly ObjectLeaf[])[],
): readonly (readonly ObjectLeaf[])[] {
  let room = mostOctets;
  return objects.flatMap((leaves) => {
    const plain = leaves.filter(({ uri }) => !uri.includes('/Ext/'));
    const taken = [leaves, plain].find((each) => each.length > 0 && octetsOf(each) <= room);
    if (taken === undefined) return [];
    room -= octetsOf(taken);
    return [taken];
  });
}

function octetsOf(leaves: readonly ObjectLeaf[]): number {
  return leaves.reduce((sum, { uri, data }) => sum + valueOctets(uri) + valueOctets(data), 0);
}

function readableLeaves(tree: ManagementTree, serverId: string, uri: string): readonly ObjectLeaf[] {
  const { results = [] } = tree.get(serverId, `${uri}?list=StructData`);
  return results.flatMap(({ data, format, ...rest }) => {
    // Whatever an interior node carries, it is not a leaf.
    if (format === 'node' || data === undefined || !(typeof data === 'string' || data instanceof Uint8Array))
      return [];
    return [{ ...rest, ...(format === undefined ? {} : { format }), data }];
  });
}
