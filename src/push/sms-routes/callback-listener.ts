// Takes what carriers say over HTTP of the messages that they took, for all roads on one port: `PATH/ROAD/…`. Bounded as all
// listeners are, and slow for those who guess.
import { mimeHeader } from '../../codec/pap/index.ts';
import { AttemptGuard, type Clock, systemClock, utf8ToBytes, ValueError } from '../../core/index.ts';
import {
  HttpServer,
  type HttpServerAnswer,
  type HttpServerBounds,
  type HttpServerDrop,
  type HttpServerHead,
} from '../http/index.ts';
import type { DroppedPush } from '../index.ts';
import type { RoadAnswer, RoadCallbacks } from '../short-message/index.ts';

/** Settings of a listener. */
export interface CallbackListenerOptions extends HttpServerBounds {
  /** TCP port; 0 takes any free one. */
  readonly port: number;
  /** IP address to listen on. */
  readonly address: string;
  /** Certificate chain and key (PEM); TLS 1.2 or later. Default: plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string } | undefined;
  /** What all paths begin with. Default `/sms`. */
  readonly path?: string | undefined;
  /** By the name of the road; every other path is answered 404. */
  readonly roads: ReadonlyMap<string, RoadCallbacks>;
  /** Called for each connection that brought no request, or not all of one. Must not throw. */
  readonly onDrop?: ((drop: DroppedPush & { readonly reason: HttpServerDrop }) => void) | undefined;
  /** Called for each request that had no token of ours, and with the status that it got. Must not throw. */
  readonly onStranger?: ((peer: string, status: number) => void) | undefined;
  /** Called when a road fails or the server reports an error; the listener goes on. */
  readonly onError?: ((error: unknown) => void) | undefined;
}

/** Defaults of `CallbackListenerOptions`. */
export const callbackDefaults = Object.freeze({ path: '/sms' });

/** Requests without a token of ours that one source may make in five minutes: a carrier that repeats old reports is one too. */
const strangers = { maxFailures: 1000, windowMs: 300_000 } as const;

/** A listener. */
export class CallbackListener {
  readonly #roads: CallbackListenerOptions['roads'];
  readonly #path: string;
  readonly #clock: Clock;
  readonly #options: CallbackListenerOptions;
  readonly #guard = new AttemptGuard({ pair: strangers, source: 'none', identity: 'none' });
  readonly #server: HttpServer;

  /**
   * Does nothing before `start`.
   * @throws {ValueError} for a path that is none, OUT_OF_RANGE for a time or a bound
   * @throws {ConfigError} for a port or an address that is none, or when TLS cannot be set up
   */
  constructor(options: CallbackListenerOptions) {
    this.#options = options;
    this.#roads = options.roads;
    this.#clock = options.clock ?? systemClock();
    this.#path = callbackPath(options.path);
    this.#server = new HttpServer(options, {
      answerHead: (head) => (this.#find(head) === undefined ? nothingHere : undefined),
      maxBody: (head) => this.#find(head)?.road.maxBody ?? 0,
      tooLarge: (_, head) => {
        const text = `at most ${this.#find(head)?.road.maxBody ?? 0} octets are taken`;
        return { ...answer(413, text), close: true };
      },
      answer: (request) => this.#answer(request),
      dropped: (reason, detail, from, octets) =>
        options.onDrop?.({ binding: 'sms', reason, detail, from, octets }),
      error: (error) => options.onError?.(error),
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

  async #answer(request: HttpServerHead & { readonly body: Uint8Array }): Promise<HttpServerAnswer> {
    const found = this.#find(request);
    if (found === undefined) return nothingHere;
    const { method, headers, body, address: peer } = request;
    const { path, query, road } = found;
    const header = (name: string): string | undefined => mimeHeader(headers, name);
    try {
      const said = await road.take({ method, path, query, header, body, peer });
      // A token of ours is served whatever else comes from there.
      return said.proved
        ? { ...answer(said.status, said.text), served: 'proved' }
        : this.#unproved(said, peer);
    } catch (error) {
      this.#options.onError?.(error);
      return answer(500, 'it could not be taken');
    }
  }

  /** What a stranger gets, or a carrier with an old report: the road's answer, as long as they are not too many. */
  #unproved({ status, text }: RoadAnswer, peer: string): HttpServerAnswer {
    const { refusal } = this.#guard.begin('', peer, this.#clock.monotonic());
    this.#options.onStranger?.(peer, refusal === undefined ? status : 429);
    if (refusal === undefined) return answer(status, text);
    const seconds = Math.ceil(refusal.retryAfterMs / 1000);
    return answer(429, 'too many requests without a token came from there', { 'Retry-After': `${seconds}` });
  }

  /** The road of a target, and what follows its path. */
  #find({ target }: Pick<HttpServerHead, 'target'>) {
    const [, path = '', query = ''] = /^([^?#]*)(?:\?([^#]*))?/s.exec(target) ?? [];
    if (!path.startsWith(`${this.#path}/`)) return undefined;
    const rest = path.slice(this.#path.length + 1);
    const slash = rest.indexOf('/');
    const road = this.#roads.get(slash < 0 ? rest : rest.slice(0, slash));
    if (road === undefined) return undefined;
    return { road, path: slash < 0 ? '' : rest.slice(slash + 1), query: new URLSearchParams(query) };
  }
}

/** The path that all callbacks begin with, without a slash at its end. @throws {ValueError} BAD_FORMAT */
export function callbackPath(path: string = callbackDefaults.path): string {
  const plain = path.replace(/\/+$/, '');
  if (/^(?:\/[A-Za-z0-9._~-]+)*$/.test(plain)) return plain;
  throw new ValueError(
    'BAD_FORMAT',
    `${JSON.stringify(path.slice(0, 80))} is not a path such as /sms`,
    'path',
  );
}

function answer(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): HttpServerAnswer {
  return {
    status,
    headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
    body: utf8ToBytes(`${text}\n`),
  };
}

const nothingHere = answer(404, 'nothing here');
