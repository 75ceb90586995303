// Many peers at one socket: which connection a datagram belongs to, handshakes with their timers, sessions with their
// end. Still without sockets: peers are names, and datagrams are handed to `transmit`.
import { type Clock, DecodeError, type HeldPlace, type Timer, ValueError } from '../../core/index.ts';
import { attempt } from './attempt.ts';
import { amplification, headerOctets } from './client-hello.ts';
import { recordTypes } from './code-points.ts';
import type { WtlsConnection } from './connection.ts';
import { checkedKeyRefresh, type WtlsConnectionOptions } from './connection-options.ts';
import { decodeRecords, type WtlsRecord } from './record.ts';
import { Schedule } from './schedule.ts';
import { Sessions, type WtlsSession } from './sessions.ts';
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
  /** Sessions kept, at most; beyond, the one that was not used for longest ends. */
  readonly maxSessions: number;
  /** How long a session may be used, in milliseconds. */
  readonly sessionMs: number;
  /** How long a session may go unused, in milliseconds. Default: `sessionMs`. */
  readonly idleMs?: number | undefined;
}

/** What a peer may be sent: it grows with what comes, and is spent by what goes, octet by octet and one by one. */
interface Purse {
  octets: number;
  datagrams: number;
}

interface Handshake<C> {
  readonly connection: C;
  readonly place: HeldPlace;
  timer: Timer | undefined;
  /** Of a peer that has proved nothing; absent where the handshake is our own wish, or that of a peer that has. */
  readonly purse: Purse | undefined;
}

/** What client and server endpoints have in common. */
export abstract class WtlsEndpoint<C extends WtlsConnection> {
  protected readonly settings: WtlsEndpointOptions;
  readonly #handshakes = new Map<string, Handshake<C>>();
  readonly #sessions: Sessions<C>;
  /** Of the datagram that is being taken. */
  #purse: Purse = { octets: 0, datagrams: 0 };

  /** @throws {ValueError} OUT_OF_RANGE */
  constructor(options: WtlsEndpointOptions, perSource: number, sourceOf: (peer: string) => string) {
    this.settings = options;
    // Those of the connections too, before the first one is made.
    checkedKeyRefresh(options.keyRefresh);
    new Schedule(options);
    const { maxHandshakes, maxSessions, sessionMs, idleMs = sessionMs } = options;
    for (const [name, value] of Object.entries({ maxHandshakes, maxSessions, sessionMs, idleMs })) {
      if (!Number.isInteger(value) || value < 1) {
        throw new ValueError('OUT_OF_RANGE', 'must be a positive integer', name);
      }
    }
    this.#sessions = new Sessions({ total: maxSessions, perSource, sourceOf });
  }

  /** Sessions and handshakes there are. */
  get counts(): { readonly handshakes: number; readonly sessions: number } {
    return { handshakes: this.#handshakes.size, sessions: this.#sessions.size };
  }

  /** Takes a datagram from a peer. Does not throw for what it holds. */
  receive(peer: string, datagram: Uint8Array): void {
    this.#endIdleSessions();
    // One handshake may end in a datagram and another begin: both live on the same octets.
    this.#purse = this.#handshakes.get(peer)?.purse ?? { octets: 0, datagrams: 0 };
    this.#purse.octets += amplification * (datagram.length + headerOctets);
    this.#purse.datagrams += 1;
    const records = attempt(() => decodeRecords(datagram));
    if (records instanceof DecodeError) {
      this.drop(peer, 'malformed', records.message, datagram.length);
      return;
    }
    for (const record of records) {
      if (!this.onRecord(peer, record)) this.#route(peer, record);
    }
  }

  /** Ends everything; peers with a session are told, and those that we asked for a handshake. */
  close(): void {
    for (const [peer, { connection, purse }] of [...this.#handshakes]) {
      const isOurs = purse === undefined;
      this.run(peer, connection, isOurs ? connection.close() : connection.abandon('cancelled', 'given up'));
    }
    for (const peer of this.#sessions.peers) this.endSession(peer);
  }

  /** A record before it is given to a connection. True when that is done with it. */
  protected abstract onRecord(peer: string, record: WtlsRecord): boolean;
  /** A place for one more handshake; `onDisplaced` is called when it has to give way. `undefined`: there is none. */
  protected abstract takePlace(peer: string, onDisplaced: () => void): HeldPlace | undefined;
  /** True when what a session answers is bounded by what came, since anybody can send in the peer's name. */
  protected abstract readonly answersAreBounded: boolean;
  /** The peer needs, or may need, a new handshake while there is a session. */
  protected abstract onRenewal(peer: string, connection: C, isSure: boolean): void;

  protected handshakeOf(peer: string): C | undefined {
    return this.#handshakes.get(peer)?.connection;
  }

  protected sessionOf(peer: string): WtlsSession<C> | undefined {
    const session = this.#sessions.get(peer);
    if (session === undefined) return undefined;
    if (this.settings.clock.monotonic() < session.since + this.settings.sessionMs) return session;
    this.endSession(peer);
    return undefined;
  }

  /** A record of the session went out. */
  protected used(peer: string): void {
    this.#sessions.used(peer, this.settings.clock.monotonic());
  }

  /**
   * Begins a handshake, if there is a place for it. `trusted`: it was our wish, or that of a peer that has proved itself;
   * else what we send is bounded by what comes.
   */
  protected begin(peer: string, trusted: boolean, make: () => C & { start(): WtlsStep }): boolean {
    const displaced = (): void => {
      this.run(peer, connection, connection.abandon('displaced', 'gave way to a newer handshake'));
    };
    const connection = make();
    const place = this.takePlace(peer, displaced);
    if (place === undefined) return false;
    const purse = trusted ? undefined : this.#purse;
    this.#handshakes.set(peer, { connection, place, timer: undefined, purse });
    this.run(peer, connection, connection.start());
    return true;
  }

  /** Ends a session and tells the peer. */
  protected endSession(peer: string): void {
    const session = this.#sessions.get(peer);
    if (session === undefined) return;
    this.#sessions.remove(peer);
    for (const datagram of session.connection.close().send) this.settings.transmit(peer, datagram);
  }

  /** Answers the datagram that is being taken; false when it was too small for that. */
  protected answer(peer: string, datagram: Uint8Array): boolean {
    if (!this.#spend(this.#purse, datagram)) return false;
    this.settings.transmit(peer, datagram);
    return true;
  }

  protected drop(peer: string, reason: WtlsDropReason, detail: string, octets: number): void {
    this.settings.onEvent(peer, { type: 'dropped', reason, detail, octets });
  }

  /** Does what a connection wants. */
  protected run(peer: string, connection: C, step: WtlsStep): void {
    for (const datagram of step.send) this.#transmit(peer, connection, datagram);
    for (const event of step.events) {
      if (event.type === 'established') this.#keep(peer, connection, event.identity !== undefined);
      else if (event.type === 'failed') this.#forgetHandshake(peer, connection);
      else if (event.type === 'data') this.used(peer);
      else if (event.type === 'closed' && this.#sessions.get(peer)?.connection === connection) {
        this.#sessions.remove(peer);
      }
      this.settings.onEvent(peer, event);
      if (event.type === 'hello-requested') this.onRenewal(peer, connection, true);
      else if (event.type === 'doubted') this.onRenewal(peer, connection, false);
    }
    this.#setTimer(peer, connection);
  }

  #route(peer: string, record: WtlsRecord): void {
    const handshake = this.#handshakes.get(peer)?.connection;
    const session = this.sessionOf(peer)?.connection;
    // While a session is renewed, records of the old one, and alerts about it, may still arrive.
    const isOld =
      handshake === undefined || session?.recognises(record) === true || isEarlyAlert(handshake, record);
    const connection = isOld && session !== undefined ? session : handshake;
    if (connection !== undefined) this.run(peer, connection, connection.receive([record]));
    else if (record.ciphered) {
      this.drop(peer, 'no-session', 'there is no session with this peer', record.octets.length);
    } else this.drop(peer, 'unexpected', 'there is no handshake with this peer', record.octets.length);
  }

  #transmit(peer: string, connection: C, datagram: Uint8Array): void {
    const purse = this.#purseOf(peer, connection);
    if (purse !== undefined && !this.#spend(purse, datagram)) {
      const detail = `an answer of ${datagram.length} octets waits until more has come from the peer`;
      this.settings.onEvent(peer, { type: 'warning', detail });
    } else this.settings.transmit(peer, datagram);
  }

  /** What an answer is paid from: nothing where the peer has just proved itself, or we began. */
  #purseOf(peer: string, connection: C): Purse | undefined {
    const handshake = this.#handshakes.get(peer);
    if (handshake?.connection !== connection) return this.answersAreBounded ? this.#purse : undefined;
    return connection.phase === 'established' ? undefined : handshake.purse;
  }

  #spend(purse: Purse, datagram: Uint8Array): boolean {
    const octets = datagram.length + headerOctets;
    if (octets > purse.octets || purse.datagrams < 1) return false;
    purse.octets -= octets;
    purse.datagrams -= 1;
    return true;
  }

  /** It takes the place of the session that the peer had. */
  #keep(peer: string, connection: C, proven: boolean): void {
    this.#forgetHandshake(peer, connection);
    this.#sessions.remove(peer);
    const now = this.settings.clock.monotonic();
    const other = this.#sessions.inTheWayOf(peer, proven);
    if (other !== undefined && other !== peer) this.endSession(other);
    this.#sessions.add(peer, { connection, since: now, proven });
    if (other === peer) this.endSession(peer);
  }

  #forgetHandshake(peer: string, connection: C): void {
    const handshake = this.#handshakes.get(peer);
    if (handshake?.connection !== connection) return;
    handshake.timer?.cancel();
    handshake.place.release();
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
        : clock.after(Math.max(wakeAt - clock.monotonic(), 0), () =>
            this.run(peer, connection, connection.tick()),
          );
  }

  #endIdleSessions(): void {
    const { clock, sessionMs, idleMs = sessionMs } = this.settings;
    const limit = clock.monotonic() - idleMs;
    for (let peer = this.#sessions.idleSince(limit); peer !== undefined; ) {
      this.endSession(peer);
      peer = this.#sessions.idleSince(limit);
    }
  }
}

/** True for an alert in the clear before the other end has said anything that belongs to this handshake. */
function isEarlyAlert(handshake: WtlsConnection, { contentType, ciphered }: WtlsRecord): boolean {
  return handshake.phase === 'hello' && contentType === recordTypes.alert && !ciphered;
}
