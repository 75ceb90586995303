// Pushes in SQL: changed, released, placed, read.
import type {
  ChangeOutcome,
  ChangeRequest,
  ClaimRequest,
  MessagePush,
  NotificationPush,
  Page,
  PageRequest,
  Placement,
  PushFilter,
  PushRecord,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf } from '../engine/lists.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, query, run, type Transaction } from '../engine/program.ts';
import { Seals } from '../seal/seals.ts';
import { foldedPush } from '../set/folded-rows.ts';
import { type PushRow, pushRecord } from '../set/push-rows.ts';
import type { PushSet, pushSets } from '../set/push-set.ts';
import { setOfPushes } from '../set/push-set-statements.ts';
import { pushCounts } from './push-counts.ts';
import { pushLists } from './push-list.ts';
import { pushStatements } from './push-statements.ts';

/** Changes that were judged and are to be written. */
export interface JudgedChanges {
  readonly set: PushSet;
  readonly outcomes: readonly (ChangeOutcome | undefined)[];
}

export function pushPrograms(engine: SqlEngine, sets: ReturnType<typeof pushSets>) {
  const statements = { ...pushStatements(engine), ...setOfPushes(engine) };
  const seals = new Seals(engine.sealer);
  const recordOf = (row: PushRow) => pushRecord(row, seals);
  const lists = pushLists(engine);
  const counts = pushCounts(engine);

  function* byId(id: string): Program<PushRecord | undefined> {
    const row = yield* first(statements.byId, { id });
    return row === undefined ? undefined : recordOf(row);
  }

  /** Pushes that are going to be changed, by their ids: with several nodes, nobody else changes them meanwhile. */
  function* locked(ids: readonly string[]): Program<ReadonlyMap<string, PushRecord>> {
    if (ids.length === 0) return new Map();
    const rows = yield* all(statements.byIds, listOf(ids));
    return new Map(rows.map((row) => foldedPush(row, seals)).map((push) => [push.id, push]));
  }

  /** Judges changes in their order, of pushes as `known` has them. */
  function judged(
    requests: readonly ChangeRequest[],
    known: (request: ChangeRequest) => PushRecord | undefined,
    now: number,
  ): JudgedChanges {
    const set = sets.begin(now);
    const outcomes = requests.map((request) => {
      const push = set.current(request.id) ?? known(request);
      return push === undefined ? undefined : set.change(push, request.change);
    });
    return { set, outcomes };
  }

  function* write(
    transaction: Transaction,
    { set, outcomes }: JudgedChanges,
  ): Program<JudgedChanges['outcomes']> {
    yield* set.write(transaction);
    return outcomes;
  }

  return {
    byId,
    locked,
    write,

    /**
     * Judges changes of pushes as their callers know them; `undefined` where one of them is not known, or would be refused:
     * what it would be refused for may be over.
     */
    judgedAsKnown(requests: readonly ChangeRequest[], now: number): JudgedChanges | undefined {
      if (requests.some(({ as }) => as === undefined)) return undefined;
      const changes = judged(requests, ({ as }) => as, now);
      return changes.outcomes.some((outcome) => outcome?.verdict === 'refused') ? undefined : changes;
    },

    *change(
      transaction: Transaction,
      requests: readonly ChangeRequest[],
    ): Program<JudgedChanges['outcomes']> {
      const pushes = yield* locked([...new Set(requests.map(({ id }) => id))]);
      return yield* write(
        transaction,
        judged(requests, ({ id }) => pushes.get(id), transaction.now),
      );
    },

    *release({ now }: Transaction, node: string, carriers?: readonly string[]): Program<number> {
      const [released] = yield [
        query(statements.release, { node, now }),
        query(statements.releaseResults, { node, now }),
        ...(carriers === undefined ? [] : [query(statements.leaveCarriers, listOf(carriers))]),
      ];
      return released?.changed ?? 0;
    },

    *place(placements: readonly Placement[]): Program<void> {
      yield* run(statements.place, listOf(placements.map(({ id, carrier }) => [id, carrier])));
    },

    *claimResults({ now }: Transaction, request: ClaimRequest): Program<readonly MessagePush[]> {
      const until = now + request.leaseMs;
      const rows = yield* all(statements.resultsDue, { now, limit: request.limit });
      if (rows.length === 0) return [];
      yield* run(statements.leaseResults, { ...listOf(rows.map(({ id }) => id)), until, node: request.node });
      const leased = (row: PushRow): PushRow => ({ ...row, result_due_at: until, version: row.version + 1 });
      return rows.flatMap((row) => {
        const push = recordOf(leased(row));
        return push.purpose === 'notification' ? [] : push;
      });
    },

    *nextResultDueAt(): Program<number | undefined> {
      return (yield* first(statements.nextResultDueAt, {}))?.result_due_at ?? undefined;
    },

    *ofSession(deviceId: string, sessionId: number): Program<NotificationPush | undefined> {
      const args = { device_id: deviceId, session_id: sessionId };
      const row =
        (yield* first(statements.openOfSession, args)) ?? (yield* first(statements.pastOfSession, args));
      const push = row === undefined ? undefined : recordOf(row);
      return push?.purpose === 'notification' ? push : undefined;
    },

    *ofInitiator(initiator: string, pushId: string): Program<readonly PushRecord[]> {
      return (yield* all(statements.ofInitiator, { initiator, initiator_push_id: pushId })).map(recordOf);
    },

    counts,

    *list(page: PageRequest & PushFilter, now: number): Program<Page<PushRecord>> {
      const rows = yield* lists(page, now);
      return pageOf(rows.map(recordOf), page.limit, (push) => push.id);
    },
  };
}
