// Cuts a byte stream into packets, with no more memory than one packet of the length that we announced.
import { DecodeError } from '../../core/index.ts';
import { obexDocument } from './headers.ts';

const headLength = 3;
const nothing = new Uint8Array(0);

/**
 * Incremental framing. `write` takes what the stream gave, `read` gives the packets that are complete. Every packet is
 * an array of its own, so that views into it stay valid.
 */
export class PacketReader {
  readonly #maxPacketLength: number;
  readonly #head = new Uint8Array(headLength);
  #headFilled = 0;
  #packet: Uint8Array | undefined;
  #packetFilled = 0;
  /** What `write` took and `read` has not looked at. */
  #unread: Uint8Array = nothing;
  /** Octets of the stream before `#unread`. */
  #offset = 0;
  #failure: DecodeError | undefined;

  /** Takes packets of up to `maxPacketLength` octets: what we announced to the peer. */
  constructor(maxPacketLength: number) {
    this.#maxPacketLength = maxPacketLength;
  }

  /** True when the stream stands between two packets: then its end loses nothing. */
  get idle(): boolean {
    return this.#unread.length === 0 && this.#headFilled === 0;
  }

  /** Takes octets of the stream. They are not copied before `read`; call `read` until it gives nothing. */
  write(chunk: Uint8Array): void {
    if (this.#unread.length === 0) {
      this.#unread = chunk;
      return;
    }
    const joined = new Uint8Array(this.#unread.length + chunk.length);
    joined.set(this.#unread);
    joined.set(chunk, this.#unread.length);
    this.#unread = joined;
  }

  /**
   * The next complete packet, or `undefined` when more of the stream is needed.
   * @throws {DecodeError} BAD_VALUE for a length below 3, LIMIT for one beyond the maximum; the stream cannot be read
   *   any further then, and every later call throws the same
   */
  read(): Uint8Array | undefined {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#packet === undefined) {
      this.#headFilled += this.#take(this.#head, this.#headFilled);
      if (this.#headFilled < headLength) return undefined;
      this.#packet = new Uint8Array(this.#checkedLength());
      this.#packet.set(this.#head);
      this.#packetFilled = headLength;
    }
    const packet = this.#packet;
    this.#packetFilled += this.#take(packet, this.#packetFilled);
    if (this.#packetFilled < packet.length) return undefined;
    this.#packet = undefined;
    this.#headFilled = 0;
    return packet;
  }

  #checkedLength(): number {
    const length = ((this.#head[1] ?? 0) << 8) | (this.#head[2] ?? 0);
    if (length >= headLength && length <= this.#maxPacketLength) return length;
    const short = length < headLength;
    const detail = short ? `is ${length}, below 3` : `is ${length}, announced were ${this.#maxPacketLength}`;
    const at = { path: 'length', offset: this.#offset - 2, bit: 0 };
    const spec = { doc: obexDocument, section: short ? '3.1' : '3.3.1.4' };
    this.#unread = nothing;
    this.#failure = new DecodeError(short ? 'BAD_VALUE' : 'LIMIT', detail, at, spec);
    throw this.#failure;
  }

  /** Moves what fits from the unread octets into `target` from `at` on; returns how many. */
  #take(target: Uint8Array, at: number): number {
    const count = Math.min(target.length - at, this.#unread.length);
    target.set(this.#unread.subarray(0, count), at);
    this.#unread = count === this.#unread.length ? nothing : this.#unread.subarray(count);
    this.#offset += count;
    return count;
  }
}
