// Notifications in SQL: enqueue, claim, change, read.
import { StoreError } from '../../../core/index.ts';
import {
  type ChangeOutcome,
  type ChangeRequest,
  type ClaimRequest,
  changedRecord,
  type Enqueued,
  type EnqueueRequest,
  isLive,
  judgeChange,
  type NotificationChange,
  type NotificationRecord,
  type NotificationState,
  nextSessionId,
  type Page,
  type PageRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { once } from '../engine/statement.ts';
import type { eventPrograms } from './event-programs.ts';
import { type NotificationRow, notificationRecord } from './notification-rows.ts';
import { notificationStatements } from './notification-statements.ts';

export function notificationPrograms(engine: SqlEngine, events: ReturnType<typeof eventPrograms>) {
  const statements = notificationStatements(engine);
  const newIdentifier = identifierMaker();

  /** Writes a judged change: the record, then its event. */
  function* write(
    transaction: Transaction,
    current: NotificationRecord,
    change: NotificationChange,
  ): Program<ChangeOutcome> {
    const verdict = judgeChange(current, change);
    if (verdict === 'refused') return { verdict, notification: current };
    const notification = changedRecord(current, change, transaction.now);
    yield* save(notification);
    const numbered = attemptEvents.has(change.event) && notification.attempts > 0;
    const attempt = numbered ? (change.attempt ?? notification.attempts) : undefined;
    yield* events.write(transaction, notification, change, attempt);
    return { verdict, notification };
  }

  function* save(notification: NotificationRecord): Program<void> {
    yield* all(statements.update, {
      id: notification.id,
      state: notification.state,
      live: isLive(notification.state) ? 1 : 0,
      attempts: notification.attempts,
      sends: notification.sends,
      failures: notification.failures,
      refused_addresses: JSON.stringify(notification.refusedAddresses),
      default_nonce: notification.defaultNonce,
      lease: notification.lease,
      claimed_by: notification.claimedBy ?? null,
      due_at: notification.dueAt ?? null,
      reason: notification.reason ?? null,
      updated_at: notification.updatedAt,
    });
  }

  function* byId(id: string): Program<NotificationRecord | undefined> {
    const row = yield* first(statements.byId, { id });
    return row === undefined ? undefined : notificationRecord(row);
  }

  function* freeSessionId(deviceId: string, last: number): Program<number> {
    // The next one is free as a rule; only where it is not, all that are taken are read.
    const next = nextSessionId(last, () => false) ?? 1;
    const args = { device_id: deviceId, session_id: next };
    if ((yield* first(statements.liveSessionId, args)) === undefined) return next;
    const taken = new Set<number>();
    for (const row of yield* all(statements.liveSessionIds, { device_id: deviceId }))
      taken.add(row.session_id);
    const free = nextSessionId(last, (candidate) => taken.has(candidate));
    if (free !== undefined) return free;
    throw new StoreError(
      'SESSION_IDS_EXHAUSTED',
      `device ${deviceId} has a live notification for every Session-ID: cancel some first`,
    );
  }

  return {
    byId,
    save,
    write,

    *enqueue(transaction: Transaction, request: EnqueueRequest): Program<Enqueued> {
      const { deviceId, idempotency } = request;
      const device = yield* first(statements.deviceForEnqueue, { id: deviceId });
      if (device === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      if (idempotency !== undefined) {
        const before = yield* first(statements.byIdempotencyKey, {
          server_id: device.server_id,
          key: idempotency.key,
        });
        if (before !== undefined) {
          if (before.idempotency_fingerprint === idempotency.fingerprint) {
            return { notification: notificationRecord(before), created: false };
          }
          throw new StoreError(
            'IDEMPOTENCY_CONFLICT',
            `the idempotency key ${idempotency.key} was used for another request`,
          );
        }
      }
      const sessionId = yield* freeSessionId(deviceId, device.last_session_id);
      const row: NotificationRow = {
        id: newIdentifier(transaction.now),
        device_id: deviceId,
        server_id: device.server_id,
        session_id: sessionId,
        format: request.format,
        message: JSON.stringify(request.message),
        state: 'queued',
        live: 1,
        attempts: 0,
        sends: 0,
        failures: 0,
        refused_addresses: '[]',
        default_nonce: 'none',
        resynchronise: request.resynchronise === true ? 1 : 0,
        lease: 0,
        claimed_by: null,
        due_at: request.notBefore ?? transaction.now,
        expires_at: request.expiresAt,
        end_counted: request.endCounted === true ? 1 : 0,
        reason: null,
        idempotency_key: idempotency?.key ?? null,
        idempotency_fingerprint: idempotency?.fingerprint ?? null,
        created_at: transaction.now,
        updated_at: transaction.now,
      };
      yield* all(statements.insert, row);
      yield* all(statements.setLastSessionId, { id: deviceId, last_session_id: sessionId });
      const notification = notificationRecord(row);
      yield* events.write(transaction, notification, { event: 'queued' }, undefined);
      return { notification, created: true };
    },

    *claimDue(
      transaction: Transaction,
      request: ClaimRequest,
      decide: (due: NotificationRecord) => NotificationChange,
    ): Program<readonly NotificationRecord[]> {
      const { now } = transaction;
      const rows = yield* all(statements.due, { now, limit: request.limit });
      const claimed: NotificationRecord[] = [];
      for (const row of rows) {
        const due = notificationRecord(row);
        const leased: NotificationRecord = {
          ...due,
          lease: due.lease + 1,
          claimedBy: request.node,
          dueAt: now + request.leaseMs,
        };
        const { lease: _, ...change } = decide(due);
        const outcome = yield* write(transaction, leased, { node: request.node, ...change });
        if (outcome.verdict === 'refused') {
          throw new StoreError('BAD_DECISION', `a ${due.state} notification cannot become ${change.event}`);
        }
        claimed.push(outcome.notification);
      }
      return claimed;
    },

    *release({ now }: Transaction, node: string): Program<number> {
      return (yield* all(statements.release, { node, now })).length;
    },

    *nextDueAt(): Program<number | undefined> {
      const row = yield* first(statements.nextDueAt, {});
      return row?.due_at ?? undefined;
    },

    *change(
      transaction: Transaction,
      requests: readonly ChangeRequest[],
    ): Program<readonly (ChangeOutcome | undefined)[]> {
      const outcomes: (ChangeOutcome | undefined)[] = [];
      for (const { id, change } of requests) {
        const current = yield* byId(id);
        outcomes.push(current === undefined ? undefined : yield* write(transaction, current, change));
      }
      return outcomes;
    },

    *ofSession(deviceId: string, sessionId: number): Program<NotificationRecord | undefined> {
      const args = { device_id: deviceId, session_id: sessionId };
      const row =
        (yield* first(statements.liveOfSession, args)) ?? (yield* first(statements.pastOfSession, args));
      return row === undefined ? undefined : notificationRecord(row);
    },

    *list(
      page: PageRequest & { readonly deviceId?: string; readonly state?: NotificationState },
    ): Program<Page<NotificationRecord>> {
      let query = engine.builder
        .selectFrom('notifications')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(page.limit + 1);
      if (page.after !== undefined) query = query.where('id', '<', page.after);
      if (page.deviceId !== undefined) query = query.where('device_id', '=', page.deviceId);
      if (page.state !== undefined) query = query.where('state', '=', page.state);
      const rows = yield* all(once(query), undefined);
      return pageOf(rows.map(notificationRecord), page.limit, (notification) => notification.id);
    },
  };
}

/** Events that belong to the attempt that is under way. */
const attemptEvents: ReadonlySet<string> = new Set([
  'sending',
  'sent',
  'accepted',
  'queued',
  'attempt-failed',
  'resynchronising',
]);
