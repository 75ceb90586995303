// Claims in SQL: what is due, with its devices, and the decisions about it.
import { StoreError } from '../../../core/index.ts';
import {
  type CarrierQueue,
  type ClaimedPush,
  type DeviceRecord,
  type OverduePush,
  type OverdueRequest,
  type PushChange,
  type PushClaim,
  type PushPurpose,
  type PushRecord,
  pushPurposes,
  type Waiting,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf } from '../engine/lists.ts';
import { all, type Program, query, type Transaction } from '../engine/program.ts';
import { Seals } from '../seal/seals.ts';
import { type FoldedRow, foldedMessage, foldedNotification } from '../set/folded-rows.ts';
import type { PushSet, pushSets } from '../set/push-set.ts';
import { dueStatements } from './due-statements.ts';

/** What becomes of a push that is due: the change of its claim, and remarks. */
export type Decide = (
  due: PushRecord,
  device: DeviceRecord | undefined,
) => readonly [PushChange, ...PushChange[]];

/** A claim that was judged and is to be written. */
export interface JudgedClaim {
  readonly set: PushSet;
  readonly claimed: readonly ClaimedPush[];
}

export function claimPrograms(engine: SqlEngine, sets: ReturnType<typeof pushSets>) {
  const statements = dueStatements(engine);
  const seals = new Seals(engine.sealer);

  /** The carriers that are meant, each with its place in the index; `null` is none. */
  function* carriersOf({ carrier }: Waiting): Program<readonly (string | null)[]> {
    if (carrier !== undefined) return [carrier];
    const rows = yield* all(statements.carriers, {});
    return [null, ...rows.map(({ name }) => name)];
  }

  const laneOf = (carrier: string | null) => (carrier === null ? statements.unplaced : statements.placed);

  const purposesOf = ({ purpose }: Waiting): readonly PushPurpose[] =>
    purpose === undefined ? pushPurposes : [purpose];

  /**
   * Up to `limit` that are due, the oldest of all, as read at the moment `readAt` of the store: each purpose of each carrier has
   * them in the order of an index.
   */
  function* due(
    of: Waiting & Pick<PushClaim, 'ids'>,
    limit: number,
    now: number,
    readAt: number,
  ): Program<readonly ClaimedPush[]> {
    const carriers = yield* carriersOf(of);
    const wanted = carriers.flatMap((carrier) =>
      purposesOf(of).map((purpose) => ({ carrier, purpose, now, limit })),
    );
    const { ids } = of;
    const answers = yield wanted.map((args) =>
      ids === undefined
        ? query(laneOf(args.carrier).due[args.purpose], args)
        : query(laneOf(args.carrier).chosen[args.purpose], { ...args, ...listOf(ids) }),
    );
    const found = answers.flatMap(({ rows }, index) => {
      const claimed = wanted[index]?.purpose === 'notification' ? foldedNotification : foldedMessage;
      return (rows as unknown as readonly FoldedRow[]).map((row) => claimed(row, readAt, seals));
    });
    if (wanted.length === 1) return found;
    return found.sort((a, b) => Number(a.push.dueAt) - Number(b.push.dueAt)).slice(0, limit);
  }

  /** Judges the decisions about what is due. @throws {StoreError} BAD_DECISION for one that its life cycle does not allow */
  function judge(
    found: readonly ClaimedPush[],
    { node, leaseMs }: PushClaim,
    decide: Decide,
    now: number,
  ): JudgedClaim {
    const set = sets.begin(now);
    const claimed = found.map(({ push: due, device, readAt }): ClaimedPush => {
      const [first, ...remarks] = decide(due, device);
      const leased: PushRecord = { ...due, lease: due.lease + 1, claimedBy: node, dueAt: now + leaseMs };
      let push: PushRecord = leased;
      for (const { lease: _, ...change } of [first, ...remarks]) {
        const judged = set.change(push, { node, ...change }, due);
        if (judged.verdict === 'refused') {
          throw new StoreError(
            'BAD_DECISION',
            `a ${push.state} ${push.purpose} cannot become ${change.event}`,
          );
        }
        push = judged.push;
      }
      return device === undefined ? { push, readAt } : { push, device, readAt };
    });
    return { set, claimed };
  }

  function* write(transaction: Transaction, { set, claimed }: JudgedClaim): Program<readonly ClaimedPush[]> {
    yield* set.write(transaction);
    return claimed;
  }

  return {
    due,
    judge,
    write,

    /** Reads what is due, judges and writes it, all within the transaction. */
    *claim(
      transaction: Transaction,
      request: PushClaim,
      decide: Decide,
      readAt: number,
    ): Program<readonly ClaimedPush[]> {
      const { now } = transaction;
      const found = yield* due(request, request.limit, now, readAt);
      return yield* write(transaction, judge(found, request, decide, now));
    },

    *overdue(request: OverdueRequest, now: number): Program<readonly OverduePush[]> {
      return yield* all(statements.overdue, { ...request, now });
    },

    *queues(most: number, now: number): Program<readonly CarrierQueue[]> {
      const carriers = yield* carriersOf({});
      const wanted = carriers.flatMap((carrier) =>
        pushPurposes.map((purpose) => ({ carrier, purpose, now, limit: most + 1 })),
      );
      const answers = yield wanted.map((args) => query(laneOf(args.carrier).countDue, args));
      return carriers.map((carrier, place): CarrierQueue => {
        const { length } = pushPurposes;
        const rows = answers.slice(place * length, (place + 1) * length).flatMap((answer) => answer.rows);
        const due = rows.reduce((sum, { count }) => sum + Number(count), 0);
        const times = rows.flatMap(({ oldest }) => (oldest === null ? [] : Number(oldest)));
        return {
          ...(carrier !== null && { carrier }),
          due: Math.min(due, most),
          more: due > most,
          ...(times.length > 0 && { oldestDueAt: Math.min(...times) }),
        };
      });
    },

    *nextDueAt(of: Waiting): Program<number | undefined> {
      const carriers = yield* carriersOf(of);
      const wanted = carriers.flatMap((carrier) => purposesOf(of).map((purpose) => ({ carrier, purpose })));
      const answers = yield wanted.map((args) => query(laneOf(args.carrier).nextDueAt, args));
      const times = answers.flatMap(({ rows: [row] }) => (row === undefined ? [] : Number(row.due_at)));
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}
