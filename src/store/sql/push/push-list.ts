// Lists of pushes: newest first, by the index that the filter asks for.
import { sql } from 'kysely';
import { type PageRequest, type PushFilter, pushPurposes, pushStates } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, type Program } from '../engine/program.ts';
import { type SlotMaker, type SqlValue, type Statement, statement } from '../engine/statement.ts';
import type { PushRow } from '../set/push-rows.ts';

type ListRequest = PageRequest & PushFilter;

/** Values of a filter by their names; those of purposes have numbers. */
type Values = Readonly<Record<string, SqlValue>>;

const purposeName = (index: number): string => `purpose ${index}`;

/** Gives rows of lists: one more than the page holds. */
export function pushLists(engine: SqlEngine) {
  // A query of many parts takes longer to build than to run. Filters differ in what they ask for, not only in its values, in
  // a few dozen ways.
  const kept = new Map<string, Statement<Values, PushRow>>();

  return function* rows(page: ListRequest): Program<readonly PushRow[]> {
    const request = page.purposes === undefined ? page : { ...page, purposes: [...new Set(page.purposes)] };
    const { limit, after, purposes, deviceId, state } = request;
    if (purposes?.length === 0) return [];
    const name = [after, deviceId, state].map((each) => each !== undefined).join() + (purposes?.length ?? '');
    let made = kept.get(name);
    if (made === undefined) {
      made = statement<Values>()((slot) => listQuery(engine, request, slot));
      kept.set(name, made);
    }
    return yield* all(made, {
      limit: limit + 1,
      ...(after !== undefined && { after }),
      ...(deviceId !== undefined && { deviceId }),
      ...(state !== undefined && { state }),
      ...Object.fromEntries((purposes ?? []).map((purpose, index) => [purposeName(index), purpose])),
    });
  };
}

function listQuery(
  { builder, keys }: SqlEngine,
  { after, purposes, deviceId, state }: ListRequest,
  slot: SlotMaker<Values>,
) {
  const limit = slot('limit') as number;
  const given = (name: string) => sql<string>`${slot(name)}`;
  const newest = builder.selectFrom('pushes').selectAll().orderBy('id', 'desc').limit(limit);
  if (deviceId === undefined && purposes === undefined && state === undefined) {
    return after === undefined ? newest : newest.where('id', '<', given('after'));
  }
  const key = keys.ordered(sql.ref('id'));
  const before = after === undefined ? undefined : sql<boolean>`${key} < ${keys.ordered(given('after'))}`;
  const asked = purposes?.map((_, index) => given(purposeName(index)));
  if (deviceId !== undefined) {
    let ofDevice = builder
      .selectFrom('pushes')
      .selectAll()
      .where('device_id', '=', given('deviceId'))
      .orderBy(key, 'desc')
      .limit(limit);
    if (before !== undefined) ofDevice = ofDevice.where(before);
    if (asked !== undefined) ofDevice = ofDevice.where(sql<boolean>`purpose in (${sql.join(asked)})`);
    return state === undefined ? ofDevice : ofDevice.where(sql<boolean>`state = ${given('state')}`);
  }
  // For one purpose and one state, an index has them in their order: they are merged, and only what is given is read.
  const states = state === undefined ? pushStates.map((each) => sql.lit<string>(each)) : [given('state')];
  const [one, ...others] = (asked ?? pushPurposes.map((each) => sql.lit<string>(each))).flatMap((purpose) =>
    states.map((each) => {
      const found = builder
        .selectFrom('pushes')
        .select(['id', key.as('place')])
        .where(keys.purpose(sql.ref('purpose')), '=', keys.purpose(purpose))
        .where(keys.state(sql.ref('state')), '=', keys.state(each));
      return before === undefined ? found : found.where(before);
    }),
  );
  const merged = others.reduce((query, each) => query?.unionAll(each), one);
  const ids = merged?.orderBy('place', 'desc').limit(limit).as('found');
  return newest.where('id', 'in', ids === undefined ? [] : builder.selectFrom(ids).select('found.id'));
}
