// Requests for pushes that are judged together, in memory, as if they came one after the other: each unit of them is taken
// whole, or refused and leaves nothing.
import { StoreError } from '../../../core/index.ts';
import {
  type Enqueued,
  type IdempotencyMark,
  type MessageRequest,
  type NotificationDraft,
  type NotificationPush,
  type NotificationRequest,
  nextSessionId,
  type PushRecord,
  type PushRequest,
} from '../../index.ts';
import type { KeyScope, PushKeyTable, PushSessionTable } from '../engine/schema.ts';
import type { Seals } from '../seal/seals.ts';
import { keyScopeOf, messageRecord, notificationRecord } from '../set/push-rows.ts';
import type { PushSet, SetMark } from '../set/push-set.ts';
import {
  type DeviceFacts,
  type EnqueueFacts,
  type EnqueueUnit,
  isDraft,
  keyName,
  pushIdName,
} from './enqueue-facts.ts';
import { messageRow, type NewMessageRow, type NewNotificationRow, notificationRow } from './new-rows.ts';

/** Why nothing of a unit was taken. */
export class RefusedUnit {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }

  /** The same of requests: only a draft may be refused for another reason than the store's own. */
  get refusal(): StoreError {
    if (this.error instanceof StoreError) return this.error;
    throw this.error;
  }
}

const none: ReadonlySet<string> = new Set();

/** Where a set stood before a unit: how many rows it had. */
type UnitMark = Readonly<Record<'notifications' | 'messages' | 'sessions' | 'keys', number>> & {
  readonly changes: SetMark;
};

/** What a set of requests writes, besides changes of what is replaced and events. */
export class EnqueueSet {
  readonly notifications: NewNotificationRow[] = [];
  readonly messages: NewMessageRow[] = [];
  readonly sessions: PushSessionTable[] = [];
  readonly keys: PushKeyTable[] = [];
  readonly #facts: EnqueueFacts;
  readonly #changes: PushSet;
  readonly #newIdentifier: (now: number) => string;
  readonly #seals: Seals;
  /** Takes back what the present unit changed of the facts. */
  #undo: (() => void)[] = [];

  constructor(facts: EnqueueFacts, changes: PushSet, newIdentifier: (now: number) => string, seals: Seals) {
    this.#seals = seals;
    this.#facts = facts;
    this.#changes = changes;
    this.#newIdentifier = newIdentifier;
  }

  /** Takes a unit, all of it or nothing. */
  take(unit: EnqueueUnit): readonly Enqueued[] | RefusedUnit {
    const requests = isDraft(unit) ? this.#completed(unit) : unit;
    if (requests instanceof RefusedUnit) return requests;
    const mark = this.#mark();
    this.#undo = [];
    try {
      const pushIds = isDraft(unit) ? none : this.#unusedPushIds(requests);
      const outcomes = requests.map((request) =>
        request.purpose === 'notification' ? this.#notification(request) : this.#message(request),
      );
      for (const name of pushIds) this.#facts.pushIds.add(name);
      return outcomes;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#backTo(mark);
      return new RefusedUnit(error);
    }
  }

  /** Devices that were given Session-IDs, with the last of them. */
  get lastSessionIds(): ReadonlyMap<string, number> {
    const given = new Map<string, number>();
    for (const { device_id: id, session_id: last } of this.sessions) given.set(id, last);
    return given;
  }

  #completed({ deviceId, complete }: NotificationDraft): readonly NotificationRequest[] | RefusedUnit {
    try {
      return [complete(this.#facts.devices.get(deviceId)?.notified, this.#changes.now)];
    } catch (error) {
      return new RefusedUnit(error);
    }
  }

  #notification(request: NotificationRequest): Enqueued<NotificationPush> {
    const { deviceId, idempotency } = request;
    const device = this.#device(deviceId);
    const before = this.#repeated(device.serverId, 'notification', idempotency);
    if (before?.purpose === 'notification') return { outcome: 'repeated', push: before };
    requireAwake(deviceId, device);
    const { serverId } = device;
    const sessionId = this.#sessionId(deviceId, device);
    const { now } = this.#changes;
    const row = notificationRow(request, { id: this.#newIdentifier(now), serverId, sessionId, now });
    const push = notificationRecord(row);
    this.notifications.push(row);
    this.sessions.push({ device_id: deviceId, session_id: sessionId, push_id: row.id });
    this.#changes.tellQueued(push, request.actor);
    this.#key(serverId, push, idempotency);
    return { outcome: 'queued', push };
  }

  #message(request: MessageRequest): Enqueued {
    const { deviceId, idempotency, serverId } = request;
    if ((deviceId === undefined) === (request.addresses === undefined) || request.addresses?.length === 0) {
      throw new StoreError('BAD_REQUEST', 'a push message is for a device or for addresses');
    }
    if (idempotency !== undefined && serverId === undefined) {
      throw new StoreError('BAD_REQUEST', 'an idempotency key is one of an account: name the account');
    }
    const device = deviceId === undefined ? undefined : this.#device(deviceId);
    if (serverId !== undefined) {
      const before = this.#repeated(serverId, 'message', idempotency);
      if (before !== undefined) return { outcome: 'repeated', push: before };
    }
    if (deviceId !== undefined) requireAwake(deviceId, device);
    const replaced = this.#replaceOld(request);
    if (replaced !== undefined && replaced.verdict !== 'changed' && request.replaces?.required === true) {
      return { outcome: 'not-replaced', replaced: replaced.push };
    }
    const { now } = this.#changes;
    const row = messageRow(request, { id: this.#newIdentifier(now), now }, this.#seals);
    const push = messageRecord(row, request.purpose, request.body);
    this.messages.push(row);
    this.#changes.tellQueued(push, request.actor);
    if (serverId !== undefined) this.#key(serverId, push, idempotency);
    return { outcome: 'queued', push, ...(replaced !== undefined && { replaced: replaced.push }) };
  }

  #device(id: string): DeviceFacts {
    const device = this.#facts.devices.get(id);
    if (device === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${id}`);
    return device;
  }

  #sessionId(deviceId: string, device: DeviceFacts): number {
    const { last, taken } = device;
    const next = nextSessionId(last, (candidate) => taken?.has(candidate) === true);
    if (next === undefined) {
      throw new StoreError(
        'SESSION_IDS_EXHAUSTED',
        `device ${deviceId} has a live notification for every Session-ID: cancel some first`,
      );
    }
    device.last = next;
    taken?.add(next);
    this.#undo.push(() => {
      device.last = last;
      taken?.delete(next);
    });
    return next;
  }

  /** The push that a request made before. @throws {StoreError} IDEMPOTENCY_CONFLICT when that was another request */
  #repeated(serverId: string, scope: KeyScope, mark: IdempotencyMark | undefined): PushRecord | undefined {
    if (mark === undefined) return undefined;
    const before = this.#facts.keys.get(keyName(serverId, scope, mark.key));
    if (before === undefined) return undefined;
    // One that was queued under it may have been changed since.
    if (before.fingerprint === mark.fingerprint) return this.#changes.current(before.push.id) ?? before.push;
    throw new StoreError(
      'IDEMPOTENCY_CONFLICT',
      `the idempotency key ${mark.key} was used for another request`,
    );
  }

  #key(serverId: string, push: PushRecord, mark: IdempotencyMark | undefined): void {
    if (mark === undefined) return;
    const { key, fingerprint } = mark;
    const scope = keyScopeOf(push.purpose);
    this.keys.push({ server_id: serverId, scope, key, fingerprint, push_id: push.id });
    const name = keyName(serverId, scope, key);
    this.#facts.keys.set(name, { fingerprint, push });
    this.#undo.push(() => this.#facts.keys.delete(name));
  }

  /** Cancels what a request replaces, where it can be; gives it as it is then, and whether it was. */
  #replaceOld(request: MessageRequest) {
    const { replaces } = request;
    if (replaces === undefined) return undefined;
    const old = this.#changes.current(replaces.id) ?? this.#facts.replaced.get(replaces.id);
    if (old === undefined || old.purpose === 'notification')
      throw new StoreError('UNKNOWN_MESSAGE', `there is no push message ${replaces.id}`);
    return this.#changes.change(old, {
      event: 'cancelled',
      detail: 'replaced by another push',
      ...(request.actor !== undefined && { actor: request.actor }),
    });
  }

  /** The push-ids of one call; the pushes of one share it. @throws {StoreError} ALREADY_EXISTS */
  #unusedPushIds(requests: readonly PushRequest[]): ReadonlySet<string> {
    const pushIds = new Set<string>();
    const named = new Set<string>();
    for (const request of requests) {
      if (request.purpose === 'notification' || request.initiator === undefined) continue;
      const { initiator, pushId, recipient } = request.initiator;
      const pushIdOf = pushIdName(initiator, pushId);
      const name = `${pushIdOf.length} ${pushIdOf} ${recipient}`;
      if (named.has(name)) {
        throw new StoreError('ALREADY_EXISTS', `the push ${pushId} of ${initiator} names ${recipient} twice`);
      }
      named.add(name);
      if (this.#facts.pushIds.has(pushIdOf)) {
        throw new StoreError('ALREADY_EXISTS', `${initiator} has used the push-id ${pushId}`);
      }
      pushIds.add(pushIdOf);
    }
    return pushIds;
  }

  #mark(): UnitMark {
    return {
      notifications: this.notifications.length,
      messages: this.messages.length,
      sessions: this.sessions.length,
      keys: this.keys.length,
      changes: this.#changes.mark(),
    };
  }

  #backTo({ notifications, messages, sessions, keys, changes }: UnitMark): void {
    this.notifications.length = notifications;
    this.messages.length = messages;
    this.sessions.length = sessions;
    this.keys.length = keys;
    for (const undo of this.#undo.reverse()) undo();
    this.#changes.backTo(changes);
  }
}

/** @throws {StoreError} SUSPENDED */
function requireAwake(id: string, device: DeviceFacts | undefined): void {
  if (device?.suspended !== true) return;
  throw new StoreError('SUSPENDED', `device ${id} is suspended: resume it before anything is sent to it`);
}
