// Makes a client of a server's API, on openapi-fetch.
import createFetchClient from 'openapi-fetch';
import { type Clock, ConfigError, systemClock, wholeNumber } from '../core/index.ts';
import { keyedPaths, type paths } from './api-types.ts';
import type { ApiClient } from './client.ts';
import type { FeedOptions } from './events.ts';
import { PlannedRequest } from './planned-request.ts';
import { ApiProblem, type UnreachableError } from './problem.ts';
import { checkedRetry, type RetryOptions } from './retry.ts';
import { type Fetch, Sender, type TokenSource } from './sender.ts';
import type { NotificationEvent } from './shapes.ts';
import { Streams } from './streams.ts';
import { watchNotification } from './watch.ts';

/** What a client is made with. */
export interface ClientOptions {
  /** Where the API is: `https://dm.example.com:8081`, with a path where a proxy puts it below one. */
  readonly url: string;
  /** The token, or what gives it, asked before each request. Absent: none is sent. */
  readonly token?: TokenSource;
  /** Sends requests in place of the global `fetch`. */
  readonly fetch?: Fetch;
  /**
   * Sends what goes on for long: exchanges of lines, exports, the feed. Default `fetch`. In Node, that gives up where an answer pauses for
   * five minutes.
   */
  readonly streamFetch?: Fetch;
  /** Milliseconds from sending a request to the end of its answer; streams have no such limit. Default 30000. */
  readonly timeoutMs?: number;
  /**
   * What is refused with 429 or 503 is sent again, as `Retry-After` says, where that is safe: GET, PUT, DELETE, and what has an
   * `idempotency-key`. `{ times: 0 }`: never.
   */
  readonly retry?: RetryOptions;
  /** Whether what creates a notification, a message or a job gets a key of its own when it has none. Default true. */
  readonly idempotencyKeys?: boolean;
  /** Ends all that runs, with `UnreachableError`. */
  readonly signal?: AbortSignal;
  /** Makes the error that is thrown of what went wrong. Default: itself. */
  readonly failure?: (error: ApiProblem | UnreachableError) => Error;
  readonly clock?: Clock;
}

/** Defaults of `ClientOptions`. */
export const clientDefaults = Object.freeze({ timeoutMs: 30_000 });

/** Parts of a call that are looked at here; the types have said what else it may have. */
interface LooseInit {
  readonly params?: {
    readonly path?: Readonly<Record<string, unknown>>;
    readonly query?: unknown;
    readonly header?: Readonly<Record<string, unknown>>;
  };
  readonly signal?: AbortSignal;
}

type LooseMethod = (
  method: string,
  path: string,
  init: object,
) => Promise<{ readonly data?: unknown; readonly response: Response }>;

/**
 * Makes a client; nothing is sent yet.
 *
 *     const client = createClient({ url: 'http://127.0.0.1:8081', token: 'rvl_…' });
 *     const { id } = await client.post('/v1/notifications', { body: { device: 'IMEI:493005100592800' } });
 *     for await (const { event } of client.watch(id)) console.log(event);
 *
 * @throws {ConfigError} for a URL that is none
 * @throws {ValueError} OUT_OF_RANGE with the option
 */
export function createClient(options: ClientOptions): ApiClient {
  const base = requireBase(options.url);
  const fetch: Fetch = options.fetch ?? ((request) => globalThis.fetch(request));
  const failure = options.failure ?? ((error: Error) => error);
  const sender = new Sender({
    base,
    token: options.token,
    fetch,
    streamFetch: options.streamFetch ?? fetch,
    timeoutMs: wholeNumber(options.timeoutMs ?? clientDefaults.timeoutMs, 1, 86_400_000, 'timeoutMs'),
    retry: checkedRetry(options.retry),
    clock: options.clock ?? systemClock(),
    stop: options.signal ?? new AbortController().signal,
    failure,
  });
  const { request: loose } = createFetchClient<paths>({
    baseUrl: base,
    // What it makes requests with, and so what it gives to be sent.
    Request: PlannedRequest as unknown as typeof Request,
    fetch: (request) => sender.send(request as unknown as PlannedRequest),
    headers: { accept: 'application/json' },
  });
  const withKeys = options.idempotencyKeys ?? true;
  const request = async (method: string, path: string, init: LooseInit = {}) => {
    const keyed = withKeys && method === 'post' ? withKey(path, init) : init;
    const { data, response } = await (loose as unknown as LooseMethod)(method, path, keyed).catch((error) =>
      unparsed(error, failure),
    );
    return { data, response };
  };
  const call = (method: string) => async (path: string, init?: LooseInit) =>
    (await request(method, path, init)).data;
  const streams = new Streams(base, sender);
  const client = {
    get: call('get'),
    post: call('post'),
    put: call('put'),
    patch: call('patch'),
    delete: call('delete'),
    request,
    items: (path: string, query?: object, { signal }: LooseInit = {}) =>
      itemsOf((page) => request('get', path, { params: { query: page }, ...(signal && { signal }) }), query),
    exchange: streams.exchange,
    told: streams.told,
    octets: streams.octets,
    events: streams.events,
    watch: (id: string, { signal, ...more }: FeedOptions = {}) => {
      const ending = signal === undefined ? {} : { signal };
      const path = '/v1/notifications/{id}/timeline';
      const timeline = async () => {
        const { data } = await request('get', path, { params: { path: { id } }, ...ending });
        return (data as { readonly items: readonly NotificationEvent[] }).items;
      };
      return watchNotification({ timeline, events: streams.events }, id, { ...more, ...ending });
    },
  };
  return client as unknown as ApiClient;
}

/** @throws {ConfigError} */
function requireBase(url: string): string {
  if (/^https?:\/\//i.test(url) && URL.canParse(url)) {
    const { search, hash, username, password, href } = new URL(url);
    if (`${search}${hash}${username}${password}` === '') return href.replace(/\/+$/, '');
  }
  throw new ConfigError(
    'the URL of an API is http://HOST:PORT or https://HOST:PORT, with a path or none, and nothing else',
  );
}

function withKey(path: string, init: LooseInit): LooseInit {
  if (!keyedPaths.some((each) => each === path)) return init;
  const { params = {} } = init;
  const header = { 'idempotency-key': globalThis.crypto.randomUUID(), ...params.header };
  return { ...init, params: { ...params, header } };
}

/** An answer that is no JSON is not of the API. */
function unparsed(error: unknown, failure: (error: ApiProblem) => Error): never {
  if (!(error instanceof SyntaxError)) throw error;
  throw failure(new ApiProblem({ status: 200, detail: 'the answer is not JSON: is this the REST API?' }));
}

async function* itemsOf(
  page: (query: object) => Promise<{ readonly data?: unknown }>,
  query: object = {},
): AsyncGenerator<unknown, void, undefined> {
  let after: string | undefined;
  do {
    const { data } = await page({ ...query, ...(after !== undefined && { after }) });
    const { items, next } = data as { readonly items: readonly unknown[]; readonly next?: string };
    yield* items;
    after = next;
  } while (after !== undefined);
}
