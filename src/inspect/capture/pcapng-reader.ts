// Captures in pcapng (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng-03.html): sections, interfaces, packets in
// any of three blocks, keys; blocks of other types are passed over.
import { type CaptureTime, captureError, longestPacket, type PacketSink } from './packet.ts';
import type { RecordFeed } from './record-feed.ts';
import { timeReader } from './time-stamp.ts';

const blocks = {
  section: 0x0a0d0d0a,
  interface: 1,
  packet: 2,
  simplePacket: 3,
  enhancedPacket: 6,
  secrets: 10,
} as const;

/** Octets of a block that is read at most: a packet, and its options. */
const longestBlock = 1 << 20;
/** Octets that a block may say it has, where it is passed over. */
const longestPassed = 0x4000_0000;
const mostInterfaces = 4096;
/** Octets of keys that are handed on at most, in all. */
const mostSecrets = 16 << 20;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  readonly timeOf: (high: number, low: number) => CaptureTime;
}

/** Whether a file that begins with this number is pcapng. */
export function isPcapngMagic(magic: number): boolean {
  return magic === blocks.section;
}

/** Reads blocks as far as octets are there. */
export class PcapngReader {
  readonly #sink: PacketSink;
  #little = false;
  #interfaces: Interface[] = [];
  #frame = 0;
  #sections = 0;
  #secretOctets = 0;
  /** Octets still to come of a block that is passed over. */
  #passing = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  /** @throws {DecodeError} where the file is damaged: nothing behind it can be read */
  read(feed: RecordFeed): void {
    for (;;) {
      if (this.#passing > 0) {
        const count = Math.min(this.#passing, feed.left);
        feed.at += count;
        this.#passing -= count;
        if (this.#passing > 0) return;
      }
      if (feed.left < 12) return;
      if (feed.u32(0, false) === blocks.section) this.#little = this.#orderOf(feed);
      const type = feed.u32(0, this.#little);
      const length = this.#lengthOf(feed, type);
      if (!this.#isRead(type)) {
        this.#passing = length;
        continue;
      }
      if (feed.left < length) return;
      if (feed.u32(length - 4, this.#little) !== length) {
        const detail = `is ${feed.u32(length - 4, this.#little)}, and the block began with ${length}`;
        throw this.#error('BAD_VALUE', detail, 'totalLength', feed.offset + length - 4, '3.1');
      }
      this.#readBlock(feed, type, length);
      feed.at += length;
    }
  }

  /** @throws {DecodeError} TRUNCATED when the file ends within something */
  end(feed: RecordFeed): void {
    if (this.#sections > 0 && feed.left === 0 && this.#passing === 0) return;
    const detail = `the file ends within a block, behind ${this.#frame} packets`;
    throw this.#error('TRUNCATED', detail, 'block', feed.offset, '3.1');
  }

  #isRead(type: number): boolean {
    return Object.values<number>(blocks).includes(type);
  }

  /** The order of octets that the magic number of a section tells. */
  #orderOf(feed: RecordFeed): boolean {
    const magic = feed.u32(8, false);
    if (magic === 0x1a2b3c4d) return false;
    if (magic === 0x4d3c2b1a) return true;
    throw this.#error('BAD_VALUE', 'tells no order of octets', 'byteOrderMagic', feed.offset + 8, '4.1');
  }

  #lengthOf(feed: RecordFeed, type: number): number {
    const length = feed.u32(4, this.#little);
    const most = this.#isRead(type) && type !== blocks.secrets ? longestBlock : longestPassed;
    const bound = type === blocks.secrets ? mostSecrets : most;
    if (length >= 12 && length % 4 === 0 && length <= bound) return length;
    const code = length > bound ? 'LIMIT' : 'BAD_VALUE';
    const detail = `is ${length}; a block has 12 to ${bound} octets, in words of four`;
    throw this.#error(code, detail, 'totalLength', feed.offset + 4, '3.1');
  }

  #readBlock(feed: RecordFeed, type: number, length: number): void {
    if (type === blocks.section) this.#readSection(feed, length);
    else if (type === blocks.interface) this.#readInterface(feed, length);
    else if (type === blocks.enhancedPacket) this.#readPacket(feed, length, feed.u32(8, this.#little));
    else if (type === blocks.packet) this.#readPacket(feed, length, feed.u16(8, this.#little));
    else if (type === blocks.simplePacket) this.#readSimplePacket(feed, length);
    else this.#readSecrets(feed, length);
  }

  #readSection(feed: RecordFeed, length: number): void {
    this.#need(feed, length, 28, '4.1');
    const major = feed.u16(12, this.#little);
    if (major !== 1) {
      throw this.#error('UNSUPPORTED', `is ${major}, not 1`, 'version', feed.offset + 12, '4.1');
    }
    this.#interfaces = [];
    this.#sections += 1;
  }

  #readInterface(feed: RecordFeed, length: number): void {
    this.#need(feed, length, 20, '4.2');
    if (this.#interfaces.length >= mostInterfaces) {
      const detail = `more than ${mostInterfaces} in a section`;
      throw this.#error('LIMIT', detail, 'interface', feed.offset, '4.2');
    }
    let resolution = 6;
    let offset = 0;
    for (const { code, at, size } of this.#options(feed, 16, length)) {
      if (code === 9 && size >= 1) resolution = feed.octets[feed.at + at] ?? 6;
      if (code === 14 && size >= 8) {
        const [first, second] = [feed.u32(at, this.#little), feed.u32(at + 4, this.#little)];
        const [high, low] = this.#little ? [second, first] : [first, second];
        offset = (high | 0) * 2 ** 32 + low;
      }
    }
    const timeOf = timeReader(resolution, offset);
    if (timeOf === undefined) {
      const detail = `time stamps of resolution 0x${resolution.toString(16)}`;
      throw this.#error('UNSUPPORTED', detail, 'if_tsresol', feed.offset, '4.2');
    }
    const linkType = feed.u16(8, this.#little);
    this.#interfaces.push({ linkType, snapLength: feed.u32(12, this.#little), timeOf });
  }

  *#options(feed: RecordFeed, from: number, length: number): Generator<Option> {
    for (let at = from; at + 4 <= length - 4; ) {
      const code = feed.u16(at, this.#little);
      const size = feed.u16(at + 2, this.#little);
      if (code === 0) return;
      if (at + 4 + size > length - 4) {
        const detail = `an option of ${size} octets, beyond its block`;
        throw this.#error('BAD_VALUE', detail, 'option', feed.offset + at, '3.5');
      }
      yield { code, at: at + 4, size };
      at += 4 + ((size + 3) & ~3);
    }
  }

  /** Enhanced Packet Blocks, and the Packet Blocks of old, which have the same shape behind the interface. */
  #readPacket(feed: RecordFeed, length: number, index: number): void {
    this.#need(feed, length, 32, '4.3');
    const from = this.#interface(feed, index);
    const captured = feed.u32(20, this.#little);
    this.#checkPacket(feed, captured, length - 32, 20);
    const time = from.timeOf(feed.u32(12, this.#little), feed.u32(16, this.#little));
    this.#give(feed, from, time, 28, captured, feed.u32(24, this.#little));
  }

  #readSimplePacket(feed: RecordFeed, length: number): void {
    this.#need(feed, length, 16, '4.4');
    const from = this.#interface(feed, 0);
    const original = feed.u32(8, this.#little);
    const snap = from.snapLength === 0 ? original : Math.min(original, from.snapLength);
    const captured = Math.min(snap, length - 16);
    this.#checkPacket(feed, captured, length - 16, 8);
    this.#give(feed, from, undefined, 12, captured, original);
  }

  #give(
    feed: RecordFeed,
    { linkType }: Interface,
    time: CaptureTime | undefined,
    by: number,
    captured: number,
    length: number,
  ): void {
    const start = feed.at + by;
    this.#frame += 1;
    const octets = feed.octets.subarray(start, start + captured);
    const offset = feed.offset + by;
    this.#sink.packet({ frame: this.#frame, time, linkType, octets, offset, length });
  }

  #readSecrets(feed: RecordFeed, length: number): void {
    this.#need(feed, length, 20, '4.7');
    const type = feed.u32(8, this.#little);
    const size = feed.u32(12, this.#little);
    if (size > length - 20) {
      throw this.#error(
        'BAD_VALUE',
        `is ${size}, beyond its block`,
        'secretsLength',
        feed.offset + 12,
        '4.7',
      );
    }
    this.#secretOctets += size;
    if (this.#secretOctets > mostSecrets) {
      const detail = `more than ${mostSecrets} octets of keys`;
      throw this.#error('LIMIT', detail, 'secrets', feed.offset, '4.7');
    }
    const start = feed.at + 16;
    this.#sink.secrets?.({ type, data: feed.octets.slice(start, start + size) });
  }

  #interface(feed: RecordFeed, index: number): Interface {
    const found = this.#interfaces[index];
    if (found !== undefined) return found;
    const detail = `is ${index}, and ${this.#interfaces.length} are described`;
    throw this.#error('BAD_VALUE', detail, 'interface', feed.offset + 8, '4.3');
  }

  #checkPacket(feed: RecordFeed, captured: number, room: number, by: number): void {
    if (captured <= room && captured <= longestPacket) return;
    const code = captured > longestPacket ? 'LIMIT' : 'BAD_VALUE';
    const detail = `is ${captured}; the block has room for ${room}, and at most ${longestPacket} are read`;
    throw this.#error(code, detail, 'capturedLength', feed.offset + by, '4.3');
  }

  #need(feed: RecordFeed, length: number, least: number, section: string): void {
    if (length >= least) return;
    const detail = `a block of ${length} octets, which needs ${least}`;
    throw this.#error('BAD_VALUE', detail, 'totalLength', feed.offset + 4, section);
  }

  #error(
    code: 'TRUNCATED' | 'BAD_VALUE' | 'LIMIT' | 'UNSUPPORTED',
    detail: string,
    path: string,
    offset: number,
    section: string,
  ): ReturnType<typeof captureError> {
    return captureError(code, detail, path, offset, 'PCAPNG', section);
  }
}

interface Option {
  readonly code: number;
  /** Octets from the start of the block to its value. */
  readonly at: number;
  readonly size: number;
}
