// What a filter of devices means for rows that name one.
import { sql } from 'kysely';
import type { Filter } from '../../../filter/index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { filterSql, type SqlCondition } from './filter-sql.ts';

/** True for rows of `table` whose device the filter means. A row is asked after another, so that a page needs no more than it holds. */
export function ofDevices(
  engine: SqlEngine,
  table: 'pushes' | 'jobs',
  { condition }: Filter,
  now: number,
): SqlCondition {
  return sql<boolean>`exists (select 1 from devices
    where devices.id = ${sql.ref(`${table}.device_id`)} and ${filterSql(engine)(condition, now)})`;
}
