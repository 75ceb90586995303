// Serves the DM endpoint over HTTP or HTTPS on one path (DM-HTTP-1.2).
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import fastify, { type FastifyInstance } from 'fastify';
import { type Logger, longestMs, silentLogger, wholeNumber } from '../core/index.ts';
import { bindError, requirePort, setUpTls } from '../push/index.ts';
import type { DmEndpoint } from './dm-endpoint.ts';
import { type DmRequest, type DmResponse, refusal } from './dm-exchange.ts';

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
  /** How long a request may take to arrive, in milliseconds. Default 30000. */
  readonly requestTimeoutMs?: number;
  readonly logger?: Logger;
}

/** Defaults of `DmListenerOptions`. */
export const dmListenerDefaults = Object.freeze({ host: '0.0.0.0', path: '/dm', requestTimeoutMs: 30_000 });

/** A running listener. */
export interface DmListener {
  /** Where it listens, with the port that it got. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections; resolves when the requests under way are answered. */
  close(): Promise<void>;
}

/**
 * Starts listening.
 * @throws {ConfigError} when the port is in use or not allowed, or the certificate does not work, in one line
 * @throws {ValueError} OUT_OF_RANGE for `requestTimeoutMs`
 */
export async function startDmListener(endpoint: DmEndpoint, options: DmListenerOptions): Promise<DmListener> {
  const host = options.host ?? dmListenerDefaults.host;
  const path = options.path ?? dmListenerDefaults.path;
  const logger = options.logger ?? silentLogger;
  requirePort('TCP', options.port);
  const app = makeApp(endpoint, options);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => body);
  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH'],
    url: path,
    handler: async (request, reply) => {
      const hmac = request.headers['x-syncml-hmac'];
      const { s } = request.query as { readonly s?: unknown };
      const response = await endpoint.handle({
        method: request.method,
        contentType: request.headers['content-type'],
        body: request.body instanceof Uint8Array ? request.body : new Uint8Array(0),
        ...(typeof hmac === 'string' && { hmac }),
        ...(typeof s === 'string' && { token: s }),
        ...certificateOf(request.raw.socket),
        peer: request.ip,
      });
      return send(reply, response);
    },
  });
  app.setNotFoundHandler((_, reply) => send(reply, refusal(404, `DM messages go to ${path}`)));
  app.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    logger.debug({ peer: request.ip, status, error: String(error) }, 'DM request refused');
    const text = status === 413 ? `at most ${endpoint.maxBody} octets` : 'the request cannot be read';
    return send(reply, refusal(status, text));
  });
  try {
    const url = await app.listen({ port: options.port, host });
    const address = app.server.address();
    const port = typeof address === 'object' && address !== null ? address.port : options.port;
    return { url: `${url}${path}`, port, close: () => app.close() };
  } catch (error) {
    await app.close();
    throw bindError('TCP', error, options.port, host);
  }
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

function send<R extends Reply>(reply: R, { status, headers, body }: DmResponse): R {
  reply
    .code(status)
    .headers(headers)
    .send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  return reply;
}

function makeApp(endpoint: DmEndpoint, options: DmListenerOptions): FastifyInstance {
  const common = {
    bodyLimit: endpoint.maxBody,
    requestTimeout: wholeNumber(
      options.requestTimeoutMs ?? dmListenerDefaults.requestTimeoutMs,
      1,
      longestMs,
      'requestTimeoutMs',
    ),
    trustProxy: options.trustProxy ?? false,
  };
  const { tls } = options;
  if (tls === undefined) return fastify(common);
  const https = {
    cert: tls.cert,
    key: tls.key,
    minVersion: 'TLSv1.2' as const,
    ...(tls.clientCa !== undefined && { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true }),
  };
  return setUpTls(() => fastify({ ...common, https }) as unknown as FastifyInstance);
}

function statusOf(error: unknown): number {
  const status =
    error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
      ? error.statusCode
      : 500;
  return status >= 400 && status < 500 ? status : 500;
}
