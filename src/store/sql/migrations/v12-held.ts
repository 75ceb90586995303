// Version 12 of the database: pushes, results and jobs that are held after a restore. An expansion: releases that know version 8
// still write it. What is held they leave so, and do not show it.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function heldPushes({ builder }: SqlEngine): readonly CompiledQuery[] {
  const { schema } = builder;
  const moment = (table: string, name: string) =>
    schema.alterTable(table).addColumn(name, 'bigint').compile();
  return [
    moment('pushes', 'held_due_at'),
    moment('pushes', 'held_result_at'),
    moment('jobs', 'held_at'),
    // In the words of `isHeld`, so that it is found.
    sql`create index pushes_held on pushes (id) where held_due_at is not null or held_result_at is not null`.compile(
      builder,
    ),
    sql`create index jobs_held on jobs (id) where held_at is not null`.compile(builder),
  ];
}
