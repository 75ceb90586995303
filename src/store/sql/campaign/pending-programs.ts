// Which devices of a campaign may begin, in SQL: each carrier has its own in the order of an index.
import { sql } from 'kysely';
import type { CampaignDevice, CampaignDeviceStep, PendingCarriers, PendingRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, query } from '../engine/program.ts';
import type { CampaignDeviceTable } from '../engine/schema.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';
import { campaignDevice } from './campaign-rows.ts';
import { campaignStatements, isPending, openCampaign } from './campaign-statements.ts';

interface PendingArgs {
  readonly campaign: number;
  readonly step: CampaignDeviceStep;
  /** Not looked at by the statements on those of no carrier. */
  readonly carrier: string | null;
  readonly now: number;
  readonly limit: number;
}

type Lane = 'placed' | 'unplaced';

export function pendingPrograms(engine: SqlEngine) {
  const { builder } = engine;
  const { byId } = campaignStatements(engine);
  const ofStep = <Args extends Pick<PendingArgs, 'campaign' | 'step'>>(slot: SlotMaker<Args>) =>
    sql`${openCampaign} = ${slot('campaign')} and ${isPending} and step = ${slot('step')}`;
  const inLane = <Args extends Pick<PendingArgs, 'campaign' | 'step' | 'carrier'>>(
    slot: SlotMaker<Args>,
    lane: Lane,
  ) =>
    sql`${ofStep(slot)} and ${lane === 'placed' ? sql`carrier = ${slot('carrier')}` : sql`carrier is null`}`;

  /** Names of carriers, each found by one step in the index. */
  const carriers = statement<Pick<PendingArgs, 'campaign' | 'step'>>()((slot) =>
    inWords(
      builder,
      sql<{ name: string }>`with recursive waiting (name) as (
        select min(carrier) from campaign_devices where ${ofStep(slot)} and carrier > ''
        union all
        select (select min(carrier) from campaign_devices where ${ofStep(slot)} and carrier > name) from waiting
        where name is not null
      ) select name from waiting where name is not null`,
    ),
  );
  const lane = (of: Lane) => ({
    /** Whether one waits for nothing, and the first moment that one waits for. */
    next: statement<Pick<PendingArgs, 'campaign' | 'step' | 'carrier'>>()((slot) =>
      inWords(
        builder,
        sql<{ fresh: number; next: number | null }>`select
          case when exists (select 1 from campaign_devices where ${inLane(slot, of)} and due_at is null)
            then 1 else 0 end as fresh,
          (select min(due_at) from campaign_devices where ${inLane(slot, of)} and due_at >= 0) as next`,
      ),
    ),
    waited: statement<PendingArgs>()((slot) =>
      inWords(
        builder,
        sql<CampaignDeviceTable>`select * from campaign_devices
          where ${inLane(slot, of)} and due_at >= 0 and due_at <= ${slot('now')}
          order by due_at, ordinal limit ${slot('limit')}`,
      ),
    ),
    fresh: statement<PendingArgs>()((slot) =>
      inWords(
        builder,
        sql<CampaignDeviceTable>`select * from campaign_devices where ${inLane(slot, of)} and due_at is null
          order by ordinal limit ${slot('limit')}`,
      ),
    ),
  });
  const lanes = { placed: lane('placed'), unplaced: lane('unplaced') };
  const laneOf = (carrier: string | null) => (carrier === null ? lanes.unplaced : lanes.placed);

  return {
    *carriers(id: string, step: CampaignDeviceStep, now: number): Program<PendingCarriers> {
      const row = yield* first(byId, { id });
      if (row === undefined) return { carriers: [] };
      const { number: campaign } = row;
      const named = (yield* all(carriers, { campaign, step })).map(({ name }) => name);
      const wanted: readonly (string | null)[] = [null, ...named];
      const answers = yield wanted.map((carrier) => query(laneOf(carrier).next, { campaign, step, carrier }));
      const due: (string | null)[] = [];
      let nextDueAt: number | undefined;
      for (const [index, carrier] of wanted.entries()) {
        const { fresh, next } = answers[index]?.rows[0] ?? {};
        const waits = next === null || next === undefined ? undefined : Number(next);
        if (Number(fresh ?? 0) === 1 || (waits !== undefined && waits <= now)) due.push(carrier);
        if (waits !== undefined && waits > now) nextDueAt = Math.min(waits, nextDueAt ?? waits);
      }
      return { carriers: due, ...(nextDueAt !== undefined && { nextDueAt }) };
    },

    *devices(
      { campaign: id, carrier, step, limit }: PendingRequest,
      now: number,
    ): Program<readonly CampaignDevice[]> {
      const row = yield* first(byId, { id });
      if (row === undefined) return [];
      const args = { campaign: row.number, step, carrier, now, limit };
      const { waited, fresh } = laneOf(carrier);
      const answers = yield [query(waited, args), query(fresh, args)];
      const rows = answers.flatMap((answer) => answer.rows as unknown as readonly CampaignDeviceTable[]);
      return rows.slice(0, limit).map(campaignDevice);
    },
  };
}
