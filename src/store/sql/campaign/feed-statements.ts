// The compiled queries that begin devices of campaigns: what has to be known of all of them, each thing in one statement.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { ListArgs } from '../engine/lists.ts';
import type { CampaignDeviceTable } from '../engine/schema.ts';
import { inWords, statement } from '../engine/statement.ts';
import { type FoldedPush, messageColumns } from '../set/folded-rows.ts';

/** A device of another campaign, with the id of that. */
export type AlongsideRow = CampaignDeviceTable & { readonly campaign_id: string };

export function feedStatements({ builder, locksRows, unfolding: { rows, element, fold } }: SqlEngine) {
  return {
    /**
     * Open notifications of devices that may still be answered, by a list of their ids; none of a device that is suspended or has
     * changed its account.
     */
    openWakes: statement<ListArgs & { now: number }>()((slot) =>
      inWords(
        builder,
        sql<FoldedPush>`select ${fold(messageColumns.map((name) => sql.ref(`pushes.${name}`)))} as push
          from ${rows(slot('list'))} cross join push_sessions cross join pushes cross join devices
          where push_sessions.device_id = ${element('text')} and pushes.id = push_sessions.push_id
            and devices.id = pushes.device_id and devices.server_id = pushes.server_id
            and devices.suspended_at is null and pushes.held_due_at is null
            and pushes.state in ('queued', 'sending', 'sent', 'accepted', 'delivered')
            and pushes.expires_at > ${slot('now')}
            and not (pushes.state = 'queued' and pushes.attempts = 0 and pushes.gated is null
              and pushes.due_at > ${slot('now')})
          ${locksRows ? sql`for update of pushes` : sql``}`,
      ),
    ),
    /** Devices of a list that may begin now in campaigns of another list, of wakes. */
    alongside: statement<ListArgs & { now: number; campaign: number; campaigns: string }>()((slot) =>
      inWords(
        builder,
        sql<AlongsideRow>`select campaign_devices.*, campaigns.id as campaign_id
          from ${rows(slot('list'))} cross join campaign_devices cross join campaigns
          where campaign_devices.device_id = ${element('text')} and campaign_devices.campaign <> ${slot('campaign')}
            and campaign_devices.state = 'pending' and campaign_devices.ended_at is null
            and (campaign_devices.due_at is null or campaign_devices.due_at <= ${slot('now')})
            and campaigns.number = campaign_devices.campaign and campaigns.kind = 'wake' and campaigns.state = 'running'
            and (campaigns.step = 'rest' or campaigns.step = campaign_devices.step)
            and campaigns.id in (select ${element('text')} from ${rows(slot('campaigns'))})
          order by campaigns.id
          ${locksRows ? sql`for update of campaign_devices` : sql``}`,
      ),
    ),
  };
}
