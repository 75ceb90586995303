// A capture in either form, told by its first octets.
import { DecodeError } from '../../core/index.ts';
import { captureError, type PacketSink } from './packet.ts';
import { isPcapMagic, PcapReader } from './pcap-reader.ts';
import { isPcapngMagic, PcapngReader } from './pcapng-reader.ts';
import { RecordFeed } from './record-feed.ts';

/** Whether octets begin like a capture (pcap or pcapng), one that is not read among them; four of them tell. */
export function isCapture(octets: Uint8Array): boolean {
  if (octets.length < 4) return false;
  const magic = new DataView(octets.buffer, octets.byteOffset).getUint32(0);
  return isPcapMagic(magic) || isPcapngMagic(magic) || unreadForm(magic) !== undefined;
}

/** What a file is that has to become another one first, and how. */
function unreadForm(magic: number): string | undefined {
  // Compression method 8, and flags of which three bits are reserved (RFC 1952 §2.3).
  if (magic >>> 8 === 0x1f8b08 && (magic & 0xe0) === 0) return 'is compressed with gzip: gunzip it first';
  if (magic === 0xa1b2cd34 || magic === 0x34cdb2a1) {
    return 'is of a modified libpcap with longer packet headers: save it as pcapng (editcap -F pcapng) first';
  }
  return undefined;
}

/** Reads a capture as it comes in. What is damaged ends it: all before it was handed on. */
export class CaptureFile {
  readonly #sink: PacketSink;
  readonly #feed = new RecordFeed();
  #reader: PcapReader | PcapngReader | undefined;
  #error: DecodeError | undefined;

  constructor(sink: PacketSink) {
    this.#sink = sink;
  }

  /** Where and why reading ended before the end of the file: `offset` counts in the file. */
  get error(): DecodeError | undefined {
    return this.#error;
  }

  /** Takes the next octets of the file, which the caller leaves as they are: packets are views of them. */
  feed(chunk: Uint8Array): void {
    if (this.#error !== undefined) return;
    this.#feed.feed(chunk);
    this.#try(() => {
      this.#reader ??= this.#readerFor();
      this.#reader?.read(this.#feed);
    });
  }

  /** The file is over. */
  end(): void {
    if (this.#error !== undefined) return;
    this.#try(() => {
      if (this.#reader === undefined) {
        throw captureError('TRUNCATED', 'the file has no header', 'magic', this.#feed.left, 'PCAP', '4');
      }
      this.#reader.end(this.#feed);
    });
  }

  #readerFor(): PcapReader | PcapngReader | undefined {
    if (this.#feed.left < 4) return undefined;
    const magic = this.#feed.u32(0, false);
    const unread = unreadForm(magic);
    if (unread !== undefined) {
      throw captureError('UNSUPPORTED', `the file ${unread}`, 'magic', 0, 'PCAP', '4');
    }
    return isPcapngMagic(magic) ? new PcapngReader(this.#sink) : new PcapReader(this.#sink);
  }

  #try(read: () => void): void {
    try {
      read();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#error = error;
    }
  }
}
