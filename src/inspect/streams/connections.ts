// All connections of a capture, within bounds: who opens many, or leaves them open, pushes out the oldest.
import { bytesToHex } from '../../core/index.ts';
import type { CaptureTime } from '../capture/packet.ts';
import { u16 } from '../frames/frame-fields.ts';
import { addressOctets, type PacketHeaders } from '../frames/packet-headers.ts';
import type { TlsKeyLog } from '../secret/tls-key-log.ts';
import type { CapturedEnd } from './captured-message.ts';
import { Connection, type ConnectionSink } from './connection.ts';

const most = { connections: 4096, octets: 32 << 20 } as const;

/** Puts segments into their connections. */
export class Connections {
  readonly #open = new Map<string, { readonly connection: Connection; held: number }>();
  readonly #sink: ConnectionSink;
  readonly #keys: TlsKeyLog;
  #held = 0;

  /** `keys` may grow while the capture is read. */
  constructor(sink: ConnectionSink, keys: TlsKeyLog) {
    this.#sink = sink;
    this.#keys = keys;
  }

  /** Takes a segment: `content` is TCP from its header on. What is no TCP is passed over: false. */
  add(
    octets: Uint8Array,
    content: Uint8Array,
    headers: PacketHeaders,
    seen: { readonly frame: number; readonly time: CaptureTime | undefined },
    ends: readonly [CapturedEnd, CapturedEnd],
  ): boolean {
    const size = ((content[12] ?? 0) >> 4) * 4;
    if (content.length < 20 || size < 20 || size > content.length) return false;
    const [at, length] = addressOctets(headers);
    const source = bytesToHex(octets.subarray(at, at + length / 2)) + u16(content, 0);
    const destination = bytesToHex(octets.subarray(at + length / 2, at + length)) + u16(content, 2);
    const direction = source <= destination ? 0 : 1;
    const key = direction === 0 ? `${source} ${destination}` : `${destination} ${source}`;
    const segment = {
      ...seen,
      sequence: u32(content, 4),
      acknowledgment: u32(content, 8),
      flags: content[13] ?? 0,
      octets: content.subarray(size),
      missing: headers.missing,
      direction,
    } as const;
    let entry = this.#open.get(key);
    if (entry?.connection.isReplacedBy(segment) === true) {
      this.#close(key);
      entry = undefined;
    }
    if (entry === undefined) {
      // What was over may still be acknowledged: that opens nothing.
      if (segment.octets.length + segment.missing === 0 && (segment.flags & 2) === 0) return true;
      if (this.#open.size >= most.connections) this.#closeOldest();
      const [first, second] = direction === 0 ? ends : [ends[1], ends[0]];
      entry = { connection: new Connection([first, second], this.#sink, this.#keys), held: 0 };
    } else this.#open.delete(key);
    // The one that was used last stands last.
    this.#open.set(key, entry);
    const isOver = entry.connection.add(segment);
    this.#held -= entry.held;
    entry.held = isOver ? 0 : entry.connection.heldOctets;
    this.#held += entry.held;
    if (isOver) this.#open.delete(key);
    while (this.#held > most.octets) this.#closeOldest();
    return true;
  }

  /** The capture is over. */
  end(): void {
    while (this.#open.size > 0) this.#closeOldest();
  }

  #closeOldest(): void {
    for (const key of this.#open.keys()) {
      this.#close(key);
      return;
    }
  }

  #close(key: string): void {
    const entry = this.#open.get(key);
    if (entry === undefined) return;
    this.#open.delete(key);
    this.#held -= entry.held;
    entry.connection.finish();
  }
}

function u32(octets: Uint8Array, at: number): number {
  return u16(octets, at) * 65_536 + u16(octets, at + 2);
}
