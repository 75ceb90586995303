// Devices in SQL, one at a time.
import { StoreError } from '../../../core/index.ts';
import {
  type DeviceInput,
  type DevicePatch,
  type DeviceRecord,
  type RecordVersion,
  requireVersion,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf } from '../engine/lists.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import { Seals } from '../seal/seals.ts';
import { changedDevice, deviceChanges } from './device-changes.ts';
import { replacingPatch } from './device-columns.ts';
import { deviceStatements } from './device-statements.ts';
import { deviceInserts, labelRows, newDeviceRow } from './new-device-rows.ts';
import { type DeviceRow, deviceRecord, rowVersion } from './record-rows.ts';

export function devicePrograms(engine: SqlEngine) {
  const statements = deviceStatements(engine);
  const seals = new Seals(engine.sealer);
  const recordOf = (row: DeviceRow) => deviceRecord(row, seals);
  const inserts = deviceInserts(engine);
  const writesOf = deviceChanges(engine);

  function* insert(now: number, input: DeviceInput): Program<DeviceRecord> {
    const { serverId } = input;
    if ((yield* first(statements.accounts, listOf([serverId]))) === undefined) {
      throw new StoreError('UNKNOWN_ACCOUNT', `there is no account ${serverId}: create the account first`);
    }
    const row: DeviceRow = newDeviceRow(input, now, seals);
    const labels = labelRows(input.id, input.labels);
    yield [inserts.devices([row]), ...(labels.length === 0 ? [] : [inserts.labels(labels)])];
    return recordOf({ ...row, labels: JSON.stringify(input.labels ?? {}) });
  }

  /** As it is after a patch. One that changes nothing leaves it all the same as a change: somebody has decided so. */
  function* change(now: number, before: DeviceRow, patch: DevicePatch): Program<DeviceRecord> {
    const changed = changedDevice(before, patch, now, seals) ?? {
      row: { ...before, updated_at: now, revision: before.revision + 1 },
      labelsChanged: false,
    };
    yield writesOf([changed]);
    return recordOf(changed.row);
  }

  return {
    *create({ now }: Transaction, input: DeviceInput): Program<DeviceRecord> {
      if ((yield* first(statements.byId, { id: input.id })) !== undefined) {
        throw new StoreError('ALREADY_EXISTS', `device ${input.id} exists already`);
      }
      return yield* insert(now, input);
    },

    *put(
      { now }: Transaction,
      input: DeviceInput,
      expected?: readonly RecordVersion[],
    ): Program<{ readonly device: DeviceRecord; readonly created: boolean }> {
      const { id, serverId } = input;
      const row = yield* first(statements.byIdForChange, { id });
      if (row === undefined) {
        if (expected !== undefined && expected.length > 0) {
          throw new StoreError('VERSION_MISMATCH', `there is no device ${id} any more`);
        }
        return { device: yield* insert(now, input), created: true };
      }
      const device = recordOf(row);
      requireVersion(`device ${id}`, device, expected);
      if (device.serverId !== serverId) {
        throw new StoreError(
          'OTHER_ACCOUNT',
          `device ${id} is of account ${device.serverId}: a device stays with its account; remove it and create it anew`,
        );
      }
      return { device: yield* change(now, row, replacingPatch(device, input)), created: false };
    },

    *get(id: string): Program<DeviceRecord | undefined> {
      const row = yield* first(statements.byId, { id });
      return row === undefined ? undefined : recordOf(row);
    },

    *many(ids: readonly string[]): Program<readonly DeviceRecord[]> {
      if (ids.length === 0) return [];
      return (yield* all(statements.byIds, listOf(ids))).map(recordOf);
    },

    *update(
      { now }: Transaction,
      id: string,
      patch: DevicePatch,
      expected?: readonly RecordVersion[],
    ): Program<DeviceRecord | undefined> {
      const row = yield* first(statements.byIdForChange, { id });
      if (row === undefined) return undefined;
      requireVersion(`device ${id}`, rowVersion(row), expected);
      return yield* change(now, row, patch);
    },
  };
}
