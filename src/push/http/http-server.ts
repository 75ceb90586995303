// The HTTP server of all listeners for pushes. It stands on the runtime's own server, not on a framework: it has to bound
// connections, heads and bodies itself, and the time that each phase of a request may take, by the injected clock.
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { type SecureVersion, TLSSocket } from 'node:tls';
import type { MimeHeader } from '../../codec/pap/index.ts';
import { type Clock, codeOf, longestMs, sleep, systemClock, wholeNumber } from '../../core/index.ts';
import {
  type InboundBounds,
  InboundConnections,
  inboundDefaults,
  listenTcp,
  remoteOf,
  requireListen,
  setUpTls,
  showPeer,
} from '../index.ts';

/** TLS of a listener; TLS 1.2 or later. */
export interface HttpListenerTls {
  /** PEM, the chain included. */
  readonly cert: string | Buffer;
  /** PEM. */
  readonly key: string | Buffer;
  /** PEM of the authorities whose client certificates are taken. Default: none are asked for. */
  readonly clientCa?: string | Buffer | undefined;
  /** Whether a connection without such a certificate is refused. Default `optional`. */
  readonly clientCertificate?: 'optional' | 'required' | undefined;
  /** Default `TLSv1.2`. */
  readonly minVersion?: SecureVersion | undefined;
}

/** Settings of a server that have defaults. */
export interface HttpServerBounds extends InboundBounds {
  /**
   * Until a request is there, whole, in milliseconds, from the connection or from the last answer; a connection is kept
   * for as long. One that has carried no valid request by then ends, whatever came. Default 30 000.
   */
  readonly idleMs?: number | undefined;
  /** For requests that are under way when `close` is called, in milliseconds. Default 5000. */
  readonly closeMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** Defaults of `HttpServerBounds`. */
export const httpServerDefaults = Object.freeze({ ...inboundDefaults, idleMs: 30_000, closeMs: 5000 });

/** A request without its body. */
export interface HttpServerHead {
  readonly method: string;
  /** Request target as on the wire. */
  readonly target: string;
  readonly headers: readonly MimeHeader[];
  /** Where it comes from, for logs. */
  readonly from: string;
  /** IP address of the peer. */
  readonly address: string;
  readonly tls: boolean;
  /** Names a client certificate that was verified. */
  readonly clientCertificate: string | undefined;
}

/** What a request is answered. */
export interface HttpServerAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Uint8Array;
  /** True when the connection ends with it. */
  readonly close?: boolean | undefined;
  /** Whether the request was valid, and its peer even proved who it is: then the connection may stay. Default neither. */
  readonly served?: 'valid' | 'proved' | undefined;
  /** Called once the answer is on its way. */
  readonly handOver?: (() => void) | undefined;
}

/** Why something never became a request. */
export type HttpServerDrop = 'protocol' | 'incomplete' | 'timeout' | 'busy' | 'tls';

/** What a server asks and tells whoever stands behind it. */
export interface HttpServerEvents {
  /** The answer to a head, where its body is not wanted. */
  answerHead(head: HttpServerHead): HttpServerAnswer | undefined;
  /** Octets of a body, at most. */
  maxBody(head: HttpServerHead): number;
  /** The answer to a body beyond that, of which `octets` have come or been announced. */
  tooLarge(octets: number, head: HttpServerHead): HttpServerAnswer;
  answer(
    request: HttpServerHead & { readonly body: Uint8Array },
  ): HttpServerAnswer | Promise<HttpServerAnswer>;
  dropped(reason: HttpServerDrop, detail: string, from: string, octets: number): void;
  error(error: unknown): void;
}

/** Where and how to listen. */
export interface HttpServerOptions extends HttpServerBounds {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** IP address to listen on. Default: all, of both versions of IP. */
  readonly address?: string | undefined;
  /** Default: plain HTTP. */
  readonly tls?: HttpListenerTls | undefined;
}

/** Octets of a request's head, at most. */
const maxHeadOctets = 16_384;
/** Requests of one connection that may wait for their answers. */
const maxPipelined = 8;

/** A server. */
export class HttpServer {
  readonly #options: HttpServerOptions;
  readonly #events: HttpServerEvents;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #closeMs: number;
  readonly #connections: InboundConnections;
  /** Connections whose body is being read: what goes wrong with one shows there. */
  readonly #reading = new WeakSet<Socket>();
  /** Requests of a connection that are not answered yet. */
  readonly #unanswered = new WeakMap<Socket, number>();
  readonly #server: Server;
  #closing = false;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} OUT_OF_RANGE for a time or a bound
   * @throws {ConfigError} for a port or an address that is none, or when TLS cannot be set up
   */
  constructor(options: HttpServerOptions, events: HttpServerEvents) {
    const { port, address, clock = systemClock(), tls } = options;
    requireListen('TCP', port, address);
    const whole = (name: 'idleMs' | 'closeMs'): number =>
      wholeNumber(options[name] ?? httpServerDefaults[name], 1, longestMs, name);
    this.#options = options;
    this.#events = events;
    this.#clock = clock;
    this.#idleMs = whole('idleMs');
    this.#closeMs = whole('closeMs');
    const { maxConnections, maxConnectionsPerSource } = options;
    this.#connections = new InboundConnections({
      maxConnections,
      maxConnectionsPerSource,
      firstMs: this.#idleMs,
      clock,
      onEnded: (reason, detail, from, octets) => events.dropped(reason, detail, from, octets),
    });
    this.#server = this.#make(tls);
  }

  /** Starts listening; resolves with the port. @throws {ConfigError} when the port cannot be had */
  async start(): Promise<number> {
    const { port, address } = this.#options;
    const bound = await listenTcp(this.#server, port, address);
    this.#server.on('error', (error) => this.#events.error(error));
    return bound;
  }

  /** Takes no more connections; requests that are under way come to their end, for `closeMs`. */
  async close(): Promise<void> {
    this.#closing = true;
    if (!this.#server.listening) return;
    const stop = new AbortController();
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeIdleConnections();
    // Connections on which nothing has come yet count as busy for the server.
    this.#connections.destroySilent();
    await Promise.race([closed, sleep(this.#clock, this.#closeMs, stop.signal)]);
    stop.abort();
    this.#connections.destroy();
    await closed;
  }

  #make(tls: HttpListenerTls | undefined): Server {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      if (!this.#admits(request, response)) return;
      void this.#serve(request, response).catch((error: unknown) => {
        this.#events.error(error);
        response.destroy();
      });
    };
    // Time limits are kept here, by the clock.
    const limits = {
      maxHeaderSize: maxHeadOctets,
      headersTimeout: 0,
      requestTimeout: 0,
      keepAliveTimeout: 0,
      noDelay: true,
    };
    const server = tls === undefined ? createServer(limits, serve) : makeTlsServer(tls, limits, serve);
    this.#connections.watch(server, tls !== undefined);
    server.on('clientError', (error: Error, socket: Socket) => this.#clientError(error, socket));
    return server;
  }

  /**
   * Counts a request; false, and the end of its connection, where too many before it are not answered yet: the runtime
   * hands over all that is pipelined at once, thousands in one piece.
   */
  #admits({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const unanswered = this.#unanswered.get(socket) ?? 0;
    if (unanswered >= maxPipelined) {
      const detail = `more than ${maxPipelined} requests that are not answered yet`;
      if (!socket.destroyed) this.#events.dropped('protocol', detail, showPeer(remoteOf(socket)), 0);
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, unanswered + 1);
    response.once('close', () => {
      // What follows in the same octets comes as well, and no further.
      if (!socket.destroyed) this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1);
    });
    return true;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const head = headOf(request);
    const announced = Number(request.headers['content-length'] ?? 0);
    const early =
      this.#events.answerHead(head) ??
      (announced > this.#events.maxBody(head) ? this.#events.tooLarge(announced, head) : undefined);
    const body = early ?? (await this.#read(request, head));
    if (body === undefined) return;
    if (!(body instanceof Uint8Array)) {
      // What is left of the body is not waited for.
      this.#send(response, body);
      return;
    }
    this.#connections.stopWaiting(socket);
    const answer = await this.#events.answer({ ...head, body });
    if (answer.served !== undefined) this.#connections.served(socket, answer.served === 'proved');
    this.#send(response, answer);
    answer.handOver?.();
  }

  /** The body, or what is answered when it is too large; `undefined` when it does not come to its end. */
  async #read(
    request: IncomingMessage,
    head: HttpServerHead,
  ): Promise<Uint8Array | HttpServerAnswer | undefined> {
    const { socket } = request;
    const limit = this.#events.maxBody(head);
    const chunks: Uint8Array[] = [];
    let size = 0;
    this.#reading.add(socket);
    try {
      // Left with `return`, the loop would destroy the socket before the answer is out.
      const parts: AsyncIterable<Uint8Array> = request.iterator({ destroyOnReturn: false });
      for await (const part of parts) {
        size += part.length;
        if (size > limit) return this.#events.tooLarge(size, head);
        chunks.push(part);
      }
    } catch {
      const told = !this.#reading.has(socket) || this.#connections.wasEnded(socket);
      const detail = 'the connection ended in the middle of a body';
      if (!told) this.#events.dropped('incomplete', detail, head.from, size);
      return undefined;
    } finally {
      this.#reading.delete(socket);
    }
    return new Uint8Array(Buffer.concat(chunks));
  }

  #send(response: ServerResponse, { status, headers, body, close }: HttpServerAnswer): void {
    const { socket } = response.req;
    // The peer has as long to take the answer as for its next request.
    this.#connections.wait(socket, this.#idleMs);
    response.once('finish', () => {
      if (close === true) socket.destroySoon();
      else this.#connections.wait(socket, this.#idleMs);
    });
    for (const [name, value] of Object.entries(headers)) {
      response.setHeader(name, typeof value === 'string' ? value : [...value]);
    }
    if (close === true || this.#closing) response.setHeader('Connection', 'close');
    if (body.length > 0) response.setHeader('Content-Length', body.length);
    response.writeHead(status);
    response.end(body);
  }

  #clientError(error: Error, socket: Socket): void {
    const code = codeOf(error);
    if (this.#connections.wasEnded(socket)) return;
    // A connection that breaks between requests is no drop.
    const inRequest = this.#connections.inRequest(socket) && !this.#reading.has(socket);
    const from = showPeer(remoteOf(socket));
    if (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE') {
      this.#events.dropped('protocol', `not HTTP (${code})`, from, 0);
      this.#reading.delete(socket);
    } else if (inRequest) {
      this.#events.dropped('incomplete', 'the connection ended in the middle of a request', from, 0);
    }
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const status = code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    socket.destroySoon();
  }
}

function makeTlsServer(tls: HttpListenerTls, limits: ServerOptions, serve: RequestListener): Server {
  const { cert, key, clientCa, clientCertificate = 'optional', minVersion = 'TLSv1.2' } = tls;
  const client =
    clientCa === undefined
      ? {}
      : { ca: clientCa, requestCert: true, rejectUnauthorized: clientCertificate === 'required' };
  // The handshake ends with the time for the first request.
  return setUpTls(() =>
    createTlsServer({ ...limits, cert, key, minVersion, handshakeTimeout: longestMs, ...client }, serve),
  );
}

function headOf(request: IncomingMessage): HttpServerHead {
  const { method = '', url = '', rawHeaders, socket } = request;
  const headers: MimeHeader[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at] ?? '', (rawHeaders[at + 1] ?? '').trim()]);
  }
  const remote = remoteOf(socket);
  const tls = socket instanceof TLSSocket;
  return {
    method,
    target: url,
    headers,
    from: showPeer(remote),
    address: remote.address,
    tls,
    clientCertificate: tls ? certificateName(socket) : undefined,
  };
}

/** Names a client certificate that was verified: its common name, else its fingerprint. */
function certificateName(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  const name = subject?.CN;
  return (Array.isArray(name) ? name[0] : name) ?? fingerprint256;
}
