// A request that is not made yet. Each try makes one of its own, for a body is read once.

/** What nobody ends. */
const endless = new AbortController().signal;

/** Stands in the place of `Request` where openapi-fetch would make one. */
export class PlannedRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  /** The caller's. */
  readonly signal: AbortSignal;
  readonly #init: RequestInit;

  constructor(url: string, init: RequestInit = {}) {
    this.url = url;
    this.method = init.method ?? 'GET';
    this.headers = new Headers(init.headers);
    this.signal = init.signal ?? endless;
    this.#init = init;
  }

  /** Makes it, with what ends it, and with the token if there is one. */
  make(signal: AbortSignal, token: string | undefined): Request {
    const headers = new Headers(this.headers);
    if (token !== undefined && token !== '') headers.set('authorization', `Bearer ${token}`);
    // One that is sent elsewhere would come there as another one: a POST as a GET, and without its token.
    return new Request(this.url, { ...this.#init, headers, signal, redirect: 'manual' });
  }
}
