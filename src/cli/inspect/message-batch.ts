// Messages of a capture handed to another thread, many at a time: the octets of frames in one piece, the rest as it is.
import { type CapturedFrame, type CapturedMessage, frameMessage } from '../../inspect/index.ts';

/** What a capture holds, as its reader gives it. */
export type Found = CapturedFrame | CapturedMessage;

/** Messages that one thread explains at a time. */
export interface MessageBatch {
  /** Octets of the frames, one after the other. */
  readonly octets: Uint8Array<ArrayBuffer>;
  /** Seven numbers for each frame, by `columns`. Of another message the octets are -1, and it stands in `others`. */
  readonly table: Float64Array<ArrayBuffer>;
  readonly others: readonly CapturedMessage[];
}

/**
 * Octets of frames at which a batch is full. JSON of a push is some 25 times as long: with two batches in each of two threads,
 * 4 MB of it wait where a disk is slow.
 */
const mostOctets = 1 << 15;
const mostMessages = 512;

/** Numbers for each frame: the last three say when it was seen. */
const columns = {
  number: 0,
  frame: 1,
  linkType: 2,
  octets: 3,
  seconds: 4,
  nanoseconds: 5,
  digits: 6,
} as const;
const width = 7;
/** Octets of what is no frame, and stands among the others. */
const other = -1;
/** Digits where the file keeps no time. */
const noTime = -1;

/** Collects messages. */
export class MessageCollector {
  #octets = new Uint8Array(mostOctets);
  #table = new Float64Array(mostMessages * width);
  #others: CapturedMessage[] = [];
  #length = 0;
  #count = 0;
  #otherOctets = 0;

  /** Messages that wait. */
  get count(): number {
    return this.#count;
  }

  /** Takes a message in; the octets are copied. True once there are as many as one batch holds. */
  add(found: Found): boolean {
    const row = this.#count * width;
    this.#count += 1;
    const table = this.#table;
    if ('form' in found || found.octets.length > mostOctets) {
      table[row + columns.octets] = other;
      const message = 'form' in found ? found : frameMessage(found);
      this.#others.push(apart(message));
      this.#otherOctets += message.octets.length;
    } else {
      const { octets, time } = found;
      if (this.#length + octets.length > this.#octets.length) this.#grow();
      this.#octets.set(octets, this.#length);
      this.#length += octets.length;
      table[row + columns.number] = found.number;
      table[row + columns.frame] = found.frame;
      table[row + columns.linkType] = found.linkType;
      table[row + columns.octets] = octets.length;
      table[row + columns.seconds] = time?.seconds ?? 0;
      table[row + columns.nanoseconds] = time?.nanoseconds ?? 0;
      table[row + columns.digits] = time?.digits ?? noTime;
    }
    return this.#length + this.#otherOctets >= mostOctets || this.#count === mostMessages;
  }

  /** Gives what was collected away. */
  take(): MessageBatch {
    const batch = {
      octets: this.#octets.slice(0, this.#length),
      table: this.#table.slice(0, this.#count * width),
      others: this.#others,
    };
    this.#others = [];
    this.#length = 0;
    this.#count = 0;
    this.#otherOctets = 0;
    return batch;
  }

  /** Room for one more frame of the longest that are taken. */
  #grow(): void {
    const larger = new Uint8Array(mostOctets * 2);
    larger.set(this.#octets.subarray(0, this.#length));
    this.#octets = larger;
  }
}

/** A message whose octets are no part of something larger, which would be copied with it. */
function apart(message: CapturedMessage): CapturedMessage {
  const { octets, unprotected } = message;
  const opened = unprotected?.map((record) =>
    'fragment' in record ? { ...record, fragment: record.fragment.slice() } : record,
  );
  return { ...message, octets: octets.slice(), ...(opened === undefined ? {} : { unprotected: opened }) };
}

/** The messages of a batch, in their order. */
export function* messagesOf({ octets, table, others }: MessageBatch): Generator<CapturedMessage> {
  let at = 0;
  let next = 0;
  for (let row = 0; row < table.length; row += width) {
    const [number = 0, frame = 0, linkType = 0, length = 0, seconds = 0, nanoseconds = 0, digits = 0] =
      table.subarray(row, row + width);
    if (length === other) {
      const message = others[next];
      next += 1;
      if (message !== undefined) yield message;
      continue;
    }
    const time = digits === noTime ? undefined : { seconds, nanoseconds, digits };
    const frameOctets = octets.subarray(at, at + length);
    yield frameMessage({ number, frame, time, linkType, octets: frameOctets, offset: 0 });
    at += length;
  }
}
