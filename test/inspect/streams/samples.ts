// Conversations over TCP as captures hold them, built segment by segment.
import { concatBytes } from '../../../src/core/index.ts';
import type { SamplePacket } from '../capture/samples.ts';
import { frame } from '../frames/samples.ts';

/** What one end sends at a time. */
export interface Said {
  readonly from: 'client' | 'server';
  readonly octets: Uint8Array;
}

/** How it goes. */
export interface ConversationOptions {
  readonly port?: number;
  /** Port of the client. */
  readonly source?: number;
  /** Octets of a segment at most. */
  readonly size?: number;
  /** Sequence numbers of both ends begin here: near the end of the circle they run over. */
  readonly first?: number;
  /** Without its opening. */
  readonly midway?: boolean;
  readonly version?: 4 | 6;
}

const word = (value: number): readonly number[] => [(value >> 8) & 0xff, value & 0xff];
const long = (value: number): readonly number[] => [
  ...word(Math.floor(value / 65_536) & 0xffff),
  ...word(value & 0xffff),
];

/** A segment of TCP in IP in Ethernet. */
export function segment(
  octets: Uint8Array,
  head: {
    readonly from: 'client' | 'server';
    readonly sequence: number;
    readonly acknowledgment: number;
    readonly flags: number;
    readonly port: number;
    readonly source: number;
    readonly version: 4 | 6;
  },
): Uint8Array {
  const { from, sequence, acknowledgment, flags, port, source, version } = head;
  const [a, b] = from === 'client' ? [source, port] : [port, source];
  const [last, other] = from === 'client' ? [1, 2] : [2, 1];
  const tcp = [
    ...word(a),
    ...word(b),
    ...long(sequence),
    ...long(acknowledgment),
    0x50,
    flags,
    255,
    255,
    0,
    0,
    0,
    0,
  ];
  const content = concatBytes(Uint8Array.from(tcp), octets);
  const address6 = (end: number): readonly number[] => [
    0x20,
    1,
    0xd,
    0xb8,
    ...Array<number>(11).fill(0),
    end,
  ];
  const ip =
    version === 4
      ? [0x45, 0, ...word(content.length + 20), 0, 1, 0, 0, 64, 6, 0, 0, 192, 0, 2, last, 192, 0, 2, other]
      : [0x60, 0, 0, 0, ...word(content.length), 6, 64, ...address6(last), ...address6(other)];
  return frame('ethernet', concatBytes(Uint8Array.from(ip), content));
}

/** A conversation from SYN to FIN as packets. */
export function conversation(said: readonly Said[], options: ConversationOptions = {}): SamplePacket[] {
  const { port = 2775, source = 40_000, size = 1400, first = 1000, midway = false, version = 4 } = options;
  const next = { client: first, server: (first + 7777) >>> 0 };
  const packets: SamplePacket[] = [];
  const send = (from: 'client' | 'server', flags: number, octets: Uint8Array = new Uint8Array(0)): void => {
    const to = from === 'client' ? 'server' : 'client';
    const head = { from, sequence: next[from], acknowledgment: next[to], flags, port, source, version };
    packets.push({ octets: segment(octets, head) });
    next[from] = (next[from] + octets.length + ((flags & 3) === 0 ? 0 : 1)) >>> 0;
  };
  if (!midway) {
    send('client', 2);
    send('server', 0x12);
    send('client', 0x10);
  }
  for (const { from, octets } of said) {
    for (let at = 0; at < octets.length; at += size) send(from, 0x18, octets.subarray(at, at + size));
  }
  send('client', 0x11);
  send('server', 0x11);
  send('client', 0x10);
  return packets;
}
