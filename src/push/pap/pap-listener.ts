// Serves PAP over HTTP: the endpoint for push initiators, result notifications of gateways, delivery reports of Kannel.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, isIP } from 'node:net';
import { type Clock, ConfigError, messageOf, systemClock } from '../../core/index.ts';
import { type PapHttpRequest, type PapHttpResponse, plainResponse } from './http-form.ts';

/** What answers the requests of one path. */
export interface PapRoute {
  /** Octets of a body, at most. */
  readonly maxBody: number;
  readonly handle: (request: PapHttpRequest) => Promise<PapHttpResponse>;
}

/** Settings of a listener. */
export interface PapListenerOptions {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** IP address to listen on. */
  readonly address: string;
  /** Certificate chain and key (PEM); TLS 1.2 or later. Default: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** By path, such as `/pap`; every other path is answered 404. */
  readonly routes: Readonly<Record<string, PapRoute>>;
  /** Until a request is there, whole, in milliseconds. Default 30 000. */
  readonly requestMs?: number | undefined;
  /** Connections at a time, at most. Default 256. */
  readonly maxConnections?: number | undefined;
  /** For requests that are under way when `close` is called, in milliseconds. Default 5000. */
  readonly closeMs?: number | undefined;
  readonly clock?: Clock | undefined;
}

/** A listener. */
export class PapListener {
  readonly #options: PapListenerOptions;
  readonly #server: Server;

  /** Does nothing before `start`. @throws {ConfigError} when TLS cannot be set up */
  constructor(options: PapListenerOptions) {
    this.#options = options;
    const { tls, requestMs = 30_000, maxConnections = 256 } = options;
    const limits = { headersTimeout: requestMs, requestTimeout: requestMs, maxHeaderSize: 16_384 };
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response).catch(() => response.destroy());
    };
    try {
      this.#server =
        tls === undefined
          ? createServer(limits, serve)
          : createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: requestMs }, serve);
    } catch (cause) {
      throw new ConfigError(`TLS cannot be set up: ${messageOf(cause)}`, { cause });
    }
    this.#server.maxConnections = maxConnections;
  }

  /** Starts listening; gives the port. @throws {ConfigError} when the port cannot be had */
  start(): Promise<number> {
    const { port, address } = this.#options;
    if (isIP(address) === 0) throw new ConfigError(`"${address}" is not an IP address to listen on`);
    return new Promise((resolve, reject) => {
      this.#server.once('error', (cause) => {
        reject(
          new ConfigError(`cannot listen on ${address}, TCP port ${port}: ${messageOf(cause)}`, { cause }),
        );
      });
      this.#server.listen(port, address, () => {
        this.#server.removeAllListeners('error');
        this.#server.on('error', () => {});
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  /** Takes no more connections; requests under way are answered. */
  async close(): Promise<void> {
    const { closeMs = 5000, clock = systemClock() } = this.#options;
    const timer = clock.after(closeMs, () => this.#server.closeAllConnections());
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
    timer.cancel();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '/', headers, socket } = request;
    const path = url.replace(/\?.*$/s, '');
    const route = Object.hasOwn(this.#options.routes, path) ? this.#options.routes[path] : undefined;
    if (route === undefined) return send(response, plainResponse(404, 'nothing here'));
    const body = await read(request, route.maxBody);
    if (body === undefined) {
      const tooLarge = plainResponse(413, `at most ${route.maxBody} octets are taken`, {
        Connection: 'close',
      });
      return send(response, tooLarge);
    }
    const answer = await route.handle({
      method,
      target: url,
      contentType: headers['content-type'],
      authorization: headers.authorization,
      body,
      tls: this.#options.tls !== undefined,
      peer: (socket.remoteAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''),
    });
    send(response, answer);
  }
}

/** The whole body; `undefined` when it is too long. */
async function read(request: IncomingMessage, maxBody: number): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBody) return undefined;
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Left with `return`, the loop would destroy the socket before the answer is out.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > maxBody) return undefined;
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks));
}

function send(response: ServerResponse, { status, headers, body }: PapHttpResponse): void {
  for (const [name, value] of Object.entries(headers)) {
    response.setHeader(name, typeof value === 'string' ? value : [...value]);
  }
  response.writeHead(status);
  response.end(body);
}
