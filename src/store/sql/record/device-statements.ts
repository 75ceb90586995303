// The compiled queries of devices. Labels come with their device, as one object.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';
import type { DeviceRow } from './record-rows.ts';

/** Labels of the device of a row, as one JSON object. */
export function labelsColumn({ unfolding }: SqlEngine) {
  const object = unfolding.object(sql.ref('of.name'), sql.ref('of.value'));
  return sql<string | null>`(select ${object} from device_labels as of where of.device_id = devices.id)`;
}

/** What holds a device, so that it cannot be removed; null: nothing. */
export interface HoldRow {
  readonly id: string;
  readonly held: 'notifications' | 'jobs' | 'messages' | null;
}

export function deviceStatements(engine: SqlEngine) {
  const { builder, locksRows, unfolding } = engine;
  const labels = labelsColumn(engine).as('labels');
  const inList = (slot: SlotMaker<ListArgs>) =>
    sql`(select ${unfolding.element('text')} from ${unfolding.rows(slot('list'))})`;
  const one = (slot: SlotMaker<{ id: string }>) =>
    builder.selectFrom('devices').selectAll().select(labels).where('id', '=', slot('id'));
  return {
    byId: statement<{ id: string }>()((slot) => one(slot)),
    byIds: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<DeviceRow>`select devices.*, ${labelsColumn(engine)} as labels from devices where id in ${inList(slot)}`,
      ),
    ),
    /** To be changed; with several nodes, locked. */
    byIdForChange: statement<{ id: string }>()((slot) =>
      locksRows ? one(slot).forUpdate('devices') : one(slot),
    ),
    byIdsForChange: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<DeviceRow>`select devices.*, ${labelsColumn(engine)} as labels from devices where id in ${inList(slot)}
          ${locksRows ? sql`for update of devices` : sql``}`,
      ),
    ),
    /** Those of the accounts of a list that there are. */
    accounts: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<{ server_id: string }>`select server_id from accounts where server_id in ${inList(slot)}`,
      ),
    ),
    /** Devices of a list, each with what holds it. */
    holds: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<HoldRow>`select devices.id, case
            when exists (select 1 from push_sessions where device_id = devices.id) then 'notifications'
            when exists (select 1 from jobs where device_id = devices.id and open = 1) then 'jobs'
            when exists (select 1 from pushes where device_id = devices.id and open = 1) then 'messages'
          end as held from devices where id in ${inList(slot)} ${locksRows ? sql`for update` : sql``}`,
      ),
    ),
    forgetLabels: statement<ListArgs>()((slot) =>
      inWords(builder, sql`delete from device_labels where device_id in ${inList(slot)}`),
    ),
    remove: statement<ListArgs>()((slot) =>
      inWords(builder, sql`delete from devices where id in ${inList(slot)}`),
    ),
  };
}
