// Accounts in SQL.
import { StoreError } from '../../core/index.ts';
import type { AccountInput, AccountRecord, Page, PageRequest } from '../index.ts';
import type { SqlEngine } from './engine.ts';
import { pageOf } from './page.ts';
import { all, first, type Program, type Transaction } from './program.ts';
import { accountRecord } from './rows.ts';
import type { AccountTable } from './schema.ts';
import { once, statement } from './statement.ts';

export function accountPrograms({ builder }: SqlEngine) {
  const byId = statement<{ serverId: string }>()((slot) =>
    builder.selectFrom('accounts').selectAll().where('server_id', '=', slot('serverId')),
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
        created_at: now,
        updated_at: now,
      };
      yield* all(once(builder.insertInto('accounts').values(row)), undefined);
      return accountRecord(row);
    },

    *get(serverId: string): Program<AccountRecord | undefined> {
      const row = yield* first(byId, { serverId });
      return row === undefined ? undefined : accountRecord(row);
    },

    *list(page: PageRequest): Program<Page<AccountRecord>> {
      let query = builder
        .selectFrom('accounts')
        .selectAll()
        .orderBy('server_id')
        .limit(page.limit + 1);
      if (page.after !== undefined) query = query.where('server_id', '>', page.after);
      const rows = yield* all(once(query), undefined);
      return pageOf(rows.map(accountRecord), page.limit, (account) => account.serverId);
    },
  };
}
