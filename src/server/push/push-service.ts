// Pushes, as callers create, cancel and read them, whatever they are for.
import { ValueError } from '../../core/index.ts';
import {
  type Asker,
  actorOf,
  type ChangeVerdict,
  type Enqueued,
  type EventKind,
  type EventStore,
  type JobStore,
  type JobSummary,
  type MessagePush,
  type MessageRequest,
  type Page,
  type PageRequest,
  type PushEvent,
  type PushFilter,
  type PushQueue,
  type PushReader,
  type PushRecord,
} from '../../store/index.ts';
import type { EachOutcome, EachRequest } from '../input/each.ts';
import { type NotificationTaking, takeNotifications } from './notification-batch.ts';
import {
  type CreatedNotification,
  type NotificationReading,
  openNotification,
  readOpened,
} from './notification-request.ts';

export type { CreatedNotification } from './notification-request.ts';

/** What the service works with. */
export interface PushServiceOptions extends NotificationReading {
  readonly store: NotificationTaking['store'] &
    PushQueue &
    PushReader &
    EventStore &
    Pick<JobStore, 'jobOfPush'>;
}

/** How a cancellation went. */
export type CancelOutcome =
  | { readonly outcome: 'cancelled'; readonly push: PushRecord }
  /** Its state does not allow it: it is over, its session is under way, or a carrier has it. */
  | { readonly outcome: 'refused'; readonly push: PushRecord }
  | { readonly outcome: 'unknown' };

/**
 * Checks what is given and keeps pushes. The octets of a message may hold secrets: whoever shows a record leaves `body`
 * out.
 */
export class PushService {
  readonly #options: PushServiceOptions;

  constructor(options: PushServiceOptions) {
    this.#options = options;
  }

  /**
   * Takes a notification in; it is on disk when the promise resolves. `value` is `{ device, notBefore?, expiresAt?,
   * resynchronise? }` and the fields of the notification without `serverId` and `sessionId`; `format` defaults to the
   * device's. One with a job is made by `JobService.createNotification`.
   * @param idempotencyKey the same key with the same value gives the same notification
   * @param by who asks
   * @throws {ValueError} for the first thing wrong, and for a device that does not exist
   * @throws {ConfigError} when no address of the device has a configured binding
   * @throws {StoreError} SESSION_IDS_EXHAUSTED, IDEMPOTENCY_CONFLICT
   */
  async createNotification(
    value: unknown,
    idempotencyKey?: string,
    by?: Asker,
  ): Promise<CreatedNotification> {
    const opened = openNotification({ value, idempotencyKey, by });
    const { deviceId, idempotency, job } = opened;
    let warnings: readonly string[] = [];
    const { outcome, push } = await this.#options.store.enqueueDraft({
      deviceId,
      idempotency,
      complete: (device, now) => {
        const asked = readOpened(opened, device, this.#options, now);
        if (job !== undefined) throw new ValueError('UNKNOWN_FIELD', 'is made together with its job', 'job');
        warnings = asked.warnings;
        return asked.request;
      },
    });
    return { push, created: outcome === 'queued', warnings };
  }

  /**
   * Takes notifications in, each as `createNotification` would: together, and each for itself, so that one which is refused keeps
   * none of the others back. The outcomes are in the order of the requests; it does not reject.
   */
  createNotifications(
    requests: readonly EachRequest[],
  ): Promise<readonly EachOutcome<CreatedNotification>[]> {
    return takeNotifications(requests, this.#options);
  }

  /** Takes messages in, as `enqueue` of the store does. */
  enqueueMessages(requests: readonly MessageRequest[]): Promise<readonly Enqueued<MessagePush>[]> {
    return this.#options.store.enqueue(requests);
  }

  /**
   * Ends a push that is not over: a notification until its session begins, a message until it is being sent or a carrier
   * has it. The job of a notification, if it has one, stays.
   */
  async cancel(id: string, reason = 'cancelled by request', by?: Asker): Promise<CancelOutcome> {
    const change = { event: 'cancelled', detail: reason, ...actorOf(by) } as const;
    const [outcome] = await this.#options.store.change([{ id, change }]);
    if (outcome === undefined) return { outcome: 'unknown' };
    return { outcome: cancellationOf(outcome.verdict), push: outcome.push };
  }

  get(id: string): Promise<PushRecord | undefined> {
    return this.#options.store.push(id);
  }

  /** The job that was created with a push. */
  jobOf(id: string): Promise<JobSummary | undefined> {
    return this.#options.store.jobOfPush(id);
  }

  /** Pushes, newest first; of all purposes unless `purposes` names some. */
  list(page: PageRequest & PushFilter): Promise<Page<PushRecord>> {
    return this.#options.store.listPushes(page);
  }

  /** Everything that happened to a push, in order; `undefined` when there is no such push. */
  timeline(id: string): Promise<readonly PushEvent[] | undefined> {
    return this.#options.store.timeline(id);
  }

  /** Up to `limit` events after a sequence number, in order; of all kinds unless `kinds` names some. */
  eventsAfter(sequence: number, limit: number, kinds?: readonly EventKind[]): Promise<readonly PushEvent[]> {
    return this.#options.store.eventsAfter(sequence, limit, kinds);
  }

  /** Calls `listener` with each event, of all kinds, once it is on disk. Gives what ends the subscription. */
  onEvent(listener: (event: PushEvent) => void): () => void {
    return this.#options.store.onEvent(listener);
  }
}

function cancellationOf(verdict: ChangeVerdict): 'cancelled' | 'refused' {
  return verdict === 'changed' ? 'cancelled' : 'refused';
}
