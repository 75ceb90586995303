// Messages of a stream, each held until it is whole, because a secret may be cut over chunks: HTTP and SIP, SMPP, OBEX.
import type { Mask, MaskedMessage } from './mask.ts';
import { covered, type KnownSecrets, maskMessage } from './mask-message.ts';
import { maskObex, maskSmpp, obexBodies } from './mask-packet.ts';
import { maskParts, type ShownMessages } from './mask-short-message.ts';
import { OctetQueue } from './octet-queue.ts';
import { type Conversation, contentPieces, headerLength, isEncoded, TextLength } from './text-length.ts';

/** Octets of a message that are held at most, in one direction of one connection. */
export const mostHeld = 1_048_576;

/** What goes over a connection, by its first octet. */
export type StreamKind = 'text' | 'smpp' | 'obex' | 'unknown';

/** One direction of a connection. */
export class MessageCutter {
  readonly #secrets: KnownSecrets;
  readonly #text: TextLength;
  readonly #shown: ShownMessages;
  readonly #queue = new OctetQueue();
  /** Octets that the message at the beginning needs at least; below, nothing is measured. */
  #needed = 0;
  /** Where the next packet of OBEX begins. */
  #packet = 0;
  #kind: StreamKind | undefined;
  /** Why nothing is looked through any more: what comes is covered. */
  #blind: string | undefined;

  constructor(secrets: KnownSecrets, conversation: Conversation) {
    this.#secrets = secrets;
    this.#text = new TextLength(conversation);
    this.#shown = conversation.shown;
  }

  /** Octets that wait for the rest of their message. */
  get held(): number {
    return this.#queue.octets.length;
  }

  /** Octets that were looked at or moved to find where messages end: a measure of the work. */
  get looked(): number {
    return this.#text.looked + this.#queue.moved;
  }

  /** `undefined` before the first octet. */
  get kind(): StreamKind | undefined {
    return this.#kind;
  }

  /** Messages that are whole with these octets. */
  take(chunk: Uint8Array): readonly MaskedMessage[] {
    const messages: MaskedMessage[] = [];
    this.#queue.add(chunk);
    while (this.held > 0) {
      this.#kind ??= kindOf(this.#queue.octets[0] ?? 0);
      if (this.#blind !== undefined) return [...messages, this.#rest(0)];
      if (this.held < this.#needed) return messages;
      const length = this.#length();
      const needed = length ?? this.held;
      if (needed > mostHeld) {
        this.#blind =
          this.#kind === 'unknown' ? 'not a protocol that is looked through' : 'not looked through';
        messages.push(this.#rest(this.#keptOfUnfinished()));
      } else if (length === undefined || this.held < length) {
        this.#needed = length ?? 0;
        return messages;
      } else {
        const message = this.#queue.octets.subarray(0, length);
        messages.push(this.#mask(message).finish());
        if (this.#kind === 'text') this.#text.passed(message);
        this.#leave(length);
      }
    }
    return messages;
  }

  /** Covers from here on, for want of room. */
  giveUp(): readonly MaskedMessage[] {
    this.#blind ??= 'no room to look through it';
    return this.held === 0 ? [] : [this.#rest(0)];
  }

  /** What is left at the end of the stream: of a message without its end, no more is shown than its header. */
  end(): readonly MaskedMessage[] {
    if (this.held === 0) return [];
    if (this.#kind === 'text' && this.#blind === undefined && this.#text.endsWithStream(this.#queue.octets)) {
      const whole = this.#mask(this.#queue.octets).finish();
      this.#leave(this.held);
      return [whole];
    }
    this.#blind ??= 'a message without its end';
    return [this.#rest(this.#keptOfUnfinished())];
  }

  /** Octets at the beginning of an unfinished message that have nothing to hide but what patterns find. */
  #keptOfUnfinished(): number {
    if (this.#kind === 'text') return headerLength(this.#queue.octets);
    return this.#kind === 'smpp' ? 16 : 0;
  }

  #rest(kept: number): MaskedMessage {
    const rest = covered(this.#queue.octets, kept, this.#blind ?? '', this.#secrets);
    this.#leave(this.held);
    return rest;
  }

  /** These octets have been given on. */
  #leave(length: number): void {
    this.#queue.leave(length);
    this.#needed = 0;
    this.#packet = 0;
  }

  /** Octets of the message at the beginning, `undefined` while that is not known; infinite where it cannot be. */
  #length(): number | undefined {
    const held = this.#queue.octets;
    switch (this.#kind) {
      case 'text':
        return this.#text.lengthOf(held);
      case 'smpp': {
        if (held.length < 4) return undefined;
        const length = new DataView(held.buffer, held.byteOffset).getUint32(0);
        return length < 16 ? Number.POSITIVE_INFINITY : length;
      }
      case 'obex':
        return this.#obexLength(held);
      default:
        return Number.POSITIVE_INFINITY;
    }
  }

  /** Packets up to the last one of a PUT: its body may be spread over them, and a secret over two (IrOBEX §3.3.3). */
  #obexLength(held: Uint8Array): number | undefined {
    for (;;) {
      const at = this.#packet;
      if (held.length < at + 3) return undefined;
      const length = ((held[at + 1] ?? 0) << 8) | (held[at + 2] ?? 0);
      if (length < 3) return Number.POSITIVE_INFINITY;
      if (held[at] !== 0x02) return at + length;
      this.#packet = at + length;
    }
  }

  #mask(message: Uint8Array): Mask {
    if (this.#kind === 'smpp') return maskParts(maskSmpp(maskMessage(message, this.#secrets)), this.#shown);
    if (this.#kind === 'obex') return maskObex(maskMessage(message, this.#secrets, obexBodies(message)));
    const mask = maskMessage(message, this.#secrets, contentPieces(message));
    const header = headerLength(message);
    if (isEncoded(message)) mask.cover(header, message.length - header, 'compressed content');
    return mask;
  }
}

function kindOf(first: number): StreamKind {
  if (first === 0) return 'smpp';
  const isLetter = first >= 0x41 && first <= 0x5a;
  if (isLetter || first === 0x0d || first === 0x0a) return 'text';
  return first >= 0x80 || first === 0x02 || first === 0x03 ? 'obex' : 'unknown';
}
