// Devices of campaigns in SQL: found, asked for, ended before they begin, tried again, shown.
import { sql } from 'kysely';
import { StoreError } from '../../../core/index.ts';
import type {
  CampaignCount,
  CampaignDevice,
  CampaignDevicePage,
  CampaignDeviceState,
  CampaignLook,
  CampaignRecord,
  FoundDevice,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { type ListArgs, listOf } from '../engine/lists.ts';
import { all, first, type Program, query, type Transaction } from '../engine/program.ts';
import type { CampaignDeviceTable, CampaignTable } from '../engine/schema.ts';
import { inWords, once, statement } from '../engine/statement.ts';
import { Seals } from '../seal/seals.ts';
import { CountChanges, campaignCounts, countOf } from './campaign-counts.ts';
import { campaignDevice, campaignRecord } from './campaign-rows.ts';
import { campaignStatements, isPending, openCampaign } from './campaign-statements.ts';
import { deviceChanges } from './device-changes.ts';
import { newDevice, newDevices } from './new-devices.ts';

const failedStates: readonly CampaignDeviceState[] = ['failed', 'expired'];

export function campaignDevicePrograms(engine: SqlEngine) {
  const { builder, locksRows, unfolding } = engine;
  const seals = new Seals(engine.sealer);
  const statements = campaignStatements(engine);
  const counts = campaignCounts(engine);
  const insert = newDevices(engine);
  const changesOf = deviceChanges(engine);

  const somePending = statement<{ campaign: number; limit: number }>()((slot) =>
    inWords(
      builder,
      sql<CampaignDeviceTable>`select * from campaign_devices where ${openCampaign} = ${slot('campaign')} and ${isPending}
        limit ${slot('limit')} ${locksRows ? sql`for update` : sql``}`,
    ),
  );
  const byOrdinals = statement<ListArgs & { campaign: number }>()((slot) =>
    inWords(
      builder,
      sql<CampaignDeviceTable>`select * from campaign_devices where campaign = ${slot('campaign')}
        and ordinal in (select ${unfolding.element('number')} from ${unfolding.rows(slot('list'))})
        ${locksRows ? sql`for update` : sql``}`,
    ),
  );

  /** @throws {StoreError} UNKNOWN_CAMPAIGN */
  function* forChange(id: string): Program<CampaignTable> {
    const row = yield* first(statements.byIdForChange, { id });
    if (row === undefined) throw new StoreError('UNKNOWN_CAMPAIGN', `there is no campaign ${id}`);
    return row;
  }

  function* countsOf(id: string): Program<readonly CampaignCount[]> {
    const row = yield* first(statements.byId, { id });
    return row === undefined
      ? []
      : (yield* all(counts.ofCampaigns, listOf([row.number]))).map((row) => countOf(row));
  }

  return {
    *add(
      { now }: Transaction,
      id: string,
      found: readonly FoundDevice[],
      look: CampaignLook,
    ): Program<CampaignRecord> {
      const row = yield* forChange(id);
      if (row.ended_at !== null) return campaignRecord(row, seals);
      const campaign = row.number;
      const [known, last, counted] = yield [
        query(statements.known, { campaign, ...listOf(found.map(({ deviceId }) => deviceId)) }),
        query(statements.lastOrdinal, { campaign }),
        query(counts.ofCampaigns, listOf([campaign])),
      ];
      const there = new Set((known?.rows ?? []).map(({ device_id }) => String(device_id)));
      let ordinal = Number(last?.rows[0]?.last ?? -1);
      let canary = 0;
      for (const { step, n } of counted?.rows ?? []) if (step === 'canary') canary += Number(n);
      const changes = new CountChanges();
      const rows: CampaignDeviceTable[] = [];
      for (const each of found) {
        if (there.has(each.deviceId)) continue;
        there.add(each.deviceId);
        ordinal += 1;
        const isCanary = each.leftOut === undefined && canary < look.canaryDevices;
        if (isCanary) canary += 1;
        const made = newDevice(campaign, ordinal, each, isCanary ? 'canary' : 'rest', now);
        rows.push(made);
        changes.add(made);
      }
      const lookedUp = look.lookedUp === true || row.looked_up !== 0;
      const set: Partial<CampaignTable> = {
        ...(look.cursor !== undefined && { cursor: look.cursor }),
        looked_up: lookedUp ? 1 : 0,
        ...(lookedUp && { devices: ordinal + 1 }),
        canary_devices: look.canaryDevices,
        updated_at: now,
      };
      yield [
        ...(rows.length === 0 ? [] : [insert(rows)]),
        ...counts.write(changes),
        query(once(builder.updateTable('campaigns').set(set).where('id', '=', id)), undefined),
      ];
      return campaignRecord({ ...row, ...set }, seals);
    },

    *endPending(
      { now }: Transaction,
      id: string,
      { state, reason }: { readonly state: CampaignDeviceState; readonly reason: string },
      limit: number,
    ): Program<number> {
      const { number: campaign } = yield* forChange(id);
      const found = yield* all(somePending, { campaign, limit });
      const changes = changesOf.begin();
      for (const row of found) changes.put(row, { ...row, state, reason, due_at: null, ended_at: now });
      yield changes.queries();
      return found.length;
    },

    /** Ordinals of up to `limit` that failed or expired. */
    *failed(id: string, limit: number): Program<readonly number[]> {
      const row = yield* first(statements.byId, { id });
      if (row === undefined) return [];
      const counted = yield* all(counts.ofCampaigns, listOf([row.number]));
      if (!counted.some(({ state }) => failedStates.includes(state))) return [];
      const found = builder
        .selectFrom('campaign_devices')
        .select('ordinal')
        .where('campaign', '=', row.number)
        .where('state', 'in', [...failedStates])
        .orderBy('ordinal')
        .limit(limit);
      return (yield* all(once(found), undefined)).map(({ ordinal }) => ordinal);
    },

    /** Those of the ordinals that still are so are pending again. */
    *retry(id: string, ordinals: readonly number[]): Program<number> {
      const { number: campaign, step } = yield* forChange(id);
      const found = yield* all(byOrdinals, { campaign, ...listOf(ordinals) });
      const changes = changesOf.begin();
      const failed = found.filter(({ state }) => failedStates.includes(state));
      for (const row of failed) {
        changes.put(row, {
          ...row,
          state: 'pending',
          step: step === 'rest' ? 'rest' : row.step,
          due_at: null,
          push_id: null,
          job_id: null,
          shared: 0,
          reason: null,
          detail: null,
          began_at: null,
          ended_at: null,
        });
      }
      yield changes.queries();
      return failed.length;
    },

    counts: countsOf,

    *page(id: string, page: CampaignDevicePage): Program<readonly CampaignDevice[]> {
      const row = yield* first(statements.byId, { id });
      if (row === undefined) return [];
      let found = builder
        .selectFrom('campaign_devices')
        .selectAll()
        .where('campaign', '=', row.number)
        .orderBy('ordinal')
        .limit(page.limit);
      if (page.afterOrdinal !== undefined) found = found.where('ordinal', '>', page.afterOrdinal);
      if (page.states !== undefined) found = found.where('state', 'in', [...page.states]);
      if (page.reason !== undefined) found = found.where('reason', '=', page.reason);
      if (page.deviceId !== undefined) found = found.where('device_id', '=', page.deviceId);
      return (yield* all(once(found), undefined)).map(campaignDevice);
    },
  };
}
