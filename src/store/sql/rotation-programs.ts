// Secrets that are being replaced, in SQL.
import { randomUUID } from 'node:crypto';
import { StoreError } from '../../core/index.ts';
import {
  type BegunRotation,
  type DeviceRecord,
  openRotation,
  type RotatedSide,
  type RotationRequest,
  type RotationStep,
  requireVersion,
  type StoredRotation,
  steppedRotation,
} from '../index.ts';
import type { SqlEngine } from './engine/engine.ts';
import { all, first, notLast, type Program, type Transaction } from './engine/program.ts';
import type { DeviceTable } from './engine/schema.ts';
import { once, statement } from './engine/statement.ts';
import type { enqueuePrograms } from './push/enqueue.ts';
import { type PlainColumns, sealedDevice } from './record/device-secrets.ts';
import { deviceRecord, rotationsColumn } from './record/record-rows.ts';
import { Seals } from './seal/seals.ts';

/** Columns that a replacement changes. */
type RotatedColumns = Pick<DeviceTable, 'rotations'> & Partial<Pick<DeviceTable, 'srv_secret' | 'cl_secret'>>;

export function rotationPrograms(
  { builder, locksRows, sealer }: SqlEngine,
  { notification: enqueue }: Pick<ReturnType<typeof enqueuePrograms>, 'notification'>,
) {
  const seals = new Seals(sealer);
  const deviceById = statement<{ id: string }>()((slot) => {
    const query = builder.selectFrom('devices').selectAll().where('id', '=', slot('id'));
    return locksRows ? query.forUpdate() : query;
  });

  function* save(id: string, columns: PlainColumns<RotatedColumns>, now: number): Program<DeviceRecord> {
    const change = { ...sealedDevice<RotatedColumns>(seals, id, columns), updated_at: now };
    yield* all(once(builder.updateTable('devices').set(change).where('id', '=', id)), undefined);
    const row = yield* first(deviceById, { id });
    if (row === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${id}`);
    return deviceRecord(row, seals);
  }

  return {
    *begin(transaction: Transaction, request: RotationRequest): Program<BegunRotation> {
      const { now } = transaction;
      const { deviceId, side, secret, uri, wake, expected } = request;
      const row = yield* first(deviceById, { id: deviceId });
      if (row === undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${deviceId}`);
      const found = deviceRecord(row, seals);
      requireVersion(`device ${deviceId}`, found, expected);
      const { rotations } = found;
      const open = openRotation(rotations, side);
      if (open !== undefined) {
        throw new StoreError(
          'ROTATION_UNDER_WAY',
          `the ${side} secret of ${deviceId} is being replaced since ${new Date(open.requestedAt).toISOString()}: wait ` +
            `for a session, or set ${side}Credentials to what the device holds`,
        );
      }
      const rotation: StoredRotation = {
        id: randomUUID(),
        state: 'pending',
        secret,
        ...(uri !== undefined && { uri }),
        tries: 0,
        requestedAt: now,
      };
      const columns = { rotations: rotationsColumn({ ...rotations, [side]: rotation }) };
      const device = yield* save(deviceId, columns, now);
      if (wake === undefined) return { device };
      const { push } = yield* notLast(enqueue(transaction, wake));
      return { device, notification: push };
    },

    *advance(
      { now }: Transaction,
      deviceId: string,
      side: RotatedSide,
      id: string,
      step: RotationStep,
    ): Program<DeviceRecord | undefined> {
      const row = yield* first(deviceById, { id: deviceId });
      if (row === undefined) return undefined;
      const { rotations } = deviceRecord(row, seals);
      const open = openRotation(rotations, side);
      if (open?.id !== id) return undefined;
      const next = { ...rotations, [side]: steppedRotation(open, step, now) };
      const secret = step.step === 'completed' ? open.secret : undefined;
      const columns = {
        rotations: rotationsColumn(next),
        ...(secret !== undefined && (side === 'server' ? { srv_secret: secret } : { cl_secret: secret })),
      };
      return yield* save(deviceId, columns, now);
    },
  };
}
