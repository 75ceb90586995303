// Serves the DM endpoint over HTTP or HTTPS on one path (DM-HTTP-1.2).
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { createSecureContext, TLSSocket, Server as TlsServer } from 'node:tls';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import {
  ConfigError,
  type Logger,
  longestMs,
  type PlacesOptions,
  silentLogger,
  sourceOf,
  wholeNumber,
} from '../../core/index.ts';
import { bindError, requirePort, setUpTls } from '../../push/index.ts';
import type { DmEndpoint } from '../endpoint/dm-endpoint.ts';
import { type DmRequest, type DmResponse, refusal } from '../endpoint/dm-exchange.ts';
import { type DropReason, dropReasonOf } from '../metrics/session-metrics.ts';
import { type BodyBounds, BodyIntake, BodyRefusal, bodyDefaults } from './body-intake.ts';
import { ConnectionPlaces, connectionDefaults } from './connection-places.ts';
import { endAnsweredOnClose } from './idle-connections.ts';

/** Certificate and key of the listener; TLS 1.2 or later. */
export interface DmListenerTls {
  /** PEM, the chain included. */
  readonly cert: string | Buffer;
  /** PEM. */
  readonly key: string | Buffer;
  /** PEM of the authorities whose client certificates are demanded; absent: none are asked for. */
  readonly clientCa?: string | Buffer;
}

/** Settings of the listener. */
export interface DmListenerOptions {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** Address to listen on. Default `0.0.0.0`. */
  readonly host?: string;
  /** Path of the endpoint. Default `/dm`. */
  readonly path?: string;
  readonly tls?: DmListenerTls;
  /**
   * Proxies whose X-Forwarded-For names the peer: true for all, or addresses and networks. Default none. Attempts are
   * counted by peer, so a wrong value lets anyone choose under which address failures are counted.
   */
  readonly trustProxy?: boolean | string;
  /** How long a request, or a TLS handshake, may take to arrive, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  /** A connection on which nothing moves for so long is closed, in milliseconds. Default 60000. */
  readonly idleMs?: number;
  /** Connections at once. Default 2048 in all, 512 of one source; behind a proxy that is trusted, one source may have all. */
  readonly connections?: Partial<PlacesOptions>;
  /** Octets of requests that are held at once. Default 32 MiB outside of sessions and 32 MiB in them, see `BodyBounds`. */
  readonly bodies?: Partial<BodyBounds>;
  readonly logger?: Logger;
  /** Hears of each request and connection that it refuses. Must not throw. */
  readonly onDropped?: (reason: DropReason) => void;
}

/** Defaults of `DmListenerOptions`. */
export const dmListenerDefaults = Object.freeze({
  host: '0.0.0.0',
  path: '/dm',
  requestTimeoutMs: 30_000,
  idleMs: 60_000,
});

/** How often connections are looked at whose requests take too long, in milliseconds. */
const lookMs = 5000;

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
 * @throws {ConfigError} when the port is in use or not allowed, or the certificate does not work, in one line
 * @throws {ValueError} OUT_OF_RANGE for `requestTimeoutMs`, `idleMs`, and bounds of connections and bodies
 */
export async function startDmListener(endpoint: DmEndpoint, options: DmListenerOptions): Promise<DmListener> {
  const host = options.host ?? dmListenerDefaults.host;
  const path = options.path ?? dmListenerDefaults.path;
  const logger = options.logger ?? silentLogger;
  requirePort('TCP', options.port);
  const app = makeApp(options);
  const ofProxy =
    options.trustProxy === undefined || options.trustProxy === false
      ? {}
      : { perSource: Number.MAX_SAFE_INTEGER };
  const places = { ...connectionDefaults, ...ofProxy, ...options.connections };
  const { strangers, sessions } = { ...bodyDefaults, ...options.bodies };
  checkBounds('connections', places);
  checkBounds('bodies.strangers', strangers);
  checkBounds('bodies.sessions', sessions);
  const { onDropped = () => undefined } = options;
  const connections = new ConnectionPlaces(places, () => onDropped('no-room'));
  connections.watch(app.server);
  endAnsweredOnClose(app.server);
  const intake = new BodyIntake(endpoint.maxBody, { strangers, sessions });
  const releases = new WeakMap<IncomingMessage, () => void>();
  app.addHook('onRequest', async (request, reply) => {
    // Also when the client goes away before it is answered.
    reply.raw.once('close', () => {
      releases.get(request.raw)?.();
      connections.answered(request.raw.socket);
    });
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', async (request: FastifyRequest, stream: Readable) => {
    const device = endpoint.deviceOf(tokenOf(request));
    const from = device === undefined ? { source: sourceOf(request.ip) } : { device };
    const length = Number(request.headers['content-length']);
    const { body, release } = await intake.read(
      stream,
      Number.isSafeInteger(length) ? length : undefined,
      from,
    );
    releases.set(request.raw, release);
    connections.requested(request.raw.socket);
    return body;
  });
  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'],
    url: path,
    handler: async (request, reply) => {
      const hmac = request.headers['x-syncml-hmac'];
      const token = tokenOf(request);
      const response = await endpoint.handle({
        method: request.method,
        contentType: request.headers['content-type'],
        body: request.body instanceof Uint8Array ? request.body : new Uint8Array(0),
        ...(typeof hmac === 'string' && { hmac }),
        ...(token !== undefined && { token }),
        ...certificateOf(request.raw.socket),
        peer: request.ip,
      });
      return send(reply, response);
    },
  });
  const send = <R extends Reply>(reply: R, response: DmResponse): R => {
    const { status, reason } = response;
    if (status >= 400) onDropped(reason ?? dropReasonOf(status));
    return write(reply, response);
  };
  app.setNotFoundHandler((_, reply) => send(reply, refusal(404, `DM messages go to ${path}`)));
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    logger.debug({ peer: request.ip, status, error: String(error) }, 'DM request refused');
    // What is left of the body is not read.
    const headers = status === 503 ? { connection: 'close', 'retry-after': '5' } : { connection: 'close' };
    return send(
      reply,
      refusal(status, texts(endpoint.maxBody)[status] ?? 'the request cannot be read', headers),
    );
  });
  try {
    const url = await app.listen({ port: options.port, host });
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : options.port;
    return {
      url: `${url}${path}`,
      port,
      renewTls: (tls) => renewTls(app, tls),
      close: () => app.close(),
    };
  } catch (error) {
    await app.close();
    throw bindError('TCP', error, options.port, host);
  }
}

function checkBounds(name: string, bounds: object): void {
  for (const [field, value] of Object.entries(bounds)) {
    wholeNumber(value, 1, Number.MAX_SAFE_INTEGER, `${name}.${field}`);
  }
}

function texts(maxBody: number): Readonly<Record<number, string>> {
  return { 413: `at most ${maxBody} octets`, 503: 'there is no room for the request now' };
}

function tokenOf(request: FastifyRequest): string | undefined {
  const { s } = request.query as { readonly s?: unknown };
  return typeof s === 'string' ? s : undefined;
}

/** The fingerprint of the client certificate, when the connection has one that TLS verified. */
function certificateOf(socket: Socket): Pick<DmRequest, 'certificate'> {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return {};
  // Nothing is left of it once the connection is gone.
  const peer: { readonly fingerprint256?: string } | null = socket.getPeerCertificate();
  if (peer?.fingerprint256 === undefined) return {};
  return { certificate: peer.fingerprint256.replaceAll(':', '').toLowerCase() };
}

interface Reply {
  code(status: number): Reply;
  headers(headers: Readonly<Record<string, string>>): Reply;
  send(body: Buffer): Reply;
}

function write<R extends Reply>(reply: R, { status, headers, body }: DmResponse): R {
  reply
    .code(status)
    .headers(headers)
    .send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  return reply;
}

function makeApp(options: DmListenerOptions): FastifyInstance {
  const { requestTimeoutMs, idleMs, tls, trustProxy = false } = { ...dmListenerDefaults, ...options };
  const requestTimeout = wholeNumber(requestTimeoutMs, 1, longestMs, 'requestTimeoutMs');
  const idle = wholeNumber(idleMs, 1, longestMs, 'idleMs');
  const common = { requestTimeout, connectionTimeout: idle, keepAliveTimeout: idle, trustProxy };
  const http = { headersTimeout: requestTimeout, connectionsCheckingInterval: lookMs };
  if (tls === undefined) return answeringHalfClosed(fastify({ ...common, http }));
  const https = {
    ...http,
    handshakeTimeout: requestTimeout,
    ...contextOf(tls),
    ...(tls.clientCa !== undefined && { requestCert: true, rejectUnauthorized: true }),
  };
  return answeringHalfClosed(setUpTls(() => fastify({ ...common, https }) as unknown as FastifyInstance));
}

/** A client that has sent all it had to say may close its side, and waits for its answer all the same. */
function answeringHalfClosed(app: FastifyInstance): FastifyInstance {
  Object.assign(app.server, { httpAllowHalfOpen: true });
  return app;
}

function contextOf({ cert, key, clientCa }: DmListenerTls) {
  return { cert, key, minVersion: 'TLSv1.2' as const, ...(clientCa !== undefined && { ca: clientCa }) };
}

function renewTls(app: FastifyInstance, tls: DmListenerTls): void {
  const server: unknown = app.server;
  if (!(server instanceof TlsServer)) throw new ConfigError('the DM endpoint was started without TLS');
  const context = contextOf(tls);
  // Before anything is replaced.
  setUpTls(() => createSecureContext(context));
  server.setSecureContext(context);
}

function statusOf(error: unknown): number {
  if (error instanceof BodyRefusal) return error.statusCode;
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  return status >= 400 && status < 500 ? status : 500;
}
