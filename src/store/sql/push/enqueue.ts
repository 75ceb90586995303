// Pushes taken in, in SQL: judged, numbered, written with what must be unique of them.
import { randomInt } from 'node:crypto';
import { StoreError } from '../../../core/index.ts';
import {
  type ChangeOutcome,
  type Enqueued,
  type IdempotencyMark,
  largestSessionId,
  type MessageRequest,
  type NotificationPush,
  type NotificationRequest,
  nextSessionId,
  type PushOf,
  type PushRecord,
  type PushRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { KeyScope } from '../engine/schema.ts';
import { enqueueStatements } from './enqueue-statements.ts';
import type { eventPrograms } from './event-programs.ts';
import { messageRow, notificationRow } from './new-rows.ts';
import type { pushPrograms } from './push-programs.ts';
import { keyScopeOf, messageRecord, notificationRecord, type PushRow } from './push-rows.ts';

export function enqueuePrograms(
  engine: SqlEngine,
  pushes: ReturnType<typeof pushPrograms>,
  events: ReturnType<typeof eventPrograms>,
) {
  const statements = enqueueStatements(engine);
  const newIdentifier = identifierMaker();

  function* freeSessionId(deviceId: string, last: number): Program<number> {
    // The next one is free as a rule; only where it is not, all that are taken are read.
    const next = nextSessionId(last, () => false) ?? 1;
    const args = { device_id: deviceId, session_id: next };
    if ((yield* first(statements.sessionInUse, args)) === undefined) return next;
    const taken = new Set<number>();
    for (const row of yield* all(statements.sessionsInUse, { device_id: deviceId }))
      taken.add(row.session_id);
    const free = nextSessionId(last, (candidate) => taken.has(candidate));
    if (free !== undefined) return free;
    throw new StoreError(
      'SESSION_IDS_EXHAUSTED',
      `device ${deviceId} has a live notification for every Session-ID: cancel some first`,
    );
  }

  /** The push that a request made before. @throws {StoreError} IDEMPOTENCY_CONFLICT when that was another request */
  function* repeated(
    serverId: string,
    scope: KeyScope,
    { key, fingerprint }: IdempotencyMark,
  ): Program<PushRecord | undefined> {
    const before = yield* first(statements.byKey, { server_id: serverId, scope, key });
    if (before === undefined) return undefined;
    if (before.fingerprint === fingerprint) return yield* pushes.byId(before.push_id);
    throw new StoreError('IDEMPOTENCY_CONFLICT', `the idempotency key ${key} was used for another request`);
  }

  /** Writes a new push, what must be unique of it, and its first event. */
  function* insert(
    transaction: Transaction,
    row: PushRow,
    push: PushRecord,
    idempotency: IdempotencyMark | undefined,
  ): Program<void> {
    const { id, device_id, session_id, server_id, initiator, initiator_push_id, recipient } = row;
    yield* all(statements.insert, row);
    if (device_id !== null && session_id !== null) {
      yield* all(statements.insertSession, { device_id, session_id, push_id: id });
    }
    if (idempotency !== undefined && server_id !== null) {
      const scope = keyScopeOf(row.purpose);
      yield* all(statements.insertKey, { server_id, scope, ...idempotency, push_id: id });
    }
    if (initiator !== null && initiator_push_id !== null && recipient !== null) {
      yield* all(statements.insertInitiator, { initiator, initiator_push_id, recipient, id });
    }
    yield* events.write(transaction, push, { event: 'queued' });
  }

  function* notification(
    transaction: Transaction,
    request: NotificationRequest,
  ): Program<{ readonly outcome: 'queued' | 'repeated'; readonly push: NotificationPush }> {
    const { deviceId, idempotency } = request;
    const device = yield* first(statements.device, { id: deviceId });
    if (device === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
    if (idempotency !== undefined) {
      const before = yield* repeated(device.server_id, 'notification', idempotency);
      if (before?.purpose === 'notification') return { outcome: 'repeated', push: before };
    }
    const sessionId = yield* freeSessionId(deviceId, device.last_session_id);
    const { now } = transaction;
    const of = { id: newIdentifier(now), serverId: device.server_id, sessionId, now };
    const row = notificationRow(request, of);
    const push = notificationRecord(row);
    yield* insert(transaction, row, push, idempotency);
    yield* all(statements.setLastSessionId, { id: deviceId, last: sessionId });
    return { outcome: 'queued', push };
  }

  /** Cancels what a request replaces, where it can be; gives it as it is then, and whether it was. */
  function* replaceOld(
    transaction: Transaction,
    { replaces }: MessageRequest,
  ): Program<ChangeOutcome | undefined> {
    if (replaces === undefined) return undefined;
    const old = yield* pushes.locked(replaces.id);
    if (old === undefined || old.purpose === 'notification')
      throw new StoreError('UNKNOWN_MESSAGE', `there is no push message ${replaces.id}`);
    return yield* pushes.write(transaction, old, { event: 'cancelled', detail: 'replaced by another push' });
  }

  function* message(transaction: Transaction, request: MessageRequest): Program<Enqueued> {
    const { deviceId, idempotency, serverId } = request;
    if ((deviceId === undefined) === (request.addresses === undefined) || request.addresses?.length === 0) {
      throw new StoreError('BAD_REQUEST', 'a push message is for a device or for addresses');
    }
    if (idempotency !== undefined && serverId === undefined) {
      throw new StoreError('BAD_REQUEST', 'an idempotency key is one of an account: name the account');
    }
    if (deviceId !== undefined && (yield* first(statements.device, { id: deviceId })) === undefined) {
      throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
    }
    if (idempotency !== undefined && serverId !== undefined) {
      const before = yield* repeated(serverId, 'message', idempotency);
      if (before !== undefined) return { outcome: 'repeated', push: before };
    }
    const replaced = yield* replaceOld(transaction, request);
    if (replaced !== undefined && replaced.verdict !== 'changed' && request.replaces?.required === true) {
      return { outcome: 'not-replaced', replaced: replaced.push };
    }
    const { now } = transaction;
    const row = messageRow(request, { id: newIdentifier(now), now });
    const push = messageRecord(row, request.purpose);
    yield* insert(transaction, row, push, idempotency);
    return { outcome: 'queued', push, ...(replaced !== undefined && { replaced: replaced.push }) };
  }

  /** The pushes of one push-id share it, so it is looked for before any of them is there. */
  function* requireUnused(requests: readonly PushRequest[]): Program<void> {
    const named = new Set<string>();
    for (const request of requests) {
      if (request.purpose === 'notification' || request.initiator === undefined) continue;
      const { initiator, pushId, recipient } = request.initiator;
      const name = JSON.stringify([initiator, pushId, recipient]);
      if (named.has(name)) {
        throw new StoreError('ALREADY_EXISTS', `the push ${pushId} of ${initiator} names ${recipient} twice`);
      }
      named.add(name);
      if ((yield* first(statements.ofInitiator, { initiator, initiator_push_id: pushId })) !== undefined) {
        throw new StoreError('ALREADY_EXISTS', `${initiator} has used the push-id ${pushId}`);
      }
    }
  }

  return {
    notification,

    *enqueue<Request extends PushRequest>(
      transaction: Transaction,
      requests: readonly Request[],
    ): Program<readonly Enqueued<PushOf<Request>>[]> {
      yield* requireUnused(requests);
      const outcomes: Enqueued[] = [];
      for (const request of requests as readonly PushRequest[]) {
        outcomes.push(
          request.purpose === 'notification'
            ? yield* notification(transaction, request)
            : yield* message(transaction, request),
        );
      }
      // Each request becomes a push of its own purpose.
      return outcomes as readonly Enqueued<PushOf<Request>>[];
    },

    *allocateMessageSessionId(deviceId: string): Program<number> {
      const device = yield* first(statements.device, { id: deviceId });
      if (device === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      const { last_message_session_id: last } = device;
      // A random first one: a database that was lost does not begin where it began before.
      const next = last === 0 ? randomInt(1, largestSessionId + 1) : (last % largestSessionId) + 1;
      yield* all(statements.setLastMessageSessionId, { id: deviceId, last: next });
      return next;
    },
  };
}
