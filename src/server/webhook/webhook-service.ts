// Webhooks, as callers make, read, change and end them, and the workers that deliver.
import { type Clock, type Logger, ValueError } from '../../core/index.ts';
import type {
  Asker,
  EventStore,
  FeedPosition,
  HeldDelivery,
  NoticeStore,
  Page,
  PageRequest,
  RecordVersion,
  WebhookRecord,
  WebhookStore,
} from '../../store/index.ts';
import type { MetricFamily } from '../metrics/instruments.ts';
import { AllowedNetworks } from './own-addresses.ts';
import { payloadOf } from './webhook-event.ts';
import {
  readDeadSelection,
  readReplay,
  readWebhook,
  readWebhookChange,
  readWebhookOverlap,
} from './webhook-input.ts';
import { newWebhookSecret, signedHeaders } from './webhook-signature.ts';
import { type WebhookSettings, WebhookWorkers } from './webhook-workers.ts';

/** What the service works with. */
export interface WebhookServiceOptions {
  readonly store: WebhookStore & NoticeStore & Pick<EventStore, 'eventsAfter' | 'onEvent'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly settings: WebhookSettings;
}

/** A webhook with what is shown once. */
export interface IssuedWebhook {
  readonly record: WebhookRecord;
  /** The secret: this once, and never again. */
  readonly secret: string;
}

/** What came of a test. */
export interface WebhookTest {
  readonly eventId: string;
  readonly delivered: boolean;
  readonly status?: number;
  readonly error?: string;
  readonly ms: number;
}

/** Keeps webhooks, and tells them of events. */
export class WebhookService {
  readonly #options: WebhookServiceOptions;
  readonly #allowed: AllowedNetworks;
  readonly #workers: WebhookWorkers;
  #started = false;
  /** One change of a worker at a time. */
  #turns: Promise<unknown> = Promise.resolve();

  /** @throws {ConfigError} for a network that is none */
  constructor(options: WebhookServiceOptions) {
    this.#options = options;
    this.#allowed = new AllowedNetworks(options.settings.allow);
    this.#workers = new WebhookWorkers({ ...options, allowed: this.#allowed });
  }

  /** Begins to deliver. @throws {StoreError} */
  async start(): Promise<void> {
    this.#started = true;
    const { store } = this.#options;
    for (let after: string | undefined; ; ) {
      const page = await store.listWebhooks({ limit: 100, ...(after !== undefined && { after }) });
      for (const webhook of page.items) this.#workers.begin(webhook);
      after = page.next;
      if (after === undefined) break;
    }
  }

  /** Gives up what is under way, and writes how far each has come. */
  async stop(): Promise<void> {
    this.#started = false;
    await this.#turns;
    await this.#workers.stop();
  }

  /**
   * Makes one from `{ url, kinds, name?, devices? }`, for the accounts of who asks.
   * @throws {ValueError} for the first thing wrong @throws {StoreError} TOO_MANY_WEBHOOKS
   */
  async create(value: unknown, by: Asker): Promise<IssuedWebhook> {
    const asked = readWebhook(value, this.#allowed);
    const secret = newWebhookSecret();
    const record = await this.#options.store.createWebhook({
      ...asked,
      ...(by.accounts !== 'all' && { accounts: by.accounts }),
      ...(by.owner !== undefined && { owner: by.owner }),
      ...(by.actor !== undefined && { actor: by.actor }),
      secrets: { current: secret },
    });
    if (this.#started) this.#workers.begin(record);
    return { record, secret };
  }

  /** Reads what `create` would. @throws {ValueError} for the first thing wrong */
  check(value: unknown): void {
    readWebhook(value, this.#allowed);
  }

  /** Reads what `change` would. @throws {ValueError} for the first thing wrong */
  checkChange(value: unknown): void {
    readWebhookChange(value, this.#allowed);
  }

  get(id: string): Promise<WebhookRecord | undefined> {
    return this.#options.store.webhook(id);
  }

  /** In order of creation. */
  list(page: PageRequest): Promise<Page<WebhookRecord>> {
    return this.#options.store.listWebhooks(page);
  }

  /**
   * Changes one by `{ url?, kinds?, name?, devices?, state?, reason? }`. `undefined`: there is none.
   * @throws {ValueError} for the first thing wrong @throws {StoreError} VERSION_MISMATCH
   */
  change(
    id: string,
    value: unknown,
    expected?: readonly RecordVersion[],
  ): Promise<WebhookRecord | undefined> {
    const change = readWebhookChange(value, this.#allowed);
    return this.#anew(id, () => this.#options.store.changeWebhook(id, change, expected));
  }

  /** Ends one, with all that waits. False: there is none. @throws {StoreError} VERSION_MISMATCH */
  async delete(id: string, expected?: readonly RecordVersion[]): Promise<boolean> {
    let found = false;
    await this.#anew(id, async () => {
      found = await this.#options.store.deleteWebhook(id, expected);
      return undefined;
    });
    return found;
  }

  /** Gives it another secret; the one before signs beside it for a while, by `{ overlapSeconds? }`. @throws {ValueError} */
  async rotate(id: string, value: unknown): Promise<IssuedWebhook | undefined> {
    const overlapMs = readWebhookOverlap(value);
    const { store, clock } = this.#options;
    const secret = newWebhookSecret();
    const record = await this.#anew(id, async () => {
      const before = await store.webhook(id);
      if (before === undefined) return undefined;
      const previous = { secret: before.secrets.current, until: clock.now() + overlapMs };
      return await store.changeWebhook(id, {
        secrets: { current: secret, ...(overlapMs > 0 && { previous }) },
      });
    });
    return record === undefined ? undefined : { record, secret };
  }

  /** Sends an event of the type `webhook.test` at once, beside all others, whatever the state; nothing is tried again. */
  async test(webhook: WebhookRecord): Promise<WebhookTest> {
    const { clock } = this.#options;
    const now = clock.now();
    const began = clock.monotonic();
    const eventId = `evt_t${now}_${Math.floor(this.#options.random() * 36 ** 8).toString(36)}`;
    const payload = payloadOf('webhook.test', now, { webhook: webhook.id });
    const client = this.#workers.client(1);
    try {
      const headers = { ...signedHeaders(eventId, payload, webhook.secrets, now) };
      const answer = await client.send(webhook.url, headers, payload);
      this.#workers.count(answer, false);
      const ms = Math.round(clock.monotonic() - began);
      if (answer.outcome === 'delivered') return { eventId, delivered: true, status: answer.status, ms };
      const error = answer.outcome === 'failed' ? answer.error : 'the server stops';
      const status = answer.outcome === 'failed' && answer.status !== undefined ? answer.status : undefined;
      return { eventId, delivered: false, error, ms, ...(status !== undefined && { status }) };
    } finally {
      await client.end();
    }
  }

  /**
   * Tells everything again from a moment, a place in the feed or an event on, as far as it is kept; what is dead stays so. Gives the
   * webhook; `undefined`: there is none.
   * @throws {ValueError} for what says no such place
   */
  async replay(id: string, value: unknown): Promise<WebhookRecord | undefined> {
    const from = readReplay(value);
    const position = await this.#positionOf(from);
    return await this.#anew(id, () => this.#options.store.changeWebhook(id, { position }));
  }

  /** Dead deliveries, oldest first. */
  dead(id: string, page: PageRequest): Promise<Page<HeldDelivery>> {
    return this.#options.store.deadDeliveries(id, page);
  }

  /** Lets dead ones wait again, by `{ all: true }` or `{ events }`; gives how many. @throws {ValueError} */
  async retryDead(id: string, value: unknown): Promise<number> {
    const events = readDeadSelection(value);
    return await this.#counted(id, () => this.#options.store.retryDead(id, events));
  }

  /** Lets go of dead ones, by the same; gives how many. @throws {ValueError} */
  async dropDead(id: string, value: unknown): Promise<number> {
    const events = readDeadSelection(value);
    return await this.#counted(id, () => this.#options.store.dropDead(id, events));
  }

  families(): readonly MetricFamily[] {
    return this.#workers.families();
  }

  async #positionOf(from: ReturnType<typeof readReplay>): Promise<FeedPosition> {
    const { store } = this.#options;
    const end = await store.feedEnd();
    if ('after' in from) {
      const { event, notice = event === 0 ? 0 : end.notice } = from.after;
      if (event > end.event || notice > end.notice)
        throw new ValueError('OUT_OF_RANGE', 'is no place in the feed of this server', 'after');
      return { event, notice };
    }
    if ('since' in from) return await store.feedPositionAt(from.since);
    const { of, sequence, at } = from.event;
    const [found] =
      of === 'event' ? await store.eventsAfter(sequence - 1, 1) : await store.noticesAfter(sequence - 1, 1);
    if (found?.sequence !== sequence || found.at !== at)
      throw new ValueError('OUT_OF_RANGE', 'is no event that is still kept', 'event');
    return { ...(await store.feedPositionAt(at)), [of]: sequence - 1 };
  }

  /** Changes a webhook while nobody delivers for it, and has it delivered for as it is then. */
  #anew(id: string, change: () => Promise<WebhookRecord | undefined>): Promise<WebhookRecord | undefined> {
    const turn = this.#turns.then(async () => {
      await this.#workers.end(id);
      try {
        return await change();
      } finally {
        const now = this.#started ? await this.#options.store.webhook(id).catch(() => undefined) : undefined;
        if (now !== undefined) this.#workers.begin(now);
      }
    });
    this.#turns = turn.catch(() => undefined);
    return turn;
  }

  async #counted(id: string, change: () => Promise<number>): Promise<number> {
    let count = 0;
    await this.#anew(id, async () => {
      count = await change();
      return undefined;
    });
    return count;
  }
}
