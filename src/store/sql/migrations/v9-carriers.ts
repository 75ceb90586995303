// Version 9 of the database: what is due is found by carrier, a push counts how often it was written, and indexes hold less. An
// expansion: releases that know version 8 still write it. What is due they find without an index, so that a queue of many
// pushes is slow work for them.
import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

/**
 * The column, and indexes in place of those that were: beside them, one more on times would cost claims and outcomes a sixth of
 * their time.
 */
export function queuesOfCarriers({ builder, keys, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const { schema } = builder;
  const column = (name: string) => sql.ref<string>(name);
  const replaced = (name: string, on: string, columns: readonly RawBuilder<unknown>[], of = sql``) => [
    schema.dropIndex(name).compile(),
    sql`create index ${sql.ref(name)} on ${sql.table(on)} (${sql.join(columns)})${of}`.compile(builder),
  ];
  const id = keys.ordered(column('id'));
  const purpose = keys.purpose(column('purpose'));
  return [
    schema
      .alterTable('pushes')
      .addColumn('version', 'integer', (made) => made.notNull().defaultTo(0))
      .compile(),
    ...replaced(
      'pushes_due',
      'pushes',
      [column('carrier'), purpose, column('due_at')],
      sql` where due_at is not null`,
    ),
    ...replaced('pushes_device', 'pushes', [column('device_id'), id]),
    ...replaced('pushes_state', 'pushes', [purpose, keys.state(column('state')), id]),
    // Elsewhere it is the key of the table.
    ...(locksRows ? [] : replaced('events_subject', 'events', [keys.found(column('subject_id'))])),
  ];
}
