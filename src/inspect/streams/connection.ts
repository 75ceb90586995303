// One connection of TCP: both directions in order, the protocol that they carry, and the messages in them.
import type { CaptureTime } from '../capture/packet.ts';
import type { TlsKeyLog } from '../secret/tls-key-log.ts';
import { isTls } from '../secret/tls-record.ts';
import type { CapturedEnd, StreamLayer } from './captured-message.ts';
import { CountedOctets } from './counted-octets.ts';
import { HttpAnswers } from './http-answers.ts';
import { streamLayerOf } from './message-length.ts';
import { LayerSearch } from './message-search.ts';
import { type Seen, type SeenIn, StreamBuffer } from './stream-buffer.ts';
import { type CutOctets, StreamCutter } from './stream-cutter.ts';
import { type OrderedSink, StreamOrder, type StreamSegment } from './stream-order.ts';
import { TlsConnection } from './tls-connection.ts';

/** A segment of TCP with what its header says. */
export interface TcpSegment extends StreamSegment {
  readonly flags: number;
  readonly acknowledgment: number;
  readonly time: CaptureTime | undefined;
  /** 0 from the end that the connection is named for, 1 from the other. */
  readonly direction: 0 | 1;
}

/** Flags of TCP (RFC 9293 §3.1). */
export const tcpFlags = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

/** Takes what a connection brings. */
export interface ConnectionSink {
  message(layer: StreamLayer, cut: CutOctets, connection: Connection, direction: 0 | 1): void;
  lost(layer: StreamLayer, cut: CutOctets, why: string, connection: Connection, direction: 0 | 1): void;
  /** A record of TLS in the clear. */
  tls(cut: CutOctets, note: string, connection: Connection, direction: 0 | 1): void;
  /** Records of TLS that stay closed. */
  closed(seen: SeenIn, note: string, connection: Connection, direction: 0 | 1): void;
  /** Octets of a connection that carries none of our protocols, when it is over. */
  foreign(connection: Connection, octets: number, frames: readonly number[], what: string): void;
  /** Octets between messages that the capture lacks, when the connection is over; `frames` stand behind them. */
  lacks(connection: Connection, octets: number, frames: readonly number[]): void;
}

/** Octets that are looked at before a stream is said to be none of ours. */
const mostUndecided = 8192;

const byPort: ReadonlyMap<number, StreamLayer> = new Map([
  [2775, 'smpp'],
  [5060, 'sip'],
  [650, 'obex'],
]);

interface Direction {
  readonly order: StreamOrder;
  /** What is not given to a protocol yet. */
  readonly early: StreamBuffer;
  cutter: StreamCutter | undefined;
  /** Looks for a message in what is not given yet, where its beginning was not seen. */
  search: LayerSearch;
  /** The stream was seen from its SYN on. */
  begun: boolean;
  /** Sequence number behind its end. */
  end: number | undefined;
}

/** One connection. */
export class Connection {
  /** The ends: segments of direction 0 go from the first to the second. */
  readonly ends: readonly [CapturedEnd, CapturedEnd];
  readonly #sink: ConnectionSink;
  readonly #directions: readonly [Direction, Direction] = [newDirection(), newDirection()];
  readonly #keys: TlsKeyLog;
  /** What the connection runs under, in words; empty in the clear. */
  readonly within: string;
  #layer: StreamLayer | 'none' | undefined;
  /** Its beginning says that it is none of ours; else what follows a gap may say something else. */
  #isForeign = false;
  #tls: TlsConnection | undefined;
  #inner: Connection | undefined;
  /** Octets that were under TLS, of both directions. */
  readonly #innerOctets: [number, number] = [0, 0];
  readonly #innerGap: [boolean, boolean] = [false, false];
  #time: CaptureTime | undefined;
  readonly #answers = new HttpAnswers();
  readonly #foreign = new CountedOctets();
  /** What the capture lacks between messages. */
  readonly #lacks = new CountedOctets();

  constructor(ends: readonly [CapturedEnd, CapturedEnd], sink: ConnectionSink, keys: TlsKeyLog, within = '') {
    this.ends = ends;
    this.#sink = sink;
    this.#keys = keys;
    this.within = within;
    this.#layer = byPort.get(ends[0].port ?? 0) ?? byPort.get(ends[1].port ?? 0);
  }

  /** When its last segment was seen. */
  get time(): CaptureTime | undefined {
    return this.#time;
  }

  /** Octets that it holds. */
  get heldOctets(): number {
    let sum = 0;
    for (const { order, early, cutter } of this.#directions) {
      sum += order.heldOctets + early.length + (cutter?.length ?? 0);
    }
    return sum + (this.#inner?.heldOctets ?? 0);
  }

  /** Whether this segment opens another connection between the same ends. */
  isReplacedBy({ flags, sequence, direction }: TcpSegment): boolean {
    const { order } = this.#directions[direction];
    return (flags & tcpFlags.syn) !== 0 && order.isOther(sequence);
  }

  /** Takes a segment in; true when the connection is over with it. */
  add(segment: TcpSegment): boolean {
    const { flags, direction, sequence } = segment;
    const length = segment.octets.length + (segment.missing ?? 0);
    this.#time = segment.time ?? this.#time;
    const own = this.#directions[direction];
    if ((flags & tcpFlags.syn) !== 0) {
      own.begun ||= own.order.unseen;
      own.order.begin(sequence, this.#orderedSink(direction));
    }
    const start = (flags & tcpFlags.syn) !== 0 ? (sequence + 1) >>> 0 : sequence;
    if (length > 0) own.order.add({ ...segment, sequence: start }, this.#orderedSink(direction));
    if ((flags & tcpFlags.fin) !== 0) own.end = (start + length) >>> 0;
    const other = direction === 0 ? 1 : 0;
    if ((flags & tcpFlags.ack) !== 0 && this.#directions[other].order.heldOctets > 0) {
      this.#directions[other].order.acknowledged(segment.acknowledgment, this.#orderedSink(other));
    }
    if ((flags & tcpFlags.rst) !== 0) {
      this.finish();
      return true;
    }
    const isOver = this.#directions.every(({ end, order }) => end !== undefined && order.reached(end));
    if (isOver) this.finish();
    return isOver;
  }

  /** Nothing more comes. */
  finish(): void {
    for (const direction of [0, 1] as const) {
      this.#directions[direction].order.flush(this.#orderedSink(direction));
    }
    for (const direction of [0, 1] as const) {
      const { early, cutter } = this.#directions[direction];
      if (early.length > 0) this.#decide(direction, true);
      cutter?.end();
      if (cutter === undefined) this.#directions[direction].cutter?.end();
    }
    this.#tls?.finish();
    this.#inner?.finish();
    const lacks = this.#lacks.length;
    this.#foreign.end((octets, frames, what) => {
      const more = lacks === 0 ? '' : `; the capture lacks ${lacks} more`;
      this.#sink.foreign(this, octets, frames, `${what}${more}`);
      this.#lacks.end(() => {});
    });
    this.#lacks.end((octets, frames) => this.#sink.lacks(this, octets, frames));
  }

  #orderedSink(direction: 0 | 1): OrderedSink {
    return {
      octets: (segment) => this.#octets(segment, direction),
      again: (octets, behind) => this.#directions[direction].cutter?.again(octets, behind),
      gap: (octets, frame) => this.#gap(octets, frame, direction),
    };
  }

  #gap(octets: number, frame: number, direction: 0 | 1): void {
    const own = this.#directions[direction];
    const told = own.cutter?.gap(octets) ?? this.#tls !== undefined;
    this.#tls?.gap(direction);
    if (!told) this.#lacks.add({ length: octets }, frame);
    // What is before the gap may tell nothing, and what is behind it all.
    if (own.early.length > 0) this.#decide(direction, true);
    own.begun = false;
    own.search = new LayerSearch();
    if (this.#layer === 'none' && !this.#isForeign) this.#layer = undefined;
  }

  #octets(segment: StreamSegment, direction: 0 | 1): void {
    const own = this.#directions[direction];
    if (this.#tls !== undefined) this.#tls.add(segment.octets, segment, direction);
    else if (own.cutter !== undefined) own.cutter.add(segment);
    else if (this.#layer === 'none') this.#foreign.add(segment.octets, segment.frame);
    else {
      const start = own.early.length;
      own.early.add(segment.octets, segment);
      this.#decide(direction, false, start);
    }
  }

  /** Finds out what the connection carries, by its ports or by what is there. */
  #decide(direction: 0 | 1, ended: boolean, segment = 0): void {
    const { early, begun, search } = this.#directions[direction];
    if (this.within === '' && isTls(early.octets)) {
      this.#beginTls();
      return;
    }
    let told = this.#layer ?? streamLayerOf(early.octets);
    if (told === 'none' && !begun && this.#layer === undefined) told = search.find(early.octets, segment);
    if (told === undefined && !ended && early.length < mostUndecided) return;
    this.#layer = told ?? 'none';
    if (this.#layer === 'none') {
      this.#isForeign ||= told === 'none' && begun;
      this.#foreign.name(early.octets);
    }
    for (const each of [0, 1] as const) this.#handOn(each);
  }

  #beginTls(): void {
    const tls = new TlsConnection(this.#keys, {
      record: (cut, direction, note) => this.#sink.tls(cut, note, this, direction),
      data: (cut, direction) => this.#addInner(cut, direction),
      gap: (direction) => {
        if (this.#inner === undefined) return;
        this.#innerOctets[direction] += 1;
        this.#innerGap[direction] = true;
      },
      closed: (seen, direction, note) => this.#sink.closed(seen, note, this, direction),
    });
    this.#tls = tls;
    for (const direction of [0, 1] as const) {
      for (const { octets, ...seen } of this.#directions[direction].early.takePieces()) {
        tls.add(octets, seen, direction);
      }
    }
  }

  /** What was under TLS is a connection of its own, whose segments are in order; a gap is one octet that is missing. */
  #addInner({ octets, frames, time }: CutOctets, direction: 0 | 1): void {
    const seen = { frame: frames.at(-1) ?? 0, earlier: frames.slice(0, -1), time } as const;
    if (this.#inner === undefined) {
      this.#inner = new Connection(this.ends, this.#sink, this.#keys, this.#tls?.name ?? 'TLS');
      for (const each of [0, 1] as const) this.#inner.add(innerSegment(noOctets, seen, each, 0));
    }
    const sequence = 1 + this.#innerOctets[direction];
    this.#innerOctets[direction] += octets.length;
    this.#inner.add(innerSegment(octets, seen, direction, sequence));
    if (!this.#innerGap[direction]) return;
    // What is missing never comes: as good as acknowledged.
    this.#innerGap[direction] = false;
    const acknowledgment = (sequence + octets.length) >>> 0;
    const other = direction === 0 ? 1 : 0;
    const next = 1 + this.#innerOctets[other];
    const empty = innerSegment(noOctets, seen, other, next);
    this.#inner.add({ ...empty, flags: tcpFlags.ack, acknowledgment });
  }

  #handOn(direction: 0 | 1): void {
    const own = this.#directions[direction];
    if (own.early.length === 0) return;
    const pieces = own.early.takePieces();
    const layer = this.#layer;
    if (layer === 'none' || layer === undefined) {
      for (const { octets, frame } of pieces) this.#foreign.add(octets, frame);
      return;
    }
    own.cutter ??= new StreamCutter(layer, !own.begun, {
      message: (cut) => this.#message(layer, cut, direction),
      lost: (cut, why) => this.#sink.lost(layer, cut, why, this, direction),
      withoutBody: () => this.#answers.nextIsBare,
    });
    for (const piece of pieces) own.cutter.add(piece);
  }

  #message(layer: StreamLayer, cut: CutOctets, direction: 0 | 1): void {
    if (layer === 'http') this.#answers.add(cut.octets);
    this.#sink.message(layer, cut, this, direction);
  }
}

const noOctets = new Uint8Array(0);

/** A segment of what was under TLS; the first is a SYN. */
function innerSegment(
  octets: Uint8Array,
  seen: Seen & Pick<TcpSegment, 'time'>,
  direction: 0 | 1,
  sequence: number,
): TcpSegment {
  const flags = sequence === 0 ? tcpFlags.syn : 0;
  return { octets, ...seen, direction, sequence: sequence >>> 0, flags, acknowledgment: 0 };
}

function newDirection(): Direction {
  return {
    order: new StreamOrder(),
    early: new StreamBuffer(),
    cutter: undefined,
    search: new LayerSearch(),
    begun: false,
    end: undefined,
  };
}
