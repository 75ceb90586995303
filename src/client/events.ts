// The feed of events (WHATWG HTML, "Server-sent events"), which goes on where it was when a connection breaks.
import { type Clock, ReveilleError, sleep, wholeNumber } from '../core/index.ts';
import type { operations } from './api-types.ts';
import { jsonObject, octetsOf, textLines } from './lines.ts';
import type { PlannedRequest } from './planned-request.ts';
import { ApiProblem, UnreachableError } from './problem.ts';
import type { Sender } from './sender.ts';
import type { CampaignEvent, JobEvent, LinkEvent, NotificationEvent, PushEvent } from './shapes.ts';

/** What the feed is narrowed by, and where it begins (`after`). */
export type FeedQuery = Omit<NonNullable<operations['streamEvents']['parameters']['query']>, 'after'> & {
  readonly after?: EventId;
};

/** Where an event stands in the feed: its number, or a text where kinds are asked for that are not of pushes. */
export type EventId = number | string;

/** One event. */
export type FeedEvent =
  | { readonly id: EventId; readonly kind: 'notification'; readonly data: NotificationEvent }
  | { readonly id: EventId; readonly kind: 'message' | 'relayed'; readonly data: PushEvent }
  | { readonly id: EventId; readonly kind: 'job'; readonly data: JobEvent }
  | { readonly id: EventId; readonly kind: 'campaign'; readonly data: CampaignEvent }
  | { readonly id: EventId; readonly kind: 'link'; readonly data: LinkEvent };

/** How the feed is read. */
export interface FeedOptions {
  /** Ends it: the generator returns. */
  readonly signal?: AbortSignal;
  /** Milliseconds without any sign of life after which the connection counts as broken. Default 60000. */
  readonly silenceMs?: number;
  /** For how long a server that was there is asked again while it is away, in milliseconds. Default 300000. */
  readonly awayMs?: number;
}

/** Defaults of `FeedOptions`, and the waits before a connection is made anew, in milliseconds. */
export const feedDefaults = Object.freeze({
  silenceMs: 60_000,
  awayMs: 300_000,
  shortestPauseMs: 500,
  longestPauseMs: 15_000,
});

/** Makes the request for the feed. */
export type FeedRequest = (lastEventId: EventId | undefined, signal: AbortSignal) => PlannedRequest;

/**
 * Reads the feed. A refusal is thrown; a server that was there and is away is asked again, with the last event that is known, so that
 * nothing is missed or told twice.
 * @throws {ApiProblem} {UnreachableError} {ValueError}
 */
export async function* readFeed(
  sender: Sender,
  requestOf: FeedRequest,
  options: FeedOptions = {},
): AsyncGenerator<FeedEvent, void, undefined> {
  const { silenceMs, awayMs } = { ...feedDefaults, ...options };
  wholeNumber(silenceMs, 1, 86_400_000, 'silenceMs');
  wholeNumber(awayMs, 0, 31_536_000_000, 'awayMs');
  const stop = AbortSignal.any([sender.stop, ...(options.signal === undefined ? [] : [options.signal])]);
  const { clock } = sender;
  let last: EventId | undefined;
  let pauseMs: number = feedDefaults.shortestPauseMs;
  let awaySince: number | undefined;
  let wasThere = false;
  while (!stop.aborted) {
    const connection = new Connection(clock, silenceMs, stop);
    const request = requestOf(last, connection.signal);
    try {
      const response = await sender.stream(request);
      requireEvents(response);
      wasThere = true;
      awaySince = undefined;
      pauseMs = feedDefaults.shortestPauseMs;
      for await (const event of eventsOf(response, connection)) {
        last = event.id;
        // Nothing can be heard of while the reader is busy with what came.
        connection.rest();
        yield event;
        connection.heard();
      }
    } catch (cause) {
      if (stop.aborted) return;
      const error = sender.failed(request, cause);
      const silent = connection.signal.aborted;
      if (!silent && !isAway(error)) throw error;
      awaySince ??= clock.monotonic();
      if (!wasThere || clock.monotonic() - awaySince > awayMs)
        throw silent ? sender.silent(silenceMs) : error;
      if (error instanceof ApiProblem) pauseMs = pauseFor(error, pauseMs);
    } finally {
      connection.end();
    }
    // Whose stream ends has been there: it is asked again soon, and then less and less often.
    await sleep(clock, pauseMs, stop);
    pauseMs = Math.min(pauseMs * 2, feedDefaults.longestPauseMs);
  }
}

/** @throws {ApiProblem} for what is no feed, such as the page of a proxy: it would be asked for again and again */
function requireEvents({ status, headers }: Response): void {
  if (/^text\/event-stream\b/i.test(headers.get('content-type') ?? '')) return;
  throw new ApiProblem({ status, detail: 'the answer is no stream of events: is this the REST API?' });
}

/** A server that says when it will be back is not asked before, within the longest pause. */
function pauseFor({ retryAfterSeconds = 0 }: ApiProblem, pauseMs: number): number {
  return Math.min(Math.max(pauseMs, retryAfterSeconds * 1000), feedDefaults.longestPauseMs);
}

/** True for what passes: nobody answers, or says that it will later. */
function isAway(error: unknown): boolean {
  if (error instanceof ApiProblem) return [429, 502, 503, 504].includes(error.status);
  return error instanceof UnreachableError;
}

/** A connection that counts as broken when nothing comes for a while. */
class Connection {
  readonly #ender = new AbortController();
  readonly #clock: Clock;
  readonly #silenceMs: number;
  readonly #stop: AbortSignal;
  readonly #stopped = (): void => this.#ender.abort(this.#stop.reason);
  #timer: { cancel(): void };

  constructor(clock: Clock, silenceMs: number, stop: AbortSignal) {
    this.#clock = clock;
    this.#silenceMs = silenceMs;
    this.#stop = stop;
    stop.addEventListener('abort', this.#stopped, { once: true });
    this.#timer = this.#arm();
  }

  get signal(): AbortSignal {
    return this.#ender.signal;
  }

  /** Something came. */
  heard(): void {
    this.#timer.cancel();
    this.#timer = this.#arm();
  }

  /** Nothing is waited for. */
  rest(): void {
    this.#timer.cancel();
  }

  end(): void {
    this.#timer.cancel();
    this.#stop.removeEventListener('abort', this.#stopped);
    this.#ender.abort();
  }

  #arm(): { cancel(): void } {
    return this.#clock.after(this.#silenceMs, () =>
      this.#ender.abort(new DOMException(`nothing came for ${this.#silenceMs} ms`, 'TimeoutError')),
    );
  }
}

async function* eventsOf(response: Response, connection: Connection): AsyncGenerator<FeedEvent> {
  if (response.body === null) return;
  let id = '';
  let kind = '';
  let data: string[] = [];
  for await (const line of textLines(heard(octetsOf(response.body), connection))) {
    const [field = '', value = ''] = fieldOf(line.endsWith('\r') ? line.slice(0, -1) : line);
    if (field === 'id') id = value;
    else if (field === 'event') kind = value;
    else if (field === 'data') data.push(value);
    if (field !== '') continue;
    if (data.length > 0) yield eventOf(id, kind, data.join('\n'));
    kind = '';
    data = [];
  }
}

/** @throws {ReveilleError} BAD_ANSWER for what is none of our events */
function eventOf(id: string, kind: string, text: string): FeedEvent {
  const data = jsonObject(text);
  if (data !== undefined && /^\d{1,15}(-\d{1,15})?$/.test(id)) {
    return { id: id.includes('-') ? id : Number(id), kind, data } as FeedEvent;
  }
  throw new ReveilleError('BAD_ANSWER', 'an event of the feed is none of ours: is this the REST API?');
}

/** Name and value of a line; an empty name for the end of an event, and `:` for a comment. */
function fieldOf(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  if (line === '') return ['', ''];
  if (colon === 0) return [':', ''];
  if (colon < 0) return [line, ''];
  return [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, '')];
}

async function* heard(octets: AsyncIterable<Uint8Array>, connection: Connection): AsyncGenerator<Uint8Array> {
  for await (const chunk of octets) {
    connection.heard();
    yield chunk;
  }
}
