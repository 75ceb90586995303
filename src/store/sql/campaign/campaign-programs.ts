// Campaigns in SQL: made, read, changed, and removed when they are old.
import { sql } from 'kysely';
import { StoreError } from '../../../core/index.ts';
import {
  type CampaignChange,
  type CampaignCreation,
  type CampaignFilter,
  type CampaignRecord,
  canarySize,
  type NewNotice,
  type Page,
  type PageRequest,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { identifierMaker } from '../engine/identifier.ts';
import { type ListArgs, listOf } from '../engine/lists.ts';
import { boundsOf, pageOf } from '../engine/page.ts';
import { all, first, type Program, query, run, type Transaction } from '../engine/program.ts';
import type { CampaignTable } from '../engine/schema.ts';
import { inWords, once, statement } from '../engine/statement.ts';
import type { noticePrograms } from '../notice/notice-programs.ts';
import { Seals } from '../seal/seals.ts';
import { CountChanges, campaignCounts } from './campaign-counts.ts';
import { campaignRecord, planColumns } from './campaign-rows.ts';
import { campaignStatements } from './campaign-statements.ts';
import { newDevice, newDevices } from './new-devices.ts';

/** States from which one goes on by itself. */
const goingOnStates = ['scheduled', 'running'] as const;

/** Devices of a list that go to the engine together. */
const chunk = 5000;

export function campaignPrograms(
  engine: SqlEngine,
  { note }: Pick<ReturnType<typeof noticePrograms>, 'note'>,
) {
  const { builder, unfolding } = engine;
  const seals = new Seals(engine.sealer);
  const statements = campaignStatements(engine);
  const counts = campaignCounts(engine);
  const insertDevices = newDevices(engine);
  const newIdentifier = identifierMaker();
  const recordOf = (row: CampaignTable) => campaignRecord(row, seals);

  const byKey = statement<{ owner: string; key: string }>()((slot) =>
    inWords(
      builder,
      sql<CampaignTable>`select * from campaigns
        where coalesce(owner, '') = ${slot('owner')} and idempotency_key = ${slot('key')}`,
    ),
  );
  const lastNumber = statement<Record<never, never>>()(() =>
    inWords(builder, sql<{ last: number | null }>`select max(number) as last from campaigns`),
  );
  const accountsOf = statement<ListArgs>()((slot) =>
    inWords(
      builder,
      sql<{ id: string; server_id: string }>`select id, server_id from devices
        where id in (select ${unfolding.element('text')} from ${unfolding.rows(slot('list'))})`,
    ),
  );
  const open = statement<Record<never, never>>()(() =>
    builder.selectFrom('campaigns').selectAll().where('ended_at', 'is', null).orderBy('id'),
  );
  const goingOn = statement<Record<never, never>>()(() =>
    builder
      .selectFrom('campaigns')
      .selectAll()
      .where('state', 'in', [...goingOnStates])
      .orderBy('id'),
  );
  const oldest = statement<{ before: number }>()((slot) =>
    builder
      .selectFrom('campaigns')
      .select(['number'])
      .where('ended_at', '<', slot('before'))
      .orderBy('ended_at')
      .limit(1),
  );
  const dropDevices = statement<{ campaign: number; limit: number }>()((slot) =>
    inWords(
      builder,
      sql`delete from campaign_devices where campaign = ${slot('campaign')} and ordinal in (
        select ordinal from campaign_devices where campaign = ${slot('campaign')}
        order by ordinal limit ${slot('limit')})`,
    ),
  );
  const dropCounts = statement<{ campaign: number }>()((slot) =>
    builder.deleteFrom('campaign_counts').where('campaign', '=', slot('campaign')),
  );
  const drop = statement<{ campaign: number }>()((slot) =>
    builder.deleteFrom('campaigns').where('number', '=', slot('campaign')),
  );

  /** @throws {StoreError} UNKNOWN_DEVICE */
  function* requireDevices(ids: readonly string[], accounts: readonly string[] | undefined): Program<void> {
    for (let at = 0; at < ids.length; at += chunk) {
      const some = ids.slice(at, at + chunk);
      const found = yield* all(accountsOf, listOf(some));
      const there = new Set(
        found.flatMap(({ id, server_id }) => (accounts?.includes(server_id) === false ? [] : [id])),
      );
      const missing = some.find((id) => !there.has(id));
      if (missing !== undefined) throw new StoreError('UNKNOWN_DEVICE', `there is no device ${missing}`);
    }
  }

  function* addList(number: number, ids: readonly string[], canary: number): Program<void> {
    const changes = new CountChanges();
    for (let at = 0; at < ids.length; at += chunk) {
      const rows = ids
        .slice(at, at + chunk)
        .map((deviceId, index) =>
          newDevice(number, at + index, { deviceId }, at + index < canary ? 'canary' : 'rest', null),
        );
      for (const row of rows) changes.add(row);
      yield [insertDevices(rows)];
    }
    yield counts.write(changes);
  }

  return {
    *create(
      transaction: Transaction,
      creation: CampaignCreation,
    ): Program<{ readonly campaign: CampaignRecord; readonly created: boolean }> {
      const { now } = transaction;
      const { plan, idempotency, list, owner, accounts } = creation;
      if (idempotency !== undefined) {
        const { key, fingerprint } = idempotency;
        const before = yield* first(byKey, { owner: owner ?? '', key });
        if (before !== undefined) {
          if (before.idempotency_fingerprint === fingerprint)
            return { campaign: recordOf(before), created: false };
          throw new StoreError(
            'IDEMPOTENCY_CONFLICT',
            `the idempotency key ${key} was used for another request`,
          );
        }
      }
      const devices = list?.length ?? creation.devices;
      if (list !== undefined) yield* requireDevices(list, accounts);
      const number = Number((yield* first(lastNumber, {}))?.last ?? 0) + 1;
      const id = newIdentifier(now);
      const row: CampaignTable = {
        id,
        number,
        ...planColumns(plan, id, seals),
        state: creation.state,
        step: plan.canary === undefined ? 'rest' : 'canary',
        accounts: accounts === undefined ? null : JSON.stringify(accounts),
        actor: creation.actor ?? null,
        owner: owner ?? null,
        approval: null,
        cursor: null,
        looked_up: list === undefined ? 0 : 1,
        devices,
        canary_devices: list === undefined ? 0 : canarySize(plan.canary, devices),
        canary_at: null,
        forgiven: null,
        reason: null,
        version: 0,
        idempotency_key: idempotency?.key ?? null,
        idempotency_fingerprint: idempotency?.fingerprint ?? null,
        created_at: now,
        started_at: creation.state === 'running' ? now : null,
        ended_at: null,
        updated_at: now,
      };
      yield* all(once(builder.insertInto('campaigns').values(row)), undefined);
      if (list !== undefined) yield* addList(number, list, row.canary_devices);
      const campaign = recordOf(row);
      yield* note(transaction, [campaignNotice(campaign, 'created', creation.actor)]);
      return { campaign, created: true };
    },

    *get(id: string): Program<CampaignRecord | undefined> {
      const row = yield* first(statements.byId, { id });
      return row === undefined ? undefined : recordOf(row);
    },

    *list(page: PageRequest & CampaignFilter): Program<Page<CampaignRecord>> {
      const { before, from } = boundsOf(page);
      const { states, accounts } = page;
      if (states?.length === 0 || accounts?.length === 0) return { items: [] };
      let found = builder
        .selectFrom('campaigns')
        .selectAll()
        .orderBy('id', 'desc')
        .limit(page.limit + 1);
      if (before !== undefined) found = found.where('id', '<', before);
      if (from !== undefined) found = found.where('id', '>=', from);
      if (states !== undefined) found = found.where('state', 'in', [...states]);
      if (accounts !== undefined) {
        const foreign = sql<boolean>`exists (select 1 from ${unfolding.rowsOf(sql.ref('campaigns.accounts'))}
          where ${unfolding.element('text')} not in (${sql.join([...accounts])}))`;
        found = found.where('accounts', 'is not', null).where(({ not }) => not(foreign));
      }
      const rows = yield* all(once(found), undefined);
      return pageOf(rows.map(recordOf), page.limit, (campaign) => campaign.id);
    },

    *open(): Program<readonly CampaignRecord[]> {
      return (yield* all(open, {})).map(recordOf);
    },

    *change(
      transaction: Transaction,
      id: string,
      change: CampaignChange,
      version?: number,
    ): Program<CampaignRecord | undefined> {
      const { now } = transaction;
      const row = yield* first(statements.byIdForChange, { id });
      if (row === undefined) return undefined;
      if (version !== undefined && version !== row.version) {
        throw new StoreError(
          'VERSION_MISMATCH',
          `campaign ${id} was changed since it was read: read it again, and decide anew`,
        );
      }
      const { plan, approval, forgiven } = change;
      const set: Partial<CampaignTable> = {
        ...(plan !== undefined && planColumns(plan, id, seals, row)),
        ...(change.state !== undefined && { state: change.state }),
        ...(change.step !== undefined && { step: change.step }),
        ...(approval !== undefined && { approval: jsonColumn(approval) }),
        ...(change.canaryDevices !== undefined && { canary_devices: change.canaryDevices }),
        ...(change.canaryAt !== undefined && { canary_at: change.canaryAt }),
        ...(change.devices !== undefined && { devices: change.devices }),
        ...(forgiven !== undefined && { forgiven: jsonColumn(forgiven) }),
        ...(change.reason !== undefined && { reason: change.reason }),
        ...(change.startedAt !== undefined && { started_at: change.startedAt }),
        ...(change.endedAt !== undefined && { ended_at: change.endedAt }),
        version: row.version + 1,
        updated_at: now,
      };
      yield* all(once(builder.updateTable('campaigns').set(set).where('id', '=', id)), undefined);
      const campaign = recordOf({ ...row, ...set });
      if (campaign.state !== row.state)
        yield* note(transaction, [campaignNotice(campaign, campaign.state, change.actor)]);
      return campaign;
    },

    /** Pauses what would go on by itself; gives how many those were. */
    *pauseAll(transaction: Transaction, reason: string): Program<number> {
      const { now } = transaction;
      const rows = yield* all(goingOn, {});
      if (rows.length === 0) return 0;
      const paused = { state: 'paused', reason, updated_at: now } as const;
      const update = builder
        .updateTable('campaigns')
        .set({ ...paused, version: sql<number>`version + 1` })
        .where('state', 'in', [...goingOnStates]);
      yield* all(once(update), undefined);
      yield* note(
        transaction,
        rows.map((row) => campaignNotice(recordOf({ ...row, ...paused }), 'paused', undefined)),
      );
      return rows.length;
    },

    *drop(before: number, limit: number): Program<number> {
      let dropped = 0;
      while (dropped < limit) {
        const row = yield* first(oldest, { before });
        if (row === undefined) break;
        const campaign = row.number;
        const left = limit - dropped;
        const gone = yield* run(dropDevices, { campaign, limit: left });
        dropped += gone;
        if (gone === left) break;
        yield [query(dropCounts, { campaign }), query(drop, { campaign })];
        dropped += 1;
      }
      return dropped;
    },
  };
}

/** What is noted of a campaign that was made, or has come to another state. */
function campaignNotice(
  { id, plan, accounts, state, reason, devices }: CampaignRecord,
  event: string,
  actor: string | undefined,
): NewNotice {
  return {
    kind: 'campaign',
    subject: id,
    event,
    ...(accounts !== undefined && { accounts }),
    ...(actor !== undefined && { actor }),
    details: { name: plan.name, state, devices, ...(reason !== undefined && { reason }) },
  };
}

function jsonColumn(value: object | null): string | null {
  return value === null ? null : JSON.stringify(value);
}
