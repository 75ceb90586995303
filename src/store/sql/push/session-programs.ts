// Nonces and what sessions leave behind, in SQL.
import {
  type DeviceRecord,
  isOpen,
  isOpenPush,
  type JobSummary,
  mergeReported,
  type NonceOffer,
  type NotificationPush,
  type PushChange,
  type PushRecord,
  type ResynchronisationCount,
  type ResynchronisationLimit,
  type SessionUpdate,
  takeResynchronisation,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { listOf } from '../engine/lists.ts';
import {
  lastStep,
  type Program,
  type Query,
  query,
  readingStep,
  type Transaction,
} from '../engine/program.ts';
import { type SetColumn, setStatements } from '../engine/set-statement.ts';
import type { SqlValue } from '../engine/statement.ts';
import { type DeviceRow, deviceRecord, octetsColumn } from '../record/record-rows.ts';
import { Seals } from '../seal/seals.ts';
import { type FoldedPush, foldedPush } from '../set/folded-rows.ts';
import type { PushSet, pushSets } from '../set/push-set.ts';
import { setOfPushes } from '../set/push-set-statements.ts';

/** Finds the jobs that pushes are to wake their devices for. */
export interface JobsOfPushes {
  /** By the ids of the pushes. */
  ofPushes(pushIds: readonly string[]): Program<ReadonlyMap<string, JobSummary>>;
}

/** A notification that a session changes, and how. */
interface SessionPart {
  readonly notification: NotificationPush;
  /** It is the one that the session answers; another one that is over stays as it is. */
  readonly own: boolean;
  readonly changes: readonly PushChange[];
  readonly dueAt: number | undefined;
  readonly endsWithoutJob: boolean;
}

export type NonceOutcome = 'offered' | 'limited' | 'stale';

export function sessionPrograms(engine: SqlEngine, pushSet: ReturnType<typeof pushSets>, jobs: JobsOfPushes) {
  const statements = setOfPushes(engine);
  const seals = new Seals(engine.sealer);
  const sets = setStatements(engine);

  /** Devices and pushes that are going to be changed: devices are locked before their pushes, as everywhere. */
  function* read(
    devices: Query,
    pushIds: readonly string[],
  ): Program<{ readonly devices: readonly DeviceRow[]; readonly pushes: ReadonlyMap<string, PushRecord> }> {
    const [found, pushes] = yield readingStep([devices, query(statements.byIds, listOf(pushIds))]);
    const rows = (pushes?.rows ?? []) as unknown as FoldedPush[];
    return {
      devices: (found?.rows ?? []) as unknown as DeviceRow[],
      pushes: new Map(rows.map((row) => foldedPush(row, seals)).map((push) => [push.id, push])),
    };
  }

  function writeDevices(rows: readonly ResynchronisingDevice[]): Query[] {
    const numbers = (name: string, value: (count: ResynchronisationCount) => number): SetColumn => ({
      name,
      type: 'number',
      values: rows.map(({ count }) => value(count)),
    });
    if (rows.length === 0) return [];
    return [
      sets.update(
        'devices',
        [{ name: 'id', type: 'text', values: rows.map(({ device }) => device.id) }],
        [
          numbers('resync_in_window', (count) => count.inWindow),
          numbers('resync_window_at', (count) => count.windowStartedAt),
          numbers('resync_offered', (count) => count.offered),
        ],
      ),
    ];
  }

  /** What the end of a session means to notifications, by their jobs. */
  function* byTheirJobs(parts: readonly SessionPart[]): Program<readonly SessionPart[]> {
    const ending = parts.filter(
      ({ notification, changes }) => isOpenPush(notification) && changes.some(putsBack),
    );
    if (ending.length === 0) return parts;
    const found = yield* jobs.ofPushes(ending.map(({ notification }) => notification.id));
    return parts.map((part) => {
      if (!ending.includes(part)) return part;
      const job = found.get(part.notification.id);
      if (job === undefined)
        return part.endsWithoutJob ? { ...part, changes: part.changes.map(asFailed) } : part;
      return isOpen(job.state) ? part : { ...part, changes: part.changes.map(asCompleted) };
    });
  }

  function change(set: PushSet, { notification, own, changes, dueAt }: SessionPart): void {
    // One that is named twice goes on from what it has become.
    let current = set.current(notification.id) ?? notification;
    if (!own && !isOpenPush(current)) return;
    for (const each of changes) current = set.change(current, each).push;
    if (dueAt !== undefined && current.state === 'answered') set.save({ ...current, dueAt }, notification);
  }

  return {
    *offerDefaultNonces(
      transaction: Transaction,
      offers: readonly NonceOffer[],
      limit: ResynchronisationLimit,
      node: string,
    ): Program<readonly NonceOutcome[]> {
      if (offers.length === 0) return [];
      const ids = offers.map(({ id }) => id);
      const { devices, pushes } = yield* read(query(statements.devicesOfPushes, listOf(ids)), ids);
      const known = new Map(devices.map((row) => [row.id, deviceRecord(row, seals)]));
      const counted = new Map<string, ResynchronisingDevice>();
      const set = pushSet.begin(transaction.now);
      const outcomes = offers.map(({ id, lease }): NonceOutcome => {
        const push = set.current(id) ?? pushes.get(id);
        const device = known.get(push?.deviceId ?? '');
        if (push?.purpose !== 'notification' || device === undefined) return 'stale';
        if (push.state !== 'sending' || push.lease !== lease) return 'stale';
        if (push.defaultNonce === 'used') return 'limited';
        // A first contact is no resynchronisation, and an offer that is repeated is one offer.
        if (device.serverCredentials.nonce !== undefined && push.defaultNonce !== 'offered') {
          const before = counted.get(device.id)?.count ?? device.resynchronisations;
          const count = takeResynchronisation(before, limit, transaction.now);
          if (count === undefined) return 'limited';
          counted.set(device.id, { device, count });
        }
        set.change({ ...push, defaultNonce: 'offered' }, { event: 'resynchronising', node }, push);
        return 'offered';
      });
      yield* set.write(transaction, writeDevices([...counted.values()]));
      return outcomes;
    },

    *record(transaction: Transaction, update: SessionUpdate): Program<'recorded' | 'refused'> {
      const { deviceId, pushId, answeredToo = [] } = update;
      const ids = [...(pushId === undefined ? [] : [pushId]), ...answeredToo.map((each) => each.pushId)];
      const found = yield* read(query(statements.devicesForChange, listOf([deviceId])), ids);
      const [device] = found.devices;
      if (device === undefined) return 'refused';
      const set = pushSet.begin(transaction.now);
      const parts: SessionPart[] = [];
      const own = pushId === undefined ? undefined : found.pushes.get(pushId);
      const notification = own?.purpose === 'notification' ? own : undefined;
      if (update.usedDefaultNonce === true) {
        if (notification?.defaultNonce !== 'offered') return 'refused';
        set.save({ ...notification, defaultNonce: 'used' }, notification);
      }
      if (notification !== undefined) {
        const { changes, dueAt, endsWithoutJob = false } = update;
        parts.push({ notification, own: true, changes, dueAt, endsWithoutJob });
      }
      for (const { pushId: id, changes, dueAt } of answeredToo) {
        const other = found.pushes.get(id);
        if (other?.purpose !== 'notification' || other.deviceId !== deviceId || !isOpenPush(other)) continue;
        parts.push({ notification: other, own: false, changes, dueAt, endsWithoutJob: false });
      }
      for (const part of yield* byTheirJobs(parts)) change(set, part);
      const resynchronised = update.resynchronised === true && {
        resync_completed: device.resync_completed + 1,
      };
      const reported = update.reported !== undefined && {
        reported: JSON.stringify(mergeReported(JSON.parse(device.reported), update.reported)),
      };
      const columns = { ...nonceColumns(update, transaction.now), ...resynchronised, ...reported };
      yield* set.write(transaction, writeColumns(columns, [idColumn(deviceId)]));
      return 'recorded';
    },

    /** Whether `recordAsKnown` can write it: it changes the device alone, and what that had reported is known. */
    isKnown(update: SessionUpdate): boolean {
      const { pushId, answeredToo, resynchronised, reported, reportedBefore } = update;
      if (pushId !== undefined || answeredToo !== undefined || resynchronised === true) return false;
      if (update.usedDefaultNonce === true || Object.keys(nonceColumns(update, 0)).length === 0) return false;
      return reported === undefined || reportedBefore !== undefined;
    },

    /** As `record`, without a look at the device: fails with `changedMeanwhile` where it is gone, or has reported something else. */
    *recordAsKnown({ now }: Transaction, update: SessionUpdate): Program<'recorded'> {
      const { deviceId, reported, reportedBefore = {} } = update;
      const before = JSON.stringify(reportedBefore);
      const after = reported === undefined ? before : JSON.stringify(mergeReported(reportedBefore, reported));
      const columns = { ...nonceColumns(update, now), ...(after !== before && { reported: after }) };
      const met = [idColumn(deviceId), ...(after === before ? [] : [column('reported', before)])];
      yield lastStep(writeColumns(columns, met).map((each) => ({ ...each, expected: 1 })));
      return 'recorded';
    },
  };

  /** Writes columns of the device that has those of `met`. */
  function writeColumns(columns: Columns, met: readonly SetColumn[]): Query[] {
    const set = Object.entries(columns).map(([name, value]) => column(name, value));
    return set.length === 0 ? [] : [sets.update('devices', met, set)];
  }
}

type Columns = Readonly<Record<string, SqlValue>>;

const column = (name: string, value: SqlValue): SetColumn => ({
  name,
  type: typeof value === 'number' ? 'number' : 'text',
  values: [value],
});
const idColumn = (id: string): SetColumn => column('id', id);

/** What a step leaves of nonces and times, whatever the device was. */
function nonceColumns({ clientNonce, serverNonce, authenticated }: SessionUpdate, now: number): Columns {
  return {
    ...(clientNonce !== undefined && { cl_nonce: octetsColumn(clientNonce) }),
    ...(serverNonce !== undefined && { srv_nonce: octetsColumn(serverNonce) }),
    ...(authenticated === true && { last_session_at: now }),
  };
}

/** A device that is offered the default nonce, and how often it has been then. */
interface ResynchronisingDevice {
  readonly device: DeviceRecord;
  readonly count: ResynchronisationCount;
}

/** True for a session that broke off after its client had proved itself. */
const putsBack = ({ event, dueAt }: PushChange): boolean => event === 'session-failed' && dueAt !== undefined;

/** There is no job to come back for. */
function asFailed(change: PushChange): PushChange {
  if (!putsBack(change)) return change;
  const { dueAt: _, ...rest } = change;
  return { ...rest, event: 'failed' };
}

/** The job of a notification was done before its session broke off. */
function asCompleted(change: PushChange): PushChange {
  if (!putsBack(change)) return change;
  const { dueAt: _, ...rest } = change;
  return { ...rest, event: 'completed', detail: 'its job was done before the session broke off' };
}
