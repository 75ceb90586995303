// The compiled queries on campaigns that several programs ask.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import type { CampaignDeviceTable } from '../engine/schema.ts';
import { inWords, type SlotMaker, statement } from '../engine/statement.ts';

/** Devices of a list in one campaign. */
export interface DevicesArgs extends ListArgs {
  readonly campaign: number;
}

// Written into the text, not bound: only so does SQLite see which index applies.
/** The number of the campaign in the index of what is not over, and in none other. */
export const openCampaign = sql`campaign + 0`;
/** Not begun. */
export const isPending = sql`state = 'pending' and ended_at is null`;

export function campaignStatements({ builder, locksRows, unfolding: { rows, element } }: SqlEngine) {
  const byId = (locked: boolean) =>
    statement<{ id: string }>()((slot) => {
      const found = builder.selectFrom('campaigns').selectAll().where('id', '=', slot('id'));
      return locked && locksRows ? found.forUpdate() : found;
    });
  const each = (slot: SlotMaker<DevicesArgs>) =>
    sql`${rows(slot('list'))} cross join campaign_devices
      where device_id = ${element('text')} and campaign = ${slot('campaign')}`;
  return {
    byId: byId(false),
    byIdForChange: byId(true),
    /** Ids and numbers of campaigns, by a list of their numbers. */
    names: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<{ id: string; number: number }>`select id, number from campaigns
          where number in (select ${element('number')} from ${rows(slot('list'))})`,
      ),
    ),
    /** Those of a list of devices that the campaign has. */
    known: statement<DevicesArgs>()((slot) =>
      inWords(builder, sql<{ device_id: string }>`select device_id from ${each(slot)}`),
    ),
    /** Those of a list that are pending, to be changed. */
    pendingOf: statement<DevicesArgs>()((slot) =>
      inWords(
        builder,
        sql<CampaignDeviceTable>`select campaign_devices.* from ${each(slot)} and ${isPending}
          ${locksRows ? sql`for update of campaign_devices` : sql``}`,
      ),
    ),
    lastOrdinal: statement<{ campaign: number }>()((slot) =>
      inWords(
        builder,
        sql<{ last: number | null }>`select max(ordinal) as last from campaign_devices
          where campaign = ${slot('campaign')}`,
      ),
    ),
  };
}
