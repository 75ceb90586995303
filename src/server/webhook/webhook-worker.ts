// The deliveries of one webhook: reads the feed, sends in lanes, keeps what fails, and notes how far it has come.
import { type Clock, type Logger, sleep } from '../../core/index.ts';
import {
  type EventKind,
  type EventStore,
  type FedEvent,
  isNotice,
  type NoticeKind,
  type NoticeStore,
  noticeKinds,
  pushPurposes,
  type WebhookRecord,
  type WebhookStore,
  webhookLimits,
} from '../../store/index.ts';
import { type Delivery, DeliveryWindow } from './delivery-window.ts';
import { ReceiverState } from './receiver-state.ts';
import { retryPause } from './retry-schedule.ts';
import type { WebhookAnswer, WebhookClient } from './webhook-client.ts';
import { type EventView, isWanted, outgoingEvent } from './webhook-event.ts';
import { signedHeaders } from './webhook-signature.ts';

/** What a worker works with. */
export interface WorkerOptions {
  readonly store: Pick<EventStore, 'eventsAfter'> &
    Pick<NoticeStore, 'noticesAfter' | 'feedEnd'> &
    Pick<WebhookStore, 'settleWebhook' | 'heldOfWebhook' | 'dueDeliveries' | 'nextDeliveryAt'>;
  readonly client: WebhookClient;
  readonly view: EventView;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  /** Requests at a time. */
  readonly concurrency: number;
  /** Pauses after failed attempts, in milliseconds. */
  readonly pauses: readonly number[];
  /** Hears what came of each attempt. */
  readonly onAttempt: (webhook: WebhookRecord, answer: WebhookAnswer, isDead: boolean) => void;
  /** It has suspended itself. */
  readonly onSuspended: (webhook: WebhookRecord, reason: string) => void;
}

/** Events in memory at most, and of a page of the feed. */
const windowSize = 200;
const pageSize = 100;
/** Longest sleep, and the pause after the store has failed, in milliseconds. */
const sleepMs = 30_000;
const storePauseMs = 1000;
/** How often what was delivered is written while more is under way, in milliseconds: a kill repeats no more than that. */
const settleMs = 200;

/** Delivers until it is stopped. */
export class WebhookWorker {
  readonly #webhook: WebhookRecord;
  readonly #options: WorkerOptions;
  readonly #receiver: ReceiverState;
  readonly #eventKinds: readonly EventKind[];
  readonly #noticeKinds: readonly NoticeKind[];
  /** Aborted when there is something to look at. */
  #call = new AbortController();
  #window: DeliveryWindow | undefined;
  /** The feed may have more. */
  #hasMore = true;
  /** What is held may be due. */
  #looksAtHeld = true;
  #nextHeldAt: number | undefined;
  #settledAt = Number.NEGATIVE_INFINITY;
  #readAt = Number.NEGATIVE_INFINITY;
  #suspend: string | undefined;
  #stopping = false;
  #running: Promise<void> | undefined;

  constructor(webhook: WebhookRecord, options: WorkerOptions) {
    this.#webhook = webhook;
    this.#options = options;
    this.#receiver = new ReceiverState(webhook.health);
    this.#eventKinds = pushPurposes.filter((kind) => webhook.kinds.includes(kind));
    this.#noticeKinds = noticeKinds.filter((kind) => webhook.kinds.includes(kind));
  }

  /** Deliveries that wait in the store, as far as it is known. */
  get waiting(): number {
    return this.#window?.waiting ?? this.#webhook.waiting;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** The feed has more, of a kind that it is told of. */
  heard(kind: FedEvent['kind']): void {
    if (!this.#webhook.kinds.includes(kind)) return;
    this.#hasMore = true;
    this.#call.abort();
  }

  /** Gives up what is under way, and writes how far it has come. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#call.abort();
    await this.#options.client.end();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stopping && this.#suspend === undefined) {
      this.#call = new AbortController();
      try {
        await this.#look();
        await sleep(clock, this.#sleepMs(), this.#call.signal);
      } catch (error) {
        this.#options.logger.warn(
          { webhook: this.#webhook.id, error: String(error) },
          'deliveries of a webhook wait for the store',
        );
        await sleep(clock, storePauseMs, this.#call.signal);
      }
    }
    await this.#end();
  }

  /** Writes, reads and begins what can be. */
  async #look(): Promise<void> {
    const { clock, store } = this.#options;
    const { id, position } = this.#webhook;
    this.#window ??= new DeliveryWindow(position, await store.heldOfWebhook(id));
    const window = this.#window;
    await this.#settle(window);
    const isLate = clock.monotonic() - this.#readAt >= sleepMs;
    // The clock may have been set since.
    this.#looksAtHeld ||= isLate || (this.#nextHeldAt !== undefined && clock.now() >= this.#nextHeldAt);
    if (this.#looksAtHeld && !window.changesHeld) await this.#readHeld(window);
    // What is of other kinds is passed over from time to time, so that a start need not look through much of it.
    this.#hasMore ||= isLate;
    if (this.#hasMore) await this.#readFeed(window);
    this.#begin(window);
  }

  /** Until something is to be looked at without a call. */
  #sleepMs(): number {
    const { clock } = this.#options;
    const window = this.#window;
    const waits = [sleepMs];
    if (this.#nextHeldAt !== undefined) waits.push(this.#nextHeldAt - clock.now());
    const rests = this.#receiver.restsUntil - clock.monotonic();
    if (rests > 0) waits.push(rests);
    if (window?.hasNews === true) waits.push(this.#settledAt + settleMs - clock.monotonic());
    return Math.max(1, Math.min(...waits));
  }

  async #settle(window: DeliveryWindow): Promise<void> {
    const { clock, store } = this.#options;
    if (!window.hasNews) return;
    // While nothing is under way there is nothing to wait for.
    const isSoon = clock.monotonic() - this.#settledAt < settleMs;
    if (isSoon && window.running > 0 && !this.#stopping && this.#suspend === undefined) return;
    const changesHeld = window.changesHeld;
    const step = window.takeStep();
    this.#settledAt = clock.monotonic();
    const { dropped: _, ...health } = this.#receiver.health;
    const suspend = this.#suspend === undefined ? {} : { suspend: this.#suspend };
    try {
      await store.settleWebhook(this.#webhook.id, { ...step, health, ...suspend });
    } catch (error) {
      window.giveBack(step);
      throw error;
    }
    if (changesHeld) this.#looksAtHeld = true;
  }

  async #readHeld(window: DeliveryWindow): Promise<void> {
    const { clock, store } = this.#options;
    const { id } = this.#webhook;
    this.#looksAtHeld = false;
    for (const held of await store.dueDeliveries(id, windowSize)) window.addHeld(held);
    const next = await store.nextDeliveryAt(id);
    // What is due is under way, and is looked at again when that is over.
    this.#nextHeldAt = next !== undefined && next > clock.now() ? next : undefined;
  }

  async #readFeed(window: DeliveryWindow): Promise<void> {
    const { clock, store, view } = this.#options;
    if (window.open > windowSize - pageSize) return;
    // Behind what waits there has to be room for all that is read.
    if (window.waiting > webhookLimits.waiting - windowSize) return;
    this.#hasMore = false;
    this.#readAt = clock.monotonic();
    const { read } = window;
    const end = await store.feedEnd();
    const [events, notices] = await Promise.all([
      this.#eventKinds.length === 0 ? [] : store.eventsAfter(read.event, pageSize / 2, this.#eventKinds),
      this.#noticeKinds.length === 0 ? [] : store.noticesAfter(read.notice, pageSize / 2, this.#noticeKinds),
    ]);
    const isFull = (page: readonly unknown[]) => page.length === pageSize / 2;
    this.#hasMore ||= isFull(events) || isFull(notices);
    for (const event of merged(events, notices)) {
      if (!isWanted(this.#webhook, event)) continue;
      const of = isNotice(event) ? 'notice' : 'event';
      window.add({ ...outgoingEvent(event, view), attempts: 0, place: { of, sequence: event.sequence } });
    }
    // Of a page that is not full, all is read that was there before.
    const lastOf = (page: readonly FedEvent[], last: number): number =>
      isFull(page) ? (page.at(-1)?.sequence ?? 0) : Math.max(last, page.at(-1)?.sequence ?? 0);
    window.readTo({ event: lastOf(events, end.event), notice: lastOf(notices, end.notice) });
    if (this.#hasMore) this.#call.abort();
  }

  #begin(window: DeliveryWindow): void {
    const { clock, concurrency } = this.#options;
    if (this.#stopping || clock.monotonic() < this.#receiver.restsUntil) return;
    const most = this.#receiver.isTried ? 1 : concurrency;
    for (const delivery of window.begin(most - window.running)) void this.#deliver(window, delivery);
  }

  async #deliver(window: DeliveryWindow, delivery: Delivery): Promise<void> {
    const { client, clock } = this.#options;
    const { url, secrets } = this.#webhook;
    const { eventId, payload } = delivery;
    const headers = signedHeaders(eventId, payload, secrets, clock.now());
    const answer = await client.send(url, { ...headers }, payload);
    this.#settleOne(window, delivery, answer);
    this.#call.abort();
  }

  #settleOne(window: DeliveryWindow, delivery: Delivery, answer: WebhookAnswer): void {
    const { clock, random, pauses } = this.#options;
    const now = clock.now();
    if (answer.outcome === 'ended') {
      window.returned(delivery);
      return;
    }
    if (answer.outcome === 'delivered') {
      this.#receiver.delivered(now);
      window.delivered(delivery);
      this.#options.onAttempt(this.#webhook, answer, false);
      return;
    }
    this.#suspend ??= this.#receiver.failed(answer, delivery.lane, now, clock.monotonic());
    if (this.#suspend !== undefined) {
      // It goes on with this one when it is resumed.
      window.returned(delivery);
      this.#options.onAttempt(this.#webhook, answer, false);
      return;
    }
    const pause = retryPause(delivery.attempts + 1, random(), pauses);
    const dueAt = pause === undefined ? undefined : now + Math.max(pause, answer.retryAfterMs ?? 0);
    window.failed(delivery, answer.error, dueAt);
    this.#options.onAttempt(this.#webhook, answer, dueAt === undefined);
  }

  /** Writes what is left. */
  async #end(): Promise<void> {
    await this.#options.client.end();
    try {
      if (this.#window !== undefined && (this.#window.hasNews || this.#suspend !== undefined)) {
        await this.#settleLast(this.#window);
      }
    } catch (error) {
      this.#options.logger.warn(
        { webhook: this.#webhook.id, error: String(error) },
        'how far a webhook has come could not be written: what it was told last is told again',
      );
    }
    if (this.#suspend !== undefined) this.#options.onSuspended(this.#webhook, this.#suspend);
  }

  async #settleLast(window: DeliveryWindow): Promise<void> {
    const { dropped: _, ...health } = this.#receiver.health;
    await this.#options.store.settleWebhook(this.#webhook.id, {
      ...window.takeStep(),
      health,
      ...(this.#suspend !== undefined && { suspend: this.#suspend }),
    });
  }
}

/** Events of both sequences by their moments; each sequence stays in its own order, whatever the clock did. */
function merged(events: readonly FedEvent[], notices: readonly FedEvent[]): readonly FedEvent[] {
  const told: FedEvent[] = [];
  let next = 0;
  for (const event of events) {
    for (let notice = notices[next]; notice !== undefined && notice.at < event.at; notice = notices[next]) {
      told.push(notice);
      next += 1;
    }
    told.push(event);
  }
  return [...told, ...notices.slice(next)];
}
