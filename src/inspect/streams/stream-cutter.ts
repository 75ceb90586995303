// One direction of a stream cut into messages; after a gap it goes on where the next message begins.
import type { StreamLayer } from './captured-message.ts';
import { longestHead, MessageLength } from './message-length.ts';
import { MessageSearch } from './message-search.ts';
import type { Seen, SeenIn } from './stream-buffer.ts';
import { StreamBuffer } from './stream-buffer.ts';

/** Octets of a stream, and the frames that they came in. */
export interface CutOctets extends SeenIn {
  readonly octets: Uint8Array;
  /** An answer to HEAD. */
  readonly withoutBody?: boolean;
  /** Segments of it overlapped and differed; the octets that came first stand. */
  readonly overlap?: boolean;
}

/** Takes what is cut. */
export interface CutSink {
  message(cut: CutOctets): void;
  /** Octets that are no message, or not a whole one; `why` is said to people. */
  lost(cut: CutOctets, why: string): void;
  /** Whether the next answer is one without a body, because HEAD was asked. */
  withoutBody(): boolean;
}

/** Cuts one direction whose protocol is known. */
export class StreamCutter {
  readonly #layer: StreamLayer;
  readonly #sink: CutSink;
  readonly #buffer = new StreamBuffer();
  /** Of the message that the buffer begins with. */
  #length: MessageLength;
  /** Looks for the next message where it is not known where one begins. */
  #search: MessageSearch | undefined;
  /** Octets that are held came once more, and were others. */
  #overlap = false;
  /** What is said of the octets before it. */
  #why = beforeFirst;

  /** `midway`: the stream was joined in the middle. */
  constructor(layer: StreamLayer, midway: boolean, sink: CutSink) {
    this.#layer = layer;
    this.#length = new MessageLength(layer);
    this.#search = midway ? new MessageSearch(layer) : undefined;
    this.#sink = sink;
  }

  /** Octets that are held. */
  get length(): number {
    return this.#buffer.length;
  }

  /** Takes the next octets of the stream. */
  add({ octets, ...seen }: Seen & { readonly octets: Uint8Array }): void {
    const segment = this.#buffer.length;
    this.#buffer.add(octets, seen);
    if (this.#search === undefined) this.#cut(false);
    for (let at = segment; this.#search !== undefined; at = 0) {
      const found = this.#search.find(this.#buffer.octets, at);
      if (found < 0) break;
      this.#leave(this.#why, found);
      this.#search = undefined;
      this.#cut(false);
    }
    if (this.#search !== undefined && this.#buffer.length > mostLost) {
      this.#leave('octets in which no message begins');
      this.#search = new MessageSearch(this.#layer);
    }
  }

  /** Octets that came once more, `behind` octets before the next ones. */
  again(octets: Uint8Array, behind: number): void {
    this.#overlap ||= this.#buffer.differs(octets, behind);
  }

  /** Octets are missing here; whether that was told with octets before them. */
  gap(octets: number): boolean {
    const told = this.#buffer.length > 0;
    this.#leave(`before a gap of ${octets} octets that the capture lacks`);
    this.#lose(beforeFirst, 0);
    return told;
  }

  /** The stream is over. */
  end(): void {
    if (this.#search === undefined) this.#cut(true);
    this.#leave('where the stream ends, or the capture does');
  }

  #cut(ended: boolean): void {
    while (this.#buffer.length > 0) {
      const { octets } = this.#buffer;
      // Lines between messages keep a connection open (RFC 5626 §3.5.1, RFC 9112 §2.2).
      if ((this.#layer === 'sip' || this.#layer === 'http') && (octets[0] === 0x0d || octets[0] === 0x0a)) {
        this.#take(1);
        continue;
      }
      const withoutBody = this.#sink.withoutBody() || this.#length.isBareAnswer(octets);
      const length = this.#length.find(octets, { ended, withoutBody });
      if (length === 0) return;
      if (length < 0) {
        const why = `where a message of ${this.#layer.toUpperCase()} would begin`;
        // The next message may begin behind it; a head that never ends is not looked through again.
        if (octets.length > longestHead) this.#leave(why);
        this.#lose(why, Math.min(this.#buffer.length, 1));
        return;
      }
      const cut = this.#take(length);
      this.#sink.message(withoutBody && this.#layer === 'http' ? { ...cut, withoutBody } : cut);
    }
  }

  /** Goes on with the next message that is seen to begin, from `from` on. */
  #lose(why: string, from: number): void {
    this.#why = why;
    this.#search = new MessageSearch(this.#layer, from);
  }

  #leave(why: string, length = this.#buffer.length): void {
    if (length > 0) this.#sink.lost(this.#take(length), why);
  }

  #take(length: number): CutOctets {
    this.#length = new MessageLength(this.#layer);
    const overlap = this.#overlap ? { overlap: true } : {};
    this.#overlap = false;
    return { ...this.#buffer.take(length), ...overlap };
  }
}

const beforeFirst = 'octets before the first message that was seen to begin';
/** Octets without a message that are held before they are told. */
const mostLost = 65_536;
