// Pushes in SQL: claim, change, read.
import { StoreError } from '../../../core/index.ts';
import {
  type ChangeOutcome,
  type ChangeRequest,
  type ClaimRequest,
  changedPush,
  isOpenPush,
  judgeChange,
  type MessagePush,
  type NotificationPush,
  type Page,
  type PageRequest,
  type PushChange,
  type PushClaim,
  type PushFilter,
  type PushPurpose,
  type PushRecord,
  pushPurposes,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { once } from '../engine/statement.ts';
import type { eventPrograms } from './event-programs.ts';
import { listQuery } from './push-list.ts';
import { changingColumns, type PushRow, pushRecord } from './push-rows.ts';
import { pushStatements } from './push-statements.ts';

export function pushPrograms(engine: SqlEngine, events: ReturnType<typeof eventPrograms>) {
  const statements = pushStatements(engine);

  function* byId(id: string): Program<PushRecord | undefined> {
    const row = yield* first(statements.byId, { id });
    return row === undefined ? undefined : pushRecord(row);
  }

  /** A push that is going to be changed: with several nodes, nobody else changes it meanwhile. */
  function* locked(id: string): Program<PushRecord | undefined> {
    const row = yield* first(statements.byIdForChange, { id });
    return row === undefined ? undefined : pushRecord(row);
  }

  function* save(push: PushRecord): Program<void> {
    yield* all(statements.update, changingColumns(push));
  }

  /** Writes a judged change: the record, then its event. */
  function* write<Push extends PushRecord>(
    transaction: Transaction,
    current: Push,
    change: PushChange,
  ): Program<ChangeOutcome & { readonly push: Push }> {
    const verdict = judgeChange(current, change);
    if (verdict === 'refused') return { verdict, push: current };
    const push = changedPush(current, change, transaction.now);
    yield* save(push);
    if (push.purpose === 'notification') yield* freeSession(push);
    else if (current.purpose !== 'notification') yield* followMessage(current, push);
    yield* events.write(transaction, push, change);
    return { verdict, push };
  }

  /** The Session-ID of a notification that is over may be given again. */
  function* freeSession(push: NotificationPush): Program<void> {
    if (isOpenPush(push)) return;
    const { deviceId, sessionId, id } = push;
    yield* all(statements.freeSession, { device_id: deviceId, session_id: sessionId, push_id: id });
  }

  /** What a change of a message does besides its columns. */
  function* followMessage(current: MessagePush, next: MessagePush): Program<void> {
    if (next.body.length < current.body.length) yield* all(statements.clearBody, { id: next.id });
    // Whoever was telling the result goes on with it, unless the change says when it is told next.
    if (current.resultDueAt !== undefined && next.resultDueAt !== current.resultDueAt) {
      yield* all(statements.forgetResultClaim, { id: next.id });
    }
  }

  /** Of several purposes, the oldest of all: each has them in the order of an index. */
  function* oldestDue({ purpose: of, limit }: PushClaim, now: number) {
    const rows: PushRow[] = [];
    for (const purpose of of === undefined ? pushPurposes : [of]) {
      rows.push(...(yield* all(statements.due, { purpose, now, limit })));
    }
    return rows.sort((a, b) => Number(a.due_at) - Number(b.due_at)).slice(0, limit);
  }

  return {
    byId,
    locked,
    save,
    write,

    *claimDue(
      transaction: Transaction,
      request: PushClaim,
      decide: (due: PushRecord) => PushChange,
    ): Program<readonly PushRecord[]> {
      const { now } = transaction;
      const claimed: PushRecord[] = [];
      for (const row of yield* oldestDue(request, now)) {
        const due = pushRecord(row);
        const leased: PushRecord = {
          ...due,
          lease: due.lease + 1,
          claimedBy: request.node,
          dueAt: now + request.leaseMs,
        };
        const { lease: _, ...change } = decide(due);
        const outcome = yield* write(transaction, leased, { node: request.node, ...change });
        if (outcome.verdict === 'refused') {
          throw new StoreError('BAD_DECISION', `a ${due.state} ${due.purpose} cannot become ${change.event}`);
        }
        claimed.push(outcome.push);
      }
      return claimed;
    },

    *release({ now }: Transaction, node: string): Program<number> {
      yield* all(statements.releaseResults, { node, now });
      return (yield* all(statements.release, { node, now })).length;
    },

    *nextDueAt(of?: PushPurpose): Program<number | undefined> {
      const times: number[] = [];
      for (const purpose of of === undefined ? pushPurposes : [of]) {
        const row = yield* first(statements.nextDueAt, { purpose });
        if (row?.due_at != null) times.push(row.due_at);
      }
      return times.length === 0 ? undefined : Math.min(...times);
    },

    *change(
      transaction: Transaction,
      requests: readonly ChangeRequest[],
    ): Program<readonly (ChangeOutcome | undefined)[]> {
      const outcomes: (ChangeOutcome | undefined)[] = [];
      for (const { id, change } of requests) {
        const current = yield* locked(id);
        outcomes.push(current === undefined ? undefined : yield* write(transaction, current, change));
      }
      return outcomes;
    },

    *claimResults({ now }: Transaction, request: ClaimRequest): Program<readonly MessagePush[]> {
      const claimed: MessagePush[] = [];
      const until = now + request.leaseMs;
      for (const row of yield* all(statements.resultsDue, { now, limit: request.limit })) {
        const push = pushRecord({ ...row, result_due_at: until });
        if (push.purpose === 'notification') continue;
        yield* all(statements.leaseResult, { id: push.id, until, node: request.node });
        claimed.push(push);
      }
      return claimed;
    },

    *nextResultDueAt(): Program<number | undefined> {
      return (yield* first(statements.nextResultDueAt, {}))?.result_due_at ?? undefined;
    },

    *ofSession(deviceId: string, sessionId: number): Program<NotificationPush | undefined> {
      const args = { device_id: deviceId, session_id: sessionId };
      const row =
        (yield* first(statements.openOfSession, args)) ?? (yield* first(statements.pastOfSession, args));
      const push = row === undefined ? undefined : pushRecord(row);
      return push?.purpose === 'notification' ? push : undefined;
    },

    *ofInitiator(initiator: string, pushId: string): Program<readonly PushRecord[]> {
      return (yield* all(statements.ofInitiator, { initiator, initiator_push_id: pushId })).map(pushRecord);
    },

    *list(page: PageRequest & PushFilter): Program<Page<PushRecord>> {
      const rows = yield* all(once(listQuery(engine, page)), undefined);
      return pageOf(rows.map(pushRecord), page.limit, (push) => push.id);
    },
  };
}
