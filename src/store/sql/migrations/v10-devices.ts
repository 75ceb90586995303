// Version 10 of the database: labels of devices, devices that are suspended, and how often owners changed what is theirs. An
// expansion: releases that know version 9 still write it. They send to devices that are suspended here.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function devicesInBulk({ builder: { schema }, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const labels = schema
    .createTable('device_labels')
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('device_labels_key', ['device_id', 'name']);
  const revision = (table: string) =>
    schema
      .alterTable(table)
      .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(0))
      .compile();
  return [
    schema.alterTable('devices').addColumn('suspended_at', 'bigint').compile(),
    revision('devices'),
    revision('accounts'),
    (locksRows ? labels : labels.modifyEnd(sql`without rowid`)).compile(),
    schema
      .createIndex('device_labels_value')
      .on('device_labels')
      .columns(['name', 'value', 'device_id'])
      .compile(),
  ];
}
