// OBEX packets over a duplex stream: one is written, one is waited for, with a time limit.
import type { Duplex } from 'node:stream';
import { PacketReader } from '../../codec/obex/index.ts';
import { type Clock, DecodeError } from '../../core/index.ts';

/** What waiting for a packet came to. */
export type LinkInput =
  | { readonly kind: 'packet'; readonly packet: Uint8Array }
  /** The stream ended; `error` when it broke. */
  | { readonly kind: 'closed'; readonly error: Error | undefined; readonly midPacket: boolean }
  /** What came is no packet. */
  | { readonly kind: 'unreadable'; readonly error: DecodeError }
  | { readonly kind: 'timeout' }
  /** `interrupt` was called. */
  | { readonly kind: 'interrupted' };

/**
 * Packets over `stream`. It reads no further than it is asked to, and not while the peer leaves unread what it was sent:
 * so a peer that talks on fills its own buffers.
 */
export class PacketLink {
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #reader: PacketReader;
  #ended = false;
  #error: Error | undefined;
  #interrupted = false;
  #wake: (() => void) | undefined;
  readonly #onReady = (): void => this.#wake?.();
  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#wake?.();
  };
  readonly #onError = (error: Error): void => {
    this.#ended = true;
    this.#error ??= error;
    this.#wake?.();
  };

  /** Takes packets of up to `maxPacketLength` octets. */
  constructor(stream: Duplex, maxPacketLength: number, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
    this.#reader = new PacketReader(maxPacketLength);
    this.#ended = stream.destroyed || stream.readableEnded;
    stream.on('readable', this.#onReady);
    stream.on('drain', this.#onReady);
    stream.on('end', this.#onEnd);
    stream.on('close', this.#onEnd);
    stream.on('error', this.#onError);
  }

  /** Writes a packet. A stream that cannot be written to shows in `next`. */
  send(packet: Uint8Array): void {
    if (!this.#ended && this.#stream.writable) this.#stream.write(packet);
  }

  /** Waits for the next packet, whole, at most `timeoutMs`. */
  async next(timeoutMs: number): Promise<LinkInput> {
    let timedOut = false;
    const timer = this.#clock.after(timeoutMs, () => {
      timedOut = true;
      this.#wake?.();
    });
    try {
      for (;;) {
        if (this.#interrupted) {
          this.#interrupted = false;
          return { kind: 'interrupted' };
        }
        const packet = this.#stream.writableNeedDrain && !this.#ended ? undefined : this.#pull();
        if (packet !== undefined) return { kind: 'packet', packet };
        if (this.#ended) return { kind: 'closed', error: this.#error, midPacket: !this.#reader.idle };
        if (timedOut) return { kind: 'timeout' };
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = undefined;
      }
    } catch (error) {
      if (error instanceof DecodeError) return { kind: 'unreadable', error };
      throw error;
    } finally {
      timer.cancel();
    }
  }

  /** Ends the waiting of `next`, or the one to come. */
  interrupt(): void {
    this.#interrupted = true;
    this.#wake?.();
  }

  /** Takes its hands off the stream. Errors of the stream are the owner's from then on. */
  release(): void {
    this.#stream.off('readable', this.#onReady);
    this.#stream.off('drain', this.#onReady);
    this.#stream.off('end', this.#onEnd);
    this.#stream.off('close', this.#onEnd);
    this.#stream.off('error', this.#onError);
  }

  #pull(): Uint8Array | undefined {
    for (;;) {
      const packet = this.#reader.read();
      if (packet !== undefined) return packet;
      const chunk: unknown = this.#stream.read();
      if (!(chunk instanceof Uint8Array)) return undefined;
      this.#reader.write(chunk);
    }
  }
}
