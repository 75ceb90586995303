// Listens for pushes over HTTP on TCP port 4035, with TLS on 4036 (DM-NOTI-1.3 §7.4, DM-PUSH §5.3). It stands on the
// runtime's own server, not on a framework: it serves one path, and has to bound connections, heads and bodies itself.
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
import { TLSSocket } from 'node:tls';
import type { MimeHeader } from '../../codec/pap/index.ts';
import {
  type Clock,
  ConfigError,
  codeOf,
  longestMs,
  messageOf,
  sleep,
  systemClock,
  wholeNumber,
} from '../../core/index.ts';
import { listenTcp, type PushReceiver, remoteOf, requireListen, setUpTls, showPeer } from '../index.ts';
import { httpPushPort, httpsPushPort } from './header-names.ts';
import { type HttpPushAnswer, HttpPushReceiver } from './http-receiver.ts';
import type { HttpPushRequest } from './read-request.ts';
import {
  type HttpListenerTls,
  type HttpPushCounters,
  type HttpPushListenerOptions,
  httpPushListenerDefaults,
} from './receiver-options.ts';
import { RequestWait } from './request-wait.ts';

/** Octets of a request's head, at most. */
const maxHeadOctets = 16_384;

/** Listens for pushes. */
export class HttpPushListener implements PushReceiver {
  readonly name = 'http';
  readonly #options: HttpPushListenerOptions;
  readonly #port: number;
  readonly #receiver: HttpPushReceiver;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #closeMs: number;
  readonly #maxConnections: number;
  /** Raw connections, those in a TLS handshake included. */
  readonly #sockets = new Set<Socket>();
  readonly #waits = new WeakMap<Socket, RequestWait>();
  /** Connections whose body is being read: what goes wrong with one shows there. */
  readonly #reading = new WeakSet<Socket>();
  #server: Server | undefined;
  #closing = false;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} for a setting
   * @throws {ConfigError} for a port or an address that is none
   */
  constructor(options: HttpPushListenerOptions) {
    const whole = (name: 'idleMs' | 'closeMs' | 'maxConnections', maximum: number): number =>
      wholeNumber(options[name] ?? httpPushListenerDefaults[name], 1, maximum, name);
    const { tls, port = tls === undefined ? httpPushPort : httpsPushPort, address } = options;
    requireListen('TCP', port, address);
    this.#port = port;
    this.#options = options;
    this.#receiver = new HttpPushReceiver({
      ...options,
      clientCertificates: tls?.clientCa !== undefined,
    });
    this.#clock = options.clock ?? systemClock();
    this.#idleMs = whole('idleMs', longestMs);
    this.#closeMs = whole('closeMs', longestMs);
    this.#maxConnections = whole('maxConnections', 65_535);
  }

  /**
   * Starts listening; resolves with the port.
   * @throws {ConfigError} the port is in use or not allowed, the address is not one of this machine, or TLS cannot be
   *   set up
   */
  async start(): Promise<number> {
    const { tls, address } = this.#options;
    if (this.#server !== undefined) throw new ConfigError('this listener has been started before');
    const server = this.#makeServer(tls);
    this.#server = server;
    const bound = await listenTcp(server, this.#port, address);
    server.on('error', (error) => this.#receiver.report(error));
    return bound;
  }

  counters(): HttpPushCounters {
    return this.#receiver.counters();
  }

  /** Takes no more connections; requests that are under way come to their end, for `closeMs`. */
  async close(): Promise<void> {
    this.#closing = true;
    const server = this.#server;
    if (server === undefined) return;
    const stop = new AbortController();
    const closed = new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
    server.closeIdleConnections();
    // Connections on which nothing has come yet count as busy for the server.
    for (const socket of this.#sockets) if (socket.bytesRead === 0) socket.destroy();
    await Promise.race([closed, sleep(this.#clock, this.#closeMs, stop.signal)]);
    stop.abort();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #makeServer(tls: HttpListenerTls | undefined): Server {
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response).catch((error: unknown) => {
        this.#receiver.report(error);
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
    const server = tls === undefined ? createServer(limits, serve) : this.#makeTlsServer(tls, limits, serve);
    server.maxConnections = this.#maxConnections;
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
      if (tls === undefined) this.#watch(socket);
    });
    server.on('secureConnection', (socket: TLSSocket) => this.#watch(socket));
    server.on('tlsClientError', (error: Error, socket: Socket) => {
      this.#receiver.drop('tls', messageOf(error), showPeer(remoteOf(socket)), 0);
      socket.destroy();
    });
    server.on('clientError', (error: Error, socket: Socket) => this.#clientError(error, socket));
    server.on('drop', (peer) => {
      const from = showPeer(remoteOf(peer));
      this.#receiver.drop('busy', `${this.#maxConnections} connections are open`, from, 0);
    });
    return server;
  }

  #makeTlsServer(tls: HttpListenerTls, limits: ServerOptions, serve: RequestListener): Server {
    const { cert, key, clientCa, clientCertificate = 'optional', minVersion = 'TLSv1.2' } = tls;
    const client =
      clientCa === undefined
        ? {}
        : { ca: clientCa, requestCert: true, rejectUnauthorized: clientCertificate === 'required' };
    return setUpTls(() =>
      createTlsServer({ ...limits, cert, key, minVersion, handshakeTimeout: this.#idleMs, ...client }, serve),
    );
  }

  #watch(socket: Socket): void {
    const wait = new RequestWait(this.#clock, this.#idleMs, socket, (octets) => {
      this.#receiver.drop(
        'timeout',
        `no whole request within ${this.#idleMs} ms`,
        showPeer(remoteOf(socket)),
        octets,
      );
    });
    this.#waits.set(socket, wait);
    socket.once('close', () => wait.stop());
    wait.begin();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket } = request;
    const head = headOf(request);
    const early = this.#receiver.answerHead(head);
    if (early !== undefined) {
      this.#send(response, early);
      // What is left of the body is not waited for.
      if (early.close) response.once('finish', () => socket.destroySoon());
      return;
    }
    const body = await this.#read(request, head);
    if (body === undefined) return;
    if (!(body instanceof Uint8Array)) {
      this.#send(response, body);
      response.once('finish', () => socket.destroySoon());
      return;
    }
    this.#waits.get(socket)?.stop();
    const answer = this.#receiver.answer({ ...head, body });
    this.#send(response, answer);
    answer.handOver?.();
  }

  /** The body, or what is answered when it is too large; `undefined` when it does not come to its end. */
  async #read(
    request: IncomingMessage,
    { from }: { readonly from: string },
  ): Promise<Uint8Array | HttpPushAnswer | undefined> {
    const { socket } = request;
    const chunks: Uint8Array[] = [];
    let size = 0;
    this.#reading.add(socket);
    try {
      for await (const chunk of request as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > this.#receiver.maxPayload) return this.#receiver.tooLarge(size, from);
        chunks.push(chunk);
      }
    } catch {
      const counted = !this.#reading.has(socket) || this.#waits.get(socket)?.timedOut === true;
      if (!counted)
        this.#receiver.drop('incomplete', 'the connection ended in the middle of a body', from, size);
      return undefined;
    } finally {
      this.#reading.delete(socket);
    }
    return new Uint8Array(Buffer.concat(chunks));
  }

  #send(response: ServerResponse, { status, headers, text, close }: HttpPushAnswer): void {
    const wait = this.#waits.get(response.req.socket);
    response.once('finish', () => wait?.begin());
    for (const [name, value] of Object.entries(headers)) {
      response.setHeader(name, typeof value === 'string' ? value : [...value]);
    }
    if (close || this.#closing) response.setHeader('Connection', 'close');
    const body = text === '' ? '' : `${text}\n`;
    if (body !== '') response.setHeader('Content-Length', Buffer.byteLength(body));
    response.writeHead(status);
    response.end(body);
  }

  #clientError(error: Error, socket: Socket): void {
    const code = codeOf(error);
    const wait = this.#waits.get(socket);
    if (wait?.timedOut === true) return;
    // A connection that breaks between requests is no drop.
    const inRequest = wait?.inRequest === true && !this.#reading.has(socket);
    if (code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE') {
      this.#receiver.drop('protocol', `not HTTP (${code})`, showPeer(remoteOf(socket)), 0);
      this.#reading.delete(socket);
    } else if (inRequest) {
      this.#receiver.drop(
        'incomplete',
        'the connection ended in the middle of a request',
        showPeer(remoteOf(socket)),
        0,
      );
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

function headOf(request: IncomingMessage): Omit<HttpPushRequest, 'body'> {
  const { method = '', url = '', rawHeaders, socket } = request;
  const headers: MimeHeader[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    headers.push([rawHeaders[at] ?? '', (rawHeaders[at + 1] ?? '').trim()]);
  }
  return {
    method,
    target: url,
    headers,
    from: showPeer(remoteOf(socket)),
    tls: socket instanceof TLSSocket,
    clientCertificate: socket instanceof TLSSocket ? certificateName(socket) : undefined,
  };
}

/** Names a client certificate that was verified: its common name, else its fingerprint. */
function certificateName(socket: TLSSocket): string | undefined {
  if (!socket.authorized) return undefined;
  const { subject, fingerprint256 } = socket.getPeerCertificate();
  const name = subject?.CN;
  return (Array.isArray(name) ? name[0] : name) ?? fingerprint256;
}
