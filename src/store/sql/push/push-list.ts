// The query of a list of pushes: newest first, by the index that its filter asks for.
import { sql } from 'kysely';
import { type PageRequest, type PushFilter, pushPurposes, pushStates } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';

/** Selects one item more than the page holds. */
export function listQuery(
  { builder, keys }: SqlEngine,
  { limit, after, purposes, deviceId, state }: PageRequest & PushFilter,
) {
  const newest = builder
    .selectFrom('pushes')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (deviceId === undefined && purposes === undefined && state === undefined) {
    return (after === undefined ? newest : newest.where('id', '<', after)).selectAll();
  }
  if (purposes?.length === 0) return newest.selectAll().where(sql<boolean>`1 = 0`);
  const key = keys.ordered(sql.ref('id'));
  const before = after === undefined ? undefined : sql<boolean>`${key} < ${keys.ordered(sql`${after}`)}`;
  if (deviceId !== undefined) {
    let ofDevice = builder
      .selectFrom('pushes')
      .selectAll()
      .where('device_id', '=', deviceId)
      .orderBy(key, 'desc')
      .limit(limit + 1);
    if (before !== undefined) ofDevice = ofDevice.where(before);
    if (purposes !== undefined) ofDevice = ofDevice.where('purpose', 'in', purposes);
    return state === undefined ? ofDevice : ofDevice.where('state', '=', state);
  }
  // For one purpose and one state, an index has them in their order: they are merged, and only what is given is read.
  const [one, ...others] = (purposes ?? pushPurposes).flatMap((purpose) =>
    (state === undefined ? pushStates : [state]).map((each) => {
      const found = builder
        .selectFrom('pushes')
        .select(['id', key.as('place')])
        .where(keys.purpose(sql.ref('purpose')), '=', keys.purpose(sql`${purpose}`))
        .where(keys.state(sql.ref('state')), '=', keys.state(sql`${each}`));
      return before === undefined ? found : found.where(before);
    }),
  );
  const merged = others.reduce((query, each) => query?.unionAll(each), one);
  const ids = merged
    ?.orderBy('place', 'desc')
    .limit(limit + 1)
    .as('found');
  return newest
    .selectAll()
    .where('id', 'in', ids === undefined ? [] : builder.selectFrom(ids).select('found.id'));
}
