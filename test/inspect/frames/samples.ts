// Frames as captures hold them, built field by field for tests of what reads them.
import { concatBytes } from '../../../src/core/index.ts';

/** What link layers there are in front of IP. */
export const links = [
  ...(['ethernet', 'vlan', 'two vlans', 'old vlans', 'snap', 'sll', 'sll vlan', 'sll snap', 'sll2'] as const),
  ...(['sll2 vlan', 'sll2 two vlans', 'null le', 'null be', 'raw'] as const),
] as const;

/** One of `links`. */
export type LinkName = (typeof links)[number];

/** What stands in a datagram. */
export interface DatagramOptions {
  readonly version?: 4 | 6;
  readonly protocol?: 'udp' | 'tcp';
  readonly source?: number;
  readonly destination?: number;
  /** IPv4: flags and offset of a fragment, as the word of the header. IPv6: the word of a fragment header, which is added. */
  readonly fragment?: number;
  /** IPv4: leaves the checksum at zero, as captures of what a network card is to complete have it. */
  readonly offloaded?: boolean;
  /** An authentication header in front of UDP or TCP. */
  readonly authenticated?: boolean;
  /** A part of a datagram that is not its first: without a header of UDP or TCP. */
  readonly later?: boolean;
}

const word = (value: number): readonly number[] => [(value >> 8) & 0xff, value & 0xff];

/** The checksum of RFC 791 §3.1. */
function checksumOf(header: Uint8Array): number {
  let sum = 0;
  for (const [index, octet] of header.entries()) sum += index % 2 === 0 ? octet * 256 : octet;
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return 0xffff - sum;
}

/** IP with UDP or TCP around a payload. */
export function datagram(payload: Uint8Array, options: DatagramOptions = {}): Uint8Array {
  const { version = 4, protocol = 'udp', source = 49_154, destination = 2948, later = false } = options;
  const ports = [...word(source), ...word(destination)];
  const transport = later
    ? []
    : protocol === 'udp'
      ? [...ports, ...word(payload.length + 8), 0, 0]
      : [...ports, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x18, 0x10, 0, 0, 0, 0, 0];
  const inner = protocol === 'udp' ? 17 : 6;
  // Twelve octets of proof, as HMAC-SHA1-96 has.
  const proof = [inner, 4, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1, ...Array<number>(12).fill(0xa5)];
  const number = options.authenticated === true ? 51 : inner;
  const content = concatBytes(
    Uint8Array.from(options.authenticated === true ? proof : []),
    Uint8Array.from(transport),
    payload,
  );
  if (version === 6) {
    const fragment = options.fragment === undefined ? [] : [number, 0, ...word(options.fragment), 0, 0, 0, 9];
    const address = (last: number): readonly number[] => [
      0x20,
      1,
      0xd,
      0xb8,
      ...Array<number>(11).fill(0),
      last,
    ];
    const next = fragment.length > 0 ? 44 : number;
    const length = word(content.length + fragment.length);
    return concatBytes(
      Uint8Array.from([0x60, 0, 0, 0, ...length, next, 64, ...address(1), ...address(2), ...fragment]),
      content,
    );
  }
  const header = Uint8Array.from([
    ...[0x45, 0, ...word(content.length + 20), 0x12, 0x34, ...word(options.fragment ?? 0), 64, number, 0, 0],
    ...[192, 0, 2, 1, 192, 0, 2, 2],
  ]);
  if (options.offloaded !== true) header.set(word(checksumOf(header)), 10);
  return concatBytes(header, content);
}

/** A datagram in a frame of that link layer. */
export function frame(link: LinkName, inner: Uint8Array): Uint8Array {
  const version = (inner[0] ?? 0) >> 4;
  const type = version === 6 ? [0x86, 0xdd] : [8, 0];
  const mac = [2, 0, 0, 0, 0, 1];
  const ethernet = [2, 0, 0, 0, 0, 2, ...mac];
  const family = version === 6 ? 30 : 2;
  const snap = [0xaa, 0xaa, 3, 0, 0, 0];
  const cooked = [0, 0, 0, 0, 0, 1, 0, 1, 0, 6, ...mac, 0, 0];
  const heads: Readonly<Record<LinkName, readonly number[]>> = {
    ethernet: [...ethernet, ...type],
    vlan: [...ethernet, 0x81, 0, 0x20, 7, ...type],
    'two vlans': [...ethernet, 0x88, 0xa8, 0, 5, 0x81, 0, 0, 7, ...type],
    'old vlans': [...ethernet, 0x92, 0, 0, 5, 0x91, 0, 0, 7, ...type],
    snap: [...ethernet, ...word(inner.length + 8), ...snap, ...type],
    sll: [0, 0, 0, 1, 0, 6, ...mac, 0, 0, ...type],
    'sll vlan': [0, 0, 0, 1, 0, 6, ...mac, 0, 0, 0x81, 0, 0, 7, ...type],
    'sll snap': [0, 0, 0, 1, 0, 6, ...mac, 0, 0, 0, 4, ...snap, ...type],
    sll2: [...type, ...cooked],
    'sll2 vlan': [0x81, 0, ...cooked, 0, 7, ...type],
    'sll2 two vlans': [0x88, 0xa8, ...cooked, 0, 5, 0x81, 0, 0, 7, ...type],
    'null le': [family, 0, 0, 0],
    'null be': [0, 0, 0, family],
    raw: [],
  };
  return concatBytes(Uint8Array.from(heads[link]), inner);
}
