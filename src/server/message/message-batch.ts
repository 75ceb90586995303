// Several messages taken in together, each of which stands for itself.
import type {
  AccountRecord,
  AccountStore,
  DeviceStore,
  Enqueued,
  MessagePush,
  PushQueue,
} from '../../store/index.ts';
import { type EachOutcome, type EachRequest, takeEach } from '../input/each.ts';
import { devicesById, requireDevice } from '../input/known-devices.ts';
import {
  type AskedMessage,
  type CompleteMessage,
  type MessageParties,
  type MessageReading,
  openMessage,
  readMessage,
} from './message-request.ts';

/** What creating a message gives. */
export interface CreatedMessage {
  readonly message: MessagePush;
  /** False when the idempotency key had been used for it before. */
  readonly created: boolean;
  /** What the user has to be told of a bootstrap, in another way; it is not kept. */
  readonly pinForUser?: string;
  /** What the device's family would not take (docs/families.md). */
  readonly warnings: readonly string[];
}

/** What they are taken in with. */
export interface MessageTaking extends MessageReading {
  readonly store: Pick<DeviceStore, 'devices'> &
    Pick<AccountStore, 'account'> &
    Pick<PushQueue, 'allocateMessageSessionId' | 'enqueueEach'>;
}

/** Messages that are composed in one turn: signing one may take a millisecond, and others wait meanwhile. */
const inOneTurn = 16;

/** One that is kept, or why it is not. */
type Kept = EachOutcome<CreatedMessage>;

/** Takes messages in: `SessionlessService.createEach`. */
export async function takeMessages(
  requests: readonly EachRequest[],
  taking: MessageTaking,
): Promise<readonly EachOutcome<CreatedMessage>[]> {
  const outcomes: EachOutcome<CreatedMessage>[] = [];
  for (let at = 0; at < requests.length; at += inOneTurn) {
    const some = await takeEach(requests.slice(at, at + inOneTurn), {
      open: openMessage,
      know: (ids) => partiesOf(taking.store, ids),
      read: (opened, parties) => {
        requireDevice(opened.deviceId, parties?.device, opened.by);
        if (parties === undefined) throw new TypeError('a device has an account');
        return readMessage(opened, parties, taking);
      },
      keep: (asked) => keepMessages(asked, taking),
      taken: (kept: Kept) => kept,
    });
    outcomes.push(...some);
  }
  return outcomes;
}

/** What the caller is told of a message that was queued. */
export function createdMessage(
  outcome: Enqueued<MessagePush>,
  { pinForUser, warnings }: CompleteMessage,
): CreatedMessage {
  if (outcome.outcome === 'not-replaced') throw new TypeError('a message that replaces nothing is queued');
  const created = outcome.outcome === 'queued';
  return {
    message: outcome.push,
    created,
    warnings,
    ...(created && pinForUser !== undefined && { pinForUser }),
  };
}

/** The devices of those ids that there are, with their accounts. */
async function partiesOf(
  store: MessageTaking['store'],
  ids: readonly string[],
): Promise<ReadonlyMap<string, MessageParties>> {
  const devices = await devicesById(store, ids);
  const serverIds = [...new Set([...devices.values()].map(({ serverId }) => serverId))];
  const accounts = new Map<string, AccountRecord | undefined>(
    await Promise.all(serverIds.map(async (serverId) => [serverId, await store.account(serverId)] as const)),
  );
  const parties = new Map<string, MessageParties>();
  for (const [id, device] of devices) {
    const account = accounts.get(device.serverId);
    if (account !== undefined) parties.set(id, { device, account });
  }
  return parties;
}

/** Gives each its SessionID, composes it, and puts all on disk. */
async function keepMessages(
  asked: readonly AskedMessage[],
  { store }: MessageTaking,
): Promise<readonly Kept[]> {
  const sessionIds = await Promise.allSettled(
    asked.map(async ({ needsSessionId, deviceId }) =>
      needsSessionId ? store.allocateMessageSessionId(deviceId) : undefined,
    ),
  );
  const kept: Kept[] = new Array(asked.length);
  const complete: { readonly place: number; readonly message: CompleteMessage }[] = [];
  for (const [place, one] of asked.entries()) {
    const sessionId = sessionIds[place];
    try {
      if (sessionId?.status === 'rejected') throw sessionId.reason;
      complete.push({ place, message: one.complete(sessionId?.value) });
    } catch (error) {
      kept[place] = { outcome: 'refused', error };
    }
  }
  const outcomes =
    complete.length === 0 ? [] : await store.enqueueEach(complete.map(({ message }) => message.request));
  for (const [index, { place, message }] of complete.entries()) {
    const outcome = outcomes[index];
    if (outcome === undefined) throw new TypeError('each message has an outcome');
    kept[place] =
      outcome.outcome === 'refused' ? outcome : { outcome: 'taken', taken: createdMessage(outcome, message) };
  }
  return kept;
}
