// Rows of devices as they are written, one or a set of them.
import { randomInt } from 'node:crypto';
import { type DeviceInput, type DeviceLabels, largestSessionId } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { numberColumn, type RowColumn, rowInserts, textColumn } from '../engine/row-inserts.ts';
import type { DeviceLabelTable, DeviceTable } from '../engine/schema.ts';
import type { Seals } from '../seal/seals.ts';
import { type SettableColumns, settableColumns, settableNames } from './device-columns.ts';
import { sealedDevice } from './device-secrets.ts';

/** The row of a new device. */
export function newDeviceRow(input: DeviceInput, now: number, seals: Seals): DeviceTable {
  const firstSessionId = input.firstSessionId ?? randomInt(1, largestSessionId + 1);
  return {
    id: input.id,
    server_id: input.serverId,
    ...sealedDevice<SettableColumns>(seals, input.id, settableColumns(input)),
    rotations: null,
    last_message_session_id: 0,
    last_session_id: firstSessionId - 1,
    resync_in_window: 0,
    resync_window_at: 0,
    resync_offered: 0,
    resync_completed: 0,
    reported: '{}',
    last_session_at: null,
    created_at: now,
    updated_at: now,
    suspended_at: input.suspended === true ? now : null,
    revision: 0,
  };
}

/** Rows of the labels of a device. */
export function labelRows(deviceId: string, labels: DeviceLabels | undefined): readonly DeviceLabelTable[] {
  if (labels === undefined) return [];
  return Object.entries(labels).map(([name, value]) => ({ device_id: deviceId, name, value }));
}

const textColumns = ['id', 'server_id', ...settableNames] as const satisfies readonly (keyof DeviceTable)[];

const numberColumns = [
  'last_session_id',
  'suspended_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof DeviceTable)[];

const columns: readonly RowColumn<DeviceTable>[] = [
  ...textColumns.map((name) => textColumn<DeviceTable>(name, (row) => row[name])),
  ...numberColumns.map((name) => numberColumn<DeviceTable>(name, (row) => row[name])),
];

/** What is the same in all new devices; what is null in them is left out. */
const constants = {
  last_message_session_id: 0,
  resync_in_window: 0,
  resync_window_at: 0,
  resync_offered: 0,
  resync_completed: 0,
  reported: '{}',
  revision: 0,
};

/** Gives what makes the queries that insert new devices, and labels; one row or more. */
export function deviceInserts(engine: SqlEngine) {
  return {
    devices: rowInserts<DeviceTable>(engine, 'devices', columns, constants),
    labels: rowInserts<DeviceLabelTable>(engine, 'device_labels', [
      textColumn('device_id', (row) => row.device_id),
      textColumn('name', (row) => row.name),
      textColumn('value', (row) => row.value),
    ]),
  };
}
