// Serves the DM endpoint over HTTP or HTTPS on one path (DM-HTTP-1.2).
// It stands on the runtime's own server: each message of a device passes here, and a framework costs as much as the rest.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Logger, silentLogger, sourceOf, wholeNumber } from '../../core/index.ts';
import { requirePort } from '../../push/index.ts';
import type { DmEndpoint } from '../endpoint/dm-endpoint.ts';
import { type DmRequest, type DmResponse, refusal } from '../endpoint/dm-exchange.ts';
import { type DropReason, dropReasonOf } from '../metrics/session-metrics.ts';
import { BodyIntake, BodyRefusal, bodyDefaults } from './body-intake.ts';
import { ConnectionPlaces, connectionDefaults } from './connection-places.ts';
import { answerNoHttp, listen, makeServer, renewTls, shownHost } from './dm-http-server.ts';
import { type DmListenerOptions, type DmListenerTls, dmListenerDefaults } from './dm-listener-options.ts';
import { type PeerOf, peerFinder } from './trusted-proxies.ts';

/** A running listener. */
export interface DmListener {
  /** Where it listens, with the port that it got. */
  readonly url: string;
  readonly port: number;
  /**
   * Takes another certificate and key, for connections that are made from now on; those that are open stay.
   * @throws {ConfigError} when they do not work, or it was started without; those before stay
   */
  renewTls(tls: DmListenerTls): void;
  /** Takes no more connections; resolves when the requests under way are answered. */
  close(): Promise<void>;
}

/**
 * Starts listening.
 * @throws {ConfigError} when the port is in use or not allowed, the certificate does not work, or a proxy has no address, in one line
 * @throws {ValueError} OUT_OF_RANGE for `requestTimeoutMs`, `idleMs`, and bounds of connections and bodies
 */
export async function startDmListener(endpoint: DmEndpoint, options: DmListenerOptions): Promise<DmListener> {
  const { host = dmListenerDefaults.host, path = dmListenerDefaults.path } = options;
  requirePort('TCP', options.port);
  const server = makeServer(options);
  const door = new DmDoor(endpoint, server, { ...options, path });
  const port = await listen(server, options.port, host);
  const { logger = silentLogger } = options;
  server.on('error', (error) => logger.warn({ error: error.message }, 'the DM listener has trouble'));
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${shownHost(server)}:${port}${path}`,
    port,
    renewTls: (tls) => renewTls(server, tls),
    close: () => door.close(),
  };
}

/** Takes requests from an HTTP server to the endpoint, and its answers back. */
class DmDoor {
  readonly #endpoint: DmEndpoint;
  readonly #server: Server;
  readonly #path: string;
  readonly #peerOf: PeerOf;
  readonly #intake: BodyIntake;
  readonly #connections: ConnectionPlaces;
  readonly #logger: Logger;
  readonly #onDropped: (reason: DropReason) => void;

  constructor(endpoint: DmEndpoint, server: Server, options: DmListenerOptions & { readonly path: string }) {
    const { trustProxy = false, logger = silentLogger, onDropped = () => undefined } = options;
    const ofProxy = trustProxy === false ? {} : { perSource: Number.MAX_SAFE_INTEGER };
    const places = { ...connectionDefaults, ...ofProxy, ...options.connections };
    const { strangers, sessions } = { ...bodyDefaults, ...options.bodies };
    checkBounds('connections', places);
    checkBounds('bodies.strangers', strangers);
    checkBounds('bodies.sessions', sessions);
    this.#endpoint = endpoint;
    this.#server = server;
    this.#path = options.path;
    this.#peerOf = peerFinder(trustProxy);
    this.#logger = logger;
    this.#onDropped = onDropped;
    this.#intake = new BodyIntake(endpoint.maxBody, { strangers, sessions });
    this.#connections = new ConnectionPlaces(places, () => onDropped('no-room'));
    server.on('request', (request, response) => void this.#take(request, response));
    server.on('clientError', (error, socket) => answerNoHttp(error, socket as Socket));
    this.#connections.watch(server);
  }

  /** Takes no more connections; resolves when the requests under way are answered. */
  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
  }

  /** Answers one request. Never rejects. */
  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { socket, headers } = request;
    const forwarded = headers['x-forwarded-for'];
    const peer = this.#peerOf(
      socket.remoteAddress ?? '',
      typeof forwarded === 'string' ? forwarded : forwarded?.join(),
    );
    let release = nothing;
    // Also when the client goes away before it is answered.
    response.once('close', () => {
      release();
      this.#connections.answered(socket);
      // Node ends only those that are idle when closing begins; a turn later this one counts as that.
      if (!this.#server.listening) setImmediate(() => this.#server.closeIdleConnections());
    });
    try {
      const { path, token } = targetOf(request.url ?? '');
      if (path !== this.#path) {
        this.#send(response, refusal(404, `DM messages go to ${this.#path}`));
        return;
      }
      const device = this.#endpoint.deviceOf(token);
      const length = Number(headers['content-length']);
      const read = await this.#intake.read(
        request,
        Number.isSafeInteger(length) ? length : undefined,
        device === undefined ? { source: sourceOf(peer) } : { device },
      );
      release = read.release;
      if (response.closed) release();
      this.#connections.requested(socket);
      const hmac = headers['x-syncml-hmac'];
      const answer = await this.#endpoint.handle({
        method: request.method ?? '',
        contentType: headers['content-type'],
        body: read.body,
        ...(typeof hmac === 'string' && { hmac }),
        ...(token !== undefined && { token }),
        ...certificateOf(socket),
        peer,
      });
      this.#send(response, answer);
    } catch (error) {
      this.#refuse(response, error, peer);
    }
  }

  #send(response: ServerResponse, { status, headers, body, reason }: DmResponse): void {
    if (status >= 400) this.#onDropped(reason ?? dropReasonOf(status));
    const closing = this.#server.listening ? undefined : { connection: 'close' };
    response.writeHead(status, { ...headers, ...closing, 'content-length': body.length });
    response.end(body);
  }

  /** What is left of the body is not read. */
  #refuse(response: ServerResponse, error: unknown, peer: string): void {
    const status = error instanceof BodyRefusal ? error.statusCode : 500;
    this.#logger.debug({ peer, status, error: String(error) }, 'DM request refused');
    const text = texts(this.#endpoint.maxBody)[status] ?? 'the request cannot be read';
    const headers = { connection: 'close', ...(status === 503 && { 'retry-after': '5' }) };
    this.#send(response, refusal(status, text, headers));
  }
}

const nothing = (): void => undefined;

function checkBounds(name: string, bounds: object): void {
  for (const [field, value] of Object.entries(bounds)) {
    wholeNumber(value, 1, Number.MAX_SAFE_INTEGER, `${name}.${field}`);
  }
}

function texts(maxBody: number): Readonly<Record<number, string>> {
  return { 413: `at most ${maxBody} octets`, 503: 'there is no room for the request now' };
}

/** The path of a request and the session token in its query; where there are two, none counts. */
function targetOf(url: string): { readonly path: string; readonly token: string | undefined } {
  // Proxies are asked with whole addresses, and some hand them on.
  const target = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*/i, '');
  const queryAt = target.indexOf('?');
  if (queryAt < 0) return { path: target, token: undefined };
  const tokens = new URLSearchParams(target.slice(queryAt)).getAll('s');
  return { path: target.slice(0, queryAt), token: tokens.length === 1 ? tokens[0] : undefined };
}

/** The fingerprint of the client certificate, when the connection has one that TLS verified. */
function certificateOf(socket: Socket): Pick<DmRequest, 'certificate'> {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return {};
  // Nothing is left of it once the connection is gone.
  const peer: { readonly fingerprint256?: string } | null = socket.getPeerCertificate();
  if (peer?.fingerprint256 === undefined) return {};
  return { certificate: peer.fingerprint256.replaceAll(':', '').toLowerCase() };
}
