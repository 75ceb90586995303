// Version 14 of the database: carriers that are suspended. An expansion: releases that know version 8 still write it, and hand
// pushes to those carriers all the same.
import type { CompiledQuery } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function carrierSuspensions({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return [
    schema
      .createTable('carrier_suspensions')
      .addColumn('carrier', 'text', (column) => column.primaryKey().notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('actor', 'text')
      .addColumn('reason', 'text')
      .compile(),
  ];
}
