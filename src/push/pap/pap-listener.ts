// Serves PAP over HTTP: the endpoint for push initiators, result notifications of gateways, delivery reports of Kannel.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type Clock, longestMs, systemClock, wholeNumber } from '../../core/index.ts';
import { listenTcp, plainAddress, requireListen, setUpTls } from '../index.ts';
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

/** Defaults of `PapListenerOptions`. */
export const papListenerDefaults = Object.freeze({ requestMs: 30_000, maxConnections: 256, closeMs: 5000 });

/** A listener. */
export class PapListener {
  readonly #options: PapListenerOptions;
  readonly #closeMs: number;
  readonly #server: Server;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} OUT_OF_RANGE for a time or a bound
   * @throws {ConfigError} for a port or an address that is none, or when TLS cannot be set up
   */
  constructor(options: PapListenerOptions) {
    const { port, address, tls } = options;
    requireListen('TCP', port, address);
    this.#options = options;
    const whole = (name: keyof typeof papListenerDefaults, maximum: number): number =>
      wholeNumber(options[name] ?? papListenerDefaults[name], 1, maximum, name);
    const requestMs = whole('requestMs', longestMs);
    this.#closeMs = whole('closeMs', longestMs);
    const limits = { headersTimeout: requestMs, requestTimeout: requestMs, maxHeaderSize: 16_384 };
    const serve = (request: IncomingMessage, response: ServerResponse): void => {
      void this.#serve(request, response).catch(() => response.destroy());
    };
    this.#server = setUpTls(() =>
      tls === undefined
        ? createServer(limits, serve)
        : createTlsServer({ ...limits, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: requestMs }, serve),
    );
    this.#server.maxConnections = whole('maxConnections', 65_535);
  }

  /** Starts listening; gives the port. @throws {ConfigError} when the port cannot be had */
  async start(): Promise<number> {
    const { port, address } = this.#options;
    const bound = await listenTcp(this.#server, port, address);
    this.#server.on('error', () => {});
    return bound;
  }

  /** Takes no more connections; requests under way are answered. */
  async close(): Promise<void> {
    const { clock = systemClock() } = this.#options;
    const timer = clock.after(this.#closeMs, () => this.#server.closeAllConnections());
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
      peer: plainAddress(socket.remoteAddress ?? ''),
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
