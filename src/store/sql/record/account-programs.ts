// Accounts in SQL.
import { StoreError } from '../../../core/index.ts';
import {
  type AccountInput,
  type AccountPatch,
  type AccountRecord,
  type Page,
  type PageRequest,
  type RecordVersion,
  requireVersion,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { AccountTable } from '../engine/schema.ts';
import { once, statement } from '../engine/statement.ts';
import { Seals } from '../seal/seals.ts';
import { type AccountRow, accountRecord, rowVersion } from './record-rows.ts';

/** An account, to be read. */
export function accountById({ builder }: SqlEngine) {
  return statement<{ serverId: string }>()((slot) =>
    builder.selectFrom('accounts').selectAll().where('server_id', '=', slot('serverId')),
  );
}

export function accountPrograms(engine: SqlEngine) {
  const { builder, locksRows, sealer } = engine;
  const seals = new Seals(sealer);
  const recordOf = (row: AccountRow) => accountRecord(row, seals);
  const signingColumn = (serverId: string, value: object | undefined) =>
    seals.seal('accounts', 'message_signing', serverId, jsonColumn(value));

  const byId = accountById(engine);
  /** To be changed; with several nodes, locked. */
  const byIdForChange = statement<{ serverId: string }>()((slot) => {
    const query = builder.selectFrom('accounts').selectAll().where('server_id', '=', slot('serverId'));
    return locksRows ? query.forUpdate() : query;
  });

  const deviceOf = statement<{ serverId: string }>()((slot) =>
    builder.selectFrom('devices').select('id').where('server_id', '=', slot('serverId')).limit(1),
  );

  return {
    *create({ now }: Transaction, input: AccountInput): Program<AccountRecord> {
      if ((yield* first(byId, { serverId: input.serverId })) !== undefined) {
        throw new StoreError('ALREADY_EXISTS', `account ${input.serverId} exists already`);
      }
      const row: AccountTable = {
        server_id: input.serverId,
        url: input.url,
        name: input.name ?? null,
        message_signing: signingColumn(input.serverId, input.messageSigning),
        created_at: now,
        updated_at: now,
        revision: 0,
      };
      yield* all(once(builder.insertInto('accounts').values(row)), undefined);
      return recordOf(row);
    },

    *get(serverId: string): Program<AccountRecord | undefined> {
      const row = yield* first(byId, { serverId });
      return row === undefined ? undefined : recordOf(row);
    },

    *update(
      { now }: Transaction,
      serverId: string,
      patch: AccountPatch,
      expected?: readonly RecordVersion[],
    ): Program<AccountRecord | undefined> {
      const row = yield* first(byIdForChange, { serverId });
      if (row === undefined) return undefined;
      requireVersion(`account ${serverId}`, rowVersion(row), expected);
      const next: AccountTable = {
        ...row,
        url: patch.url ?? row.url,
        name: patch.name === undefined ? row.name : patch.name,
        message_signing:
          patch.messageSigning === undefined
            ? row.message_signing &&
              seals.renewed('accounts', 'message_signing', serverId, row.message_signing)
            : signingColumn(serverId, patch.messageSigning ?? undefined),
        updated_at: now,
        revision: row.revision + 1,
      };
      const { server_id: _, ...columns } = next;
      yield* all(
        once(builder.updateTable('accounts').set(columns).where('server_id', '=', serverId)),
        undefined,
      );
      return recordOf(next);
    },

    *remove(serverId: string, expected?: readonly RecordVersion[]): Program<boolean> {
      const row = yield* first(byIdForChange, { serverId });
      if (row === undefined) return false;
      requireVersion(`account ${serverId}`, rowVersion(row), expected);
      if ((yield* first(deviceOf, { serverId })) !== undefined) {
        throw new StoreError('IN_USE', `account ${serverId} has devices: remove them first`);
      }
      yield* all(once(builder.deleteFrom('accounts').where('server_id', '=', serverId)), undefined);
      return true;
    },

    *list(page: PageRequest): Program<Page<AccountRecord>> {
      let query = builder
        .selectFrom('accounts')
        .selectAll()
        .orderBy('server_id')
        .limit(page.limit + 1);
      if (page.after !== undefined) query = query.where('server_id', '>', page.after);
      const rows = yield* all(once(query), undefined);
      return pageOf(rows.map(recordOf), page.limit, (account) => account.serverId);
    },
  };
}

function jsonColumn(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
