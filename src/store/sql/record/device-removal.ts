// Devices removed, one or a set of them, in SQL.
import { StoreError } from '../../../core/index.ts';
import { type RecordVersion, type RemovedOutcome, requireVersion } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { type ListArgs, listOf } from '../engine/lists.ts';
import { all, first, type Program, query } from '../engine/program.ts';
import { deviceStatements, type HoldRow } from './device-statements.ts';
import { rowVersion } from './record-rows.ts';

/** Removes what stands about devices of a list in tables that their removal does not reach. */
export interface DeviceTraces {
  forgetDevices(list: ListArgs): Program<void>;
}

const words: Readonly<Record<NonNullable<HoldRow['held']>, string>> = {
  notifications: 'live notifications',
  jobs: 'jobs that are not over',
  messages: 'push messages that are not over',
};

export function deviceRemoval(engine: SqlEngine, traces: DeviceTraces) {
  const { byIdForChange, holds, forgetLabels, remove } = deviceStatements(engine);

  function* outcomesOf(ids: readonly string[]): Program<readonly RemovedOutcome[]> {
    const there = new Map((yield* all(holds, listOf(ids))).map(({ id, held }) => [id, held]));
    return ids.map((id): RemovedOutcome => {
      const hold = there.get(id);
      // One that is named twice is gone the second time.
      if (hold === undefined) {
        return { outcome: 'refused', error: new StoreError('UNKNOWN_DEVICE', `there is no device ${id}`) };
      }
      if (hold === null) {
        there.delete(id);
        return { outcome: 'removed' };
      }
      const error = new StoreError('IN_USE', `device ${id} has ${words[hold]}: cancel them first`);
      return { outcome: 'refused', error };
    });
  }

  function* removeAll(ids: readonly string[]): Program<void> {
    if (ids.length === 0) return;
    const list = listOf(ids);
    yield* traces.forgetDevices(list);
    yield [query(forgetLabels, list), query(remove, list)];
  }

  return {
    *many(ids: readonly string[], dryRun: boolean): Program<readonly RemovedOutcome[]> {
      const outcomes = yield* outcomesOf(ids);
      if (!dryRun) yield* removeAll(ids.filter((_, index) => outcomes[index]?.outcome === 'removed'));
      return outcomes;
    },

    *one(id: string, expected?: readonly RecordVersion[]): Program<boolean> {
      const row = yield* first(byIdForChange, { id });
      if (row === undefined) return false;
      requireVersion(`device ${id}`, rowVersion(row), expected);
      const [outcome] = yield* outcomesOf([id]);
      if (outcome?.outcome === 'refused') throw outcome.error;
      yield* removeAll([id]);
      return true;
    },
  };
}
