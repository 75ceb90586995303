// Push messages in SQL: enqueue, claim, change, read.
import { randomInt } from 'node:crypto';
import { bytesToHex, StoreError } from '../../../core/index.ts';
import {
  type AwaitedReport,
  type ClaimRequest,
  changedMessage,
  type EnqueuedMessage,
  judgeMessageChange,
  largestSessionId,
  type Page,
  type PageRequest,
  type PushMessageChange,
  type PushMessageChangeOutcome,
  type PushMessageChangeRequest,
  type PushMessageEvent,
  type PushMessageRecord,
  type PushMessageRequest,
  type PushMessageState,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { once } from '../engine/statement.ts';
import {
  changingColumns,
  type PushMessageEventRow,
  type PushMessageRow,
  pushMessageEvent,
  pushMessageRecord,
} from './push-message-rows.ts';
import { pushMessageStatements } from './push-message-statements.ts';

export function pushMessagePrograms(engine: SqlEngine) {
  const statements = pushMessageStatements(engine);
  const newIdentifier = identifierMaker();

  function* byId(id: string): Program<PushMessageRecord | undefined> {
    const row = yield* first(statements.byId, { id });
    return row === undefined ? undefined : pushMessageRecord(row);
  }

  function* byIdForChange(id: string): Program<PushMessageRecord | undefined> {
    const row = yield* first(statements.byIdForChange, { id });
    return row === undefined ? undefined : pushMessageRecord(row);
  }

  function* writeEvent(
    transaction: Transaction,
    message: PushMessageRecord,
    change: PushMessageChange,
  ): Program<void> {
    const row: Omit<PushMessageEventRow, 'sequence'> = {
      message_id: message.id,
      at: transaction.now,
      event: change.event,
      state: message.state,
      node: change.node ?? null,
      attempt:
        attemptEvents.has(change.event) && message.attempts > 0 ? (change.attempt ?? message.attempts) : null,
      binding: change.binding ?? null,
      address: change.address ?? null,
      detail: change.detail ?? null,
      reference: change.reference ?? null,
    };
    const written = yield* first(statements.insertEvent, row);
    transaction.messageEvents.push(pushMessageEvent({ ...row, sequence: Number(written?.sequence) }));
  }

  /** Writes a judged change: the record, then its event. */
  function* write(
    transaction: Transaction,
    current: PushMessageRecord,
    change: PushMessageChange,
  ): Program<PushMessageChangeOutcome> {
    const verdict = judgeMessageChange(current, change);
    if (verdict === 'refused') return { verdict, message: current };
    const message = changedMessage(current, change, transaction.now);
    yield* all(statements.update, changingColumns(message));
    if (message.body.length < current.body.length) yield* all(statements.clearBody, { id: message.id });
    // Whoever was telling the result goes on with it, unless the change says when it is told next.
    if (current.resultDueAt !== undefined && message.resultDueAt !== current.resultDueAt) {
      yield* all(statements.forgetResultClaim, { id: message.id });
    }
    yield* writeEvent(transaction, message, change);
    return { verdict, message };
  }

  /** Cancels what a request replaces, where it can be; gives it as it is then, and whether it was. */
  function* replaceOld(
    transaction: Transaction,
    { replaces }: PushMessageRequest,
  ): Program<PushMessageChangeOutcome | undefined> {
    if (replaces === undefined) return undefined;
    const old = yield* byIdForChange(replaces.id);
    if (old === undefined) throw new StoreError('UNKNOWN_MESSAGE', `there is no push message ${replaces.id}`);
    return yield* write(transaction, old, { event: 'cancelled', detail: 'replaced by another push' });
  }

  function* enqueueOne(transaction: Transaction, request: PushMessageRequest): Program<EnqueuedMessage> {
    const { now } = transaction;
    const { deviceId, idempotency, serverId, initiator } = request;
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
      const before = yield* first(statements.byIdempotencyKey, {
        server_id: serverId,
        key: idempotency.key,
      });
      if (before !== undefined) {
        if (before.idempotency_fingerprint === idempotency.fingerprint) {
          return { outcome: 'repeated', message: pushMessageRecord(before) };
        }
        throw new StoreError(
          'IDEMPOTENCY_CONFLICT',
          `the idempotency key ${idempotency.key} was used for another request`,
        );
      }
    }
    const replaced = yield* replaceOld(transaction, request);
    if (replaced !== undefined && replaced.verdict !== 'changed' && request.replaces?.required === true) {
      return { outcome: 'not-replaced', replaced: replaced.message };
    }
    const row: PushMessageRow = {
      id: newIdentifier(now),
      device_id: deviceId ?? null,
      addresses: request.addresses === undefined ? null : JSON.stringify(request.addresses),
      schemes: request.schemes === undefined ? null : JSON.stringify(request.schemes),
      server_id: serverId ?? null,
      content_type: JSON.stringify(request.contentType),
      body: bytesToHex(request.body),
      octets: request.body.length,
      summary: JSON.stringify(request.summary),
      state: 'queued',
      open: 1,
      attempts: 0,
      sends: 0,
      failures: 0,
      refused_addresses: '[]',
      lease: 0,
      claimed_by: null,
      due_at: request.notBefore ?? now,
      expires_at: request.expiresAt,
      end_counted: request.endCounted === true ? 1 : 0,
      reason: null,
      initiator: initiator?.initiator ?? null,
      push_id: initiator?.pushId ?? null,
      recipient: initiator?.recipient ?? null,
      notify_to: initiator?.notifyTo ?? null,
      result_due_at: null,
      result_claimed_by: null,
      result_failures: 0,
      idempotency_key: idempotency?.key ?? null,
      idempotency_fingerprint: idempotency?.fingerprint ?? null,
      created_at: now,
      updated_at: now,
    };
    yield* all(statements.insert, row);
    const message = pushMessageRecord(row);
    yield* writeEvent(transaction, message, { event: 'queued' });
    return { outcome: 'queued', message, ...(replaced !== undefined && { replaced: replaced.message }) };
  }

  return {
    byId,

    *enqueue(
      transaction: Transaction,
      requests: readonly PushMessageRequest[],
    ): Program<readonly EnqueuedMessage[]> {
      // The messages of one push share its push-id, so it is looked for before any of them is there.
      const named = new Set<string>();
      for (const { initiator } of requests) {
        if (initiator === undefined) continue;
        const name = JSON.stringify([initiator.initiator, initiator.pushId, initiator.recipient]);
        if (named.has(name)) {
          throw new StoreError(
            'ALREADY_EXISTS',
            `the push ${initiator.pushId} of ${initiator.initiator} names ${initiator.recipient} twice`,
          );
        }
        named.add(name);
        const key = { initiator: initiator.initiator, push_id: initiator.pushId };
        if ((yield* first(statements.ofPush, key)) !== undefined) {
          throw new StoreError(
            'ALREADY_EXISTS',
            `${initiator.initiator} has used the push-id ${initiator.pushId}`,
          );
        }
      }
      const outcomes: EnqueuedMessage[] = [];
      for (const request of requests) outcomes.push(yield* enqueueOne(transaction, request));
      return outcomes;
    },

    *allocateSessionId(deviceId: string): Program<number> {
      const device = yield* first(statements.device, { id: deviceId });
      if (device === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      const { last_message_session_id: last } = device;
      // A random first one: a database that was lost does not begin where it began before.
      const next = last === 0 ? randomInt(1, largestSessionId + 1) : (last % largestSessionId) + 1;
      yield* all(statements.setLastSessionId, { id: deviceId, last: next });
      return next;
    },

    *claimDue(
      transaction: Transaction,
      request: ClaimRequest,
      decide: (due: PushMessageRecord) => PushMessageChange,
    ): Program<readonly PushMessageRecord[]> {
      const { now } = transaction;
      const claimed: PushMessageRecord[] = [];
      for (const row of yield* all(statements.due, { now, limit: request.limit })) {
        const due = pushMessageRecord(row);
        const leased: PushMessageRecord = {
          ...due,
          lease: due.lease + 1,
          claimedBy: request.node,
          dueAt: now + request.leaseMs,
        };
        const { lease: _, ...change } = decide(due);
        const outcome = yield* write(transaction, leased, { node: request.node, ...change });
        if (outcome.verdict === 'refused') {
          throw new StoreError('BAD_DECISION', `a ${due.state} push message cannot become ${change.event}`);
        }
        claimed.push(outcome.message);
      }
      return claimed;
    },

    *release({ now }: Transaction, node: string): Program<number> {
      yield* all(statements.releaseResults, { node, now });
      return (yield* all(statements.release, { node, now })).length;
    },

    *nextDueAt(): Program<number | undefined> {
      return (yield* first(statements.nextDueAt, {}))?.due_at ?? undefined;
    },

    *change(
      transaction: Transaction,
      requests: readonly PushMessageChangeRequest[],
    ): Program<readonly (PushMessageChangeOutcome | undefined)[]> {
      const outcomes: (PushMessageChangeOutcome | undefined)[] = [];
      for (const { id, change } of requests) {
        const current = yield* byIdForChange(id);
        outcomes.push(current === undefined ? undefined : yield* write(transaction, current, change));
      }
      return outcomes;
    },

    *claimResults({ now }: Transaction, request: ClaimRequest): Program<readonly PushMessageRecord[]> {
      const claimed: PushMessageRecord[] = [];
      const until = now + request.leaseMs;
      for (const row of yield* all(statements.resultsDue, { now, limit: request.limit })) {
        yield* all(statements.leaseResult, { id: row.id, until, node: request.node });
        claimed.push(pushMessageRecord({ ...row, result_due_at: until }));
      }
      return claimed;
    },

    *nextResultDueAt(): Program<number | undefined> {
      return (yield* first(statements.nextResultDueAt, {}))?.result_due_at ?? undefined;
    },

    *ofPush(initiator: string, pushId: string): Program<readonly PushMessageRecord[]> {
      return (yield* all(statements.ofPush, { initiator, push_id: pushId })).map(pushMessageRecord);
    },

    *list(
      page: PageRequest & { readonly deviceId?: string; readonly state?: PushMessageState },
    ): Program<Page<PushMessageRecord>> {
      let query = engine.builder
        .selectFrom('push_messages')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(page.limit + 1);
      if (page.after !== undefined) query = query.where('id', '<', page.after);
      if (page.deviceId !== undefined) query = query.where('device_id', '=', page.deviceId);
      if (page.state !== undefined) query = query.where('state', '=', page.state);
      const rows = yield* all(once(query), undefined);
      return pageOf(rows.map(pushMessageRecord), page.limit, (message) => message.id);
    },

    *timeline(id: string): Program<readonly PushMessageEvent[] | undefined> {
      const rows = yield* all(statements.timeline, { id });
      if (rows.length === 0 && (yield* byId(id)) === undefined) return undefined;
      return rows.map(pushMessageEvent);
    },

    *awaited(limit: number, after: string): Program<readonly AwaitedReport[]> {
      const rows = yield* all(statements.accepted, { after, limit });
      return rows.flatMap(({ message_id: notificationId, binding, reference, address }) =>
        binding === null || reference === null
          ? []
          : [{ notificationId, binding, reference, ...(address !== null && { address }) }],
      );
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
]);
