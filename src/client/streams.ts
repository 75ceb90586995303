// What is sent or read as it comes: lines, octets, the feed.
import { allAnswered, SentLines } from './answered.ts';
import { type FeedOptions, type FeedQuery, readFeed } from './events.ts';
import { encoded, jsonLines, type Octets, octetsOf, SentBody } from './lines.ts';
import { PlannedRequest } from './planned-request.ts';
import type { Sender } from './sender.ts';

/** One client's streams; paths and bodies are typed by `ApiClient`. */
export class Streams {
  readonly #base: string;
  readonly #sender: Sender;

  constructor(base: string, sender: Sender) {
    this.#base = base;
    this.#sender = sender;
  }

  readonly exchange = (
    path: string,
    lines: AsyncIterable<unknown> | Iterable<unknown> | Octets,
    { query, signal }: { readonly query?: object; readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<object, void, undefined> => {
    const type = ('octets' in lines ? lines.type : undefined) ?? 'application/x-ndjson';
    const sent = new SentLines();
    const body = new SentBody(sent.watch(encoded(lines)), this.#sender.clock);
    // Of CSV, a record may have several lines.
    const how = { each: path.endsWith('/batch'), sent, countsLines: type !== 'text/csv' };
    return this.#lines(path, { query, signal, body: body.stream, type }, how, body);
  };

  readonly told = (
    path: string,
    value: object,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): AsyncGenerator<object, void, undefined> =>
    this.#lines(
      path,
      { signal, body: JSON.stringify(value), type: 'application/json' },
      { each: false, countsLines: false },
    );

  readonly octets = async function* (
    this: Streams,
    path: string,
    query?: object,
    {
      signal,
      params = {},
    }: { readonly signal?: AbortSignal; readonly params?: Readonly<Record<string, string>> } = {},
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const named = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
    yield* this.#told(this.#answer(this.#request(named, { query, signal })));
  }.bind(this);

  readonly events = (query: FeedQuery = {}, options: FeedOptions = {}) =>
    this.#told(
      readFeed(
        this.#sender,
        (last, signal) => {
          const request = this.#request('/v1/events', { query, signal });
          request.headers.set('accept', 'text/event-stream');
          if (last !== undefined) request.headers.set('last-event-id', String(last));
          return request;
        },
        options,
      ),
    );

  async *#lines(
    path: string,
    asked: Asked,
    how: Parameters<typeof allAnswered>[1],
    body?: SentBody,
  ): AsyncGenerator<object, void, undefined> {
    // Whoever reads no further ends the request too.
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, ...(asked.signal === undefined ? [] : [asked.signal])]);
    try {
      const answers = jsonLines(this.#answer(this.#request(path, { ...asked, signal })));
      yield* this.#told(allAnswered(answers, how));
      if (body?.fault !== undefined) throw body.fault.error;
    } catch (error) {
      // What reading the lines has thrown is the caller's own.
      throw body?.fault === undefined ? error : body.fault.error;
    } finally {
      left.abort();
      body?.end();
    }
  }

  /** The same, with errors as the client throws them. */
  async *#told<Item>(items: AsyncGenerator<Item, void, undefined>): AsyncGenerator<Item, void, undefined> {
    try {
      yield* items;
    } catch (error) {
      throw this.#sender.told(error);
    }
  }

  async *#answer(request: PlannedRequest): AsyncGenerator<Uint8Array, void, undefined> {
    const { body } = await this.#sender.stream(request);
    if (body === null) return;
    try {
      yield* octetsOf(body);
    } catch (cause) {
      throw this.#sender.failed(request, cause);
    }
  }

  #request(path: string, { query, signal, body, type }: Asked): PlannedRequest {
    const asked = new URLSearchParams();
    for (const [name, value] of Object.entries(query ?? {})) {
      if (value !== undefined) asked.set(name, String(value));
    }
    const search = asked.size === 0 ? '' : `?${asked.toString()}`;
    return new PlannedRequest(`${this.#base}${path}${search}`, {
      ...(signal !== undefined && { signal }),
      ...(body !== undefined && { method: 'POST', body, headers: { 'content-type': type ?? '' } }),
      ...(body instanceof ReadableStream && { duplex: 'half' }),
    } as RequestInit);
  }
}

interface Asked {
  readonly query?: object | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly body?: ReadableStream<Uint8Array> | string;
  readonly type?: string;
}
