// Messages of a capture as it comes in: packets are read, fragments and streams put together, messages cut out of them.
import { checkSecret, type WtlsSecret } from '../../codec/wtls/index.ts';
import type { DecodeError } from '../../core/index.ts';
import { CaptureFile } from '../capture/capture-file.ts';
import type { CapturedSecrets, Packet } from '../capture/packet.ts';
import { endOfOptions, noHeaders, type PacketHeaders, readPacketHeaders } from '../frames/packet-headers.ts';
import { isWtls } from '../layers/wtls-layer.ts';
import { TlsKeyLog, type TlsKeyLogFault } from '../secret/tls-key-log.ts';
import type { CapturedMessage } from '../streams/captured-message.ts';
import { Connections } from '../streams/connections.ts';
import { type BrokenDatagram, Fragments, type WholeDatagram } from '../streams/fragments.ts';
import { type CaptureSink, FoundMessages } from './found-messages.ts';
import {
  datagramProtocol,
  endsAt,
  endsOf,
  frameForm,
  frameMessage,
  frameProtocol,
  named,
  protocols,
} from './frame-message.ts';
import { StreamMessages } from './stream-messages.ts';
import { WtlsConversations } from './wtls-conversations.ts';

/** What became of a capture. */
export interface CaptureSummary {
  /** Frames that were read. */
  readonly frames: number;
  /** Octets that they have. */
  readonly octets: number;
  /** Messages that were given. */
  readonly messages: number;
  /** Where and why reading ended before the end of the file; its offset counts in the file. */
  readonly error?: DecodeError;
  /** Keys that the capture carries. */
  readonly secrets: readonly CapturedSecrets[];
}

/** What opens what is protected in a capture. It stays with the reader; messages never carry it. */
export interface CaptureSecrets {
  /** Shared secrets of WTLS by their identities, as `waps` has them. */
  readonly wtlsSecrets?: readonly WtlsSecret[];
  /** Key log of TLS in the format of NSS (SSLKEYLOGFILE); logs that the capture carries are added to it. */
  readonly tlsKeyLog?: string;
}

/** Reads a capture that is fed in chunks. One instance reads one capture. */
export class CaptureReader {
  readonly #file: CaptureFile;
  readonly #headers: PacketHeaders = noHeaders();
  readonly #secrets: CapturedSecrets[] = [];
  readonly #fragments: Fragments;
  readonly #connections: Connections;
  readonly #wtls: WtlsConversations;
  readonly #keys = new TlsKeyLog();
  /** Lines of the key log that was given which give no keys. */
  readonly keyLogFaults: readonly TlsKeyLogFault[];
  readonly #found: FoundMessages;
  readonly #streams: StreamMessages;
  #given: CapturedMessage[] = [];
  #frames = 0;
  #octets = 0;
  #isCarried = false;

  /** @throws {ValueError} for a secret that cannot be one */
  constructor({ wtlsSecrets = [], tlsKeyLog = '' }: CaptureSecrets = {}, sink?: CaptureSink) {
    this.#found = new FoundMessages(
      sink ?? {
        frame: (frame) => this.#given.push(frameMessage(frame)),
        message: (message) => this.#given.push(message),
      },
    );
    for (const [index, secret] of wtlsSecrets.entries()) checkSecret(secret, `wtlsSecrets[${index}]`);
    this.#wtls = new WtlsConversations(wtlsSecrets);
    this.keyLogFaults = this.#keys.add(tlsKeyLog);
    this.#file = new CaptureFile({
      packet: (packet) => this.#packet(packet),
      secrets: (secrets) => this.#addSecrets(secrets),
    });
    this.#fragments = new Fragments((broken) => this.#broken(broken));
    this.#streams = new StreamMessages(this.#found, this.#wtls);
    this.#connections = new Connections(this.#streams, this.#keys);
  }

  /** Keys that the capture has carried so far. */
  get secrets(): readonly CapturedSecrets[] {
    return this.#secrets;
  }

  /**
   * Takes the next octets of the file, and gives the messages that are whole with them. The octets belong to the reader from
   * then on: messages are views of them, and keep them alive.
   */
  feed(chunk: Uint8Array): readonly CapturedMessage[] {
    this.#file.feed(chunk);
    return this.#take();
  }

  /** The file is over: the last messages, and what became of it. */
  end(): { readonly messages: readonly CapturedMessage[]; readonly summary: CaptureSummary } {
    this.#file.end();
    this.#connections.end();
    this.#streams.end();
    this.#fragments.end();
    const messages = this.#take();
    const { error } = this.#file;
    return {
      messages,
      summary: {
        frames: this.#frames,
        octets: this.#octets,
        messages: this.#found.count,
        ...(error === undefined ? {} : { error }),
        secrets: this.#secrets,
      },
    };
  }

  #take(): readonly CapturedMessage[] {
    const given = this.#given;
    this.#given = [];
    return given;
  }

  #packet(packet: Packet): void {
    this.#frames += 1;
    this.#octets += packet.octets.length;
    this.#found.time = packet.time ?? this.#found.time;
    if (packet.time?.carried !== undefined && !this.#isCarried) this.#tellCarried(packet.frame);
    const headers = this.#headers;
    const { octets, offset, frame, linkType } = packet;
    readPacketHeaders(linkType, octets, headers);
    const { content, end } = headers;
    if (headers.moreFragments || headers.fragmentOffset > 0) {
      const whole = this.#fragments.add(octets, headers, frame, this.#found.seconds);
      if (whole !== undefined) this.#datagram(packet, whole);
      return;
    }
    if (headers.protocol === protocols.tcp && headers.version !== 0) {
      const inner = octets.subarray(content, end);
      const ends = endsOf(octets, inner, headers);
      if (this.#connections.add(octets, inner, headers, packet, ends)) return;
    }
    if (isWtlsFrame(octets, headers)) {
      // What it holds depends on datagrams before it.
      const inner = octets.subarray(content, end);
      const ends = endsOf(octets, inner, headers);
      const form = frameForm(linkType);
      const lacks = headers.missing > 0 ? ({ missing: true } as const) : {};
      const found = {
        ...named(ends),
        protocol: 'wtls',
        form,
        octets,
        offset,
        frames: [frame],
        ...lacks,
      } as const;
      this.#found.give({ ...found, ...this.#wtls.open(inner.subarray(8), ends) }, packet.time);
      return;
    }
    this.#found.frame({ frame, time: packet.time, linkType, octets, offset });
  }

  /** Once for a file, however many of its times are so. */
  #tellCarried(frame: number): void {
    this.#isCarried = true;
    const note =
      'its time has a fraction of a second or more, which is carried; so may others of this file have';
    this.#found.note(note, [frame], 'other', [], false);
  }

  /** A datagram of IP that was put together. */
  #datagram(packet: Packet, { octets: whole, frames, overlap, beyond }: WholeDatagram): void {
    const headers = this.#headers;
    const { protocol: inner, start } = endOfOptions(whole, headers.protocol, headers.version);
    headers.protocol = inner;
    headers.missing = 0;
    const octets = whole.subarray(start);
    const ends = endsOf(packet.octets, octets, headers);
    const told = [
      ...(overlap ? ['fragments of it overlap and differ; the octets that came first stand'] : []),
      ...(beyond ? ['a fragment of it lies behind its last one, and is not read'] : []),
    ];
    const note = told.length === 0 ? undefined : told.join('; ');
    if (headers.protocol === protocols.tcp) {
      this.#connections.add(packet.octets, octets, headers, packet, ends);
    } else if (headers.protocol === protocols.udp) {
      const form = { kind: 'datagram' } as const;
      const byPort = datagramProtocol(ends[0].port, ends[1].port);
      const protocol = byPort === 'udp' && isWtls(octets.subarray(8)) ? 'wtls' : byPort;
      const opened = protocol === 'wtls' ? this.#wtls.open(octets.subarray(8), ends) : {};
      const more = { octets, frames, ...opened, ...(note === undefined ? {} : { note }) };
      this.#found.give({ ...named(ends), protocol, form, ...more }, packet.time);
    } else {
      const said = `IP protocol ${headers.protocol}, ${octets.length} octets in ${frames.length} fragments`;
      this.#found.note(said, frames, 'other', ends, false);
    }
  }

  /** A datagram of IP that never became whole: what it begins with is read as far as it goes. */
  #broken({ frames, octets, begins, datagram }: BrokenDatagram): void {
    const { protocol: first, version, addresses } = datagram;
    const { protocol, start } = endOfOptions(begins, first, version);
    const content = begins.subarray(start);
    const ends = endsAt(addresses, 0, content, { version, protocol });
    const note = `a datagram of IP lacks fragments; ${octets} octets of it are there`;
    if (protocol !== protocols.udp || content.length < 8) {
      this.#found.note(note, frames, 'other', ends);
      return;
    }
    const base = { ...named(ends), protocol: datagramProtocol(ends[0].port, ends[1].port), frames, note };
    const form = { kind: 'datagram', cut: true } as const;
    this.#found.give({ ...base, form, octets: content, missing: true }, this.#found.time);
  }

  #addSecrets(secrets: CapturedSecrets): void {
    this.#secrets.push(secrets);
    if (secrets.type === tlsKeyLogType) this.#keys.add(new TextDecoder().decode(secrets.data));
  }
}

/** Whether a datagram is WTLS by its port, or by its records where the port is of none of ours. */
function isWtlsFrame(octets: Uint8Array, headers: PacketHeaders): boolean {
  const protocol = frameProtocol(octets, headers);
  if (protocol !== 'udp') return protocol === 'wtls';
  return isWtls(octets.subarray(headers.content + 8, headers.end));
}

/** Type of a key log of TLS in a block of decryption secrets (draft-ietf-opsawg-pcapng §4.7). */
const tlsKeyLogType = 0x544c534b;
