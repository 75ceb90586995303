// Lists of jobs: newest first, by the index that the filter asks for.
import type { JobFilter, JobState, PageRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { boundsOf } from '../engine/page.ts';
import { ofDevices } from '../record/of-devices.ts';

/** The query of a page; one row more than it holds. `states`: one or more, or all where it is absent. */
export function jobList(
  engine: SqlEngine,
  page: PageRequest & JobFilter,
  states: readonly JobState[] | undefined,
  now: number,
) {
  const { builder } = engine;
  const means = page.devices === undefined ? undefined : ofDevices(engine, 'jobs', page.devices, now);
  const { before, from } = boundsOf(page);
  const { deviceId } = page;
  let newest = builder
    .selectFrom('jobs')
    .selectAll()
    .orderBy('id', 'desc')
    .limit(page.limit + 1);
  if (states !== undefined && states.length > 1 && deviceId === undefined) {
    // An index has those of one state in their order: they are merged, and only what is given is read.
    const [one, ...others] = states.map((state) => {
      let found = builder.selectFrom('jobs').select('id').where('state', '=', state);
      if (before !== undefined) found = found.where('id', '<', before);
      if (from !== undefined) found = found.where('id', '>=', from);
      if (means !== undefined) found = found.where(means);
      return found;
    });
    const merged = others.reduce((query, each) => query?.unionAll(each), one);
    const ids = merged?.orderBy('id', 'desc').limit(page.limit + 1);
    return newest.where(
      'id',
      'in',
      ids === undefined ? [] : builder.selectFrom(ids.as('found')).select('found.id'),
    );
  }
  if (before !== undefined) newest = newest.where('id', '<', before);
  if (from !== undefined) newest = newest.where('id', '>=', from);
  if (means !== undefined) newest = newest.where(means);
  if (deviceId !== undefined) newest = newest.where('device_id', '=', deviceId);
  return states === undefined ? newest : newest.where('state', 'in', states);
}
