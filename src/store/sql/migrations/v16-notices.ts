// Version 16 of the database: notices of jobs, campaigns and links; webhooks, and what of theirs is held. An expansion: releases that
// know version 8 still write it, and note nothing of jobs.
import type { CompiledQuery } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function notices({ builder: { schema }, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const numbered = (table: string, name: string) =>
    locksRows
      ? schema.createTable(table).addColumn(name, 'bigserial', (column) => column.primaryKey())
      : schema.createTable(table).addColumn(name, 'integer', (column) => column.primaryKey().autoIncrement());
  return [
    numbered('notices', 'sequence')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('event', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('accounts', 'text')
      .addColumn('device_id', 'text')
      .addColumn('actor', 'text')
      .addColumn('details', 'text', (column) => column.notNull())
      .compile(),
    schema
      .createTable('webhooks')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('url', 'text', (column) => column.notNull())
      .addColumn('name', 'text')
      .addColumn('kinds', 'text', (column) => column.notNull())
      .addColumn('devices', 'text')
      .addColumn('accounts', 'text')
      .addColumn('owner', 'text')
      .addColumn('actor', 'text')
      .addColumn('secrets', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('reason', 'text')
      .addColumn('suspended_at', 'bigint')
      .addColumn('event_position', 'bigint', (column) => column.notNull())
      .addColumn('notice_position', 'bigint', (column) => column.notNull())
      .addColumn('failures', 'integer', (column) => column.notNull())
      .addColumn('failing_since', 'bigint')
      .addColumn('last_success_at', 'bigint')
      .addColumn('last_error_at', 'bigint')
      .addColumn('last_error', 'text')
      .addColumn('delivered', 'bigint', (column) => column.notNull())
      .addColumn('dropped', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .addColumn('revision', 'integer', (column) => column.notNull())
      .compile(),
    numbered('webhook_deliveries', 'number')
      .addColumn('webhook_id', 'text', (column) =>
        column.notNull().references('webhooks.id').onDelete('cascade'),
      )
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addColumn('lane', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('payload', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('error', 'text')
      .addColumn('updated_at', 'bigint', (column) => column.notNull())
      .compile(),
    schema
      .createIndex('webhook_deliveries_event')
      .on('webhook_deliveries')
      .columns(['webhook_id', 'event_id'])
      .unique()
      .compile(),
    schema
      .createIndex('webhook_deliveries_lane')
      .on('webhook_deliveries')
      .columns(locksRows ? ['webhook_id', 'state', 'lane', 'number'] : ['webhook_id', 'state', 'lane'])
      .compile(),
  ];
}
