// DevInfo and DevDetail (DM-StdObj-1.2 §5.3.2, §5.3.3), and the tree that a new device begins with.
import { ValueError } from '../../core/index.ts';
import type { TreeReader, TreeWriter } from '../access/device-access.ts';
import type { TreeLeaf } from '../access/leaves.ts';
import { valueOctets } from '../node/node.ts';

/** The leaves of `./DevInfo`, sent in package #1 of every session. */
export interface DevInfo {
  /** Globally unique, a URN such as `IMEI:493005100592800` or `urn:uuid:…`. */
  readonly devId: string;
  /** Manufacturer. */
  readonly man: string;
  /** Model. */
  readonly mod: string;
  /** Version of the DM client. */
  readonly dmV: string;
  /** Language tag (RFC 1766), such as `en`. */
  readonly lang: string;
}

/** The leaves of `./DevDetail`. */
export interface DevDetail {
  /** Segments of a URI, 0-65535, 0 = unlimited. Default 0. */
  readonly maxDepth?: number;
  /** Characters of a URI, likewise. */
  readonly maxTotLen?: number;
  /** Characters of a segment, likewise. */
  readonly maxSegLen?: number;
  /** Kind of device, such as `phone`. */
  readonly devTyp: string;
  readonly oem: string;
  /** Firmware version. */
  readonly fwV: string;
  /** Software version. */
  readonly swV: string;
  /** Hardware version. */
  readonly hwV: string;
  /** Whether large objects are taken. Default true. */
  readonly lrgObj?: boolean;
}

/**
 * Sets up DevInfo, DevDetail, DMAcc and Inbox. On a tree that has them, values are set anew and everything else stays.
 * @throws {ValueError} for an empty devId or a limit out of range
 */
export function writeStandardObjects(tree: TreeWriter, devInfo: DevInfo, devDetail: DevDetail): void {
  writeDevInfo(tree, devInfo);
  writeDevDetail(tree, devDetail);
  const inbox = { format: 'node', type: 'urn:oma:mo:oma-dm-inbox:1.0' } as const;
  if (tree.node('./DMAcc') === undefined) tree.set('./DMAcc', { format: 'node' });
  if (tree.node('./Inbox') === undefined) tree.set('./Inbox', inbox);
}

/** Sets `./DevInfo`. @throws {ValueError} for an empty devId */
export function writeDevInfo(tree: TreeWriter, devInfo: DevInfo): void {
  if (devInfo.devId === '') throw new ValueError('MISSING', 'a device has an identifier', 'devId');
  setObject(tree, './DevInfo', 'urn:oma:mo:oma-dm-devinfo:1.0');
  setLeaf(tree, './DevInfo/DevId', devInfo.devId);
  setLeaf(tree, './DevInfo/Man', devInfo.man);
  setLeaf(tree, './DevInfo/Mod', devInfo.mod);
  setLeaf(tree, './DevInfo/DmV', devInfo.dmV);
  setLeaf(tree, './DevInfo/Lang', devInfo.lang);
}

/** Sets `./DevDetail`. @throws {ValueError} for a limit out of range */
export function writeDevDetail(tree: TreeWriter, devDetail: DevDetail): void {
  setObject(tree, './DevDetail', 'urn:oma:mo:oma-dm-devdetail:1.0');
  setObject(tree, './DevDetail/URI', '');
  for (const [name, key] of limitLeaves) {
    const limit = devDetail[key] ?? 0;
    if (!Number.isInteger(limit) || limit < 0 || limit > 65_535) {
      throw new ValueError('OUT_OF_RANGE', `${limit} is not between 0 and 65535`, key);
    }
    setLeaf(tree, `./DevDetail/URI/${name}`, String(limit));
  }
  setLeaf(tree, './DevDetail/DevTyp', devDetail.devTyp);
  setLeaf(tree, './DevDetail/OEM', devDetail.oem);
  setLeaf(tree, './DevDetail/FwV', devDetail.fwV);
  setLeaf(tree, './DevDetail/SwV', devDetail.swV);
  setLeaf(tree, './DevDetail/HwV', devDetail.hwV);
  setLeaf(tree, './DevDetail/LrgObj', String(devDetail.lrgObj ?? true), 'bool');
}

/** What `./DevInfo` says; empty texts for what it lacks. */
export function readDevInfo(tree: TreeReader): DevInfo {
  const info = tree.node('./DevInfo')?.children;
  const text = (name: string): string => {
    const value = info?.get(name)?.value;
    return typeof value === 'string' ? value : '';
  };
  return {
    devId: text('DevId'),
    man: text('Man'),
    mod: text('Mod'),
    dmV: text('DmV'),
    lang: text('Lang'),
  };
}

/** Octets of URIs and values below Ext and Bearer that a session begins with. */
const mostExtensions = 1024;

/**
 * The leaves of `./DevInfo` for package #1: the standard ones, and what stands below Ext and Bearer while that is at most 1024
 * octets. Servers may add there, and one of them must not make the sessions of all others too large; a Get still finds it.
 */
export function devInfoLeaves(tree: TreeReader): readonly TreeLeaf[] {
  const leaves = tree.leaves('./DevInfo');
  const extensions = leaves.filter(({ uri }) => /^\.\/DevInfo\/(Ext|Bearer)\//.test(uri));
  const octets = extensions.reduce((sum, { uri, data }) => sum + valueOctets(uri) + valueOctets(data), 0);
  return octets <= mostExtensions ? leaves : leaves.filter((leaf) => !extensions.includes(leaf));
}

const limitLeaves = [
  ['MaxDepth', 'maxDepth'],
  ['MaxTotLen', 'maxTotLen'],
  ['MaxSegLen', 'maxSegLen'],
] as const;

function setObject(tree: TreeWriter, uri: string, type: string): void {
  if (tree.node(uri)?.type !== type) tree.set(uri, { format: 'node', type });
}

// A leaf that has the value already is not touched, so that a start of the device changes and writes nothing.
function setLeaf(tree: TreeWriter, uri: string, value: string, format: 'chr' | 'bool' = 'chr'): void {
  const leaf = tree.node(uri);
  if (leaf?.value !== value || leaf.format !== format) tree.set(uri, { format, value });
}
