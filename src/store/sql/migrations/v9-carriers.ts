// Version 9 of the database: what is due is found by carrier, a push counts how often it was written, and indexes hold less. An
// expansion: releases that know version 8 still write it. What is due they find without an index, so that a queue of many
// pushes is slow work for them.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import { inWords } from '../engine/statement.ts';

/** The column, and indexes in place of those that were: one more would cost each claim and each outcome a fifth of its time. */
export function queuesOfCarriers({ builder, keys, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const { schema } = builder;
  const [id, purpose, state, subject] = (['id', 'purpose', 'state', 'subject_id'] as const).map((name) =>
    sql.ref<string>(name),
  ) as [Text, Text, Text, Text];
  const index = (name: string, on: string, ...columns: readonly unknown[]) =>
    sql`create index ${sql.ref(name)} on ${sql.table(on)} (${sql.join(columns)})`;
  const replaced = (name: string, made: ReturnType<typeof index>): readonly CompiledQuery[] => [
    schema.dropIndex(name).compile(),
    inWords(builder, made).compile(),
  ];
  return [
    schema
      .alterTable('pushes')
      .addColumn('version', 'integer', (column) => column.notNull().defaultTo(0))
      .compile(),
    ...replaced(
      'pushes_due',
      sql`${index('pushes_due', 'pushes', sql.ref('carrier'), keys.purpose(purpose), sql.ref('due_at'))}
        where due_at is not null`,
    ),
    ...replaced('pushes_device', index('pushes_device', 'pushes', sql.ref('device_id'), keys.ordered(id))),
    ...replaced(
      'pushes_state',
      index('pushes_state', 'pushes', keys.purpose(purpose), keys.state(state), keys.ordered(id)),
    ),
    // Elsewhere it is the key of the table.
    ...(locksRows ? [] : replaced('events_subject', index('events_subject', 'events', keys.found(subject)))),
  ];
}

type Text = ReturnType<typeof sql.ref<string>>;
