// The query of a list of pushes: newest first, by the index that its filter asks for.
import { sql } from 'kysely';
import { type PageRequest, type PushFilter, pushPurposes, pushStates } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';

/** Selects one item more than the page holds. */
export function listQuery(
  { builder }: SqlEngine,
  { limit, after, purposes, deviceId, state }: PageRequest & PushFilter,
) {
  const newest = builder
    .selectFrom('pushes')
    .orderBy('id', 'desc')
    .limit(limit + 1);
  const from = after === undefined ? newest : newest.where('id', '<', after);
  if (deviceId === undefined && purposes === undefined && state === undefined) return from.selectAll();
  if (purposes?.length === 0) return from.selectAll().where(sql<boolean>`1 = 0`);
  if (deviceId !== undefined) {
    let ofDevice = from.selectAll().where('device_id', '=', deviceId);
    if (purposes !== undefined) ofDevice = ofDevice.where('purpose', 'in', purposes);
    return state === undefined ? ofDevice : ofDevice.where('state', '=', state);
  }
  // For one purpose and one state, an index has the ids in their order: the newest of each, then the newest of those.
  const [one, ...others] = (purposes ?? pushPurposes).flatMap((purpose) =>
    (state === undefined ? pushStates : [state]).map((each) =>
      builder
        .selectFrom(from.select('id').where('purpose', '=', purpose).where('state', '=', each).as('newest'))
        .select('id'),
    ),
  );
  const found = others.reduce((query, each) => query?.unionAll(each), one);
  return newest.selectAll().where('id', 'in', found ?? []);
}
