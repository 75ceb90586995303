// Serves PAP over HTTP: the endpoint for push initiators, result notifications of gateways, delivery reports of Kannel.
import { mimeHeader } from '../../codec/pap/index.ts';
import { wholeNumber } from '../../core/index.ts';
import {
  HttpServer,
  type HttpServerAnswer,
  type HttpServerBounds,
  type HttpServerDrop,
  httpServerDefaults,
} from '../http/index.ts';
import type { DroppedPush } from '../index.ts';
import { type PapHttpRequest, type PapHttpResponse, plainResponse } from './http-form.ts';

/** What answers the requests of one path. */
export interface PapRoute {
  /** Octets of a body, at most. */
  readonly maxBody: number;
  readonly handle: (request: PapHttpRequest) => Promise<PapHttpResponse>;
}

/** Settings of a listener. */
export interface PapListenerOptions extends HttpServerBounds {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** IP address to listen on. */
  readonly address: string;
  /** Certificate chain and key (PEM); TLS 1.2 or later. Default: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** By path, such as `/pap`; every other path is answered 404. */
  readonly routes: Readonly<Record<string, PapRoute>>;
  /** Called for each connection that brought no request, or not all of one. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: HttpServerDrop }) => void) | undefined;
  /** Called when a route fails or the server reports an error; the listener goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Defaults of `PapListenerOptions`. */
export const papListenerDefaults = httpServerDefaults;

/** A listener. */
export class PapListener {
  readonly #routes: PapListenerOptions['routes'];
  readonly #server: HttpServer;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} OUT_OF_RANGE for a time or a bound
   * @throws {ConfigError} for a port or an address that is none, or when TLS cannot be set up
   */
  constructor(options: PapListenerOptions) {
    const { routes, onDrop, onError } = options;
    for (const [path, { maxBody }] of Object.entries(routes)) {
      wholeNumber(maxBody, 0, 2 ** 30, `routes.${path}.maxBody`);
    }
    this.#routes = routes;
    this.#server = new HttpServer(options, {
      answerHead: ({ target }) =>
        this.#routeOf(target) === undefined ? answerOf(plainResponse(404, 'nothing here')) : undefined,
      maxBody: ({ target }) => this.#routeOf(target)?.maxBody ?? 0,
      tooLarge: (_, { target }) => {
        const text = `at most ${this.#routeOf(target)?.maxBody ?? 0} octets are taken`;
        return { ...answerOf(plainResponse(413, text)), close: true };
      },
      answer: async ({ headers, body, tls, method, target, address }) => {
        const response = await this.#routeOf(target)?.handle({
          method,
          target,
          contentType: mimeHeader(headers, 'content-type'),
          authorization: mimeHeader(headers, 'authorization'),
          body,
          tls,
          peer: address,
        });
        return answerOf(response ?? plainResponse(404, 'nothing here'));
      },
      dropped: (reason, detail, from, octets) => onDrop?.({ binding: 'pap', reason, detail, from, octets }),
      error: (error) => onError?.(error),
    });
  }

  /** Starts listening; gives the port. @throws {ConfigError} when the port cannot be had */
  start(): Promise<number> {
    return this.#server.start();
  }

  /** Takes no more connections; requests under way are answered, for `closeMs`. */
  close(): Promise<void> {
    return this.#server.close();
  }

  #routeOf(target: string): PapRoute | undefined {
    const path = target.replace(/\?.*$/s, '');
    return Object.hasOwn(this.#routes, path) ? this.#routes[path] : undefined;
  }
}

/** What was carried out was a valid request, and PAP says so by its status (PAP §14.4.1). */
function answerOf({ proved = false, ...response }: PapHttpResponse): HttpServerAnswer {
  const valid = response.status >= 200 && response.status < 300;
  return { ...response, ...(proved ? { served: 'proved' } : valid ? { served: 'valid' } : {}) };
}
