// Pushes taken in, in SQL: what has to be known of all of them is read, they are judged in memory, and written together with
// what must be unique of them.
import { randomInt } from 'node:crypto';
import { StoreError } from '../../../core/index.ts';
import {
  type Enqueued,
  largestSessionId,
  type NotificationPush,
  type NotificationRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { first, type Program, type Transaction } from '../engine/program.ts';
import { Seals } from '../seal/seals.ts';
import type { pushSets } from '../set/push-set.ts';
import { type EnqueueUnit, factsPrograms } from './enqueue-facts.ts';
import { EnqueueSet, RefusedUnit } from './enqueue-set.ts';
import { enqueueStatements } from './enqueue-statements.ts';
import { enqueueWrites } from './enqueue-writes.ts';

/** What came of a unit: the outcomes of its requests, or why none of it was taken. */
export type UnitOutcome = readonly Enqueued[] | RefusedUnit;

export function enqueuePrograms(engine: SqlEngine, pushSet: ReturnType<typeof pushSets>) {
  const { nextMessageSessionId } = enqueueStatements(engine);
  const factsOf = factsPrograms(engine);
  const writesOf = enqueueWrites(engine);
  const newIdentifier = identifierMaker();
  const seals = new Seals(engine.sealer);

  /** Takes units, each whole or not at all, as if they came one after the other. */
  function* take(transaction: Transaction, units: readonly EnqueueUnit[]): Program<readonly UnitOutcome[]> {
    const facts = yield* factsOf(units);
    const changes = pushSet.begin(transaction.now);
    const set = new EnqueueSet(facts, changes, newIdentifier, seals);
    const outcomes = units.map((unit) => set.take(unit));
    yield* changes.write(transaction, writesOf(set));
    return outcomes;
  }

  return {
    take,

    /** Takes one notification. */
    *notification(
      transaction: Transaction,
      request: NotificationRequest,
    ): Program<{ readonly outcome: 'queued' | 'repeated'; readonly push: NotificationPush }> {
      const [outcome] = yield* take(transaction, [[request]]);
      if (outcome === undefined) throw new TypeError('each unit has an outcome');
      if (outcome instanceof RefusedUnit) throw outcome.error;
      // A notification replaces nothing, so that it is queued or was before.
      return outcome[0] as { readonly outcome: 'queued'; readonly push: NotificationPush };
    },

    *allocateMessageSessionId(deviceId: string): Program<number> {
      // A random first one: a database that was lost does not begin where it began before.
      const args = { id: deviceId, first: randomInt(1, largestSessionId + 1), largest: largestSessionId };
      const row = yield* first(nextMessageSessionId, args);
      if (row === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      return row.last_message_session_id;
    },
  };
}
