// One reader's stream of events: what it missed, then what happens.
import type { ServerResponse } from 'node:http';
import { type Logger, silentLogger, type Timer } from '../../core/index.ts';
import { type EventKind, type FedEvent, feedCursor, isNotice, type NoticeKind } from '../../store/index.ts';
import type { ApiBackend, ApiOptions } from '../host/app.ts';
import { feedView } from './feed-views.ts';

/** Octets that may wait for a slow reader before its stream is ended; it can come back with Last-Event-ID. */
const largestBacklog = 1024 * 1024;
const catchUpPage = 500;

/** What a reader asks for. */
export interface Wish {
  readonly eventKinds: readonly EventKind[];
  /** None: the ids of its events are numbers, as readers of pushes have always known them. */
  readonly noticeKinds: readonly NoticeKind[];
  readonly wanted: (event: FedEvent) => boolean;
  /** Asked with each sign of life. */
  readonly mayGoOn: () => Promise<boolean>;
}

/** Where a reader was; it may know nothing of notices. */
export interface KnownPlace {
  readonly event: number;
  readonly notice: number | undefined;
}

/** One reader's stream. */
export class EventStream {
  readonly #response: ServerResponse;
  readonly #backend: Pick<ApiBackend, 'pushes' | 'notices' | 'clock'>;
  readonly #wish: Wish;
  readonly #heartbeatMs: number;
  readonly #logger: Logger;
  #held: FedEvent[] | undefined = [];
  /** The last of each sequence that was told, or passed over. */
  readonly #last = { event: 0, notice: 0 };
  #heartbeat: Timer | undefined;
  readonly #leave: (() => void)[] = [];
  #ended = false;

  constructor(
    response: ServerResponse,
    backend: Pick<ApiBackend, 'pushes' | 'notices' | 'clock'>,
    wish: Wish,
    options: Pick<ApiOptions, 'heartbeatMs' | 'logger'>,
  ) {
    this.#response = response;
    this.#backend = backend;
    this.#wish = wish;
    this.#heartbeatMs = options.heartbeatMs ?? 15_000;
    this.#logger = options.logger ?? silentLogger;
  }

  /** Sends what happened after a place, if given, then what happens. */
  async run(after: KnownPlace | undefined): Promise<void> {
    const { pushes, notices } = this.#backend;
    const takesNotices = this.#wish.noticeKinds.length > 0;
    // Listens before it reads, so that nothing falls between; what comes meanwhile is held.
    const hear = (event: FedEvent): void => {
      if (this.#held === undefined) this.#send(event);
      else this.#held.push(event);
    };
    this.#leave.push(pushes.onEvent(hear));
    if (takesNotices) this.#leave.push(notices.onNotice(hear));
    try {
      // Whoever sees the beginning of the answer is told of all that happens from then on.
      if (takesNotices) await this.#findPlace(after);
      this.#begin();
      if (after !== undefined) await this.#catchUp(after);
    } catch (error) {
      this.#logger.error({ error: String(error) }, 'an event stream could not catch up');
      this.#begin();
      this.end();
      return;
    }
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const event of held) this.#send(event);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const leave of this.#leave) leave();
    this.#heartbeat?.cancel();
    this.#response.end();
  }

  #begin(): void {
    if (this.#response.headersSent || this.#ended) return;
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    this.#write(': events of Reveille\n\n');
    this.#beat();
  }

  /** The end of both sequences, for their places go into each id; of what a reader names, its own. */
  async #findPlace(after: KnownPlace | undefined): Promise<void> {
    const end = await this.#backend.notices.feedEnd();
    this.#last.event = after?.event ?? end.event;
    // Who knows a number alone has read of pushes, or begins at the beginning of all.
    this.#last.notice = after?.notice ?? (after?.event === 0 ? 0 : end.notice);
  }

  async #catchUp({ event }: KnownPlace): Promise<void> {
    const { pushes, notices } = this.#backend;
    const { eventKinds, noticeKinds } = this.#wish;
    this.#last.event = event;
    const readers = [
      () => pushes.eventsAfter(this.#last.event, catchUpPage, eventKinds),
      () => notices.noticesAfter(this.#last.notice, catchUpPage, noticeKinds),
    ];
    for (const [index, read] of readers.entries()) {
      if ([eventKinds, noticeKinds][index]?.length === 0) continue;
      for (;;) {
        const told = await read();
        for (const each of told) this.#send(each);
        if (told.length < catchUpPage || this.#ended) break;
      }
    }
  }

  #send(event: FedEvent): void {
    const sequence = isNotice(event) ? 'notice' : 'event';
    if (this.#ended || event.sequence <= this.#last[sequence]) return;
    this.#last[sequence] = event.sequence;
    if (!this.#wish.wanted(event)) return;
    const id = this.#wish.noticeKinds.length === 0 ? event.sequence : feedCursor(this.#last);
    this.#write(`id: ${id}\nevent: ${event.kind}\ndata: ${JSON.stringify(feedView(event))}\n\n`);
  }

  #write(text: string): void {
    this.#response.write(text);
    if (this.#response.writableLength > largestBacklog) this.end();
  }

  /** Ends the stream of a token that opens nothing any more. */
  async #look(): Promise<void> {
    if (!(await this.#wish.mayGoOn())) this.end();
  }

  #beat(): void {
    this.#heartbeat = this.#backend.clock.after(this.#heartbeatMs, () => {
      if (this.#ended) return;
      this.#write(': still here\n\n');
      this.#beat();
      void this.#look();
    });
  }
}
