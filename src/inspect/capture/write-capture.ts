// Captures written: pcapng with IP by itself as link layer (draft-ietf-opsawg-pcapng §4), and conversations over TCP with their
// opening, numbers and end. Gives octets; where they go is the caller's.
import { ByteWriter, concatBytes, utf8ToBytes } from '../../core/index.ts';
import { mostContent, tcpPacket, udpPacket, type WrittenRoute } from './write-headers.ts';

const blocks = { section: 0x0a0d_0d0a, interface: 1, packet: 6 } as const;
const options = { end: 0, comment: 1, interfaceName: 2, application: 4 } as const;

/** Link type of IPv4 and IPv6 by themselves. */
const rawIp = 101;

/** Octets of a comment at most; what is longer is cut. */
const mostComment = 4096;

const flags = { fin: 1, syn: 2, psh: 8, ack: 16 } as const;

/** When a packet passed, and what is said of it. */
export interface WrittenAt {
  /** Milliseconds since the POSIX epoch; fractions are kept to the microsecond. */
  readonly timeMs: number;
  /** Shown beside the packet. */
  readonly comment?: string | undefined;
}

/** The first octets of a capture: what wrote it, and its one interface. `name` says what was recorded. */
export function captureHeader(application: string, name: string): Uint8Array {
  // Little endian, version 1.0, of unknown length.
  const section = concatBytes(le(0x1a2b_3c4d, 4), le(1, 2), le(0, 2), new Uint8Array(8).fill(0xff));
  const link = concatBytes(le(rawIp, 2), le(0, 2), le(262_144, 4));
  return concatBytes(
    block(blocks.section, section, [[options.application, application]]),
    block(blocks.interface, link, [[options.interfaceName, name]]),
  );
}

/** A datagram of UDP as a block. @throws {ValueError} for ends that are none, or more than 65 475 octets */
export function capturedDatagram(route: WrittenRoute, octets: Uint8Array, at: WrittenAt): Uint8Array {
  return packetBlock(udpPacket(route, octets), at);
}

/** One connection of TCP, written from its opening to its end. */
export class CapturedConnection {
  readonly #routes: readonly [WrittenRoute, WrittenRoute];
  /** Sequence number that comes next, of the end that opened it and of the other. */
  readonly #next: [number, number] = [0, 0];

  /** `from` opens it. */
  constructor({ from, to }: WrittenRoute) {
    this.#routes = [
      { from, to },
      { from: to, to: from },
    ];
  }

  /** Its opening in three segments. @throws {ValueError} for ends that are none */
  open(at: WrittenAt): Uint8Array {
    const { timeMs } = at;
    return concatBytes(
      this.#segment(0, flags.syn, nothing, at),
      this.#segment(1, flags.syn | flags.ack, nothing, { timeMs }),
      this.#segment(0, flags.ack, nothing, { timeMs }),
    );
  }

  /** Octets that one end wrote, 0 the one that opened it; in as many segments as it takes. The first has the comment. */
  data(end: 0 | 1, octets: Uint8Array, at: WrittenAt): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let from = 0; from < octets.length; from += mostContent) {
      const part = octets.subarray(from, from + mostContent);
      const said = from === 0 ? at : { timeMs: at.timeMs };
      parts.push(this.#segment(end, flags.psh | flags.ack, part, said));
    }
    return concatBytes(...parts);
  }

  /** Its end, which `end` begins. */
  close(end: 0 | 1, at: WrittenAt): Uint8Array {
    const other = end === 0 ? 1 : 0;
    const { timeMs } = at;
    return concatBytes(
      this.#segment(end, flags.fin | flags.ack, nothing, at),
      this.#segment(other, flags.fin | flags.ack, nothing, { timeMs }),
      this.#segment(end, flags.ack, nothing, { timeMs }),
    );
  }

  #segment(end: 0 | 1, set: number, octets: Uint8Array, at: WrittenAt): Uint8Array {
    const other = end === 0 ? 1 : 0;
    const acknowledgment = (set & flags.ack) === 0 ? 0 : this.#next[other];
    const header = { sequence: this.#next[end], acknowledgment, flags: set };
    const counted = octets.length + ((set & (flags.syn | flags.fin)) === 0 ? 0 : 1);
    this.#next[end] = (this.#next[end] + counted) >>> 0;
    return packetBlock(tcpPacket(this.#routes[end], header, octets), at);
  }
}

const nothing = new Uint8Array(0);

function packetBlock(packet: Uint8Array, { timeMs, comment }: WrittenAt): Uint8Array {
  const microseconds = Math.max(0, Math.round(timeMs * 1000));
  const time = concatBytes(le(Math.floor(microseconds / 2 ** 32), 4), le(microseconds % 2 ** 32, 4));
  const length = le(packet.length, 4);
  const body = concatBytes(le(0, 4), time, length, length, padded(packet));
  return block(blocks.packet, body, comment === undefined ? [] : [[options.comment, comment]]);
}

function block(type: number, body: Uint8Array, texts: readonly (readonly [number, string])[]): Uint8Array {
  const listed = texts.map(([code, text]) => {
    const octets = cutText(text);
    return concatBytes(le(code, 2), le(octets.length, 2), padded(octets));
  });
  const end = texts.length === 0 ? nothing : new Uint8Array(4).fill(options.end);
  const all = concatBytes(body, ...listed, end);
  const length = le(all.length + 12, 4);
  return concatBytes(le(type, 4), length, all, length);
}

/** A text without half a character at its end. */
function cutText(text: string): Uint8Array {
  let characters = Array.from(text.slice(0, mostComment));
  let octets = utf8ToBytes(characters.join(''));
  while (octets.length > mostComment) {
    characters = characters.slice(0, characters.length >> 1);
    octets = utf8ToBytes(characters.join(''));
  }
  return octets;
}

function padded(octets: Uint8Array): Uint8Array {
  return concatBytes(octets, new Uint8Array(-octets.length & 3));
}

/** A number with its least significant octet first. */
function le(value: number, size: 2 | 4): Uint8Array {
  return new ByteWriter(size).uint(value, size).finish().reverse();
}
