// Many peers at one socket: which connection a datagram belongs to, handshakes with their timers, sessions with their
// end. Still without sockets: peers are names, and datagrams are handed to `transmit`.
import { type Clock, DecodeError, type Timer, ValueError } from '../../core/index.ts';
import { attempt } from './attempt.ts';
import type { WtlsConnection } from './connection.ts';
import { checkedKeyRefresh, type WtlsConnectionOptions } from './connection-options.ts';
import { decodeRecords, type WtlsRecord } from './record.ts';
import { Schedule } from './schedule.ts';
import type { WtlsDropReason, WtlsEvent, WtlsStep } from './step.ts';

/** Settings of an endpoint. */
export interface WtlsEndpointOptions extends WtlsConnectionOptions {
  readonly clock: Clock;
  /** Sends a datagram to a peer. Must not throw. */
  readonly transmit: (peer: string, datagram: Uint8Array) => void;
  /** Called for everything that happens. Must not throw. */
  readonly onEvent: (peer: string, event: WtlsEvent) => void;
  /** Handshakes at a time, at most. */
  readonly maxHandshakes: number;
  /** Sessions kept, at most; beyond, the oldest ends. */
  readonly maxSessions: number;
  /** How long a session may be used, in milliseconds. */
  readonly sessionMs: number;
}

interface Handshake<C> {
  readonly connection: C;
  timer: Timer | undefined;
}

/** A session in use. */
export interface WtlsSession<C> {
  readonly connection: C;
  /** When it was made, in milliseconds on the clock. */
  readonly since: number;
}

/** What client and server endpoints have in common. */
export abstract class WtlsEndpoint<C extends WtlsConnection> {
  protected readonly settings: WtlsEndpointOptions;
  readonly #handshakes = new Map<string, Handshake<C>>();
  /** By peer, oldest first. */
  readonly #sessions = new Map<string, WtlsSession<C>>();

  /** @throws {ValueError} OUT_OF_RANGE */
  constructor(options: WtlsEndpointOptions) {
    this.settings = options;
    // Those of the connections too, before the first one is made.
    checkedKeyRefresh(options.keyRefresh);
    new Schedule(options);
    for (const name of ['maxHandshakes', 'maxSessions', 'sessionMs'] as const) {
      const value = options[name];
      if (!Number.isInteger(value) || value < 1) {
        throw new ValueError('OUT_OF_RANGE', 'must be a positive integer', name);
      }
    }
  }

  /** Sessions and handshakes there are. */
  get counts(): { readonly handshakes: number; readonly sessions: number } {
    return { handshakes: this.#handshakes.size, sessions: this.#sessions.size };
  }

  /** Takes a datagram from a peer. Does not throw for what it holds. */
  receive(peer: string, datagram: Uint8Array): void {
    this.#endOldSessions();
    const records = attempt(() => decodeRecords(datagram));
    if (records instanceof DecodeError) {
      this.drop(peer, 'malformed', records.message, datagram.length);
      return;
    }
    for (const record of records) {
      if (!this.onRecord(peer, record)) this.#route(peer, record);
    }
  }

  /** Ends everything; peers with a session are told. */
  close(): void {
    for (const [peer, { connection }] of [...this.#handshakes])
      this.run(peer, connection, connection.close());
    for (const peer of [...this.#sessions.keys()]) this.endSession(peer);
  }

  /** A record before it is given to a connection. True when that is done with it. */
  protected abstract onRecord(peer: string, record: WtlsRecord): boolean;

  protected handshakeOf(peer: string): C | undefined {
    return this.#handshakes.get(peer)?.connection;
  }

  protected sessionOf(peer: string): WtlsSession<C> | undefined {
    const session = this.#sessions.get(peer);
    if (session === undefined || this.settings.clock.now() < session.since + this.settings.sessionMs) {
      return session;
    }
    this.endSession(peer);
    return undefined;
  }

  /** Begins a handshake, if there is room for one more. */
  protected begin(peer: string, make: () => C & { start(): WtlsStep }): boolean {
    if (this.#handshakes.size >= this.settings.maxHandshakes) return false;
    const connection = make();
    this.#handshakes.set(peer, { connection, timer: undefined });
    this.run(peer, connection, connection.start());
    return true;
  }

  /** Ends a session and tells the peer. */
  protected endSession(peer: string): void {
    const session = this.#sessions.get(peer);
    if (session === undefined) return;
    this.#sessions.delete(peer);
    for (const datagram of session.connection.close().send) this.settings.transmit(peer, datagram);
  }

  protected drop(peer: string, reason: WtlsDropReason, detail: string, octets: number): void {
    this.settings.onEvent(peer, { type: 'dropped', reason, detail, octets });
  }

  /** Does what a connection wants. */
  protected run(peer: string, connection: C, step: WtlsStep): void {
    for (const datagram of step.send) this.settings.transmit(peer, datagram);
    for (const event of step.events) {
      if (event.type === 'established') this.#keep(peer, connection);
      else if (event.type === 'failed') this.#forgetHandshake(peer, connection);
      else if (event.type === 'closed' && this.#sessions.get(peer)?.connection === connection) {
        this.#sessions.delete(peer);
      }
      this.settings.onEvent(peer, event);
    }
    this.#setTimer(peer, connection);
  }

  #route(peer: string, record: WtlsRecord): void {
    const handshake = this.#handshakes.get(peer)?.connection;
    const session = this.sessionOf(peer)?.connection;
    // While a session is renewed, records of the old one may still arrive.
    const old = session !== undefined && (handshake === undefined || session.recognises(record));
    const connection = old ? session : handshake;
    if (connection !== undefined) this.run(peer, connection, connection.receive([record]));
    else if (record.ciphered) {
      this.drop(peer, 'no-session', 'there is no session with this peer', record.octets.length);
    } else this.drop(peer, 'unexpected', 'there is no handshake with this peer', record.octets.length);
  }

  #keep(peer: string, connection: C): void {
    this.#forgetHandshake(peer, connection);
    this.endSession(peer);
    if (this.#sessions.size >= this.settings.maxSessions) {
      const oldest = this.#sessions.keys().next();
      if (oldest.done !== true) this.endSession(oldest.value);
    }
    this.#sessions.set(peer, { connection, since: this.settings.clock.now() });
  }

  #forgetHandshake(peer: string, connection: C): void {
    const handshake = this.#handshakes.get(peer);
    if (handshake?.connection !== connection) return;
    handshake.timer?.cancel();
    this.#handshakes.delete(peer);
  }

  #setTimer(peer: string, connection: C): void {
    const handshake = this.#handshakes.get(peer);
    if (handshake?.connection !== connection) return;
    handshake.timer?.cancel();
    const { clock } = this.settings;
    const { wakeAt } = connection;
    handshake.timer =
      wakeAt === undefined
        ? undefined
        : clock.after(Math.max(wakeAt - clock.now(), 0), () => this.run(peer, connection, connection.tick()));
  }

  /** All sessions last equally long, so the oldest stand first. */
  #endOldSessions(): void {
    const limit = this.settings.clock.now() - this.settings.sessionMs;
    for (const [peer, { since }] of this.#sessions) {
      if (since > limit) return;
      this.endSession(peer);
    }
  }
}
