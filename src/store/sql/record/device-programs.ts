// Devices in SQL.
import { randomInt } from 'node:crypto';
import { sql } from 'kysely';
import { StoreError } from '../../../core/index.ts';
import {
  type DeviceInput,
  type DevicePatch,
  type DeviceRecord,
  largestSessionId,
  openRotation,
  type Page,
  type PageRequest,
  type StoredRotations,
  steppedRotation,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { DeviceTable } from '../engine/schema.ts';
import { once, statement } from '../engine/statement.ts';
import { type DeviceRow, deviceRecord, octetsColumn, rotationsColumn } from './record-rows.ts';

export function devicePrograms({ builder }: SqlEngine) {
  const byId = statement<{ id: string }>()((slot) =>
    builder.selectFrom('devices').selectAll().where('id', '=', slot('id')),
  );
  const accountById = statement<{ serverId: string }>()((slot) =>
    builder.selectFrom('accounts').select('server_id').where('server_id', '=', slot('serverId')),
  );
  const liveOf = statement<{ id: string }>()((slot) =>
    builder
      .selectFrom('notifications')
      .select('id')
      .where('device_id', '=', slot('id'))
      .where('live', '=', sql.lit(1))
      .limit(1),
  );
  const openJobOf = statement<{ id: string }>()((slot) =>
    builder
      .selectFrom('jobs')
      .select('id')
      .where('device_id', '=', slot('id'))
      .where('open', '=', sql.lit(1))
      .limit(1),
  );
  const openMessageOf = statement<{ id: string }>()((slot) =>
    builder
      .selectFrom('push_messages')
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
      const found: DeviceRecord[] = [];
      for (const id of ids) {
        const row = yield* first(byId, { id });
        if (row !== undefined) found.push(deviceRecord(row));
      }
      return found;
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
      const row = yield* first(byId, { id });
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
      if ((yield* first(byId, { id })) === undefined) return false;
      if ((yield* first(liveOf, { id })) !== undefined) {
        throw new StoreError('IN_USE', `device ${id} has live notifications: cancel them first`);
      }
      if ((yield* first(openJobOf, { id })) !== undefined) {
        throw new StoreError('IN_USE', `device ${id} has jobs that are not over: cancel them first`);
      }
      if ((yield* first(openMessageOf, { id })) !== undefined) {
        throw new StoreError('IN_USE', `device ${id} has push messages that are not over: cancel them first`);
      }
      yield* all(once(builder.deleteFrom('devices').where('id', '=', id)), undefined);
      return true;
    },
  };
}

type Settable = { readonly [Field in keyof DevicePatch]: Exclude<DevicePatch[Field], null> } & Pick<
  DeviceInput,
  'addresses' | 'format' | 'serverCredentials'
>;

function patched(current: DeviceRecord, patch: DevicePatch): Settable {
  return {
    addresses: patch.addresses ?? current.addresses,
    format: patch.format ?? current.format,
    serverCredentials: patch.serverCredentials ?? current.serverCredentials,
    ...optional('clientCredentials', patch.clientCredentials, current.clientCredentials),
    ...optional('clientSchemes', patch.clientSchemes, current.clientSchemes),
    ...optional('serverSchemes', patch.serverSchemes, current.serverSchemes),
    ...optional('tlsCertificate', patch.tlsCertificate, current.tlsCertificate),
    ...optional('notificationSecret', patch.notificationSecret, current.notificationSecret),
    ...optional('digestIdentifier', patch.digestIdentifier, current.digestIdentifier),
    ...optional('messageKeys', patch.messageKeys, current.messageKeys),
    ...optional('family', patch.family, current.family),
  };
}

/** What is given by request is what the device holds: a replacement of it that is under way is over. */
function withoutReplaced(
  rotations: StoredRotations | undefined,
  patch: DevicePatch,
  now: number,
): StoredRotations | undefined {
  let left = rotations;
  for (const side of ['server', 'client'] as const) {
    const open = openRotation(left, side);
    if (open === undefined || patch[`${side}Credentials`] === undefined) continue;
    const step = { step: 'failed', reason: 'the credentials were set by request' } as const;
    left = { ...left, [side]: steppedRotation(open, step, now) };
  }
  return left;
}

function optional<Field extends string, Value>(
  field: Field,
  change: Value | null | undefined,
  current: Value | undefined,
): { readonly [F in Field]?: Value } {
  const value = change === undefined ? current : change;
  return (value === undefined || value === null ? {} : { [field]: value }) as {
    readonly [F in Field]?: Value;
  };
}

function settableColumns(device: Settable) {
  const { serverCredentials, clientCredentials } = device;
  return {
    addresses: JSON.stringify(device.addresses),
    format: device.format,
    srv_scheme: serverCredentials.scheme,
    srv_name: serverCredentials.name,
    srv_secret: serverCredentials.secret,
    srv_nonce: octetsColumn(serverCredentials.nonce),
    cl_scheme: clientCredentials?.scheme ?? 'md5',
    cl_name: clientCredentials?.name ?? '',
    cl_secret: clientCredentials?.secret ?? '',
    cl_nonce: octetsColumn(clientCredentials?.nonce),
    notification_secret: device.notificationSecret ?? null,
    digest_identifier: device.digestIdentifier ?? null,
    srv_schemes: listColumn(device.serverSchemes),
    cl_schemes: listColumn(device.clientSchemes),
    tls_certificate: device.tlsCertificate?.sha256 ?? null,
    message_keys: device.messageKeys === undefined ? null : JSON.stringify(device.messageKeys),
    family: device.family ?? null,
  };
}

function listColumn(list: readonly string[] | undefined): string | null {
  return list === undefined ? null : JSON.stringify(list);
}
