// Sends requests: with the token, in time, again where that is safe, and with the server's refusals as errors.
import { type Clock, ReveilleError } from '../core/index.ts';
import { deadlineOf } from './deadline.ts';
import type { PlannedRequest } from './planned-request.ts';
import { ApiProblem, problemOf, UnreachableError } from './problem.ts';
import { mayRepeat, type RetryOptions, waitAfter } from './retry.ts';

/** Sends one request, as `fetch` does. */
export type Fetch = (request: Request) => Promise<Response>;

/** A token, or what gives it whenever one is needed. */
export type TokenSource = string | (() => string | undefined | Promise<string | undefined>);

/** What requests are sent with. */
export interface SenderOptions {
  /** Where the API is. */
  readonly base: string;
  readonly token: TokenSource | undefined;
  readonly fetch: Fetch;
  readonly streamFetch: Fetch;
  readonly timeoutMs: number;
  readonly retry: Required<RetryOptions>;
  readonly clock: Clock;
  /** Ends all requests. */
  readonly stop: AbortSignal;
  /** Says what an error is thrown as. */
  readonly failure: (error: ApiProblem | UnreachableError) => Error;
}

/** Statuses whose answers have no body. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

/** One client's requests. */
export class Sender {
  readonly #options: SenderOptions;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get stop(): AbortSignal {
    return this.#options.stop;
  }

  /**
   * Sends a request whose answer is read whole. What the caller's signal ends rejects with its reason.
   * @throws what `failure` makes of {ApiProblem} and {UnreachableError}
   */
  async send(request: PlannedRequest): Promise<Response> {
    const { retry, failure } = this.#options;
    for (let tries = 1; ; tries += 1) {
      const again = mayRepeat(request) && tries <= retry.times;
      const { response, text } = await this.#once(request);
      if (response.ok) return answerOf(response, text);
      const problem = problemOf(response.status, response.headers, text);
      const waitMs = again ? waitAfter(problem, retry) : undefined;
      if (waitMs === undefined) throw failure(problem);
      await this.#wait(request, waitMs);
    }
  }

  /**
   * Sends a request whose answer is read as it comes, or whose body is sent so: once, and without a limit of time but for a refusal.
   * @throws {ApiProblem} {UnreachableError} as they are: `told` says what they are thrown as
   */
  async stream(request: PlannedRequest): Promise<Response> {
    const { streamFetch, stop, clock, timeoutMs } = this.#options;
    const late = new AbortController();
    try {
      const signal = AbortSignal.any([stop, request.signal, late.signal]);
      const response = await streamFetch(request.make(signal, await this.#token()));
      if (response.ok) return response;
      const end = (): void => late.abort(new DOMException(`no answer in ${timeoutMs} ms`, 'TimeoutError'));
      const timer = clock.after(timeoutMs, end);
      const text = await response.text().finally(() => timer.cancel());
      throw problemOf(response.status, response.headers, text);
    } catch (cause) {
      throw this.failed(request, cause);
    }
  }

  /** What a caller gets thrown for an error. */
  told(error: unknown): unknown {
    const isOurs = error instanceof ApiProblem || error instanceof UnreachableError;
    return isOurs ? this.#options.failure(error) : error;
  }

  /** What an error is that a request met. */
  failed(request: { readonly url: string; readonly signal: AbortSignal }, cause: unknown): unknown {
    if (request.signal.aborted) return request.signal.reason;
    return isTransport(cause) ? unreachable(request.url, cause) : cause;
  }

  /** What it is when a server says nothing for so long. */
  silent(silenceMs: number): UnreachableError {
    const { base } = this.#options;
    return new UnreachableError(new URL(base).origin, `nothing came for ${silenceMs} ms`);
  }

  async #once(request: PlannedRequest): Promise<{ readonly response: Response; readonly text: string }> {
    const { timeoutMs, clock, fetch, stop } = this.#options;
    const deadline = deadlineOf(clock, timeoutMs, stop, request.signal);
    try {
      const response = await fetch(request.make(deadline.signal, await this.#token()));
      return { response, text: await response.text() };
    } catch (cause) {
      throw this.told(this.failed(request, cause));
    } finally {
      deadline.over();
    }
  }

  /** Until a request is sent again. */
  async #wait(request: PlannedRequest, waitMs: number): Promise<void> {
    const { clock, stop } = this.#options;
    const ender = deadlineOf(clock, waitMs, stop, request.signal);
    await new Promise((resolve) => ender.signal.addEventListener('abort', resolve, { once: true }));
    ender.over();
    if (stop.aborted || request.signal.aborted) throw this.told(this.failed(request, stop.reason));
  }

  async #token(): Promise<string | undefined> {
    const { token } = this.#options;
    return typeof token === 'function' ? await token() : token;
  }
}

/** The answer once more, with its body read already. */
function answerOf({ status, statusText, headers }: Response, text: string): Response {
  return new Response(bodiless.has(status) ? null : text, { status, statusText, headers });
}

/** Whether an error comes from the network, or from what ended the request; ours and those of others are passed on. */
function isTransport(cause: unknown): boolean {
  if (cause instanceof ReveilleError) return false;
  return (
    cause instanceof TypeError || cause instanceof DOMException || (cause instanceof Error && 'code' in cause)
  );
}

function unreachable(url: string, cause: unknown): UnreachableError {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause;
  const reason = inner instanceof Error ? inner.message : String(inner);
  return new UnreachableError(new URL(url).origin, reason, { cause: inner });
}
