// Connections that others opened: bounded for each source and in all, and none is kept for nothing. What has not carried a
// valid request yet gives way to a newer one, so a flood displaces itself and an honest peer gets in.
import type { Server, Socket } from 'node:net';
import {
  type Clock,
  codeOf,
  type HeldPlace,
  longestMs,
  messageOf,
  Places,
  sourceOf,
  type Timer,
  wholeNumber,
} from '../core/index.ts';
import { remoteOf, showPeer } from './peer-name.ts';

/** Bounds of the connections that peers open, as every listener over TCP takes them. */
export interface InboundBounds {
  /** Connections at a time, at most. Default 128. */
  readonly maxConnections?: number | undefined;
  /** Connections of one source at a time, at most: an IPv4 address, or an IPv6 network of 64 bits. Default 32. */
  readonly maxConnectionsPerSource?: number | undefined;
}

/** Defaults of `InboundBounds`. */
export const inboundDefaults = Object.freeze({ maxConnections: 128, maxConnectionsPerSource: 32 });

/** Why a connection ended: not taken or made to give way, no valid request in its time, or no TLS. */
export type InboundEnd = 'busy' | 'timeout' | 'tls';

/** Settings of the connections of one listener. */
export interface InboundOptions extends InboundBounds {
  /** From the connection, its TLS handshake included, to its first valid request, in milliseconds. */
  readonly firstMs: number;
  readonly clock: Clock;
  /** A connection ended before it could be used, or by a rule of this class; `octets` have come over it. */
  readonly onEnded: (reason: InboundEnd, detail: string, from: string, octets: number) => void;
}

/** One connection, from the moment in which it was taken. */
interface Inbound {
  readonly socket: Socket;
  readonly source: string;
  readonly from: string;
  place: HeldPlace | undefined;
  /** Ends the wait for the next request. */
  timer: Timer | undefined;
  /** What had come when that wait began. */
  octetsBefore: number;
  /** Until its first valid request has to be there, on the clock; `undefined` once it was. */
  firstBy: number | undefined;
  /** When the listener's own time began; `undefined` while a request is waited for. */
  stoppedAt: number | undefined;
  /** In a TLS handshake. */
  shaking: boolean;
  /** Ended by a rule of this class, which has been told. */
  ended: boolean;
}

/** The connections of one listener. */
export class InboundConnections {
  readonly #options: InboundOptions;
  readonly #perSource: number;
  /** How many may keep a place for a request that anybody can make: the others are for those who come. */
  readonly #maxUnproved: number;
  readonly #places: Places;
  readonly #standing = new Set<Inbound>();
  /** Those that carried a valid request, though nobody proved a secret: the one that did so longest ago comes first. */
  readonly #unproved = new Set<Inbound>();
  /** By the socket that was accepted, and by the TLS socket above it. */
  readonly #bySocket = new WeakMap<Socket, Inbound>();
  /** Those in a TLS handshake, by both of their ends. */
  readonly #shaking = new Map<string, Inbound>();
  /** TLS handshakes that this class ended, and that the server is still to complain about. */
  #knownTlsErrors = 0;

  /** @throws {ValueError} OUT_OF_RANGE */
  constructor(options: InboundOptions) {
    const whole = (name: keyof typeof inboundDefaults): number =>
      wholeNumber(options[name] ?? inboundDefaults[name], 1, 65_535, name);
    this.#options = options;
    wholeNumber(options.firstMs, 1, longestMs, 'firstMs');
    const total = whole('maxConnections');
    this.#perSource = Math.min(whole('maxConnectionsPerSource'), total);
    this.#maxUnproved = Math.floor(total / 2);
    this.#places = new Places({ total, perSource: this.#perSource });
  }

  /** Takes the connections of a server, from before a TLS handshake where there is one. */
  watch(server: Server, tls: boolean): void {
    server.on('connection', (socket: Socket) => this.#take(socket, tls));
    if (!tls) return;
    server.on('secureConnection', (socket: Socket) => {
      const key = keyOf(socket);
      const inbound = this.#shaking.get(key);
      if (inbound === undefined) return;
      this.#shaking.delete(key);
      inbound.shaking = false;
      inbound.octetsBefore = inbound.socket.bytesRead;
      this.#bySocket.set(socket, inbound);
    });
    server.on('tlsClientError', (error: Error, socket: Socket) => {
      const from = showPeer(remoteOf(socket));
      socket.destroy();
      if (codeOf(error) === 'ECONNRESET' && this.#knownTlsErrors > 0) this.#knownTlsErrors -= 1;
      else this.#options.onEnded('tls', messageOf(error), from, 0);
    });
  }

  /**
   * A valid request has come over a connection: it may stay. Where its peer `proved` a secret it gives way to nobody any
   * more; else it still does when all others are in use too, and half of all places at most are kept so.
   */
  served(socket: Socket, proved: boolean): void {
    const inbound = this.#bySocket.get(socket);
    if (inbound === undefined || !this.#standing.has(inbound)) return;
    inbound.timer?.cancel();
    inbound.firstBy = undefined;
    inbound.place?.finish();
    this.#unproved.delete(inbound);
    if (proved) return;
    this.#unproved.add(inbound);
    if (this.#unproved.size > this.#maxUnproved) this.#demoteOldest();
  }

  /**
   * Waits for the next request on a connection, `limitMs` in all, however its octets trickle in; less where there was no
   * valid one yet and the time for it ends before. When the time is up the connection ends: in silence, where nothing of
   * a request had come.
   */
  wait(socket: Socket, limitMs: number): void {
    const inbound = this.#bySocket.get(socket);
    if (inbound !== undefined && this.#standing.has(inbound)) this.#wait(inbound, limitMs);
  }

  /** A request is there: time is the listener's own from now on, and counts against nobody. */
  stopWaiting(socket: Socket): void {
    const inbound = this.#bySocket.get(socket);
    if (inbound === undefined) return;
    inbound.timer?.cancel();
    inbound.stoppedAt = this.#options.clock.monotonic();
  }

  /** A conversation has begun as it should: it has time limits of its own, but still gives way. */
  begun(socket: Socket): void {
    const inbound = this.#bySocket.get(socket);
    if (inbound === undefined) return;
    inbound.timer?.cancel();
    inbound.firstBy = undefined;
  }

  /** True when part of a request has come. */
  inRequest(socket: Socket): boolean {
    const inbound = this.#bySocket.get(socket);
    return inbound !== undefined && inbound.socket.bytesRead > inbound.octetsBefore;
  }

  /** True when the connection was ended by a rule of this class, which has been told. */
  wasEnded(socket: Socket): boolean {
    return this.#bySocket.get(socket)?.ended === true;
  }

  /** Ends all that stand. */
  destroy(): void {
    for (const { socket } of this.#standing) socket.destroy();
  }

  /** Ends those over which nothing has come yet. */
  destroySilent(): void {
    for (const { socket } of this.#standing) if (socket.bytesRead === 0) socket.destroy();
  }

  #take(socket: Socket, tls: boolean): void {
    const remote = remoteOf(socket);
    const key = keyOf(socket);
    const inbound: Inbound = {
      socket,
      source: sourceOf(remote.address),
      from: showPeer(remote),
      place: undefined,
      timer: undefined,
      octetsBefore: 0,
      firstBy: this.#options.clock.monotonic() + this.#options.firstMs,
      stoppedAt: undefined,
      shaking: tls,
      ended: false,
    };
    this.#bySocket.set(socket, inbound);
    this.#standing.add(inbound);
    if (tls) this.#shaking.set(key, inbound);
    socket.once('close', () => {
      inbound.timer?.cancel();
      inbound.place?.release();
      this.#unproved.delete(inbound);
      this.#standing.delete(inbound);
      if (this.#shaking.get(key) === inbound) this.#shaking.delete(key);
    });
    inbound.place = this.#placeFor(inbound);
    if (inbound.place === undefined) {
      this.#end(inbound, 'busy', `${this.#places.held} connections are in use`);
      return;
    }
    this.#wait(inbound, this.#options.firstMs);
  }

  #wait(inbound: Inbound, limitMs: number): void {
    const { clock } = this.#options;
    const { socket, stoppedAt } = inbound;
    if (inbound.firstBy !== undefined && stoppedAt !== undefined)
      inbound.firstBy += clock.monotonic() - stoppedAt;
    inbound.stoppedAt = undefined;
    const { firstBy } = inbound;
    inbound.timer?.cancel();
    inbound.octetsBefore = socket.bytesRead;
    const left = firstBy === undefined ? limitMs : Math.min(limitMs, firstBy - clock.monotonic());
    inbound.timer = clock.after(Math.max(left, 0), () => {
      if (socket.bytesRead === inbound.octetsBefore) socket.destroy();
      else this.#end(inbound, 'timeout', `no whole request within ${left} ms`);
    });
  }

  #placeFor(inbound: Inbound): HeldPlace | undefined {
    const { source } = inbound;
    const giveWay = (): void => this.#end(inbound, 'busy', 'gave way to a newer connection');
    const place = this.#places.take(source, giveWay);
    if (place !== undefined) return place;
    // Nothing is unfinished: what nobody proved a secret over, and carried nothing for longest, is the next to go.
    const own = [...this.#standing].filter((each) => each.source === source && each.place !== undefined);
    const ownFull = own.length >= this.#perSource;
    for (const victim of this.#unproved) {
      if (ownFull && victim.source !== source) continue;
      this.#unproved.delete(victim);
      victim.place?.release();
      this.#end(victim, 'busy', 'gave way to a newer connection');
      return this.#places.take(source, giveWay);
    }
    return undefined;
  }

  /** The one idle longest counts as if it had just come, without a valid request. */
  #demoteOldest(): void {
    const [oldest] = this.#unproved;
    if (oldest === undefined) return;
    this.#unproved.delete(oldest);
    oldest.place?.release();
    oldest.place = this.#placeFor(oldest);
  }

  #end(inbound: Inbound, reason: InboundEnd, detail: string): void {
    const { socket, from } = inbound;
    if (socket.destroyed) return;
    inbound.timer?.cancel();
    inbound.ended = true;
    if (inbound.shaking) this.#knownTlsErrors += 1;
    // Its errors have nobody to tell, where nothing has been attached to it yet.
    socket.on('error', () => {});
    const octets = socket.bytesRead;
    socket.destroy();
    this.#options.onEnded(reason, detail, from, octets);
  }
}

/** Names a connection by both of its ends, which a TLS socket has in common with the one below it. */
function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localAddress} ${localPort}`;
}
