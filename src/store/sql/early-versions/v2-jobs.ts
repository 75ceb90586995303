// Version 2 of the database: jobs.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function jobTables({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  const isOpen = [sql.ref('open'), '=', sql.lit(1)] as const;
  const jobs = schema
    .createTable('jobs')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('server_id', 'text', (column) => column.notNull())
    .addColumn('notification_id', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('open', 'integer', (column) => column.notNull())
    .addColumn('on_failure', 'text', (column) => column.notNull())
    .addColumn('holder', 'text')
    .addColumn('session_id', 'integer')
    .addColumn('command_count', 'integer', (column) => column.notNull())
    .addColumn('answered_count', 'integer', (column) => column.notNull())
    .addColumn('waiting_count', 'integer', (column) => column.notNull())
    .addColumn('failed_count', 'integer', (column) => column.notNull())
    .addColumn('answer_octets', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('idempotency_key', 'text')
    .addColumn('idempotency_fingerprint', 'text')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('ended_at', 'bigint');
  const commands = schema
    .createTable('job_commands')
    .addColumn('job_id', 'text', (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('position', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('command', 'text', (column) => column.notNull())
    .addColumn('sends', 'integer', (column) => column.notNull())
    .addColumn('answered', 'integer', (column) => column.notNull())
    .addColumn('waiting', 'integer', (column) => column.notNull())
    .addColumn('answer', 'text')
    .addColumn('answered_at', 'bigint')
    .addPrimaryKeyConstraint('job_commands_key', ['job_id', 'position']);
  const indexes = [
    schema
      .createIndex('jobs_open')
      .on('jobs')
      .columns(['device_id', 'id'])
      .where(...isOpen),
    schema
      .createIndex('jobs_expiry')
      .on('jobs')
      .column('expires_at')
      .where(...isOpen),
    schema.createIndex('jobs_device').on('jobs').columns(['device_id', 'id']),
    schema.createIndex('jobs_state').on('jobs').columns(['state', 'id']),
    schema
      .createIndex('jobs_notification')
      .on('jobs')
      .column('notification_id')
      .where(sql.ref('notification_id'), 'is not', sql.lit(null)),
    schema
      .createIndex('jobs_idempotency')
      .unique()
      .on('jobs')
      .columns(['server_id', 'idempotency_key'])
      .where(sql.ref('idempotency_key'), 'is not', sql.lit(null)),
  ];
  return [jobs, commands, ...indexes].map((statement) => statement.compile());
}
