// Where things stand in a captured packet, without a word of explanation: what puts fragments and streams together needs
// no more, and it has to look at every packet of a capture.
import { u16 } from './frame-fields.ts';

/** Link layers that are read, by their number (https://www.tcpdump.org/linktypes.html). */
export const linkTypes = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ip4: 228,
  ip6: 229,
  linuxCooked2: 276,
} as const;

/** What a packet is as far as its headers go; `why` says where reading them ended. */
export interface PacketHeaders {
  /** 4 or 6; 0 where there is no IP. */
  version: 0 | 4 | 6;
  /** What follows the link layer, where that is no IP. */
  etherType: number;
  /** Where IP begins; of another protocol, where that begins. */
  ip: number;
  /** Number of the protocol in IP. */
  protocol: number;
  /** Where the content of IP begins, and where it ends in what was captured. */
  content: number;
  end: number;
  /** Octets of the content that the capture lacks. */
  missing: number;
  /** Of a fragment: where it belongs, whether more follow, and the datagram's number. Whole where `offset` is 0 and no more follow. */
  fragmentOffset: number;
  moreFragments: boolean;
  identification: number;
  why: '' | 'link' | 'ip' | 'cut';
}

/** Headers with nothing read yet. */
export function noHeaders(): PacketHeaders {
  return {
    version: 0,
    etherType: 0,
    ip: 0,
    protocol: 0,
    content: 0,
    end: 0,
    missing: 0,
    fragmentOffset: 0,
    moreFragments: false,
    identification: 0,
    why: '',
  };
}

/** Reads link layer and IP of a packet into `into`; never throws. */
export function readPacketHeaders(linkType: number, octets: Uint8Array, into: PacketHeaders): void {
  into.version = 0;
  into.etherType = 0;
  into.why = '';
  into.fragmentOffset = 0;
  into.moreFragments = false;
  const ip = linkEnd(linkType, octets, into);
  into.ip = ip;
  into.content = Math.min(Math.max(ip, 0), octets.length);
  into.end = octets.length;
  into.missing = 0;
  if (ip < 0 || ip >= octets.length) {
    into.why = 'link';
    return;
  }
  const version = (octets[ip] ?? 0) >> 4;
  if (into.etherType === 0x0800 && version === 4) readIp4(octets, ip, into);
  else if (into.etherType === 0x86dd && version === 6) readIp6(octets, ip, into);
  else if (into.etherType === 0x0800 || into.etherType === 0x86dd) into.why = 'ip';
}

/** Where the link layer ends; -1 for one that is not read. Sets `etherType`. */
function linkEnd(linkType: number, octets: Uint8Array, into: PacketHeaders): number {
  switch (linkType) {
    case linkTypes.ethernet:
      return behindTags(octets, u16(octets, 12), 14, into);
    case linkTypes.linuxCooked:
      return behindTags(octets, u16(octets, 14), 16, into);
    case linkTypes.linuxCooked2:
      return behindTags(octets, u16(octets, 0), 20, into);
    case linkTypes.null:
    case linkTypes.loop:
      into.etherType = versionType(octets, 4);
      return 4;
    case linkTypes.raw:
    case linkTypes.rawBsd:
    case linkTypes.rawOpenBsd:
    case linkTypes.ip4:
    case linkTypes.ip6:
      into.etherType = versionType(octets, 0);
      return 0;
    default:
      return -1;
  }
}

/** Behind the tags and LLC that a link layer of this type has at `next`. Sets `etherType`. */
function behindTags(octets: Uint8Array, type: number, next: number, into: PacketHeaders): number {
  let [inner, at] = [type, next];
  for (let tags = 0; tags < mostTags && isVlan(inner); tags += 1) {
    inner = u16(octets, at + 2);
    at += 4;
  }
  const snap = isSnap(octets, inner, at);
  into.etherType = snap ? u16(octets, at + 6) : inner;
  return snap ? at + 8 : at;
}

/** Tags of VLANs that are read, one in the other. */
export const mostTags = 4;

/** Whether a type is that of a tag: of IEEE 802.1Q, 802.1ad, and of switches before it. */
export function isVlan(type: number): boolean {
  return type === 0x8100 || type === 0x88a8 || type === 0x9100 || type === 0x9200;
}

/**
 * Whether LLC with SNAP stands at `next`, whose organization leaves the type to Ethernet (RFC 1042): the type before it is a
 * length, or 4 in Linux cooked captures.
 */
export function isSnap(octets: Uint8Array, type: number, next: number): boolean {
  const [first, second] = [u16(octets, next), u16(octets, next + 2)];
  return type <= 1500 && first === 0xaaaa && second === 0x0300 && u16(octets, next + 4) === 0;
}

/** Number of the authentication header in IP. */
export const authentication = 51;

/** Octets of the authentication header at `at`: it counts words of four, two of them not (RFC 4302 §2.2). */
export function authenticationSize(octets: Uint8Array, at: number): number {
  return ((octets[at + 1] ?? 0) + 2) * 4;
}

function versionType(octets: Uint8Array, at: number): number {
  const version = (octets[at] ?? 0) >> 4;
  return version === 4 ? 0x0800 : version === 6 ? 0x86dd : 0;
}

function readIp4(octets: Uint8Array, ip: number, into: PacketHeaders): void {
  const size = ((octets[ip] ?? 0) & 15) * 4;
  const total = ip4Total(octets, ip);
  if (size < 20 || total < size || octets.length < ip + size) {
    into.why = 'ip';
    return;
  }
  into.version = 4;
  into.protocol = octets[ip + 9] ?? 0;
  into.identification = u16(octets, ip + 4);
  const word = u16(octets, ip + 6);
  into.fragmentOffset = (word & 0x1fff) * 8;
  into.moreFragments = (word & 0x2000) !== 0;
  let content = ip + size;
  const end = Math.min(ip + total, octets.length);
  while (into.protocol === authentication && word % 0x4000 === 0) {
    const next = content + authenticationSize(octets, content);
    if (next > end) break;
    into.protocol = octets[content] ?? 0;
    content = next;
  }
  setContent(octets, content, ip + total, into);
}

function readIp6(octets: Uint8Array, ip: number, into: PacketHeaders): void {
  if (octets.length < ip + 40) {
    into.why = 'ip';
    return;
  }
  const end = ip + ip6Total(octets, ip);
  let protocol = octets[ip + 6] ?? 0;
  let next = ip + 40;
  while (protocol === 44 || isExtension(protocol)) {
    const size = protocol === 44 ? 8 : extensionSize(octets, protocol, next);
    if (next + size > Math.min(octets.length, end)) {
      into.why = 'ip';
      return;
    }
    if (protocol === 44) {
      const word = u16(octets, next + 2);
      into.fragmentOffset = word & 0xfff8;
      into.moreFragments = (word & 1) !== 0;
      into.identification = u16(octets, next + 4) * 65_536 + u16(octets, next + 6);
    }
    const fragment = protocol === 44 && (into.moreFragments || into.fragmentOffset > 0);
    protocol = octets[next] ?? 0;
    next += size;
    // What follows is a piece of the datagram, in which headers go on only once it is whole (`endOfOptions`).
    if (fragment) break;
  }
  into.version = 6;
  into.protocol = protocol;
  setContent(octets, next, end, into);
}

function setContent(octets: Uint8Array, content: number, end: number, into: PacketHeaders): void {
  into.content = content;
  into.end = Math.min(end, octets.length);
  into.missing = Math.max(end - octets.length, 0);
  const whole = into.protocol === 17 && into.fragmentOffset === 0 && !into.moreFragments;
  if (into.missing > 0 && whole && isWholeUdp(octets, content)) {
    into.end = content + u16(octets, content + 4);
    into.missing = 0;
  }
  if (into.missing > 0) into.why = 'cut';
}

/**
 * Octets of IPv4 at `ip`, header and content together. A network card that cuts segments itself leaves the length 0: then it is
 * what is there.
 */
export function ip4Total(octets: Uint8Array, ip: number): number {
  const said = u16(octets, ip + 2);
  return said === 0 ? octets.length - ip : said;
}

/** As `ip4Total`, of IPv6: 0 stands for what is there, as in a jumbogram (RFC 2675 §2). */
export function ip6Total(octets: Uint8Array, ip: number): number {
  const said = u16(octets, ip + 4);
  return said === 0 ? octets.length - ip : said + 40;
}

/** Whether a datagram of UDP at `start` is there whole by its own length, whatever length IP says. */
export function isWholeUdp(octets: Uint8Array, start: number): boolean {
  const said = u16(octets, start + 4);
  return said >= 8 && start + said <= octets.length;
}

/** Behind the extension headers that a datagram of IPv6 begins with that was put together: what it is and where that starts. */
export function endOfOptions(
  octets: Uint8Array,
  first: number,
  version: number,
): { readonly protocol: number; readonly start: number } {
  // Options of IPv4 stand in its header: only the authentication header comes behind it.
  const goesOn = (number: number): boolean =>
    version === 6 ? isExtension(number) : number === authentication;
  let protocol = first;
  let start = 0;
  while (goesOn(protocol) && start + 8 <= octets.length) {
    const size = extensionSize(octets, protocol, start);
    protocol = octets[start] ?? 0;
    start += size;
  }
  return { protocol, start: Math.min(start, octets.length) };
}

/** Whether what follows is options, a route or the authentication header of IPv6, behind which it goes on. */
export function isExtension(protocol: number): boolean {
  return protocol === 0 || protocol === 43 || protocol === 60 || protocol === authentication;
}

/** Octets of the extension at `at`: options and routes count units of eight octets, the first of them not (RFC 8200 §4). */
export function extensionSize(octets: Uint8Array, protocol: number, at: number): number {
  if (protocol === authentication) return authenticationSize(octets, at);
  return ((octets[at + 1] ?? 0) + 1) * 8;
}

/** Source and destination of IP as they stand in the octets, for keys. */
export function addressOctets({ version, ip }: PacketHeaders): readonly [start: number, length: number] {
  return version === 4 ? [ip + 12, 8] : [ip + 8, 32];
}
