// Tokens in SQL.
import { StoreError } from '../../../core/index.ts';
import {
  type Page,
  type PageRequest,
  type Scope,
  scopes,
  type TokenInput,
  type TokenRecord,
  type TokenRotation,
  type TokenUse,
} from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { pageOf } from '../engine/page.ts';
import { all, first, type Program, query, type Transaction } from '../engine/program.ts';
import type { TokenTable } from '../engine/schema.ts';
import { once, statement } from '../engine/statement.ts';

export function tokenPrograms({ builder, locksRows }: SqlEngine) {
  const byId = statement<{ id: string }>()((slot) =>
    builder.selectFrom('tokens').selectAll().where('id', '=', slot('id')),
  );
  const byIdForChange = statement<{ id: string }>()((slot) => {
    const found = builder.selectFrom('tokens').selectAll().where('id', '=', slot('id'));
    return locksRows ? found.forUpdate() : found;
  });
  const used = statement<TokenUse>()((slot) =>
    builder
      .updateTable('tokens')
      .set({ last_used_at: slot('at') })
      .where('id', '=', slot('id'))
      .where((of) => of.or([of('last_used_at', 'is', null), of('last_used_at', '<', slot('at'))])),
  );

  function* change(
    id: string,
    next: (row: TokenTable) => Partial<TokenTable> | undefined,
  ): Program<TokenRecord | undefined> {
    const row = yield* first(byIdForChange, { id });
    const columns = row === undefined ? undefined : next(row);
    if (row === undefined || columns === undefined) return undefined;
    if (Object.keys(columns).length > 0) {
      yield* all(once(builder.updateTable('tokens').set(columns).where('id', '=', id)), undefined);
    }
    return tokenRecord({ ...row, ...columns });
  }

  return {
    *create({ now }: Transaction, input: TokenInput): Program<TokenRecord> {
      if ((yield* first(byId, { id: input.id })) !== undefined) {
        throw new StoreError('ALREADY_EXISTS', `token ${input.id} exists already`);
      }
      const row: TokenTable = {
        id: input.id,
        hash: input.hash,
        previous_hash: null,
        previous_until: null,
        owner: input.owner,
        name: input.name,
        scopes: JSON.stringify(input.scopes),
        accounts: input.accounts === 'all' ? null : JSON.stringify(input.accounts),
        created_at: now,
        rotated_at: null,
        expires_at: input.expiresAt ?? null,
        last_used_at: null,
        revoked_at: null,
      };
      yield* all(once(builder.insertInto('tokens').values(row)), undefined);
      return tokenRecord(row);
    },

    *get(id: string): Program<TokenRecord | undefined> {
      const row = yield* first(byId, { id });
      return row === undefined ? undefined : tokenRecord(row);
    },

    *list({ limit, after }: PageRequest): Program<Page<TokenRecord>> {
      let list = builder
        .selectFrom('tokens')
        .selectAll()
        .orderBy('id')
        .limit(limit + 1);
      if (after !== undefined) list = list.where('id', '>', after);
      const rows = yield* all(once(list), undefined);
      return pageOf(rows.map(tokenRecord), limit, ({ id }) => id);
    },

    rotate({ now }: Transaction, id: string, { hash, overlapMs }: TokenRotation) {
      return change(id, (row) => {
        if (row.revoked_at !== null) return undefined;
        const overlaps = overlapMs > 0;
        return {
          hash,
          previous_hash: overlaps ? row.hash : null,
          previous_until: overlaps ? now + overlapMs : null,
          rotated_at: now,
        };
      });
    },

    revoke({ now }: Transaction, id: string) {
      return change(id, (row) => (row.revoked_at === null ? { revoked_at: now } : {}));
    },

    *noteUses(uses: readonly TokenUse[]): Program<void> {
      yield uses.map((use) => query(used, use));
    },
  };
}

/** What a row says. Scopes that a newer release has written are none here. */
export function tokenRecord(row: TokenTable): TokenRecord {
  const held = JSON.parse(row.scopes) as readonly string[];
  return {
    id: row.id,
    hash: row.hash,
    owner: row.owner,
    name: row.name,
    scopes: scopes.filter((scope: Scope) => held.includes(scope)),
    accounts: row.accounts === null ? 'all' : (JSON.parse(row.accounts) as readonly string[]),
    createdAt: row.created_at,
    ...(row.previous_hash !== null &&
      row.previous_until !== null && { previous: { hash: row.previous_hash, until: row.previous_until } }),
    ...(row.rotated_at !== null && { rotatedAt: row.rotated_at }),
    ...(row.expires_at !== null && { expiresAt: row.expires_at }),
    ...(row.last_used_at !== null && { lastUsedAt: row.last_used_at }),
    ...(row.revoked_at !== null && { revokedAt: row.revoked_at }),
  };
}
