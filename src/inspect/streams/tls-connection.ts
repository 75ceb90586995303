// A connection under TLS: its records, and what a key log opens of them as a stream of its own.
import type { CaptureTime } from '../capture/packet.ts';
import { tlsAlertName, tlsMessageName, tlsVersionName } from '../secret/tls-code-points.ts';
import type { TlsKeyLog } from '../secret/tls-key-log.ts';
import { type ReadTlsRecord, TlsReader } from '../secret/tls-reader.ts';
import type { TlsRecord } from '../secret/tls-record.ts';
import { tlsSuiteName } from '../secret/tls-suites.ts';
import { mostNamedFrames } from './captured-message.ts';
import { FrameMarks, later, type Seen, type SeenIn } from './stream-buffer.ts';
import type { CutOctets } from './stream-cutter.ts';

/** Takes what is found. */
export interface TlsSink {
  /** A record in the clear, whole. */
  record(cut: CutOctets, direction: 0 | 1, note: string): void;
  /** The next octets of what was protected. */
  data(cut: CutOctets, direction: 0 | 1): void;
  /** Octets of what was protected are missing here. */
  gap(direction: 0 | 1): void;
  /** Records of a direction that stay closed, when the connection is over. */
  closed(seen: SeenIn, direction: 0 | 1, note: string): void;
}

interface Closed {
  records: number;
  octets: number;
  readonly frames: number[];
  time: CaptureTime | undefined;
}

/** Reasons that are told of one direction. */
const mostReasons = 4;

/** Reads both directions. */
export class TlsConnection {
  readonly #reader: TlsReader;
  readonly #sink: TlsSink;
  readonly #closed: readonly [Map<string, Closed>, Map<string, Closed>] = [new Map(), new Map()];
  /** Where records that are not told yet were seen: those that wait for a hello are told in other frames. */
  readonly #marks: readonly [FrameMarks, FrameMarks] = [new FrameMarks(), new FrameMarks()];
  /** Octets of each direction that were told. */
  readonly #told: [number, number] = [0, 0];

  constructor(keys: TlsKeyLog, sink: TlsSink) {
    this.#reader = new TlsReader(keys);
    this.#sink = sink;
  }

  /** Version and cipher, as the server chose them; empty before. */
  get name(): string {
    const { server } = this.#reader.hellos;
    if (server === undefined) return 'TLS';
    return `${tlsVersionName(server.version)}, ${tlsSuiteName(server.cipherSuite)}`;
  }

  /** Takes the next octets of a direction. */
  add(octets: Uint8Array, seen: Seen, direction: 0 | 1): void {
    const before = this.#reader.errorOf(direction);
    if (before === undefined) this.#marks[direction].add(octets.length, seen);
    this.#take(this.#reader.read(octets, direction));
    const error = this.#reader.errorOf(direction);
    if (error !== undefined) {
      const why = before === undefined ? `it is no TLS any more: ${error.message}` : 'behind what is no TLS';
      this.#count(direction, why, octets.length, 0, { frames: [seen.frame], time: seen.time });
    }
  }

  /** Octets of a direction are missing. */
  gap(direction: 0 | 1): void {
    this.#take(this.#reader.gap(direction));
    this.#sink.gap(direction);
  }

  /** The connection is over. */
  finish(): void {
    this.#take(this.#reader.finish());
    for (const direction of [0, 1] as const) {
      const { octets } = this.#reader.leftOf(direction);
      if (octets > 0) {
        const seen = this.#marks[direction].take(octets);
        this.#count(direction, 'a record that is not whole', octets, 1, seen);
      }
      for (const [why, { records, octets: all, ...seen }] of this.#closed[direction]) {
        const many = records === 0 ? '' : `, ${records} ${records === 1 ? 'record' : 'records'}`;
        this.#sink.closed(seen, direction, `${this.name}${many}, ${all} octets stay closed: ${why}`);
      }
      this.#closed[direction].clear();
    }
  }

  #take(records: readonly ReadTlsRecord[]): void {
    for (const read of records) {
      const { end, record, opened, why } = read;
      const seen = this.#seen(end, record);
      if (why !== undefined) {
        this.#count(end, why, record.fragment.length, 1, seen);
        this.#sink.gap(end);
      } else if (opened === undefined) {
        const octets = new Uint8Array(record.header.length + record.fragment.length);
        octets.set(record.header);
        octets.set(record.fragment, record.header.length);
        this.#sink.record({ octets, ...seen }, end, `${this.name}: ${saidBy(read)}`);
      } else if (opened.contentType === 23) this.#sink.data({ octets: opened.data, ...seen }, end);
    }
  }

  /** Where a record was seen. */
  #seen(end: 0 | 1, { at, header, fragment }: TlsRecord): SeenIn {
    const behind = at + header.length + fragment.length;
    const length = behind - this.#told[end];
    this.#told[end] = behind;
    return this.#marks[end].take(length);
  }

  #count(direction: 0 | 1, why: string, octets: number, records: number, { frames, time }: SeenIn): void {
    const reasons = this.#closed[direction];
    const key = reasons.has(why) || reasons.size < mostReasons ? why : 'for further reasons';
    const closed = reasons.get(key) ?? { records: 0, octets: 0, frames: [], time: undefined };
    closed.records += records;
    closed.octets += octets;
    closed.time = later(closed.time, time);
    for (const frame of frames) {
      if (closed.frames.length < mostNamedFrames && closed.frames.at(-1) !== frame) closed.frames.push(frame);
    }
    reasons.set(key, closed);
  }
}

function saidBy({ messages, alert, from, record }: ReadTlsRecord): string {
  const who = from ?? 'one end';
  if (alert !== undefined) return `${who}, alert ${tlsAlertName(alert.description)}`;
  const names = messages.map(({ type, hello }) =>
    hello?.type === 'client-hello' && hello.serverName !== undefined
      ? `ClientHello for ${hello.serverName}`
      : tlsMessageName(type),
  );
  if (names.length > 0) return `${who}, ${names.join(', ')}`;
  return `${who}, ${record.contentType === 20 ? 'change_cipher_spec' : 'part of a message'}`;
}
