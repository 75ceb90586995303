// Version 4 of the database: push messages, keys of DM messages, addresses that refused for good.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function pushMessageTables({ builder: { schema }, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const added = [
    schema.alterTable('accounts').addColumn('message_signing', 'text'),
    schema.alterTable('devices').addColumn('message_keys', 'text'),
    schema
      .alterTable('devices')
      .addColumn('last_message_session_id', 'integer', (column) => column.notNull().defaultTo(0)),
    schema
      .alterTable('notifications')
      .addColumn('refused_addresses', 'text', (column) => column.notNull().defaultTo('[]')),
  ];
  const messages = schema
    .createTable('push_messages')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('device_id', 'text', (column) => column.references('devices.id').onDelete('cascade'))
    .addColumn('addresses', 'text')
    .addColumn('schemes', 'text')
    .addColumn('server_id', 'text')
    .addColumn('content_type', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('octets', 'integer', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('open', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('sends', 'integer', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('refused_addresses', 'text', (column) => column.notNull())
    .addColumn('lease', 'integer', (column) => column.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('due_at', 'bigint')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('initiator', 'text')
    .addColumn('push_id', 'text')
    .addColumn('recipient', 'text')
    .addColumn('notify_to', 'text')
    .addColumn('result_due_at', 'bigint')
    .addColumn('result_claimed_by', 'text')
    .addColumn('result_failures', 'integer', (column) => column.notNull())
    .addColumn('idempotency_key', 'text')
    .addColumn('idempotency_fingerprint', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull());
  const events = (
    locksRows
      ? schema
          .createTable('push_message_events')
          .addColumn('sequence', 'bigserial', (column) => column.primaryKey())
      : schema
          .createTable('push_message_events')
          .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('message_id', 'text', (column) =>
      column.notNull().references('push_messages.id').onDelete('cascade'),
    )
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('node', 'text')
    .addColumn('attempt', 'integer')
    .addColumn('binding', 'text')
    .addColumn('address', 'text')
    .addColumn('detail', 'text')
    .addColumn('reference', 'text');
  const present = (name: string) => [sql.ref(name), 'is not', sql.lit(null)] as const;
  const indexes = [
    schema
      .createIndex('push_messages_due')
      .on('push_messages')
      .column('due_at')
      .where(...present('due_at')),
    schema
      .createIndex('push_messages_result')
      .on('push_messages')
      .column('result_due_at')
      .where(...present('result_due_at')),
    schema.createIndex('push_messages_device').on('push_messages').columns(['device_id', 'id']),
    schema.createIndex('push_messages_state').on('push_messages').columns(['state', 'id']),
    // One push of an initiator is a message for each recipient.
    schema
      .createIndex('push_messages_push')
      .unique()
      .on('push_messages')
      .columns(['initiator', 'push_id', 'recipient'])
      .where(...present('push_id')),
    schema
      .createIndex('push_messages_idempotency')
      .unique()
      .on('push_messages')
      .columns(['server_id', 'idempotency_key'])
      .where(...present('idempotency_key')),
    schema
      .createIndex('push_message_events_message')
      .on('push_message_events')
      .columns(['message_id', 'sequence']),
  ];
  return [...added, messages, events, ...indexes].map((statement) => statement.compile());
}
