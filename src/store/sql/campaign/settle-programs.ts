// Devices of campaigns ended by what became of their pushes and jobs, in SQL; and what is still under way, looked at.
import { sql } from 'kysely';
import type { CampaignOutcome, CancellablePush, JobState, PushState, SettledCampaign } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { type ListArgs, listOf } from '../engine/lists.ts';
import { all, first, type Program, query, type Transaction } from '../engine/program.ts';
import type { CampaignCountTable, CampaignDeviceTable } from '../engine/schema.ts';
import { inWords, statement } from '../engine/statement.ts';
import { campaignCounts, countOf } from './campaign-counts.ts';
import { campaignStatements } from './campaign-statements.ts';
import { deviceChanges } from './device-changes.ts';

/** A device under way, with what its push and its job are now. */
interface UnsettledRow {
  readonly push_id: string | null;
  readonly job_id: string | null;
  /** Null: it is gone. */
  readonly push_state: PushState | null;
  readonly push_reason: string | null;
  readonly job_state: JobState | null;
  readonly job_open: number | null;
  readonly job_reason: string | null;
}

interface CancellableRow {
  readonly ordinal: number;
  readonly push_id: string | null;
  readonly job_id: string | null;
}

type EndState = CampaignOutcome['state'];

export function settlePrograms(engine: SqlEngine) {
  const { builder, keys, locksRows, unfolding } = engine;
  const statements = campaignStatements(engine);
  const counts = campaignCounts(engine);
  const changesOf = deviceChanges(engine);

  const underWayBy = (column: 'push_id' | 'job_id') =>
    statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<CampaignDeviceTable>`select * from campaign_devices
          where ${keys.ordered(sql.ref(column))} in (
            select ${keys.ordered(sql`${unfolding.element('text')}`)} from ${unfolding.rows(slot('list'))})
          and ended_at is null and ${sql.ref(column)} is not null ${locksRows ? sql`for update` : sql``}`,
      ),
    );
  const byPushes = underWayBy('push_id');
  const byJobs = underWayBy('job_id');

  const ofCampaign = sql`own.campaign + 0`;
  const isUnder = sql`own.state = 'under-way' and own.ended_at is null`;
  const ended = sql`pushes.state in ('failed', 'expired', 'cancelled')`;
  const unsettled = statement<{ campaign: number; limit: number }>()((slot) =>
    inWords(
      builder,
      sql<UnsettledRow>`select own.push_id, own.job_id, pushes.state as push_state, pushes.reason as push_reason,
          jobs.state as job_state, jobs.open as job_open, jobs.reason as job_reason
        from campaign_devices as own
          left join pushes on pushes.id = own.push_id left join jobs on jobs.id = own.job_id
        where ${ofCampaign} = ${slot('campaign')} and ${isUnder} and (
          (own.job_id is not null and (jobs.id is null or jobs.open = 0 or ${ended}))
          or (own.job_id is null and (pushes.id is null or pushes.open = 0)))
        limit ${slot('limit')}`,
    ),
  );
  const cancellable = statement<{ campaign: number; after: number; limit: number }>()((slot) =>
    inWords(
      builder,
      sql<CancellableRow>`select * from (
          select own.ordinal, jobs.id as job_id, case when pushes.campaign_id is not null
            and not exists (select 1 from campaign_devices as other cross join campaigns
              where ${keys.ordered(sql.ref('other.push_id'))} = ${keys.ordered(sql.ref('own.push_id'))}
                and other.ended_at is null and other.push_id is not null and other.campaign <> own.campaign
                and campaigns.number = other.campaign and campaigns.ended_at is null
                and campaigns.state <> 'cancelled')
            then pushes.id end as push_id
          from campaign_devices as own
            left join pushes on pushes.id = own.push_id and pushes.open = 1
            left join jobs on jobs.id = own.job_id and jobs.open = 1
          where ${ofCampaign} = ${slot('campaign')} and ${isUnder}
            and own.ordinal > ${slot('after')}) as found
        where push_id is not null or job_id is not null
        order by ordinal limit ${slot('limit')}`,
    ),
  );

  return {
    *settle({ now }: Transaction, outcomes: readonly CampaignOutcome[]): Program<readonly SettledCampaign[]> {
      const ofPushes = new Map<string, CampaignOutcome>();
      const ofJobs = new Map<string, CampaignOutcome>();
      for (const outcome of outcomes) {
        const { jobId, pushId } = outcome;
        if (jobId !== undefined) ofJobs.set(jobId, outcome);
        else if (pushId !== undefined) ofPushes.set(pushId, outcome);
      }
      const [pushed, worked] = yield [
        query(byPushes, listOf([...ofPushes.keys()])),
        query(byJobs, listOf([...ofJobs.keys()])),
      ];
      const changes = changesOf.begin();
      const jobs = new Map<number, string[]>();
      const done = new Set<string>();
      const end = (row: CampaignDeviceTable, { state, reason, detail }: CampaignOutcome): void => {
        const name = `${row.campaign} ${row.ordinal}`;
        if (done.has(name)) return;
        done.add(name);
        changes.put(row, {
          ...row,
          state,
          reason: reason === '' ? null : reason,
          detail: detail ?? null,
          ended_at: now,
        });
        if (!jobs.has(row.campaign)) jobs.set(row.campaign, []);
      };
      for (const row of (worked?.rows ?? []) as unknown as readonly CampaignDeviceTable[]) {
        const outcome = ofJobs.get(row.job_id ?? '');
        if (outcome !== undefined) end(row, outcome);
      }
      for (const row of (pushed?.rows ?? []) as unknown as readonly CampaignDeviceTable[]) {
        const outcome = ofPushes.get(row.push_id ?? '');
        // The device answered, and its job goes on.
        if (outcome === undefined || (outcome.state === 'completed' && row.job_id !== null)) continue;
        end(row, outcome);
        if (row.job_id !== null) jobs.get(row.campaign)?.push(row.job_id);
      }
      if (jobs.size === 0) return [];
      const list = listOf([...jobs.keys()]);
      const answers = yield [
        ...changes.queries(),
        query(statements.names, list),
        query(counts.ofCampaigns, list),
      ];
      const names = (answers.at(-2)?.rows ?? []) as unknown as readonly { id: string; number: number }[];
      const rows = (answers.at(-1)?.rows ?? []) as unknown as readonly CampaignCountTable[];
      return names.map(({ id, number }): SettledCampaign => {
        const left = jobs.get(number) ?? [];
        return {
          campaign: id,
          counts: rows.filter(({ campaign }) => campaign === number).map((row) => countOf(row)),
          ...(left.length > 0 && { jobs: left }),
        };
      });
    },

    *unsettled(id: string, limit: number): Program<readonly CampaignOutcome[]> {
      const row = yield* first(statements.byId, { id });
      if (row === undefined) return [];
      return (yield* all(unsettled, { campaign: row.number, limit })).map(outcomeOf);
    },

    *cancellable(id: string, limit: number, after = -1): Program<readonly CancellablePush[]> {
      const row = yield* first(statements.byId, { id });
      if (row === undefined) return [];
      const found = yield* all(cancellable, { campaign: row.number, after, limit });
      return found.map(({ ordinal, push_id, job_id }) => ({
        ordinal,
        ...(push_id !== null && { pushId: push_id }),
        ...(job_id !== null && { jobId: job_id }),
      }));
    },
  };
}

/** What became of a device whose push or job is over or gone. */
function outcomeOf(row: UnsettledRow): CampaignOutcome {
  const { push_id: pushId, job_id: jobId } = row;
  const told = (state: EndState, detail: string | null, reason = '') => ({
    state,
    reason,
    ...(detail !== null && { detail }),
  });
  if (jobId !== null && (row.job_state === null || row.job_open === 0)) {
    const { job_state: state } = row;
    if (state === 'completed' || state === 'cancelled') return { jobId, ...told(state, row.job_reason) };
    return { jobId, ...told('failed', state === null ? 'its job is gone' : row.job_reason) };
  }
  const named = { pushId: pushId ?? '' };
  const { push_state: state } = row;
  if (state === null) return { ...named, ...told('failed', 'its push is gone') };
  if (state === 'failed' || state === 'expired' || state === 'cancelled')
    return { ...named, ...told(state, row.push_reason) };
  return { ...named, ...told('completed', null, state === 'unreported' ? state : '') };
}
