// Version 1 of the database: accounts, devices, notifications and their events.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function firstVersion(engine: SqlEngine): readonly CompiledQuery[] {
  const { schema } = engine.builder;
  const accounts = schema
    .createTable('accounts')
    .addColumn('server_id', 'text', (column) => column.primaryKey())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull());
  const devices = schema
    .createTable('devices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('server_id', 'text', (column) => column.notNull().references('accounts.server_id'))
    .addColumn('addresses', 'text', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('srv_scheme', 'text', (column) => column.notNull())
    .addColumn('srv_name', 'text', (column) => column.notNull())
    .addColumn('srv_secret', 'text', (column) => column.notNull())
    .addColumn('srv_nonce', 'text')
    .addColumn('cl_scheme', 'text', (column) => column.notNull())
    .addColumn('cl_name', 'text', (column) => column.notNull())
    .addColumn('cl_secret', 'text', (column) => column.notNull())
    .addColumn('cl_nonce', 'text')
    .addColumn('notification_secret', 'text')
    .addColumn('digest_identifier', 'text')
    .addColumn('last_session_id', 'integer', (column) => column.notNull())
    .addColumn('resync_in_window', 'integer', (column) => column.notNull())
    .addColumn('resync_window_at', 'bigint', (column) => column.notNull())
    .addColumn('resync_offered', 'integer', (column) => column.notNull())
    .addColumn('resync_completed', 'integer', (column) => column.notNull())
    .addColumn('reported', 'text', (column) => column.notNull())
    .addColumn('last_session_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull());
  const notifications = schema
    .createTable('notifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('server_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('live', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('sends', 'integer', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('default_nonce', 'text', (column) => column.notNull())
    .addColumn('resynchronise', 'integer', (column) => column.notNull())
    .addColumn('lease', 'integer', (column) => column.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('due_at', 'bigint')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('idempotency_key', 'text')
    .addColumn('idempotency_fingerprint', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull());
  const events = (
    engine.locksRows
      ? schema.createTable('events').addColumn('sequence', 'bigserial', (column) => column.primaryKey())
      : schema
          .createTable('events')
          .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('notification_id', 'text', (column) =>
      column.notNull().references('notifications.id').onDelete('cascade'),
    )
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('node', 'text')
    .addColumn('attempt', 'integer')
    .addColumn('binding', 'text')
    .addColumn('address', 'text')
    .addColumn('detail', 'text')
    .addColumn('reference', 'text');
  const indexes = [
    schema.createIndex('devices_server').on('devices').columns(['server_id', 'id']),
    // Ruling 11, held by the database itself.
    schema
      .createIndex('notifications_live_session')
      .unique()
      .on('notifications')
      .columns(['device_id', 'session_id'])
      .where(sql.ref('live'), '=', sql.lit(1)),
    schema
      .createIndex('notifications_due')
      .on('notifications')
      .column('due_at')
      .where(sql.ref('due_at'), 'is not', sql.lit(null)),
    schema.createIndex('notifications_device').on('notifications').columns(['device_id', 'id']),
    schema.createIndex('notifications_state').on('notifications').columns(['state', 'id']),
    schema
      .createIndex('notifications_idempotency')
      .unique()
      .on('notifications')
      .columns(['server_id', 'idempotency_key'])
      .where(sql.ref('idempotency_key'), 'is not', sql.lit(null)),
    schema.createIndex('events_notification').on('events').columns(['notification_id', 'sequence']),
  ];
  return [accounts, devices, notifications, events, ...indexes].map((statement) => statement.compile());
}
