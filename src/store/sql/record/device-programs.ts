// Devices in SQL.
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { StoreError } from '../../../core/index.ts';
import {
  type DeviceInput,
  type DevicePatch,
  type DeviceRecord,
  largestSessionId,
  type Page,
  type PageRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { DeviceTable } from '../engine/schema.ts';
import { inWords, once, statement } from '../engine/statement.ts';
import { patched, settableColumns, withoutReplaced } from './device-columns.ts';
import { type DeviceRow, deviceRecord, rotationsColumn } from './record-rows.ts';

/** Removes what stands about a device in tables that its removal does not reach. */
export interface DeviceTraces {
  forgetDevice(id: string): Program<void>;
}

export function devicePrograms({ builder, locksRows, unfolding }: SqlEngine, traces: DeviceTraces) {
  const byId = statement<{ id: string }>()((slot) =>
    builder.selectFrom('devices').selectAll().where('id', '=', slot('id')),
  );
  const byIds = statement<{ list: string }>()((slot) =>
    inWords(
      builder,
      sql<DeviceTable>`select * from devices
        where id in (select ${unfolding.element('text')} from ${unfolding.rows(slot('list'))})`,
    ),
  );
  /** To be changed; with several nodes, locked. */
  const byIdForChange = statement<{ id: string }>()((slot) => {
    const query = builder.selectFrom('devices').selectAll().where('id', '=', slot('id'));
    return locksRows ? query.forUpdate() : query;
  });
  const accountById = statement<{ serverId: string }>()((slot) =>
    builder.selectFrom('accounts').select('server_id').where('server_id', '=', slot('serverId')),
  );
  const openSessionOf = statement<{ id: string }>()((slot) =>
    builder.selectFrom('push_sessions').select('push_id').where('device_id', '=', slot('id')).limit(1),
  );
  const openJobOf = statement<{ id: string }>()((slot) =>
    builder
      .selectFrom('jobs')
      .select('id')
      .where('device_id', '=', slot('id'))
      .where('open', '=', sql.lit(1))
      .limit(1),
  );
  const openPushOf = statement<{ id: string }>()((slot) =>
    builder
      .selectFrom('pushes')
      .select('id')
      .where('device_id', '=', slot('id'))
      .where('open', '=', sql.lit(1))
      .limit(1),
  );
  const insert = statement<DeviceTable>()((slot) =>
    builder.insertInto('devices').values({
      id: slot('id'),
      server_id: slot('server_id'),
      addresses: slot('addresses'),
      format: slot('format'),
      srv_scheme: slot('srv_scheme'),
      srv_name: slot('srv_name'),
      srv_secret: slot('srv_secret'),
      srv_nonce: slot('srv_nonce'),
      cl_scheme: slot('cl_scheme'),
      cl_name: slot('cl_name'),
      cl_secret: slot('cl_secret'),
      cl_nonce: slot('cl_nonce'),
      notification_secret: slot('notification_secret'),
      digest_identifier: slot('digest_identifier'),
      srv_schemes: slot('srv_schemes'),
      cl_schemes: slot('cl_schemes'),
      tls_certificate: slot('tls_certificate'),
      message_keys: slot('message_keys'),
      family: slot('family'),
      rotations: slot('rotations'),
      last_message_session_id: slot('last_message_session_id'),
      last_session_id: slot('last_session_id'),
      resync_in_window: slot('resync_in_window'),
      resync_window_at: slot('resync_window_at'),
      resync_offered: slot('resync_offered'),
      resync_completed: slot('resync_completed'),
      reported: slot('reported'),
      last_session_at: slot('last_session_at'),
      created_at: slot('created_at'),
      updated_at: slot('updated_at'),
    }),
  );

  return {
    *create({ now }: Transaction, input: DeviceInput): Program<DeviceRecord> {
      if ((yield* first(accountById, { serverId: input.serverId })) === undefined) {
        throw new StoreError(
          'UNKNOWN_ACCOUNT',
          `there is no account ${input.serverId}: create the account first`,
        );
      }
      if ((yield* first(byId, { id: input.id })) !== undefined) {
        throw new StoreError('ALREADY_EXISTS', `device ${input.id} exists already`);
      }
      const firstSessionId = input.firstSessionId ?? randomInt(1, largestSessionId + 1);
      const row: DeviceRow = {
        id: input.id,
        server_id: input.serverId,
        ...settableColumns(input),
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
      };
      yield* all(insert, row);
      return deviceRecord(row);
    },

    *get(id: string): Program<DeviceRecord | undefined> {
      const row = yield* first(byId, { id });
      return row === undefined ? undefined : deviceRecord(row);
    },

    *many(ids: readonly string[]): Program<readonly DeviceRecord[]> {
      if (ids.length === 0) return [];
      return (yield* all(byIds, { list: JSON.stringify(ids) })).map(deviceRecord);
    },

    *list(page: PageRequest & { readonly serverId?: string }): Program<Page<DeviceRecord>> {
      let query = builder
        .selectFrom('devices')
        .selectAll()
        .orderBy('id')
        .limit(page.limit + 1);
      if (page.after !== undefined) query = query.where('id', '>', page.after);
      if (page.serverId !== undefined) query = query.where('server_id', '=', page.serverId);
      const rows = yield* all(once(query), undefined);
      return pageOf(rows.map(deviceRecord), page.limit, (device) => device.id);
    },

    *update({ now }: Transaction, id: string, patch: DevicePatch): Program<DeviceRecord | undefined> {
      const row = yield* first(byIdForChange, { id });
      if (row === undefined) return undefined;
      const device = deviceRecord(row);
      const columns = {
        ...settableColumns(patched(device, patch)),
        rotations: rotationsColumn(withoutReplaced(device.rotations, patch, now)),
      };
      yield* all(
        once(
          builder
            .updateTable('devices')
            .set({ ...columns, updated_at: now })
            .where('id', '=', id),
        ),
        undefined,
      );
      return deviceRecord({ ...row, ...columns, updated_at: now });
    },

    *remove(id: string): Program<boolean> {
      if ((yield* first(byIdForChange, { id })) === undefined) return false;
      if ((yield* first(openSessionOf, { id })) !== undefined) {
        throw new StoreError('IN_USE', `device ${id} has live notifications: cancel them first`);
      }
      if ((yield* first(openJobOf, { id })) !== undefined) {
        throw new StoreError('IN_USE', `device ${id} has jobs that are not over: cancel them first`);
      }
      if ((yield* first(openPushOf, { id })) !== undefined) {
        throw new StoreError('IN_USE', `device ${id} has push messages that are not over: cancel them first`);
      }
      yield* traces.forgetDevice(id);
      yield* all(once(builder.deleteFrom('devices').where('id', '=', id)), undefined);
      return true;
    },
  };
}
