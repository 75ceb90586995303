// Counts of devices of campaigns: what a transaction moves is gathered, and written with the devices.
import { sql } from 'kysely';
import type { CampaignCount } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { type ListArgs, listOf } from '../engine/lists.ts';
import { type Query, query } from '../engine/program.ts';
import type { CampaignCountTable, CampaignDeviceTable } from '../engine/schema.ts';
import { inWords, type Statement, statement } from '../engine/statement.ts';

/** What a device counts as. */
export type Counted = Pick<CampaignDeviceTable, 'campaign' | 'step' | 'state' | 'reason'>;

/** Gathers how counts change. */
export class CountChanges {
  readonly #changes = new Map<string, { readonly of: Counted; n: number }>();

  /** One more that counts as this. */
  add(of: Counted): void {
    this.#count(of, 1);
  }

  /** One that counted as the first counts as the second. */
  move(before: Counted, after: Counted): void {
    this.#count(before, -1);
    this.#count(after, 1);
  }

  /** A row for each count that changes. */
  get rows(): readonly (readonly [number, string, string, string, number])[] {
    return [...this.#changes.values()].flatMap(({ of: { campaign, step, state, reason }, n }) =>
      n === 0 ? [] : [[campaign, step, state, reason ?? '', n] as const],
    );
  }

  #count(of: Counted, by: number): void {
    const name = `${of.campaign} ${of.step} ${of.state} ${of.reason ?? ''}`;
    const found = this.#changes.get(name);
    if (found === undefined) this.#changes.set(name, { of, n: by });
    else found.n += by;
  }
}

export function campaignCounts({ builder, unfolding: { rows, member, element } }: SqlEngine) {
  const add: Statement<ListArgs, never> = statement<ListArgs>()((slot) =>
    inWords(
      builder,
      // A select that ends with its table would be taken for a join with what follows.
      sql<never>`insert into campaign_counts (campaign, step, state, reason, n)
        select ${member(0, 'number')}, ${member(1, 'text')}, ${member(2, 'text')}, ${member(3, 'text')}, ${member(4, 'number')}
        from ${rows(slot('list'))} where true
        on conflict (campaign, step, state, reason) do update set n = campaign_counts.n + excluded.n`,
    ),
  );
  return {
    /** Writes changes; no query where there are none. */
    write(changes: CountChanges): Query[] {
      const list = changes.rows;
      return list.length === 0 ? [] : [query(add, listOf(list))];
    },
    /** All that are not 0 of campaigns, by a list of their numbers. */
    ofCampaigns: statement<ListArgs>()((slot) =>
      inWords(
        builder,
        sql<CampaignCountTable>`select campaign, step, state, reason, n from campaign_counts
          where campaign in (select ${element('number')} from ${rows(slot('list'))}) and n <> 0
          order by campaign, step, state, reason`,
      ),
    ),
  };
}

export function countOf({ step, state, reason, n }: CampaignCountTable): CampaignCount {
  return { step, state, reason, count: Number(n) };
}
