// What a client can do. Paths, parameters, bodies and answers are typed after the description of the API.
import type { MaybeOptionalInit } from 'openapi-fetch';
import type { paths } from './api-types.ts';
import type { FeedEvent, FeedOptions, FeedQuery } from './events.ts';
import type { LinesType, Octets } from './lines.ts';
import type { NotificationEvent } from './shapes.ts';
import type { WatchOptions } from './watch.ts';

/** Methods that routes have. */
export type HttpMethod = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Routes of a method. */
export type PathOf<Method extends HttpMethod> = {
  [Path in keyof paths]: paths[Path] extends { readonly [Each in Method]: unknown } ? Path : never;
}[keyof paths];

/** What goes with a request: `params` (`path`, `query`, `header`), `body`, and `signal` to end it. */
export type Init<Method extends HttpMethod, Path extends PathOf<Method>> = MaybeOptionalInit<
  paths[Path],
  Method
>;

/** The last argument of a call: it may be left out where nothing in it is needed. */
export type InitParam<Given> = Partial<Given> extends Given ? [init?: Given] : [init: Given];

type Content<Answer> = Answer extends { readonly content: infer Types } ? Types[keyof Types] : undefined;
type Answers<Operation> = Operation extends { readonly responses: infer All } ? All : never;

type DataOfOperation<Operation> = {
  [Status in keyof Answers<Operation>]: Status extends 200 | 201 | 202 | 204
    ? Content<Answers<Operation>[Status]>
    : never;
}[keyof Answers<Operation>];

/** What a route answers with when it does what it is for; of several routes, what one of them does. */
export type DataOf<Method extends HttpMethod, Path extends PathOf<Method>> = Path extends unknown
  ? DataOfOperation<paths[Path][Method]>
  : never;

/** One of the methods: gives the body of the answer. */
export type Call<Method extends HttpMethod> = <Path extends PathOf<Method>>(
  path: Path,
  ...init: InitParam<Init<Method, Path>>
) => Promise<DataOf<Method, Path>>;

/** Routes whose answer is a page of a list. */
export type ListPath = {
  [Path in PathOf<'get'>]: DataOf<'get', Path> extends {
    readonly items: readonly unknown[];
    readonly next?: string;
  }
    ? paths[Path]['get'] extends { readonly parameters: { readonly query?: { readonly after?: string } } }
      ? Path
      : never
    : never;
}[PathOf<'get'>];

/** An item of a list. */
export type ItemOf<Path extends ListPath> = Path extends unknown
  ? DataOf<'get', Path> extends { readonly items: readonly (infer Item)[] }
    ? Item
    : never
  : never;

/** What a list is narrowed by; `limit` is how many one request asks for. */
export type QueryOf<Path extends PathOf<'get'>> = paths[Path]['get'] extends {
  readonly parameters: { readonly query?: infer Query };
}
  ? Query
  : never;

/** Routes that take lines and give lines. */
export type ExchangePath = {
  [Path in PathOf<'post'>]: paths[Path]['post'] extends {
    readonly requestBody: { readonly content: { readonly [Type in LinesType]: unknown } };
  }
    ? Path
    : never;
}[PathOf<'post'>];

/** A line that such a route takes. */
export type LineOf<Path extends ExchangePath> = paths[Path]['post'] extends {
  readonly requestBody: { readonly content: { readonly [Type in LinesType]: infer Line } };
}
  ? Line
  : never;

/** Routes that take an object and answer with lines. */
export type ToldPath = '/v1/devices/delete' | '/v1/devices/change';

/** A line of an answer. */
export type LineAnswerOf<Path extends ExchangePath | ToldPath> = paths[Path]['post'] extends {
  readonly responses: { readonly 200: { readonly content: { readonly [Type in LinesType]: infer Line } } };
}
  ? Line
  : never;

/** Query of a route that takes lines. */
export type ExchangeQuery<Path extends ExchangePath> = paths[Path]['post'] extends {
  readonly parameters: { readonly query?: infer Query };
}
  ? Query
  : never;

/** What goes with an exchange of lines. */
export interface ExchangeOptions<Path extends ExchangePath> {
  readonly query?: ExchangeQuery<Path>;
  /** Ends it; what was answered is on disk. */
  readonly signal?: AbortSignal;
}

/** Routes whose answer is read as octets. */
export type OctetsPath = '/v1/devices/export' | '/v1/campaigns/{id}/report' | '/v1/backup' | '/metrics';

/**
 * A server's API. What the server refuses is thrown as `ApiProblem`, no answer as `UnreachableError`; what a caller's `signal` ends
 * rejects with its reason.
 */
export interface ApiClient {
  readonly get: Call<'get'>;
  readonly post: Call<'post'>;
  readonly put: Call<'put'>;
  readonly patch: Call<'patch'>;
  readonly delete: Call<'delete'>;
  /** The same with the whole answer, for its headers: `ETag`, `Location`. Its body has been read: it is `data`. */
  request<Method extends HttpMethod, Path extends PathOf<Method>>(
    method: Method,
    path: Path,
    ...init: InitParam<Init<Method, Path>>
  ): Promise<{ readonly data: DataOf<Method, Path>; readonly response: Response }>;
  /** All items of a list, page by page: the next page is asked for when the one before has been taken. */
  items<Path extends ListPath>(
    path: Path,
    query?: QueryOf<Path>,
    options?: { readonly signal?: AbortSignal },
  ): AsyncGenerator<ItemOf<Path>, void, undefined>;
  /**
   * Sends lines as they come, and gives the answers as they come: no more is taken of `lines` than the server reads, and no more is read
   * than is taken. Browsers send nothing before `lines` has ended only over HTTP/2; elsewhere they refuse it.
   */
  exchange<Path extends ExchangePath>(
    path: Path,
    lines: AsyncIterable<LineOf<Path>> | Iterable<LineOf<Path>> | Octets,
    options?: ExchangeOptions<Path>,
  ): AsyncGenerator<LineAnswerOf<Path>, void, undefined>;
  /** Sends one object, and gives the lines of the answer as they come. */
  told<Path extends ToldPath>(
    path: Path,
    body: paths[Path]['post'] extends {
      readonly requestBody: { readonly content: { readonly 'application/json': infer Body } };
    }
      ? Body
      : never,
    options?: { readonly signal?: AbortSignal },
  ): AsyncGenerator<LineAnswerOf<Path>, void, undefined>;
  /** The octets of an answer as they come, however many: an export, a report, a copy of the store. `params`: what its path names. */
  octets<Path extends OctetsPath>(
    path: Path,
    query?: QueryOf<Path>,
    options?: { readonly signal?: AbortSignal; readonly params?: Readonly<Record<string, string>> },
  ): AsyncGenerator<Uint8Array, void, undefined>;
  /** The feed of events, which goes on where it was when the connection breaks. It ends with `signal` alone. */
  events(query?: FeedQuery, options?: FeedOptions): AsyncGenerator<FeedEvent, void, undefined>;
  /** Everything that happens to a notification, from its beginning to its end. */
  watch(id: string, options?: WatchOptions): AsyncGenerator<NotificationEvent, void, undefined>;
}
