// Version 6 of the database: ends that were counted beside ends that are dates.
import type { CompiledQuery } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

/** Which ends were counted and which are dates, for the day on which the clock is set. Those that are there stay dates. */
export function countedEnds({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return ['notifications', 'push_messages', 'jobs'].map((table) =>
    schema
      .alterTable(table)
      .addColumn('end_counted', 'integer', (column) => column.notNull().defaultTo(0))
      .compile(),
  );
}
