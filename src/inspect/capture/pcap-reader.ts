// Captures of libpcap (https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-05.html): both orders of octets, micro- and
// nanoseconds.
import { captureError, longestPacket, type PacketSink } from './packet.ts';
import type { RecordFeed } from './record-feed.ts';

const headerOctets = 24;
const recordOctets = 16;

/** Magic numbers as they read with the most significant octet first. */
const magics: ReadonlyMap<number, { readonly little: boolean; readonly digits: 6 | 9 }> = new Map([
  [0xa1b2c3d4, { little: false, digits: 6 }],
  [0xd4c3b2a1, { little: true, digits: 6 }],
  [0xa1b23c4d, { little: false, digits: 9 }],
  [0x4d3cb2a1, { little: true, digits: 9 }],
]);

/** Whether a file that begins with this number is one of libpcap. */
export function isPcapMagic(magic: number): boolean {
  return magics.has(magic);
}

/** Reads packets as far as octets are there. */
export class PcapReader {
  readonly #sink: PacketSink;
  #form: { readonly little: boolean; readonly digits: 6 | 9 } | undefined;
  #linkType = 0;
  #frame = 0;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  /** @throws {DecodeError} where the file is damaged: nothing behind it can be read */
  read(feed: RecordFeed): void {
    if (this.#form === undefined && !this.#readHeader(feed)) return;
    const { little = false, digits = 6 } = this.#form ?? {};
    while (feed.left >= recordOctets) {
      const captured = feed.u32(8, little);
      const fraction = feed.u32(4, little);
      if (captured > longestPacket) {
        const detail = `a packet of ${captured} octets; at most ${longestPacket} are read`;
        throw captureError('LIMIT', detail, 'capturedLength', feed.offset + 8, 'PCAP', '5');
      }
      const units = 10 ** digits;
      // Programs that round give a whole second, or more, as a fraction: it is carried.
      const carried = Math.floor(fraction / units);
      if (feed.left < recordOctets + captured) return;
      const start = feed.at + recordOctets;
      this.#frame += 1;
      this.#sink.packet({
        frame: this.#frame,
        time: {
          seconds: feed.u32(0, little) + carried,
          nanoseconds: (fraction - carried * units) * (digits === 9 ? 1 : 1000),
          digits,
          ...(carried > 0 ? { carried } : {}),
        },
        linkType: this.#linkType,
        octets: feed.octets.subarray(start, start + captured),
        offset: feed.offset + recordOctets,
        length: feed.u32(12, little),
      });
      feed.at = start + captured;
    }
  }

  /** @throws {DecodeError} TRUNCATED when the file ends within something */
  end(feed: RecordFeed): void {
    if (this.#form !== undefined && feed.left === 0) return;
    const detail = `the file ends within ${this.#form === undefined ? 'its header' : `packet ${this.#frame + 1}`}`;
    throw captureError('TRUNCATED', detail, 'packet', feed.offset, 'PCAP', this.#form ? '5' : '4');
  }

  #readHeader(feed: RecordFeed): boolean {
    if (feed.left < headerOctets) return false;
    const form = magics.get(feed.u32(0, false));
    if (form === undefined) {
      throw captureError('BAD_VALUE', 'no magic number of a capture', 'magic', feed.offset, 'PCAP', '4');
    }
    const major = feed.u16(4, form.little);
    if (major !== 2) {
      throw captureError('UNSUPPORTED', `is ${major}, not 2`, 'version', feed.offset + 4, 'PCAP', '4');
    }
    this.#form = form;
    // The upper bits say how long a checksum behind each frame is.
    this.#linkType = feed.u32(20, form.little) & 0xffff;
    feed.at += headerOctets;
    return true;
  }
}
