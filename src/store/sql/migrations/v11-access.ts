// Version 11 of the database: tokens, the audit log, and who caused an event. An expansion: releases that know version 8 write it as
// it is; of what they do, nobody is named.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function accessTables({ builder: { schema }, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const numbered = locksRows
    ? schema.createTable('audit').addColumn('sequence', 'bigserial', (column) => column.primaryKey())
    : schema
        .createTable('audit')
        .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement());
  return [
    schema
      .createTable('tokens')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('hash', 'text', (column) => column.notNull())
      .addColumn('previous_hash', 'text')
      .addColumn('previous_until', 'bigint')
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('scopes', 'text', (column) => column.notNull())
      .addColumn('accounts', 'text')
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('rotated_at', 'bigint')
      .addColumn('expires_at', 'bigint')
      .addColumn('last_used_at', 'bigint')
      .addColumn('revoked_at', 'bigint')
      .compile(),
    numbered
      .addColumn('at', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text')
      .addColumn('token_id', 'text')
      .addColumn('source', 'text')
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('kind', 'text')
      .addColumn('object_id', 'text')
      .addColumn('account', 'text')
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('detail', 'text')
      .compile(),
    // In SQLite an index has the number of its row by itself.
    schema
      .createIndex('audit_object')
      .on('audit')
      .columns(locksRows ? ['object_id', 'sequence'] : ['object_id'])
      .where(sql.ref('object_id'), 'is not', sql.lit(null))
      .compile(),
    schema
      .createIndex('audit_actor')
      .on('audit')
      .columns(locksRows ? ['actor', 'sequence'] : ['actor'])
      .where(sql.ref('actor'), 'is not', sql.lit(null))
      .compile(),
    schema.alterTable('events').addColumn('actor', 'text').compile(),
  ];
}
