// Version 15 of the database: campaigns, their devices, and what pushes know of them. An expansion: releases that know version 8 still
// write it; they leave campaigns alone, and send what these keep back.
import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';

export function campaigns({ builder, keys, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const { schema } = builder;
  const column = (name: string) => sql.ref<string>(name);
  const index = (
    name: string,
    on: string,
    columns: readonly RawBuilder<unknown>[],
    of = sql``,
    unique = sql``,
  ) =>
    sql`create ${unique}index ${sql.ref(name)} on ${sql.table(on)} (${sql.join(columns)})${of}`.compile(
      builder,
    );
  const devices = schema
    .createTable('campaign_devices')
    .addColumn('campaign', 'integer', (made) => made.notNull())
    .addColumn('ordinal', 'integer', (made) => made.notNull())
    .addColumn('device_id', 'text', (made) => made.notNull())
    .addColumn('step', 'text', (made) => made.notNull())
    .addColumn('state', 'text', (made) => made.notNull())
    .addColumn('carrier', 'text')
    .addColumn('due_at', 'bigint')
    .addColumn('push_id', 'text')
    .addColumn('job_id', 'text')
    .addColumn('shared', 'integer', (made) => made.notNull())
    .addColumn('tries', 'integer', (made) => made.notNull())
    .addColumn('reason', 'text')
    .addColumn('detail', 'text')
    .addColumn('began_at', 'bigint')
    .addColumn('ended_at', 'bigint')
    .addPrimaryKeyConstraint('campaign_devices_key', ['campaign', 'ordinal']);
  const counts = schema
    .createTable('campaign_counts')
    .addColumn('campaign', 'integer', (made) => made.notNull())
    .addColumn('step', 'text', (made) => made.notNull())
    .addColumn('state', 'text', (made) => made.notNull())
    .addColumn('reason', 'text', (made) => made.notNull())
    .addColumn('n', 'integer', (made) => made.notNull())
    .addPrimaryKeyConstraint('campaign_counts_key', ['campaign', 'step', 'state', 'reason']);
  return [
    schema
      .createTable('campaigns')
      .addColumn('id', 'text', (made) => made.primaryKey().notNull())
      .addColumn('number', 'integer', (made) => made.notNull().unique())
      .addColumn('kind', 'text', (made) => made.notNull())
      .addColumn('plan', 'text', (made) => made.notNull())
      .addColumn('state', 'text', (made) => made.notNull())
      .addColumn('step', 'text', (made) => made.notNull())
      .addColumn('accounts', 'text')
      .addColumn('actor', 'text')
      .addColumn('owner', 'text')
      .addColumn('approval', 'text')
      .addColumn('cursor', 'text')
      .addColumn('looked_up', 'integer', (made) => made.notNull())
      .addColumn('devices', 'integer', (made) => made.notNull())
      .addColumn('canary_devices', 'integer', (made) => made.notNull())
      .addColumn('canary_at', 'bigint')
      .addColumn('forgiven', 'text')
      .addColumn('reason', 'text')
      .addColumn('version', 'integer', (made) => made.notNull())
      .addColumn('idempotency_key', 'text')
      .addColumn('idempotency_fingerprint', 'text')
      .addColumn('created_at', 'bigint', (made) => made.notNull())
      .addColumn('started_at', 'bigint')
      .addColumn('ended_at', 'bigint')
      .addColumn('updated_at', 'bigint', (made) => made.notNull())
      // The last one, so that a large body is not in the way of the others.
      .addColumn('content', 'text', (made) => made.notNull())
      .compile(),
    // A campaign of nobody shares its keys with the others of nobody.
    index(
      'campaigns_idempotency',
      'campaigns',
      [sql`coalesce(owner, '')`, column('idempotency_key')],
      sql` where idempotency_key is not null`,
      sql`unique `,
    ),
    index('campaigns_ended', 'campaigns', [column('ended_at')]),
    // The rows lie in the order of their key, and there are few octets of each.
    ...[devices, counts].map((table) => (locksRows ? table : table.modifyEnd(sql`without rowid`)).compile()),
    // Each device once in a campaign; and whether other campaigns wait for it.
    index(
      'campaign_devices_device',
      'campaign_devices',
      [column('device_id'), column('campaign')],
      sql``,
      sql`unique `,
    ),
    // What is not over: by carrier in the order of its turn, and what is under way. In words that are no prefix of the key of the
    // table, which has all devices of the campaign.
    index(
      'campaign_devices_open',
      'campaign_devices',
      [sql`(campaign + 0)`, ...['state', 'step', 'carrier', 'due_at', 'ordinal'].map(column)],
      sql` where ended_at is null`,
    ),
    index(
      'campaign_devices_push',
      'campaign_devices',
      [keys.ordered(column('push_id'))],
      sql` where ended_at is null and push_id is not null`,
    ),
    index(
      'campaign_devices_job',
      'campaign_devices',
      [keys.ordered(column('job_id'))],
      sql` where ended_at is null and job_id is not null`,
    ),
    schema.alterTable('pushes').addColumn('other_campaigns', 'text').compile(),
    schema.alterTable('pushes').addColumn('gated', 'integer').compile(),
    // By the one that made it; of those that others share, these too.
    index(
      'pushes_gated',
      'pushes',
      [column('campaign_id'), column('other_campaigns')],
      sql` where gated = 1`,
    ),
  ];
}
