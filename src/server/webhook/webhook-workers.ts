// The workers of all webhooks: begun, ended and begun anew as webhooks change, and what they count and log.
import { type Clock, type Logger, LogSummary } from '../../core/index.ts';
import type { EventStore, NoticeStore, WebhookRecord, WebhookStore } from '../../store/index.ts';
import { Counter, gauge, type MetricFamily } from '../metrics/instruments.ts';
import type { AllowedNetworks } from './own-addresses.ts';
import { retryPauses } from './retry-schedule.ts';
import { type LookUp, type WebhookAnswer, WebhookClient } from './webhook-client.ts';
import type { EventView } from './webhook-event.ts';
import { WebhookWorker } from './webhook-worker.ts';

/** Settings of webhooks. */
export interface WebhookSettings {
  /** What readers see of an event: `feedView` of the API. */
  readonly view: EventView;
  /** Networks (CIDR) that they may go to although they are own ones, and over plain HTTP. Default: none. */
  readonly allow?: readonly string[];
  /** For one request, its answer included, in milliseconds. Default 15 000. */
  readonly timeoutMs?: number;
  /** Requests to one receiver at a time. Default 8. */
  readonly concurrency?: number;
  /** Pauses after failed attempts, in milliseconds; after the last of them an event is dead. Default `retryPauses`. */
  readonly pauses?: readonly number[];
  /** Resolves names. Default: the system. */
  readonly lookUp?: LookUp;
}

/** Defaults of `WebhookSettings`. */
export const webhookDefaults = Object.freeze({ timeoutMs: 15_000, concurrency: 8 });

/** What workers are made with. */
export interface WebhookWorkersOptions {
  readonly store: WebhookStore & NoticeStore & Pick<EventStore, 'eventsAfter' | 'onEvent'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
  readonly settings: WebhookSettings;
  readonly allowed: AllowedNetworks;
}

/** Workers by the ids of their webhooks. */
export class WebhookWorkers {
  readonly #options: WebhookWorkersOptions;
  readonly #workers = new Map<string, WebhookWorker>();
  readonly #attempts = new Counter(
    'reveille_webhook_attempts_total',
    'Requests to receivers of webhooks, by what came of them; dead: failed, and no further one follows.',
    ['outcome'],
  );
  readonly #summary: LogSummary<{ readonly webhook: WebhookRecord; readonly error: string }>;
  #leave: (() => void)[] = [];

  constructor(options: WebhookWorkersOptions) {
    this.#options = options;
    const { clock, logger } = options;
    this.#summary = new LogSummary({
      clock,
      intervalMs: 60_000,
      write: ({ webhook, error }) => logger.warn(aboutOf(webhook, error), 'a webhook was not delivered'),
      writeSum: ({ count, withinMs, latest: { webhook, error } }) =>
        logger.warn({ count, withinMs, ...aboutOf(webhook, error) }, 'deliveries of a webhook failed'),
    });
  }

  /** Has one delivered for, unless it is suspended. */
  begin(webhook: WebhookRecord): void {
    if (webhook.state !== 'active' || this.#workers.has(webhook.id)) return;
    const { store, settings, clock, random, logger } = this.#options;
    const concurrency = settings.concurrency ?? webhookDefaults.concurrency;
    const worker = new WebhookWorker(webhook, {
      store,
      client: this.client(concurrency),
      view: settings.view,
      clock,
      random,
      logger,
      concurrency,
      pauses: settings.pauses ?? retryPauses,
      onAttempt: (of, answer, isDead) => {
        this.count(answer, isDead);
        if (answer.outcome === 'failed') this.#summary.note(of.id, { webhook: of, error: answer.error });
      },
      onSuspended: (of, reason) => {
        if (this.#workers.get(of.id) === worker) this.#workers.delete(of.id);
        this.#listen();
        logger.warn(aboutOf(of, reason), 'a webhook was suspended');
      },
    });
    this.#workers.set(webhook.id, worker);
    this.#listen();
    worker.start();
  }

  /** Nobody delivers for it any more; what was under way is given up, and how far it has come is written. */
  async end(id: string): Promise<void> {
    const worker = this.#workers.get(id);
    this.#workers.delete(id);
    this.#listen();
    await worker?.stop();
  }

  /** Hears of events only while somebody is to be told of them. */
  #listen(): void {
    if (this.#workers.size === 0) {
      for (const leave of this.#leave.splice(0)) leave();
      return;
    }
    if (this.#leave.length > 0) return;
    const { store } = this.#options;
    const hear = ({ kind }: { readonly kind: Parameters<WebhookWorker['heard']>[0] }): void => {
      for (const worker of this.#workers.values()) worker.heard(kind);
    };
    this.#leave = [store.onEvent(hear), store.onNotice(hear)];
  }

  /** A client for one receiver. */
  client(connections: number): WebhookClient {
    const { clock, settings, allowed } = this.#options;
    return new WebhookClient({
      clock,
      allowed,
      lookUp: settings.lookUp,
      timeoutMs: settings.timeoutMs ?? webhookDefaults.timeoutMs,
      connections,
    });
  }

  /** Counts an attempt. */
  count(answer: WebhookAnswer, isDead: boolean): void {
    if (answer.outcome === 'ended') return;
    this.#attempts.add([answer.outcome === 'failed' && isDead ? 'dead' : answer.outcome]);
  }

  /** Ends all. */
  async stop(): Promise<void> {
    await Promise.all([...this.#workers.keys()].map((id) => this.end(id)));
    this.#summary.flush();
  }

  families(): readonly MetricFamily[] {
    let waiting = 0;
    for (const worker of this.#workers.values()) waiting += worker.waiting;
    return [
      this.#attempts.family(),
      gauge(
        'reveille_webhooks_active',
        'Webhooks that are told of events.',
        [],
        [{ labels: [], value: this.#workers.size }],
      ),
      gauge(
        'reveille_webhook_waiting',
        'Deliveries that wait for another attempt, or behind one that does.',
        [],
        [{ labels: [], value: waiting }],
      ),
    ];
  }
}

/** Of a URL its origin alone: paths may hold what only their receiver is to know. */
function aboutOf({ id, url }: WebhookRecord, error: string) {
  return { webhook: id, receiver: new URL(url).origin, error };
}
