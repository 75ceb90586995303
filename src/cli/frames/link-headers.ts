// The link layer of a captured frame: Ethernet II with VLAN tags, Linux cooked, BSD loopback, or none. Which it is follows from
// what is in it: IP whose lengths and checksum fit.
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
const vlanTags = [0x8100, 0x88a8, 0x9100];

/** An address of hardware. */
function macText(octets: Uint8Array): string {
  return bytesToHex(octets).replace(/..(?=.)/g, '$&:');
}

function readEthernet(octets: Uint8Array): Link {
  const section = 'IEEE 802.3 §3.2';
  const annotations = [
    frameField([0, 6], 'destination', macText(octets.subarray(0, 6)), section),
    frameField([6, 6], 'source', macText(octets.subarray(6, 12)), section),
  ];
  let at = 12;
  for (; vlanTags.includes(u16(octets, at)) && at < 24; at += 4) {
    const id = String(u16(octets, at + 2) & 0x0fff);
    annotations.push(frameField([at, 4], 'vlan', id, 'IEEE 802.1Q §9.6', 'identifier of the VLAN'));
  }
  const type = u16(octets, at);
  annotations.push(frameField([at, 2], 'type', hex16(type), section, types.get(type)));
  return { name: 'ethernet', title: 'Ethernet II', annotations, type, next: at + 2 };
}

/** Linux cooked capture: addresses of one end only. */
function readCooked(octets: Uint8Array): Link {
  const section = 'LINKTYPE_LINUX_SLL';
  const [direction, length, type] = [u16(octets, 0), u16(octets, 4), u16(octets, 14)];
  const annotations = [
    frameField([0, 2], 'packetType', String(direction), section, directions[direction]),
    frameField([6, 8], 'source', macText(octets.subarray(6, 6 + length)), section),
    frameField([14, 2], 'type', hex16(type), section, types.get(type)),
  ];
  const known = direction <= 4 && length <= 8;
  return { name: 'linux-cooked', title: 'Linux cooked v1', annotations, type: known ? type : 0, next: 16 };
}

function readCooked2(octets: Uint8Array): Link {
  const section = 'LINKTYPE_LINUX_SLL2';
  const [type, direction, length] = [u16(octets, 0), octets[10] ?? 0, octets[11] ?? 0];
  const annotations = [
    frameField([0, 2], 'type', hex16(type), section, types.get(type)),
    frameField([10, 1], 'packetType', String(direction), section, directions[direction]),
    frameField([12, 8], 'source', macText(octets.subarray(12, 12 + length)), section),
  ];
  const known = direction <= 4 && length <= 8 && u16(octets, 2) === 0;
  return { name: 'linux-cooked', title: 'Linux cooked v2', annotations, type: known ? type : 0, next: 20 };
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
    try {
      const frame = withLink(octets, link);
      // Version and length alone are too little to go by.
      const known = link.name !== 'raw' || frame.what === 'UDP' || frame.what === 'TCP';
      if (frame.faults.length === 0 && known) return { ...frame, certain: true };
      found ??= frame;
    } catch (cause) {
      if (!(cause instanceof DecodeError)) throw cause;
      error ??= cause;
    }
  }
  if (found !== undefined) return { ...found, certain: false };
  const detail = 'no IP in Ethernet, Linux cooked or BSD loopback, and none by itself';
  throw error ?? frameError('UNSUPPORTED', detail, 'frame', 0, 'RFC 791 §3.1');
}

function withLink(octets: Uint8Array, link: Link): Frame {
  const { name, title, annotations, next } = link;
  const inner =
    link.type === 0x0806 ? readArp(octets, next) : readIp(octets, next, link.type === 0x0800 ? 4 : 6);
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

/** ARP carries nothing; its fixed beginning makes it known. */
function readArp(octets: Uint8Array, start: number): Frame {
  const begins = bytesToHex(octets.subarray(start, start + 7)) === '00010800060400';
  if (!begins || octets.length - start < 28) {
    throw frameError('BAD_VALUE', 'no ARP of Ethernet and IPv4', 'arp', start, 'RFC 826');
  }
  return { headers: [], start, end: start + 28, what: 'ARP', faults: [] };
}
