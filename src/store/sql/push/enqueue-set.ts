// Requests for pushes that are judged together, in memory, as if they came one after the other: each call of them is taken
// whole, or refused and leaves nothing.
import { StoreError } from '../../../core/index.ts';
import {
  type Enqueued,
  type IdempotencyMark,
  largestSessionId,
  type MessageRequest,
  type NotificationPush,
  type NotificationRequest,
  nextSessionId,
  type PushRecord,
  type PushRequest,
} from '../../index.ts';
import type { KeyScope, PushKeyTable, PushSessionTable } from '../engine/schema.ts';
import { keyScopeOf, messageRecord, notificationRecord } from '../set/push-rows.ts';
import type { PushSet, SetMark } from '../set/push-set.ts';
import { messageRow, type NewMessageRow, type NewNotificationRow, notificationRow } from './new-rows.ts';

/** What is known of a device. */
export interface DeviceFacts {
  readonly serverId: string;
  /** The Session-ID that was given last. */
  last: number;
  /** Those in use; absent when none of those that come next is. */
  readonly taken?: Set<number>;
}

/** A push under an idempotency key. */
export interface KeyFacts {
  readonly fingerprint: string;
  readonly push: PushRecord;
}

/** What has to be known before a set is judged; what it takes is added. */
export interface EnqueueFacts {
  readonly devices: Map<string, DeviceFacts>;
  /** By `keyName`. */
  readonly keys: Map<string, KeyFacts>;
  /** Push-ids that initiators have used, by `pushIdName`. */
  readonly pushIds: Set<string>;
  /** Pushes that others are to take the place of. */
  readonly replaced: ReadonlyMap<string, PushRecord>;
}

/** Name of an idempotency key among `EnqueueFacts`. */
export function keyName(serverId: string, scope: KeyScope, key: string): string {
  return `${scope} ${serverId.length} ${serverId} ${key}`;
}

/** Name of a push-id among `EnqueueFacts`. */
export function pushIdName(initiator: string, pushId: string): string {
  return `${initiator.length} ${initiator} ${pushId}`;
}

/** What a set of requests writes, besides changes of what is replaced and events. */
export class EnqueueSet {
  readonly notifications: NewNotificationRow[] = [];
  readonly messages: NewMessageRow[] = [];
  readonly sessions: PushSessionTable[] = [];
  readonly keys: PushKeyTable[] = [];
  readonly #facts: EnqueueFacts;
  readonly #changes: PushSet;
  readonly #newIdentifier: (now: number) => string;
  /** Takes back what the present call changed of the facts. */
  #undo: (() => void)[] = [];

  constructor(facts: EnqueueFacts, changes: PushSet, newIdentifier: (now: number) => string) {
    this.#facts = facts;
    this.#changes = changes;
    this.#newIdentifier = newIdentifier;
  }

  /** Takes the requests of one call, all or none; gives why when it is none. */
  take(requests: readonly PushRequest[]): readonly Enqueued[] | StoreError {
    const mark = this.#mark();
    this.#undo = [];
    try {
      const pushIds = this.#unusedPushIds(requests);
      const outcomes = requests.map((request) =>
        request.purpose === 'notification' ? this.#notification(request) : this.#message(request),
      );
      for (const name of pushIds) this.#facts.pushIds.add(name);
      return outcomes;
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.#backTo(mark);
      return error;
    }
  }

  /** Devices that were given Session-IDs, with the last of them. */
  *lastSessionIds(): Generator<readonly [deviceId: string, last: number]> {
    for (const deviceId of new Set(this.sessions.map((row) => row.device_id))) {
      yield [deviceId, this.#device(deviceId).last];
    }
  }

  #notification(request: NotificationRequest): Enqueued<NotificationPush> {
    const { deviceId, idempotency } = request;
    const device = this.#device(deviceId);
    const before = this.#repeated(device.serverId, 'notification', idempotency);
    if (before?.purpose === 'notification') return { outcome: 'repeated', push: before };
    const { serverId } = device;
    const sessionId = this.#sessionId(deviceId, device);
    const { now } = this.#changes;
    const row = notificationRow(request, { id: this.#newIdentifier(now), serverId, sessionId, now });
    const push = notificationRecord(row);
    this.notifications.push(row);
    this.sessions.push({ device_id: deviceId, session_id: sessionId, push_id: row.id });
    this.#changes.tellQueued(push);
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
    if (deviceId !== undefined) this.#device(deviceId);
    if (serverId !== undefined) {
      const before = this.#repeated(serverId, 'message', idempotency);
      if (before !== undefined) return { outcome: 'repeated', push: before };
    }
    const replaced = this.#replaceOld(request);
    if (replaced !== undefined && replaced.verdict !== 'changed' && request.replaces?.required === true) {
      return { outcome: 'not-replaced', replaced: replaced.push };
    }
    const { now } = this.#changes;
    const row = messageRow(request, { id: this.#newIdentifier(now), now });
    const push = messageRecord(row, request.purpose);
    this.messages.push(row);
    this.#changes.tellQueued(push);
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
  #replaceOld({ replaces }: MessageRequest) {
    if (replaces === undefined) return undefined;
    const old = this.#changes.current(replaces.id) ?? this.#facts.replaced.get(replaces.id);
    if (old === undefined || old.purpose === 'notification')
      throw new StoreError('UNKNOWN_MESSAGE', `there is no push message ${replaces.id}`);
    return this.#changes.change(old, { event: 'cancelled', detail: 'replaced by another push' });
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

  #mark() {
    const { notifications, messages, sessions, keys } = this;
    const lists = [notifications, messages, sessions, keys].map((rows) => ({ rows, length: rows.length }));
    return { lists, changes: this.#changes.mark() };
  }

  #backTo({
    lists,
    changes,
  }: {
    readonly lists: readonly { rows: unknown[]; length: number }[];
    changes: SetMark;
  }): void {
    for (const { rows, length } of lists) rows.length = length;
    for (const undo of this.#undo.reverse()) undo();
    this.#changes.backTo(changes);
  }
}

/** True where the Session-IDs that come next go on from 1: then all that are in use have to be known. */
export function goesRound(last: number, count: number): boolean {
  return last + count > largestSessionId;
}
