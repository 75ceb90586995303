// Headers of IP, UDP and TCP around octets that a socket gave: what a capture shows of a conversation whose packets nobody saw
// (RFC 791, RFC 8200, RFC 768, RFC 9293). Lengths and checksums are right, so that readers have nothing to complain about.
import { ByteWriter, concatBytes, ValueError } from '../../core/index.ts';

/** One end of what is written. */
export interface WrittenEnd {
  /** IPv4 as four numbers, or IPv6 in any of its spellings; both ends in the same version. */
  readonly address: string;
  /** 0–65535. */
  readonly port: number;
}

/** Where a packet goes. */
export interface WrittenRoute {
  readonly from: WrittenEnd;
  readonly to: WrittenEnd;
}

/** What stands in a header of TCP. */
export interface TcpHeader {
  readonly sequence: number;
  readonly acknowledgment: number;
  /** FIN 1, SYN 2, RST 4, PSH 8, ACK 16. */
  readonly flags: number;
}

/** Most octets of one packet's content: the length field of IP has 16 bits. */
export const mostContent = 65_535 - 40 - 20;

/** A packet of UDP. @throws {ValueError} for an address or a port that is none, ends of two versions, or too many octets */
export function udpPacket({ from, to }: WrittenRoute, octets: Uint8Array): Uint8Array {
  requireContent(octets);
  const header = new ByteWriter(8)
    .uint(portOf(from, 'from'), 2)
    .uint(portOf(to, 'to'), 2)
    .uint(octets.length + 8, 2)
    .uint(0, 2)
    .finish();
  return ipPacket({ from, to }, 17, header, octets, 6);
}

/** A segment of TCP. @throws {ValueError} as `udpPacket` */
export function tcpPacket({ from, to }: WrittenRoute, tcp: TcpHeader, octets: Uint8Array): Uint8Array {
  requireContent(octets);
  const header = new ByteWriter(20)
    .uint(portOf(from, 'from'), 2)
    .uint(portOf(to, 'to'), 2)
    .uint(tcp.sequence, 4)
    .uint(tcp.acknowledgment, 4)
    .u8(0x50)
    .u8(tcp.flags)
    // A window that nothing fills.
    .uint(0xffff, 2)
    .uint(0, 4)
    .finish();
  return ipPacket({ from, to }, 6, header, octets, 16);
}

function ipPacket(
  { from, to }: WrittenRoute,
  protocol: number,
  transport: Uint8Array,
  octets: Uint8Array,
  checksumAt: number,
): Uint8Array {
  const [source, destination] = [addressOctets(from, 'from'), addressOctets(to, 'to')];
  if (source.length !== destination.length) {
    throw new ValueError('BAD_FORMAT', 'both ends have to be IPv4, or both IPv6', 'to.address');
  }
  const length = transport.length + octets.length;
  const pseudo = concatBytes(source, destination, Uint8Array.of(0, protocol, length >> 8, length & 0xff));
  const sum = checksumOf(pseudo, transport, octets);
  // Zero would say that there is no checksum (RFC 768).
  const written = sum === 0 && protocol === 17 ? 0xffff : sum;
  transport[checksumAt] = written >> 8;
  transport[checksumAt + 1] = written & 0xff;
  return concatBytes(ipHeader(source, destination, protocol, length), transport, octets);
}

function ipHeader(source: Uint8Array, destination: Uint8Array, protocol: number, length: number): Uint8Array {
  if (source.length === 16) {
    const writer = new ByteWriter(40).uint(0x6000_0000, 4).uint(length, 2).u8(protocol).u8(64);
    return writer.bytes(source).bytes(destination).finish();
  }
  const header = new ByteWriter(20)
    .uint(0x4500, 2)
    .uint(length + 20, 2)
    // No identification, not to be fragmented (RFC 6864 §4.1).
    .uint(0x0000_4000, 4)
    .u8(64)
    .u8(protocol)
    .uint(0, 2)
    .bytes(source)
    .bytes(destination)
    .finish();
  const sum = checksumOf(header);
  header[10] = sum >> 8;
  header[11] = sum & 0xff;
  return header;
}

/** The checksum of the internet (RFC 1071): all parts but the last have an even number of octets. */
function checksumOf(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += 2) sum += ((part[at] ?? 0) << 8) | (part[at + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x1_0000);
  return 0xffff - sum;
}

function requireContent(octets: Uint8Array): void {
  if (octets.length <= mostContent) return;
  throw new ValueError('TOO_LONG', `${octets.length} octets, at most ${mostContent} fit`, 'octets');
}

function portOf({ port }: WrittenEnd, path: string): number {
  if (Number.isInteger(port) && port >= 0 && port <= 0xffff) return port;
  throw new ValueError('OUT_OF_RANGE', 'must be an integer from 0 to 65535', `${path}.port`);
}

function addressOctets({ address }: WrittenEnd, path: string): Uint8Array {
  const octets = address.includes(':') ? ip6Octets(address) : ip4Octets(address);
  if (octets !== undefined) return Uint8Array.from(octets);
  throw new ValueError('BAD_FORMAT', 'is no IP address', `${path}.address`);
}

function ip4Octets(text: string): readonly number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,3}$/.test(part) && Number(part) <= 255)) {
    return undefined;
  }
  return parts.map(Number);
}

/** Eight groups, one run of them as `::`, the last two as IPv4; a zone is passed over (RFC 4291 §2.2, RFC 4007 §11). */
function ip6Octets(text: string): readonly number[] | undefined {
  const [head = '', tail, ...more] = text.replace(/%.*$/, '').split('::');
  if (more.length > 0) return undefined;
  const [first, last] = [groupsOf(head), tail === undefined ? [] : groupsOf(tail)];
  if (first === undefined || last === undefined) return undefined;
  const missing = 16 - first.length - last.length;
  if (tail === undefined ? missing !== 0 : missing < 2) return undefined;
  return [...first, ...Array.from({ length: missing }, () => 0), ...last];
}

function groupsOf(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const octets: number[] = [];
  const groups = text.split(':');
  for (const [index, group] of groups.entries()) {
    const isLast = index === groups.length - 1;
    const tail = isLast && group.includes('.') ? ip4Octets(group) : undefined;
    if (tail !== undefined) octets.push(...tail);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      octets.push(value >> 8, value & 0xff);
    } else return undefined;
  }
  return octets;
}
