// HTTP exchanges of everything that sends pushes over HTTP: connections kept, time limits, bounded answers, Basic and
// Digest authentication, TLS with a verified server.
import { randomBytes } from 'node:crypto';
import { Agent } from 'undici';
import {
  type Clock,
  longestMs,
  PushError,
  sharedTimers,
  systemClock,
  type Timer,
  ValueError,
  wholeNumber,
} from '../../core/index.ts';
import { abortError, unwatchAbort, watchAbort } from '../index.ts';
import {
  bestChallenge,
  ChallengeMemory,
  checkCredentials,
  type HttpCredentials,
} from './challenge-memory.ts';
import { withoutCoding } from './content-codings.ts';
import { connectorPastInterim } from './interim-answers.ts';
import { connectionPushError, peerOf } from './push-error.ts';
import { ask, tooLong, type WholeAnswer } from './whole-answer.ts';

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
    this.#clock = sharedTimers(clock);
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
    const target = `${url.pathname}${url.search}`;
    const authorize = (): string | undefined =>
      credentials && this.#challenges.authorization(url.origin, method, target, credentials);
    let authorization = authorize();
    if (authorization === undefined && credentials !== undefined && this.#preemptiveBasic) {
      if (this.#sendsBasic(url)) this.#challenges.keep(url.origin, credentials.username, { scheme: 'basic' });
      authorization = authorize();
    }
    for (let tries = 0; ; tries += 1) {
      const response = await this.#send(request, target, authorization, signal);
      if (response.status !== 401) return response;
      const peer = peerOf(url);
      const challenge = bestChallenge(response.headers('www-authenticate'));
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
    target: string,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<Answer> {
    for (let isLast = request.repeatable !== true; ; isLast = true) {
      const sent = this.#dispatch(request, target, authorization, signal);
      try {
        const { status, headers, body } = await sent.answer;
        const answer = new Answer(status, headers, body);
        return headers['content-encoding'] === undefined ? answer : await this.#decoded(answer, request.url);
      } catch (cause) {
        const error = errorOf(cause, request.url, signal);
        if (isLast || !(error instanceof PushError) || !brokenLinks.has(error.code)) throw error;
      } finally {
        sent.over();
      }
    }
  }

  /** Has a request sent. `over` has to be called when its answer is there, or none will come. */
  #dispatch(
    request: HttpRequest,
    target: string,
    authorization: string | undefined,
    signal: AbortSignal,
  ): { readonly answer: Promise<WholeAnswer>; over(): void } {
    if (signal.aborted) throw abortError(signal);
    const { url, method, headers, body = null, keepRefusal = false } = request;
    let timer: Timer | undefined;
    const { answer, abort } = ask(
      this.#agent,
      { origin: url.origin, path: target, method, headers: fieldsOf(headers, authorization), body },
      {
        url,
        maxResponseSize: this.#maxResponseSize,
        keepRefusal,
        // Not before: that others are waited for says nothing about the server's answer to this one.
        onStart: () => {
          request.onStart?.();
          timer = this.#clock.after(this.#responseMs, () => {
            const text = `${peerOf(url)}: no answer within ${this.#responseMs} ms`;
            abort(new PushError('TIMEOUT', text, true));
          });
        },
      },
    );
    const stop = (): void => abort(abortError(signal));
    watchAbort(signal, stop);
    return {
      answer,
      over: () => {
        timer?.cancel();
        unwatchAbort(signal, stop);
      },
    };
  }

  /** An answer without its content coding. @throws {PushError} PROTOCOL when it is too long then */
  async #decoded(answer: Answer, url: URL): Promise<Answer> {
    const encoding = answer.headers('content-encoding').join(',');
    const read = await withoutCoding(answer.body, encoding, this.#maxResponseSize);
    if (read === undefined) return answer;
    if (read !== 'too long') return answer.decoded(read);
    if (answer.status >= 200 && answer.status < 300) throw tooLong(url, this.#maxResponseSize);
    return answer;
  }
}

/** An answer as callers see it. */
class Answer implements HttpResponse {
  readonly status: number;
  readonly body: Uint8Array;
  readonly #fields: WholeAnswer['headers'];

  constructor(status: number, fields: WholeAnswer['headers'], body: Uint8Array) {
    this.status = status;
    this.#fields = fields;
    this.body = body;
  }

  header(name: string): string | undefined {
    const field = this.#fields[name];
    return typeof field === 'string' ? field : field?.[0];
  }

  /** All values of a header. */
  headers(name: string): readonly string[] {
    const field = this.#fields[name];
    if (field === undefined) return [];
    return typeof field === 'string' ? [field] : field;
  }

  /** The same with another body, in no coding. */
  decoded(body: Uint8Array): Answer {
    return new Answer(this.status, { ...this.#fields, 'content-encoding': undefined }, body);
  }
}

/** What an error of undici means. */
function errorOf(error: unknown, url: URL, signal: AbortSignal): unknown {
  if (error instanceof PushError || signal.aborted) return error;
  if (error instanceof Error && 'code' in error && error.code === 'UND_ERR_INVALID_ARG') {
    return new ValueError('BAD_FORMAT', error.message, 'headers', undefined, { cause: error });
  }
  return connectionPushError(error, peerOf(url));
}

/**
 * Names and values by turns, as undici takes them without making an object of them. Answers are asked for without a content coding,
 * unless somebody asks for others.
 */
function fieldsOf(headers: Readonly<Record<string, string>>, authorization: string | undefined): string[] {
  const fields: string[] = [];
  let asksForCodings = false;
  for (const name of Object.keys(headers)) {
    fields.push(name, headers[name] ?? '');
    asksForCodings ||= name.toLowerCase() === 'accept-encoding';
  }
  if (!asksForCodings) fields.push('accept-encoding', 'identity');
  if (authorization !== undefined) fields.push('authorization', authorization);
  return fields;
}
