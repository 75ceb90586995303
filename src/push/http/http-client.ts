// HTTP exchanges of everything that sends pushes over HTTP: connections kept, time limits, bounded answers, Basic and
// Digest authentication, TLS with a verified server.
import { randomBytes } from 'node:crypto';
import { Agent } from 'undici';
import {
  type Clock,
  longestMs,
  PushError,
  systemClock,
  type Timer,
  ValueError,
  wholeNumber,
} from '../../core/index.ts';
import { abortError } from '../index.ts';
import {
  bestChallenge,
  ChallengeMemory,
  checkCredentials,
  type HttpCredentials,
} from './challenge-memory.ts';
import { withoutCoding } from './content-codings.ts';
import { connectorPastInterim } from './interim-answers.ts';
import { connectionPushError } from './push-error.ts';
import { ask, tooLong } from './whole-answer.ts';

/** TLS of connections to servers. TLS 1.2 or later; name and chain of the server are always verified. */
export interface HttpClientTls {
  /** Certificates (PEM) that are trusted instead of the system's. */
  readonly ca?: string | undefined;
  /** Certificate (PEM) that we prove ourselves with, and its key. */
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/** Settings of a client. */
export interface HttpClientOptions {
  readonly tls?: HttpClientTls | undefined;
  /** Until a connection stands, TLS included, in milliseconds. Default 10 000. */
  readonly connectMs?: number | undefined;
  /** From when a request has a connection until its answer is there, whole, in milliseconds. Default 30 000. */
  readonly responseMs?: number | undefined;
  /** Octets of an answer's body, at most. Default 65 536. */
  readonly maxResponseSize?: number | undefined;
  /** Connections to one server at a time, at most. Default 16. */
  readonly maxConnections?: number | undefined;
  /** True sends Basic credentials over plain HTTP too, where everyone on the way can read them. Default false. */
  readonly allowPlainBasic?: boolean | undefined;
  /**
   * True sends Basic credentials with the first request, unasked; over plain HTTP only where `allowPlainBasic` says so.
   * For servers that count a request without credentials as a failure, as Kannel does. Default false.
   */
  readonly preemptiveBasic?: boolean | undefined;
  readonly clock?: Clock | undefined;
  /** Secure random octets. Default: the system's. */
  readonly random?: ((length: number) => Uint8Array) | undefined;
}

/** Defaults of `HttpClientOptions`. */
export const httpClientDefaults = Object.freeze({
  connectMs: 10_000,
  responseMs: 30_000,
  maxResponseSize: 65_536,
  maxConnections: 16,
});

/** A request. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'OPTIONS';
  /** `http:` or `https:`. */
  readonly url: URL;
  /** Nothing is added to them but Host, Content-Length, Connection, Authorization and Accept-Encoding (`identity`). */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** Proved when the server asks. */
  readonly credentials?: HttpCredentials | undefined;
  /**
   * True when it does no harm to the server to get it twice: then it is sent again, once and at once, when the connection
   * breaks before an answer, as a kept one does when a server restarts. Default false.
   */
  readonly repeatable?: boolean | undefined;
  /**
   * True reads the body of answers other than 2xx as well, and gives 401 as an answer where no proof is left: for services that say
   * there what is wrong. Default false.
   */
  readonly keepRefusal?: boolean | undefined;
  /**
   * Called when it has a connection and is about to leave, before its first octet does; each time, where it is sent more than once.
   * Where it was not called, the server has nothing of it. Must not throw.
   */
  readonly onStart?: (() => void) | undefined;
}

/** An answer, other than 401 unless the request has `keepRefusal`. */
export interface HttpResponse {
  readonly status: number;
  /** Value of a header, the first where there are several. `name` in lower case. */
  header(name: string): string | undefined;
  /**
   * Empty for a status other than 2xx, unless the request has `keepRefusal`. Without its content coding, unless we do not know
   * that: then `content-encoding` names it.
   */
  readonly body: Uint8Array;
}

interface Answered {
  readonly response: HttpResponse;
  /** Values of WWW-Authenticate. */
  readonly challenges: readonly string[];
}

/** Codes of errors of a connection that stood. */
const brokenLinks: ReadonlySet<string> = new Set(['LINK_LOST', 'ECONNRESET', 'EPIPE']);

/** Servers and users whose challenges are remembered. */
const rememberedChallenges = 10_000;

/** Exchanges requests for answers. */
export class HttpClient {
  readonly #agent: Agent;
  readonly #clock: Clock;
  readonly #responseMs: number;
  readonly #maxResponseSize: number;
  readonly #allowPlainBasic: boolean;
  readonly #preemptiveBasic: boolean;
  readonly #challenges: ChallengeMemory;

  /** @throws {ValueError} OUT_OF_RANGE for a setting, MISSING for a certificate without a key */
  constructor(options: HttpClientOptions = {}) {
    const whole = (name: keyof typeof httpClientDefaults, maximum: number): number =>
      wholeNumber(options[name] ?? httpClientDefaults[name], 1, maximum, name);
    const { tls = {}, clock = systemClock(), random = randomBytes } = options;
    if ((tls.cert === undefined) !== (tls.key === undefined)) {
      throw new ValueError('MISSING', 'certificate and key belong together', 'tls');
    }
    this.#clock = clock;
    this.#responseMs = whole('responseMs', longestMs);
    this.#maxResponseSize = whole('maxResponseSize', 2 ** 30);
    this.#allowPlainBasic = options.allowPlainBasic ?? false;
    this.#preemptiveBasic = options.preemptiveBasic ?? false;
    this.#challenges = new ChallengeMemory(random, rememberedChallenges);
    this.#agent = new Agent({
      connections: whole('maxConnections', 65_535),
      connect: connectorPastInterim({
        ...(tls.ca === undefined ? {} : { ca: tls.ca }),
        ...(tls.cert === undefined ? {} : { cert: tls.cert, key: tls.key }),
        minVersion: 'TLSv1.2',
        rejectUnauthorized: true,
        timeout: whole('connectMs', longestMs),
      }),
      // The clock's timer below counts, for it can be injected.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxResponseSize: -1,
    });
  }

  /**
   * Sends a request and gives the answer; a challenge is answered on the way.
   * @throws {ValueError} for credentials or a header that cannot be sent
   * @throws {PushError} when there is no answer, or the server wants credentials that it does not get (without `keepRefusal`)
   */
  async exchange(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
    const { url, method, credentials } = request;
    if (credentials !== undefined) checkCredentials(credentials);
    const peer = peerOf(url);
    const target = `${url.pathname}${url.search}`;
    const authorize = (): string | undefined =>
      credentials && this.#challenges.authorization(url.origin, method, target, credentials);
    let authorization = authorize();
    if (authorization === undefined && credentials !== undefined && this.#preemptiveBasic) {
      if (this.#sendsBasic(url)) this.#challenges.keep(url.origin, credentials.username, { scheme: 'basic' });
      authorization = authorize();
    }
    for (let tries = 0; ; tries += 1) {
      const { response, challenges } = await this.#send(request, authorization, peer, signal);
      if (response.status !== 401) return response;
      const challenge = bestChallenge(challenges);
      if (credentials === undefined || challenge === undefined) {
        if (request.keepRefusal === true) return response;
        const why = credentials === undefined ? 'wants credentials' : 'asks for a proof that we do not have';
        throw new PushError('CREDENTIALS_MISSING', `${peer}: ${why}`, false);
      }
      // A remembered challenge may be too old; one that was just given is not, and a password never is.
      const stale = challenge.scheme === 'digest' && challenge.challenge.stale;
      const sameAgain = challenge.scheme === 'basic' && authorization?.startsWith('Basic ') === true;
      if (sameAgain || tries > 1 || (tries === 1 && !stale)) {
        this.#challenges.forget(url.origin, credentials.username);
        if (request.keepRefusal === true) return response;
        throw new PushError('CREDENTIALS_REFUSED', `${peer}: does not take our credentials`, false);
      }
      if (challenge.scheme === 'basic' && !this.#sendsBasic(url)) {
        const why = 'asks for a password in the clear (allowPlainBasic is off)';
        throw new PushError('CREDENTIALS_UNPROTECTED', `${peer}: ${why}`, false);
      }
      this.#challenges.keep(url.origin, credentials.username, challenge);
      authorization = authorize();
    }
  }

  /** Ends the connections. */
  async close(): Promise<void> {
    await this.#agent.destroy();
  }

  #sendsBasic(url: URL): boolean {
    return url.protocol === 'https:' || this.#allowPlainBasic;
  }

  async #send(
    request: HttpRequest,
    authorization: string | undefined,
    peer: string,
    signal: AbortSignal,
  ): Promise<Answered> {
    try {
      return await this.#once(request, authorization, peer, signal);
    } catch (error) {
      const broken = error instanceof PushError && brokenLinks.has(error.code);
      if (request.repeatable !== true || !broken) throw error;
      return await this.#once(request, authorization, peer, signal);
    }
  }

  async #once(
    request: HttpRequest,
    authorization: string | undefined,
    peer: string,
    signal: AbortSignal,
  ): Promise<Answered> {
    if (signal.aborted) throw abortError(signal);
    const { url, method, headers, body, keepRefusal = false } = request;
    const asked = withIdentity(headers);
    let timer: Timer | undefined;
    // Not before: that others are waited for says nothing about the server's answer to this one.
    const onStart = (): void => {
      request.onStart?.();
      timer = this.#clock.after(this.#responseMs, () => {
        abort(new PushError('TIMEOUT', `${peer}: no answer within ${this.#responseMs} ms`, true));
      });
    };
    const rules = { peer, maxResponseSize: this.#maxResponseSize, keepRefusal, onStart };
    const { answer, abort } = ask(
      this.#agent,
      {
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method,
        headers: authorization === undefined ? asked : { ...asked, authorization },
        body: body ?? null,
      },
      rules,
    );
    const stop = (): void => abort(abortError(signal));
    signal.addEventListener('abort', stop, { once: true });
    try {
      const { status, headers: fields, body: coded } = await answer;
      const encoding = valuesOf(fields['content-encoding']).join(',');
      const read = await withoutCoding(coded, encoding, this.#maxResponseSize);
      if (read === 'too long' && status >= 200 && status < 300) throw tooLong(peer, this.#maxResponseSize);
      const response: HttpResponse =
        read === undefined || read === 'too long'
          ? { status, body: coded, header: (name) => valuesOf(fields[name])[0] }
          : {
              status,
              body: read,
              header: (name) => (name === 'content-encoding' ? undefined : valuesOf(fields[name])[0]),
            };
      return {
        response,
        challenges: valuesOf(fields['www-authenticate']),
      };
    } catch (error) {
      if (error instanceof PushError || signal.aborted) throw error;
      if (error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG') {
        throw new ValueError('BAD_FORMAT', error.message, 'headers', undefined, { cause: error });
      }
      throw connectionPushError(error, peer);
    } finally {
      timer?.cancel();
      signal.removeEventListener('abort', stop);
    }
  }
}

/** Asks for answers without a content coding, unless somebody asks for others. */
function withIdentity(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const own = Object.keys(headers).some((name) => name.toLowerCase() === 'accept-encoding');
  return own ? headers : { ...headers, 'accept-encoding': 'identity' };
}

function valuesOf(header: string | readonly string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  return typeof header === 'string' ? [header] : header;
}

/** A server for errors: without the query, which may hold a password. */
export function peerOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}
