// Version 8 of the database: one table of pushes and one of events in place of two of each, small tables for what must be
// unique, what retention asks for, and the oldest version whose release may write it.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import { copiedEvents, copiedPushes } from './v8-copy.ts';

/**
 * Keys of the large tables are UUIDs of version 7 and the sequence of events, and no other index of theirs is unique, so that
 * an engine can part them by ranges of the id.
 */
export function onePush(engine: SqlEngine): readonly CompiledQuery[] {
  const { schema } = engine.builder;
  return [
    // The table of events takes over the name.
    schema.alterTable('events').renameTo('notification_events').compile(),
    ...pushTables(engine),
    ...copiedEvents(engine),
    // The room that they had is taken by what comes next.
    schema.dropTable('push_message_events').compile(),
    schema.dropTable('notification_events').compile(),
    eventIndex(engine),
    ...copiedPushes(engine),
    schema.dropTable('push_messages').compile(),
    schema.dropTable('notifications').compile(),
    ...pushIndexes(engine),
    schema.dropIndex('jobs_notification').compile(),
    schema.alterTable('jobs').renameColumn('notification_id', 'push_id').compile(),
    ...[
      presentIndex(engine, 'jobs_push', 'jobs', ['push_id']),
      presentIndex(engine, 'jobs_ended', 'jobs', ['ended_at']),
    ],
    schema
      .alterTable('schema_version')
      .addColumn('oldest_writer', 'integer', (column) => column.notNull().defaultTo(8))
      .compile(),
  ];
}

function pushTables({ builder: { schema }, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const pushes = schema
    .createTable('pushes')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('purpose', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.references('devices.id').onDelete('cascade'))
    .addColumn('addresses', 'text')
    .addColumn('schemes', 'text')
    .addColumn('server_id', 'text')
    .addColumn('session_id', 'integer')
    .addColumn('format', 'text')
    .addColumn('fields', 'text')
    .addColumn('default_nonce', 'text')
    .addColumn('resynchronise', 'integer', (column) => column.notNull())
    .addColumn('content_type', 'text')
    .addColumn('octets', 'integer')
    .addColumn('summary', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('open', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('sends', 'integer', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('refused_addresses', 'text', (column) => column.notNull())
    .addColumn('reference', 'text')
    .addColumn('given_up', 'text')
    .addColumn('lease', 'integer', (column) => column.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('carrier', 'text')
    .addColumn('due_at', 'bigint')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('end_counted', 'integer', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('reason', 'text')
    .addColumn('initiator', 'text')
    .addColumn('initiator_push_id', 'text')
    .addColumn('recipient', 'text')
    .addColumn('notify_to', 'text')
    .addColumn('result_due_at', 'bigint')
    .addColumn('result_claimed_by', 'text')
    .addColumn('result_failures', 'integer', (column) => column.notNull())
    .addColumn('idempotency_key', 'text')
    .addColumn('campaign_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    // The last one, so that a large body is not in the way of the others.
    .addColumn('body', 'text');
  const numbered = locksRows
    ? schema.createTable('events').addColumn('sequence', 'bigserial')
    : schema
        .createTable('events')
        .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement());
  const events = numbered
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('node', 'text')
    .addColumn('attempt', 'integer')
    .addColumn('binding', 'text')
    .addColumn('address', 'text')
    .addColumn('detail', 'text')
    .addColumn('reference', 'text');
  const small = [
    schema
      .createTable('push_sessions')
      .addColumn('device_id', 'text', (column) => column.notNull())
      .addColumn('session_id', 'integer', (column) => column.notNull())
      .addColumn('push_id', 'text', (column) => column.notNull())
      // Ruling 11, held by the database itself.
      .addPrimaryKeyConstraint('push_sessions_key', ['device_id', 'session_id']),
    schema
      .createTable('push_keys')
      .addColumn('server_id', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('push_id', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('push_keys_key', ['server_id', 'scope', 'key']),
    schema
      .createTable('initiator_pushes')
      .addColumn('initiator', 'text', (column) => column.notNull())
      .addColumn('initiator_push_id', 'text', (column) => column.notNull())
      .addColumn('recipient', 'text', (column) => column.notNull())
      .addColumn('id', 'text', (column) => column.notNull())
      // One push of an initiator is one here for each recipient.
      .addPrimaryKeyConstraint('initiator_pushes_key', ['initiator', 'initiator_push_id', 'recipient']),
  ];
  return [
    pushes.compile(),
    // A table that is parted by its subjects has their id in its key.
    (locksRows ? events.addPrimaryKeyConstraint('events_key', ['subject_id', 'sequence']) : events).compile(),
    // Rows are their key and little else: SQLite then keeps them in its index alone.
    ...small.map((table) => (locksRows ? table : table.modifyEnd(sql`without rowid`)).compile()),
  ];
}

/** What the primary key of the engine does not give: the timeline of a subject, or the feed of all. */
function eventIndex({ builder: { schema }, locksRows }: SqlEngine): CompiledQuery {
  return locksRows
    ? schema.createIndex('events_sequence').on('events').column('sequence').compile()
    : schema.createIndex('events_subject').on('events').columns(['subject_id', 'sequence']).compile();
}

function pushIndexes(engine: SqlEngine): readonly CompiledQuery[] {
  const { schema } = engine.builder;
  return [
    // By purpose, and by time whatever the carrier: a release that claims by none claims all of them.
    schema
      .createIndex('pushes_due')
      .on('pushes')
      .columns(['purpose', 'due_at'])
      .where(sql.ref('due_at'), 'is not', sql.lit(null))
      .compile(),
    presentIndex(engine, 'pushes_result', 'pushes', ['result_due_at']),
    presentIndex(engine, 'pushes_ended', 'pushes', ['ended_at']),
    presentIndex(engine, 'pushes_campaign', 'pushes', ['campaign_id', 'state']),
    schema.createIndex('pushes_device').on('pushes').columns(['device_id', 'id']).compile(),
    schema.createIndex('pushes_state').on('pushes').columns(['purpose', 'state', 'id']).compile(),
  ];
}

/** An index of the rows in which its first column has a value. */
function presentIndex(
  { builder: { schema } }: SqlEngine,
  name: string,
  table: string,
  columns: readonly [string, ...string[]],
): CompiledQuery {
  return schema
    .createIndex(name)
    .on(table)
    .columns([...columns])
    .where(sql.ref(columns[0]), 'is not', sql.lit(null))
    .compile();
}
