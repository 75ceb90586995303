// Lists of pushes: newest first, by the index that the filter asks for.
import { sql } from 'kysely';
import {
  type PageRequest,
  type PushFilter,
  type PushPurpose,
  type PushState,
  pushPurposes,
  pushStates,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { boundsOf, type IdentifierBounds } from '../engine/page.ts';
import { all, type Program } from '../engine/program.ts';
import { once, type SlotMaker, type SqlValue, type Statement, statement } from '../engine/statement.ts';
import type { SqlCondition } from '../record/filter-sql.ts';
import { ofDevices } from '../record/of-devices.ts';
import { isHeld } from '../set/held-rows.ts';
import type { PushRow } from '../set/push-rows.ts';

type ListRequest = PageRequest & PushFilter;

/** Values of a filter by their names; those of purposes have numbers. */
type Values = Readonly<Record<string, SqlValue>>;

const purposeName = (index: number): string => `purpose ${index}`;
const stateName = (index: number): string => `state ${index}`;

/** Gives rows of lists: one more than the page holds. */
export function pushLists(engine: SqlEngine) {
  // A query of many parts takes longer to build than to run. Filters differ in what they ask for, not only in its values, in
  // a few dozen ways.
  const kept = new Map<string, Statement<Values, PushRow>>();

  return function* rows(page: ListRequest, now: number): Program<readonly PushRow[]> {
    const { limit, deviceId, devices, held = false } = page;
    const bounds = boundsOf(page);
    const purposes = page.purposes && [...new Set(page.purposes)];
    const states = page.states === undefined ? page.state && [page.state] : [...new Set(page.states)];
    if (purposes?.length === 0 || states?.length === 0) return [];
    const { before, from } = bounds;
    const asked = { ...bounds, purposes, states, deviceId, held };
    const given = [before, from, deviceId].map((each) => each !== undefined).join();
    const name = `${given} ${purposes?.length} ${states?.length} ${held}`;
    const values: Values = {
      limit: limit + 1,
      ...bounds,
      ...(deviceId !== undefined && { deviceId }),
      ...named(states, stateName),
      ...named(purposes, purposeName),
    };
    if (devices !== undefined) {
      const means = ofDevices(engine, 'pushes', devices, now);
      const slot: SlotMaker<Values> = (each) => values[each] ?? null;
      return yield* all(once(listQuery(engine, { ...asked, means }, slot)), undefined);
    }
    let made = kept.get(name);
    if (made === undefined) {
      made = statement<Values>()((slot) => listQuery(engine, asked, slot));
      kept.set(name, made);
    }
    return yield* all(made, values);
  };
}

/** What a list is asked for: what is there is given, whatever it is. */
interface Asked extends IdentifierBounds {
  readonly purposes: readonly PushPurpose[] | undefined;
  readonly states: readonly PushState[] | undefined;
  readonly deviceId: string | undefined;
  /** Further condition on pushes. */
  readonly means?: SqlCondition;
  readonly held: boolean;
}

function named(values: readonly string[] | undefined, nameOf: (index: number) => string): Values {
  return Object.fromEntries((values ?? []).map((value, index) => [nameOf(index), value]));
}

function listQuery(
  { builder, keys }: SqlEngine,
  { before, from, purposes, deviceId, states, held, means }: Asked,
  slot: SlotMaker<Values>,
) {
  const limit = slot('limit') as number;
  const given = (name: string) => sql<string>`${slot(name)}`;
  const newest = builder.selectFrom('pushes').selectAll().orderBy('id', 'desc').limit(limit);
  if (!held && deviceId === undefined && purposes === undefined && states === undefined) {
    const until = before === undefined ? newest : newest.where('id', '<', given('before'));
    const since = from === undefined ? until : until.where('id', '>=', given('from'));
    return means === undefined ? since : since.where(means);
  }
  const key = keys.ordered(sql.ref('id'));
  const bounds = [
    ...(means === undefined ? [] : [means]),
    ...(before === undefined ? [] : [sql<boolean>`${key} < ${keys.ordered(given('before'))}`]),
    ...(from === undefined ? [] : [sql<boolean>`${key} >= ${keys.ordered(given('from'))}`]),
  ];
  const asked = purposes?.map((_, index) => given(purposeName(index)));
  const askedStates = states?.map((_, index) => given(stateName(index)));
  if (deviceId !== undefined || held) {
    let ofDevice = builder
      .selectFrom('pushes')
      .selectAll()
      .orderBy(held ? sql.ref('id') : key, 'desc')
      .limit(limit);
    if (deviceId !== undefined) ofDevice = ofDevice.where('device_id', '=', given('deviceId'));
    if (held) ofDevice = ofDevice.where(isHeld);
    for (const bound of bounds) ofDevice = ofDevice.where(bound);
    if (asked !== undefined) ofDevice = ofDevice.where(sql<boolean>`purpose in (${sql.join(asked)})`);
    return askedStates === undefined
      ? ofDevice
      : ofDevice.where(sql<boolean>`state in (${sql.join(askedStates)})`);
  }
  // For one purpose and one state, an index has them in their order: they are merged, and only what is given is read.
  const ofStates = askedStates ?? pushStates.map((each) => sql.lit<string>(each));
  const [one, ...others] = (asked ?? pushPurposes.map((each) => sql.lit<string>(each))).flatMap((purpose) =>
    ofStates.map((each) => {
      let found = builder
        .selectFrom('pushes')
        .select(['id', key.as('place')])
        .where(keys.purpose(sql.ref('purpose')), '=', keys.purpose(purpose))
        .where(keys.state(sql.ref('state')), '=', keys.state(each));
      for (const bound of bounds) found = found.where(bound);
      return found;
    }),
  );
  const merged = others.reduce((query, each) => query?.unionAll(each), one);
  const ids = merged?.orderBy('place', 'desc').limit(limit).as('found');
  return newest.where('id', 'in', ids === undefined ? [] : builder.selectFrom(ids).select('found.id'));
}
