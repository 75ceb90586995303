// Changes of devices that owners ask for: judged in memory, on rows as they were read, and written in sets.
import type { DevicePatch } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf } from '../engine/lists.ts';
import { type Query, query } from '../engine/program.ts';
import type { DeviceTable } from '../engine/schema.ts';
import { numbers, setStatements, texts } from '../engine/set-statement.ts';
import type { Seals } from '../seal/seals.ts';
import {
  patched,
  patchedLabels,
  patchedSuspension,
  type SettableColumns,
  sameLabels,
  settableColumns,
  settableNames,
  withoutReplaced,
} from './device-columns.ts';
import { renewedDevice, sealedDevice } from './device-secrets.ts';
import { deviceStatements } from './device-statements.ts';
import { deviceInserts, labelRows } from './new-device-rows.ts';
import { type DeviceRow, deviceRecord, labelsOf, rotationsColumn } from './record-rows.ts';

/** A device before and after a change. */
export interface ChangedDevice {
  readonly row: DeviceRow;
  readonly labelsChanged: boolean;
}

/** What a patch makes of a device; `undefined` when it has all of that already. */
export function changedDevice(
  before: DeviceRow,
  patch: DevicePatch,
  now: number,
  seals: Seals,
): ChangedDevice | undefined {
  const device = deviceRecord(before, seals);
  const labels = patchedLabels(device.labels, patch.labels);
  const labelsChanged = !sameLabels(device.labels, labels);
  const plain = {
    ...settableColumns(patched(device, patch)),
    rotations: rotationsColumn(withoutReplaced(device.rotations, patch, now)),
    suspended_at: patchedSuspension(device.suspendedAt, patch.suspended, now),
  };
  const columns = sealedDevice<ChangedColumns>(seals, before.id, plain, before);
  const same = Object.entries(columns).every(([name, value]) => before[name as keyof DeviceTable] === value);
  if (same && !labelsChanged) return undefined;
  const written = renewedDevice(seals, before.id, columns);
  const row = { ...before, ...written, updated_at: now, revision: before.revision + 1 };
  return { row: { ...row, labels: JSON.stringify(labels) }, labelsChanged };
}

/** Columns that a patch may change. */
type ChangedColumns = SettableColumns & Pick<DeviceTable, 'rotations' | 'suspended_at'>;

const textColumns = [...settableNames, 'rotations'] as const satisfies readonly (keyof DeviceTable)[];

const numberColumns = [
  'suspended_at',
  'updated_at',
  'revision',
] as const satisfies readonly (keyof DeviceTable)[];

/** Gives what makes the queries that write changed devices. */
export function deviceChanges(engine: SqlEngine) {
  const sets = setStatements(engine);
  const { forgetLabels } = deviceStatements(engine);
  const inserts = deviceInserts(engine);
  return (changed: readonly ChangedDevice[]): readonly Query[] => {
    if (changed.length === 0) return [];
    const rows = changed.map(({ row }) => row);
    const queries: Query[] = [
      sets.update(
        'devices',
        [texts('id', rows, ({ id }) => id)],
        [
          ...textColumns.map((name) => texts(name, rows, (row) => row[name])),
          ...numberColumns.map((name) => numbers(name, rows, (row) => row[name])),
        ],
      ),
    ];
    const relabelled = changed.filter(({ labelsChanged }) => labelsChanged);
    if (relabelled.length === 0) return queries;
    queries.push(query(forgetLabels, listOf(relabelled.map(({ row }) => row.id))));
    const labels = relabelled.flatMap(({ row }) => labelRows(row.id, labelsOf(row)));
    if (labels.length > 0) queries.push(inserts.labels(labels));
    return queries;
  };
}
