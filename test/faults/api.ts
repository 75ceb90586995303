// The REST API as a caller uses it that does not give up: what has no answer is asked again, under the same Idempotency-Key.

/** An answer. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** How long an answer is waited for. */
const patienceMs = 8000;
const pauseMs = 100;

/** Calls it. */
export class Api {
  readonly #url: string;
  readonly #end: AbortSignal;
  /** Requests that got no answer, and those that were refused for now. */
  unanswered = 0;
  refused = 0;

  constructor(url: string, end: AbortSignal) {
    this.#url = url;
    this.#end = end;
  }

  /** One request; `undefined` when nobody answers. */
  async ask(method: string, path: string, body?: object, key?: string): Promise<Answer | undefined> {
    try {
      const response = await fetch(this.#url + path, {
        method,
        signal: AbortSignal.any([this.#end, AbortSignal.timeout(patienceMs)]),
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Answer['body'] };
    } catch {
      this.#end.throwIfAborted();
      this.unanswered += 1;
      return undefined;
    }
  }

  /** Asks until there is an answer that stands: what a full disk, a server that stops or too many jobs refuse is asked again. */
  async insist(method: string, path: string, body?: object, key?: string): Promise<Answer> {
    for (;;) {
      const answer = await this.ask(method, path, body, key);
      if (answer !== undefined && !isForNow(answer)) return answer;
      if (answer !== undefined) this.refused += 1;
      this.#end.throwIfAborted();
      await new Promise((resume) => setTimeout(resume, pauseMs));
    }
  }

  /** The body of a GET. @throws {Error} when it is refused */
  async get(path: string): Promise<Answer['body']> {
    const { status, body } = await this.insist('GET', path);
    if (status !== 200) throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** All items of a list. */
  async list<Item>(path: string): Promise<Item[]> {
    const items: Item[] = [];
    for (let after = ''; ; ) {
      const page = await this.get(
        `${path}?limit=500${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`,
      );
      items.push(...(page.items as Item[]));
      if (typeof page.next !== 'string') return items;
      after = page.next;
    }
  }

  /** The stream of events after a sequence number. */
  events(after: number, signal: AbortSignal): Promise<Response> {
    return fetch(`${this.#url}/v1/events`, {
      headers: { 'last-event-id': String(after) },
      signal: AbortSignal.any([this.#end, signal]),
    });
  }
}

function isForNow({ status, body }: Answer): boolean {
  return status === 503 || status === 507 || body.code === 'TOO_MANY_JOBS';
}
