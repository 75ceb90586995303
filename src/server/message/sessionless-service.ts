// Messages that need no session, and bootstraps, as callers create them (DM-SESSIONLESS-1.3, DM-BOOT-1.2).
import type { AccountStore, Asker, DeviceStore, PushQueue } from '../../store/index.ts';
import type { EachOutcome, EachRequest } from '../input/each.ts';
import { requireDevice } from '../input/known-devices.ts';
import { type CreatedMessage, createdMessage, type MessageTaking, takeMessages } from './message-batch.ts';
import { openMessage, readMessage } from './message-request.ts';

export type { CreatedMessage } from './message-batch.ts';
export { secureSchemes } from './message-request.ts';

/** What the service works with. */
export interface SessionlessServiceOptions extends MessageTaking {
  readonly store: MessageTaking['store'] &
    Pick<DeviceStore, 'device'> &
    Pick<AccountStore, 'account'> &
    PushQueue;
}

/** Checks what is given, composes messages and queues them. */
export class SessionlessService {
  readonly #options: SessionlessServiceOptions;

  constructor(options: SessionlessServiceOptions) {
    this.#options = options;
  }

  /**
   * Takes a message in; it is on disk when the promise resolves. `value` is `{ device, notBefore?, expiresAt?,
   * requireSecureTransport? }` and either `{ job, signature?, encrypt?, contentEncryption?, wbxmlVersion?, spelling? }`, whose commands
   * are those of a job, or `{ bootstrap }`. It is composed and signed once: what goes out again is the same octets, which
   * a device that has processed them refuses.
   * @param idempotencyKey the same key with the same value gives the same message
   * @param by who asks
   * @throws {ValueError} for the first thing wrong, and for a message that no route of the device can carry
   * @throws {ConfigError} when no address of the device has a configured binding
   * @throws {StoreError} IDEMPOTENCY_CONFLICT
   */
  async create(value: unknown, idempotencyKey?: string, by?: Asker): Promise<CreatedMessage> {
    const { store } = this.#options;
    const opened = openMessage({ value, idempotencyKey, by });
    const device = requireDevice(opened.deviceId, await store.device(opened.deviceId), by);
    const account = await store.account(device.serverId);
    if (account === undefined) throw new TypeError('a device has an account');
    const asked = readMessage(opened, { device, account }, this.#options);
    const sessionId = asked.needsSessionId ? await store.allocateMessageSessionId(device.id) : undefined;
    const complete = asked.complete(sessionId);
    const [outcome] = await store.enqueue([complete.request]);
    if (outcome === undefined) throw new TypeError('a message that replaces nothing is queued');
    return createdMessage(outcome, complete);
  }

  /**
   * Takes messages in, each as `create` would: together, and each for itself, so that one which is refused keeps none of the
   * others back. The outcomes are in the order of the requests; it does not reject.
   */
  createEach(requests: readonly EachRequest[]): Promise<readonly EachOutcome<CreatedMessage>[]> {
    return takeMessages(requests, this.#options);
  }
}
