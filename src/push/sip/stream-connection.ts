// SIP over one TCP or TLS connection, whoever opened it (RFC 3261 §18, RFC 5626 §3.5.1).

import type { Socket } from 'node:net';
import { type SipLimits, SipStreamReader } from '../../codec/sip/index.ts';
import { type Clock, DecodeError, PushError, type Timer } from '../../core/index.ts';
import { type PeerAddress, plainAddress, remoteOf, showPeer } from '../index.ts';
import type { SipFlow, SipIntake } from './flow.ts';

/** What holds for each connection. */
export interface ConnectionSettings {
  readonly protocol: 'TCP' | 'TLS';
  readonly clock: Clock;
  readonly limits: SipLimits;
  /** Without traffic for so long it is closed, in milliseconds; 0 keeps it. */
  readonly idleMs: number;
  /** Until a message that has begun is there, whole, in milliseconds. */
  readonly messageMs: number;
  /** Port that goes into Via and Contact; `undefined` for the connection's own. */
  readonly advertisedPort: number | undefined;
  /** Octets that may wait for a peer that does not read. */
  readonly maxUnsent: number;
  /** Called when a valid request has come. */
  readonly onServed?: (() => void) | undefined;
}

const crlf = Uint8Array.of(0x0d, 0x0a);

/** Keeps the connection through address translation, and finds out that the peer is gone. */
const tcpKeepAliveMs = 60_000;

/** A connection that stands. */
export class StreamConnection implements SipFlow {
  readonly protocol: 'TCP' | 'TLS';
  readonly reliable = true;
  readonly local: PeerAddress;
  readonly remote: PeerAddress;
  readonly #socket: Socket;
  readonly #settings: ConnectionSettings;
  readonly #intake: SipIntake;
  readonly #reader: SipStreamReader;
  readonly #onClosed = new Set<(error: Error) => void>();
  #lastActive: number;
  #messageSince: number | undefined;
  #timer: Timer | undefined;
  #why: Error | undefined;
  #closed = false;

  constructor(socket: Socket, settings: ConnectionSettings, intake: SipIntake) {
    const { protocol, clock, limits, advertisedPort } = settings;
    this.protocol = protocol;
    this.#socket = socket;
    this.#settings = settings;
    this.#intake = intake;
    this.#reader = new SipStreamReader({ ...limits, responses: 'lenient' });
    const { localAddress = '', localPort = 0 } = socket;
    this.local = { address: plainAddress(localAddress), port: advertisedPort ?? localPort };
    this.remote = remoteOf(socket);
    this.#lastActive = clock.monotonic();
    socket.setNoDelay(true);
    socket.setKeepAlive(true, tcpKeepAliveMs);
    socket.on('data', (octets: Uint8Array) => this.#take(octets));
    socket.on('error', (error) => {
      this.#why ??= error;
    });
    socket.on('close', () => this.#close());
    this.#watch();
  }

  get open(): boolean {
    return !this.#closed && !this.#socket.destroyed && this.#socket.writable;
  }

  send(octets: Uint8Array, failed?: (error: unknown) => void): void {
    if (!this.open) {
      failed?.(this.#why ?? this.#lost());
      return;
    }
    this.#lastActive = this.#settings.clock.monotonic();
    // `failed` is not called from here: when octets cannot be written the connection closes, which tells everybody.
    this.#socket.write(octets, () => {});
    if (this.#socket.writableLength > this.#settings.maxUnsent) {
      this.#destroy(new PushError('LINK_LOST', 'the peer does not read what it is sent', true));
    }
  }

  onClosed(run: (error: Error) => void): () => void {
    if (this.#closed) {
      run(this.#why ?? this.#lost());
      return () => {};
    }
    this.#onClosed.add(run);
    return () => this.#onClosed.delete(run);
  }

  served(): void {
    this.#settings.onServed?.();
  }

  discard(): void {
    this.#socket.destroy();
  }

  /** Sends what waits and closes. */
  end(): void {
    this.#socket.destroySoon();
  }

  #take(octets: Uint8Array): void {
    if (this.#why !== undefined) return;
    this.#lastActive = this.#settings.clock.monotonic();
    this.#reader.push(octets);
    try {
      for (let item = this.#reader.next(); item !== undefined; item = this.#reader.next()) {
        if (item.kind === 'message') this.#intake.message(item.message, item.octets, this);
        else if (item.kind === 'ping') this.send(crlf);
        this.#messageSince = undefined;
      }
    } catch (error) {
      if (error instanceof DecodeError) this.#intake.malformed(error, octets.length, this);
      else this.#intake.error(error);
      this.#destroy(error instanceof Error ? error : this.#lost());
      return;
    }
    if (this.#reader.idle) this.#messageSince = undefined;
    else this.#messageSince ??= this.#lastActive;
    if (this.#messageSince === this.#lastActive) this.#watch();
  }

  /** Sets the timer for whichever limit comes first. */
  #watch(): void {
    const { clock, idleMs, messageMs } = this.#settings;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#closed || this.#socket.destroyed) return;
    const idleAt = idleMs === 0 ? Number.POSITIVE_INFINITY : this.#lastActive + idleMs;
    const messageAt = this.#messageSince === undefined ? idleAt : this.#messageSince + messageMs;
    const dueAt = Math.min(idleAt, messageAt);
    if (dueAt === Number.POSITIVE_INFINITY) return;
    const now = clock.monotonic();
    if (dueAt > now) {
      this.#timer = clock.after(dueAt - now, () => this.#watch());
    } else if (messageAt <= now && this.#messageSince !== undefined) {
      const detail = `no whole message within ${messageMs} ms`;
      this.#intake.ended('timeout', detail, showPeer(this.remote), 0);
      this.#destroy(new PushError('TIMEOUT', detail, true));
    } else {
      this.#socket.destroySoon();
    }
  }

  #destroy(error: Error): void {
    this.#why ??= error;
    this.#socket.destroy();
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    const error = this.#why ?? this.#lost();
    for (const run of this.#onClosed) run(error);
    this.#onClosed.clear();
  }

  #lost(): Error {
    return new PushError('LINK_LOST', 'the connection was closed', true);
  }
}
