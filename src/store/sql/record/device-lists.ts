// Lists and counts of devices in SQL.
import type { SelectQueryBuilder } from 'kysely';
import type { DeviceRecord, DeviceSelection, Page, PageRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program } from '../engine/program.ts';
import type { Schema } from '../engine/schema.ts';
import { once } from '../engine/statement.ts';
import { Seals } from '../seal/seals.ts';
import { labelsColumn } from './device-statements.ts';
import { filterSql } from './filter-sql.ts';
import { deviceRecord } from './record-rows.ts';

export function deviceLists(engine: SqlEngine) {
  const { builder } = engine;
  const seals = new Seals(engine.sealer);
  const sqlOf = filterSql(engine);

  function selected<Row>(
    query: SelectQueryBuilder<Schema, 'devices', Row>,
    { serverId, accounts, filter }: DeviceSelection,
    now: number,
  ) {
    let narrowed = query;
    if (serverId !== undefined) narrowed = narrowed.where('devices.server_id', '=', serverId);
    // Without any, nothing is to be seen.
    if (accounts !== undefined)
      narrowed = narrowed.where('devices.server_id', 'in', accounts.length === 0 ? [''] : accounts);
    if (filter !== undefined) narrowed = narrowed.where(sqlOf(filter.condition, now));
    return narrowed;
  }

  function paged<Row>(
    query: SelectQueryBuilder<Schema, 'devices', Row>,
    page: PageRequest & DeviceSelection,
    now: number,
  ) {
    const ordered = selected(query, page, now)
      .orderBy('devices.id')
      .limit(page.limit + 1);
    return page.after === undefined ? ordered : ordered.where('devices.id', '>', page.after);
  }

  return {
    *list(page: PageRequest & DeviceSelection, now: number): Program<Page<DeviceRecord>> {
      const query = builder.selectFrom('devices').selectAll().select(labelsColumn(engine).as('labels'));
      const rows = yield* all(once(paged(query, page, now)), undefined);
      return pageOf(
        rows.map((row) => deviceRecord(row, seals)),
        page.limit,
        (device) => device.id,
      );
    },

    *ids(page: PageRequest & DeviceSelection, now: number): Program<Page<string>> {
      const query = builder.selectFrom('devices').select('devices.id');
      const rows = yield* all(once(paged(query, page, now)), undefined);
      return pageOf(
        rows.map(({ id }) => id),
        page.limit,
        (id) => id,
      );
    },

    *count(selection: DeviceSelection, now: number): Program<number> {
      const query = builder.selectFrom('devices').select(({ fn }) => fn.countAll<number>().as('count'));
      const row = yield* first(once(selected(query, selection, now)), undefined);
      return Number(row?.count ?? 0);
    },
  };
}
