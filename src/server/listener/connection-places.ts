// Bounds the connections of an HTTP server: for each source and in all. When they are full, the oldest that has no whole
// request under way gives way, so a flood of silent connections displaces itself and a client that speaks gets in.
import type { Server as HttpServer } from 'node:http';
import type { Server as HttpsServer } from 'node:https';
import type { Socket } from 'node:net';
import { type HeldPlace, Places, type PlacesOptions, sourceOf } from '../../core/index.ts';
import { oneRequestAtATime } from './one-request.ts';

/** 2048 connections in all, 512 of one source: a carrier may have many devices behind one address. */
export const connectionDefaults: PlacesOptions = Object.freeze({ total: 2048, perSource: 512 });

/** Connections of one server. */
export class ConnectionPlaces {
  readonly #places: Places;
  /** By the other end's address and port, since the socket of a request over TLS is not the one that was accepted. */
  readonly #open = new Map<string, { readonly socket: Socket; readonly source: string; place: HeldPlace }>();

  /** Those whose place gives way no more, for they say so again with each request. */
  readonly #finished = new WeakSet<Socket>();

  readonly #onDropped: () => void;

  /**
   * `onDropped` is called for each connection that finds no place or loses it; it must not throw.
   * @throws {RangeError} a bound is not a whole number above 0
   */
  constructor(bounds: PlacesOptions, onDropped: () => void = () => undefined) {
    this.#places = new Places(bounds);
    this.#onDropped = onDropped;
  }

  /** Takes over the connections of a server that has its handler and does not listen yet; each has one request at a time. */
  watch(server: HttpServer | HttpsServer): void {
    oneRequestAtATime(server);
    server.on('connection', (socket: Socket) => this.#accept(socket));
  }

  /** A request has arrived whole: its connection gives way no more, until it is answered. */
  requested(socket: Socket): void {
    if (this.#finished.has(socket)) return;
    this.#open.get(peerOf(socket))?.place.finish();
    this.#finished.add(socket);
  }

  /** The request is answered: its connection may give way again, as the newest. */
  answered(socket: Socket): void {
    const peer = peerOf(socket);
    const entry = this.#open.get(peer);
    if (entry === undefined) return;
    entry.place.release();
    this.#finished.delete(socket);
    this.#take(peer, entry.socket, entry.source);
  }

  #accept(socket: Socket): void {
    const peer = peerOf(socket);
    socket.once('close', () => {
      this.#open.get(peer)?.place.release();
      this.#open.delete(peer);
    });
    this.#take(peer, socket, sourceOf(socket.remoteAddress ?? ''));
  }

  #take(peer: string, socket: Socket, source: string): void {
    const drop = (): void => {
      this.#onDropped();
      socket.destroy();
    };
    const place = this.#places.take(source, drop);
    if (place === undefined) drop();
    else this.#open.set(peer, { socket, source, place });
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
