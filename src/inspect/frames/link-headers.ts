// The link layer of a captured frame: Ethernet and Linux cooked, with tags of VLANs and SNAP, BSD loopback, or none. Which it
// is follows from what is in it: IP whose lengths and checksum fit.
import { type Annotation, bytesToHex, DecodeError } from '../../core/index.ts';
import {
  type Frame,
  type FrameHeader,
  frameError,
  frameFault,
  frameField,
  hex16,
  u16,
} from './frame-fields.ts';
import { readIp } from './ip-headers.ts';
import { isSnap, isVlan, linkTypes, mostTags } from './packet-headers.ts';

interface Link {
  readonly name: FrameHeader['name'] | 'raw';
  readonly title: string;
  readonly annotations: readonly Annotation[];
  /** EtherType of what follows. */
  readonly type: number;
  readonly next: number;
}

const types: ReadonlyMap<number, string> = new Map([
  [0x0800, 'IPv4'],
  [0x86dd, 'IPv6'],
  [0x0806, 'ARP'],
]);

/** An address of hardware. */
function macText(octets: Uint8Array): string {
  const hex = bytesToHex(octets);
  let text = hex.slice(0, 2);
  for (let at = 2; at < hex.length; at += 2) text += `:${hex.slice(at, at + 2)}`;
  return text;
}

function readEthernet(octets: Uint8Array): Link {
  const section = 'IEEE 802.3 §3.2';
  const annotations = [
    frameField([0, 6], 'destination', macText(octets.subarray(0, 6)), section),
    frameField([6, 6], 'source', macText(octets.subarray(6, 12)), section),
  ];
  const { type, next, fields } = readType(octets, 12, 14, section);
  const title = fields.some(({ field }) => field === 'snap') ? 'Ethernet, IEEE 802.3' : 'Ethernet II';
  return { name: 'ethernet', title, annotations: [...annotations, ...fields], type, next };
}

/** The type at `place`, whose content is at `start`; behind tags of VLANs and SNAP it is that of what is in them. */
function readType(
  octets: Uint8Array,
  place: number,
  start: number,
  section: string,
): { readonly type: number; readonly next: number; readonly fields: readonly Annotation[] } {
  const fields: Annotation[] = [];
  let [at, next, type] = [place, start, u16(octets, place)];
  for (let tags = 0; tags < mostTags && isVlan(type); tags += 1) {
    const id = String(u16(octets, next) & 0x0fff);
    // In Linux cooked v2 the type of the first tag stands apart from it.
    const isTogether = at + 2 === next;
    if (!isTogether) fields.push(frameField([at, 2], 'type', hex16(type), section, 'tag of a VLAN'));
    const tag = isTogether ? ([at, 4] as const) : ([next, 2] as const);
    fields.push(frameField(tag, 'vlan', id, 'IEEE 802.1Q §9.6', 'identifier of the VLAN'));
    at = next + 2;
    type = u16(octets, at);
    next += 4;
  }
  if (isSnap(octets, type, next)) {
    const isLength = section.startsWith('IEEE');
    fields.push(
      isLength
        ? frameField([at, 2], 'length', String(type), section)
        : frameField([at, 2], 'type', hex16(type), section, 'LLC'),
      frameField([next, 6], 'snap', bytesToHex(octets.subarray(next, next + 6)), 'RFC 1042', 'LLC and SNAP'),
    );
    at = next + 6;
    type = u16(octets, at);
    next += 8;
  }
  fields.push(frameField([at, 2], 'type', hex16(type), section, types.get(type)));
  return { type, next, fields };
}

/** Linux cooked capture: addresses of one end only. */
function readCooked(octets: Uint8Array): Link {
  const section = 'LINKTYPE_LINUX_SLL';
  const [direction, length] = [u16(octets, 0), u16(octets, 4)];
  const { type, next, fields } = readType(octets, 14, 16, section);
  const annotations = [
    frameField([0, 2], 'packetType', String(direction), section, directions[direction]),
    frameField([6, 8], 'source', macText(octets.subarray(6, 6 + length)), section),
    ...fields,
  ];
  const known = direction <= 4 && length <= 8;
  return { name: 'linux-cooked', title: 'Linux cooked v1', annotations, type: known ? type : 0, next };
}

function readCooked2(octets: Uint8Array): Link {
  const section = 'LINKTYPE_LINUX_SLL2';
  const [direction, length] = [octets[10] ?? 0, octets[11] ?? 0];
  const { type, next, fields } = readType(octets, 0, 20, section);
  const annotations = [
    ...fields.filter(({ offset }) => offset === 0),
    frameField([10, 1], 'packetType', String(direction), section, directions[direction]),
    frameField([12, 8], 'source', macText(octets.subarray(12, 12 + length)), section),
    ...fields.filter(({ offset }) => offset > 0),
  ];
  const known = direction <= 4 && length <= 8 && u16(octets, 2) === 0;
  return { name: 'linux-cooked', title: 'Linux cooked v2', annotations, type: known ? type : 0, next };
}

const directions = ['to us', 'broadcast', 'multicast', 'to somebody else', 'from us'];

/** The number of an address family, in the order of octets of the machine that captured; that of IPv6 differs among systems. */
function readLoopback(octets: Uint8Array): Link {
  const swapped = u16(octets, 0) !== 0;
  const family = swapped ? ((octets[1] ?? 0) << 8) | (octets[0] ?? 0) : u16(octets, 2);
  const known = swapped ? u16(octets, 2) === 0 : true;
  const type = family === 2 ? 0x0800 : [10, 24, 28, 30].includes(family) ? 0x86dd : 0;
  const order = swapped ? 'least significant octet first' : 'most significant octet first';
  const meaning = `${types.get(type) ?? ''}, ${order}`;
  const annotations = [frameField([0, 4], 'family', String(family), 'LINKTYPE_NULL', meaning)];
  return { name: 'loopback', title: 'BSD loopback', annotations, type: known ? type : 0, next: 4 };
}

function readNone(octets: Uint8Array): Link {
  const version = (octets[0] ?? 0) >> 4;
  const type = version === 4 ? 0x0800 : version === 6 ? 0x86dd : 0;
  return { name: 'raw', title: '', annotations: [], type, next: 0 };
}

const readers = [readEthernet, readCooked, readCooked2, readLoopback, readNone];

/** The reader of each link layer that captures name. */
const readersByType: ReadonlyMap<number, (octets: Uint8Array) => Link> = new Map([
  [linkTypes.ethernet, readEthernet],
  [linkTypes.linuxCooked, readCooked],
  [linkTypes.linuxCooked2, readCooked2],
  [linkTypes.null, readLoopback],
  [linkTypes.loop, readLoopback],
  [linkTypes.raw, readNone],
  [linkTypes.rawBsd, readNone],
  [linkTypes.rawOpenBsd, readNone],
  [linkTypes.ip4, readNone],
  [linkTypes.ip6, readNone],
]);

/**
 * Reads a frame whose link layer is known by its number; what does not fit stands in `faults`, where it ends early as `error`.
 * @throws {DecodeError} UNSUPPORTED for a link layer that is not read, TRUNCATED for one that is not whole
 */
export function readFrameOn(linkType: number, octets: Uint8Array): Frame {
  const reader = readersByType.get(linkType);
  if (reader === undefined) {
    const detail = `link layer ${linkType} is not read`;
    throw frameError('UNSUPPORTED', detail, 'linkType', 0, 'LINKTYPE §1');
  }
  const link = reader(octets);
  if (link.next >= octets.length) {
    const detail = `${octets.length} octets end within the link layer`;
    throw frameError('TRUNCATED', detail, 'frame', octets.length, 'LINKTYPE §1');
  }
  if (types.has(link.type)) return withLink(octets, link);
  const { name, title, annotations, next } = link;
  const headers = name === 'raw' ? [] : [{ name, title, start: 0, end: octets.length, annotations }];
  const what = `EtherType ${hex16(link.type)}`;
  return { headers, start: next, end: octets.length, what, faults: [] };
}

/**
 * Reads a frame under the first link layer under which everything fits; else under the first that names a known protocol, with
 * what does not fit as `faults`.
 * @throws {DecodeError} UNSUPPORTED for what is no frame, TRUNCATED, BAD_VALUE
 */
export function readFrame(octets: Uint8Array): Frame & { readonly certain: boolean } {
  let found: Frame | undefined;
  let error: DecodeError | undefined;
  for (const reader of readers) {
    const link = reader(octets);
    if (!types.has(link.type) || link.next >= octets.length) continue;
    const frame = withLink(octets, link);
    if (frame.error !== undefined) {
      error ??= frame.error;
      continue;
    }
    // Version and length alone are too little to go by.
    const known = link.name !== 'raw' || frame.what === 'UDP' || frame.what === 'TCP';
    if (known && fits(frame)) return { ...frame, certain: true };
    found ??= frame;
  }
  if (found !== undefined) return { ...found, certain: false };
  const detail = 'no IP in Ethernet, Linux cooked or BSD loopback, and none by itself';
  throw error ?? frameError('UNSUPPORTED', detail, 'frame', 0, 'RFC 791 §3.1');
}

/** Whether everything of a frame fits: where its length says nothing, or its end is not there, the checksum of IPv4 has to hold. */
function fits({ cut, faults, unsaid, checked }: Frame): boolean {
  if (unsaid === true || cut !== undefined)
    return checked === true && faults.length === (cut === undefined ? 0 : 1);
  return faults.length === 0;
}

function withLink(octets: Uint8Array, link: Link): Frame {
  const { name, title, annotations } = link;
  const inner = readInner(octets, link);
  const end = inner.headers[0]?.end ?? inner.end;
  const behind = octets.subarray(end);
  // Ethernet fills short frames up to 60 octets, and some captures keep the checksum of four behind them.
  const filled = octets.length <= 64 ? behind.subarray(0, -4) : behind.subarray(4);
  const fits =
    behind.length === 0 ||
    (name === 'ethernet' &&
      filled.every((octet) => octet === 0) &&
      (octets.length <= 64 || behind.length === 4));
  const message = `${behind.length} octets behind the ${inner.what} are not read`;
  const faults = fits
    ? inner.faults
    : [...inner.faults, frameFault(end, 'trailer', message, 'IEEE 802.3 §3.2')];
  if (name === 'raw') return { ...inner, faults };
  const header = { name, title, start: 0, end: octets.length, annotations };
  return { ...inner, headers: [header, ...inner.headers], faults };
}

/** What the link layer carries; where that is none, an error. */
function readInner(octets: Uint8Array, { type, next }: Link): Frame {
  try {
    return type === 0x0806 ? readArp(octets, next) : readIp(octets, next, type === 0x0800 ? 4 : 6);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const end = octets.length;
    return { headers: [], start: end, end, what: types.get(type) ?? '', faults: [], error };
  }
}

/** ARP carries nothing; its fixed beginning makes it known. */
function readArp(octets: Uint8Array, start: number): Frame {
  const begins = bytesToHex(octets.subarray(start, start + 7)) === '00010800060400';
  if (!begins || octets.length - start < 28) {
    throw frameError('BAD_VALUE', 'no ARP of Ethernet and IPv4', 'arp', start, 'RFC 826');
  }
  return { headers: [], start, end: start + 28, what: 'ARP', faults: [] };
}
