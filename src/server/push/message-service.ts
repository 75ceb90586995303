// Push messages, as callers list, read and cancel them.
import type {
  EnqueuedMessage,
  Page,
  PageRequest,
  PushMessageEvent,
  PushMessageQueue,
  PushMessageReader,
  PushMessageRecord,
  PushMessageRequest,
  PushMessageState,
} from '../../store/index.ts';

/** How a cancellation went. */
export type CancelMessageOutcome =
  | { readonly outcome: 'cancelled'; readonly message: PushMessageRecord }
  /** Its state does not allow it: it is over, or on its way. */
  | { readonly outcome: 'refused'; readonly message: PushMessageRecord }
  | { readonly outcome: 'unknown' };

/** Keeps push messages. Their bodies may hold secrets: whoever shows a record leaves `body` out. */
export class MessageService {
  readonly #store: PushMessageQueue & PushMessageReader;

  constructor(store: PushMessageQueue & PushMessageReader) {
    this.#store = store;
  }

  /** Takes messages in, as `enqueueMessages` of the store does. */
  enqueue(requests: readonly PushMessageRequest[]): Promise<readonly EnqueuedMessage[]> {
    return this.#store.enqueueMessages(requests);
  }

  /** Ends a message that has not been taken by a carrier and is not being sent. */
  async cancel(id: string, reason = 'cancelled by request'): Promise<CancelMessageOutcome> {
    const [outcome] = await this.#store.changeMessages([
      { id, change: { event: 'cancelled', detail: reason } },
    ]);
    if (outcome === undefined) return { outcome: 'unknown' };
    const { verdict, message } = outcome;
    return { outcome: verdict === 'changed' ? 'cancelled' : 'refused', message };
  }

  get(id: string): Promise<PushMessageRecord | undefined> {
    return this.#store.message(id);
  }

  list(
    page: PageRequest & { readonly deviceId?: string; readonly state?: PushMessageState },
  ): Promise<Page<PushMessageRecord>> {
    return this.#store.listMessages(page);
  }

  timeline(id: string): Promise<readonly PushMessageEvent[] | undefined> {
    return this.#store.messageTimeline(id);
  }

  /** Calls `listener` with each event once it is on disk. Gives what ends the subscription. */
  onEvent(listener: (event: PushMessageEvent) => void): () => void {
    return this.#store.onMessageEvent(listener);
  }
}
