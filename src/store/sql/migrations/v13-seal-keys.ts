// Version 13 of the database: which keys its secrets may be sealed under. An expansion: releases that know version 8 still write it,
// until the first key is used; from then on they would take what is sealed for the secret itself.
import type { CompiledQuery } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

/** Number of this version: the oldest writer of a database that has a key. */
export const sealKeysVersion = 13;

export function sealKeys({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return [
    schema
      .createTable('seal_keys')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('since', 'bigint', (column) => column.notNull())
      .addColumn('whole', 'integer', (column) => column.notNull())
      .compile(),
  ];
}
