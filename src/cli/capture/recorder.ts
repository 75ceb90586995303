// What sockets gave, masked, as packets of a capture: the one place through which octets get to the file.
import type { Clock } from '../../core/index.ts';
import { CapturedConnection, capturedDatagram, captureHeader } from '../../inspect/index.ts';
import { type PeerAddress, showPeer } from '../../push/index.ts';
import type { MaskedMessage, MaskedRange } from '../masks/mask.ts';
import { type KnownSecrets, maskMessage } from '../masks/mask-message.ts';
import { ShownMessages } from '../masks/mask-short-message.ts';
import { MessageCutter } from '../masks/message-cutter.ts';
import type { CaptureFile } from './capture-file.ts';
import type { OpenedConnection } from './connection.ts';
import type { LeftOut } from './left-out.ts';

/** A connection that is recorded. */
export interface Connection {
  data(direction: 'in' | 'out', octets: Uint8Array): void;
  close(): void;
}

/** What was recorded. */
export interface RecordedCounts {
  readonly packets: number;
  readonly masked: number;
  /** What was left out, with how often. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** Octets of one packet at most, below what IP has room for. */
const mostPacket = 60_000;
/** Octets of unfinished messages at most, of all connections. */
const mostHeldInAll = 64 * 1_048_576;
/** Masked ranges that a packet's comment lists. */
const mostListed = 40;

/** Settings of a recorder. */
export interface RecorderOptions {
  readonly file: CaptureFile;
  readonly clock: Clock;
  readonly secrets: KnownSecrets;
  readonly leftOut: LeftOut;
  /** Hears of each masked range, with the number of its frame. */
  readonly onMasked: (frame: number, range: MaskedRange) => void;
  /** What writes the capture, with its version. */
  readonly application: string;
}

/** Writes what passes. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #open = new Map<string, RecordedConnection>();
  readonly #udpPorts = new Map<number, number>();
  readonly #counts = new Map<string, number>();
  #held = 0;
  #packets = 0;
  #masked = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#take(captureHeader(options.application, 'sockets of this process'));
  }

  get counts(): RecordedCounts {
    return { packets: this.#packets, masked: this.#masked, leftOut: this.#counts };
  }

  /** Something was not recorded. */
  leftOut(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
  }

  /** A connection that opened now; `undefined` where it is left out, or its other end, of ours too, is recorded. */
  open(opened: OpenedConnection): Connection | undefined {
    if (this.#options.leftOut.has(opened)) {
      this.leftOut('a connection of the REST API');
      return undefined;
    }
    const { role, local, remote } = opened;
    const [from, to] = role === 'client' ? [local, remote] : [remote, local];
    const key = `${showPeer(from)} ${showPeer(to)}`;
    if (this.#open.has(key)) return undefined;
    const packets = new CapturedConnection({ from, to });
    const connection = new RecordedConnection(opened, this.#options.secrets, {
      write: (end, message, about) =>
        this.#write(message, about, (octets, at) => packets.data(end, octets, at)),
      hold: (change) => {
        this.#held += change;
        return this.#held <= mostHeldInAll;
      },
      close: (end) => {
        this.#open.delete(key);
        if (this.#take(packets.close(end, { timeMs: this.#now() }))) this.#packets += 3;
      },
    });
    this.#open.set(key, connection);
    if (this.#take(packets.open({ timeMs: this.#now(), comment: connection.title }))) this.#packets += 3;
    return connection;
  }

  /** A datagram that passed now. What a socket of ours sent to another of ours is recorded when it is sent. */
  datagram(direction: 'in' | 'out', local: PeerAddress, remote: PeerAddress, octets: Uint8Array): void {
    if (direction === 'in' && this.#udpPorts.has(remote.port) && local.address === remote.address) return;
    const route = direction === 'out' ? { from: local, to: remote } : { from: remote, to: local };
    const message = maskMessage(octets, this.#options.secrets).finish();
    const about = direction === 'out' ? 'sent' : 'received';
    this.#write(message, about, (part, at) => capturedDatagram(route, part, at), message.octets.length);
  }

  /** A socket of UDP is bound. */
  boundUdp(port: number): void {
    this.#udpPorts.set(port, (this.#udpPorts.get(port) ?? 0) + 1);
  }

  /** It is bound no more. */
  closedUdp(port: number): void {
    const left = (this.#udpPorts.get(port) ?? 1) - 1;
    if (left > 0) this.#udpPorts.set(port, left);
    else this.#udpPorts.delete(port);
  }

  /** Ends what is open. */
  end(): void {
    for (const connection of [...this.#open.values()]) connection.close();
  }

  #now(): number {
    return this.#options.clock.now();
  }

  /** One packet for each part of a message, with what is masked in it. */
  #write(
    { octets, masked }: MaskedMessage,
    about: string,
    packet: (octets: Uint8Array, at: { timeMs: number; comment: string }) => Uint8Array,
    most = mostPacket,
  ): void {
    const timeMs = this.#now();
    for (let from = 0; from === 0 || from < octets.length; from += Math.max(1, most)) {
      const part = octets.subarray(from, from + most);
      const inPart = masked.flatMap(({ offset, length, what }): readonly MaskedRange[] => {
        const start = Math.max(offset, from);
        const end = Math.min(offset + length, from + part.length);
        return end > start ? [{ offset: start - from, length: end - start, what }] : [];
      });
      const frame = this.#packets + 1;
      if (!this.#take(packet(part, { timeMs, comment: commentOf(about, frame, inPart) }))) continue;
      this.#packets = frame;
      this.#masked += inPart.length;
      for (const range of inPart) this.#options.onMasked(frame, range);
    }
  }

  #take(block: Uint8Array): boolean {
    return this.#options.file.take(block, () => this.#lastBlock());
  }

  /** Says in the capture that it is not all. */
  #lastBlock(): Uint8Array {
    const nowhere = { address: '0.0.0.0', port: 0 };
    const comment = 'The capture has reached its bound: what follows was not recorded.';
    return capturedDatagram({ from: nowhere, to: nowhere }, new Uint8Array(0), {
      timeMs: this.#now(),
      comment,
    });
  }
}

function commentOf(about: string, frame: number, masked: readonly MaskedRange[]): string {
  if (masked.length === 0) return about;
  const listed = masked.slice(0, mostListed).map(({ offset, length, what }) => `${offset}+${length} ${what}`);
  const more = masked.length > mostListed ? `, and ${masked.length - mostListed} more` : '';
  return `${about}; masked in the content of frame ${frame} (octet+length): ${listed.join(', ')}${more}`;
}

/** What a connection needs of its recorder. */
interface Writer {
  readonly write: (end: 0 | 1, message: MaskedMessage, about: string) => void;
  /** Octets held more or less; false where there are too many. */
  readonly hold: (change: number) => boolean;
  readonly close: (end: 0 | 1) => void;
}

class RecordedConnection implements Connection {
  readonly title: string;
  readonly #client: boolean;
  readonly #writer: Writer;
  readonly #cutters: Readonly<Record<'in' | 'out', MessageCutter>>;
  #closed = false;
  #last: 0 | 1 = 0;

  constructor({ role, tls, hostName, local }: OpenedConnection, secrets: KnownSecrets, writer: Writer) {
    this.#client = role === 'client';
    this.#writer = writer;
    const conversation = { methods: [], shown: new ShownMessages() };
    this.#cutters = {
      in: new MessageCutter(secrets, conversation),
      out: new MessageCutter(secrets, conversation),
    };
    const end = this.#client
      ? `opened by us${hostName ? ` to ${hostName}` : ''}`
      : `taken at port ${local.port}`;
    this.title = tls ? `${end}; plaintext of TLS` : end;
  }

  data(direction: 'in' | 'out', octets: Uint8Array): void {
    if (this.#closed) return;
    const cutter = this.#cutters[direction];
    const before = cutter.held;
    this.#give(direction, cutter.take(octets));
    if (this.#writer.hold(cutter.held - before)) return;
    const held = cutter.held;
    this.#give(direction, cutter.giveUp());
    this.#writer.hold(-held);
  }

  close(): void {
    if (this.#closed) return;
    for (const direction of ['out', 'in'] as const) {
      const cutter = this.#cutters[direction];
      this.#writer.hold(-cutter.held);
      this.#give(direction, cutter.end());
    }
    this.#closed = true;
    this.#writer.close(this.#last);
  }

  #give(direction: 'in' | 'out', messages: readonly MaskedMessage[]): void {
    const end = (direction === 'out') === this.#client ? 0 : 1;
    for (const message of messages) {
      this.#last = end;
      this.#writer.write(end, message, direction === 'out' ? 'sent' : 'received');
    }
  }
}
