// Tokens and the audit log as the API shows them: no hashes.
import type { Static } from 'typebox';
import { ValueError } from '../../core/index.ts';
import type { IssuedToken } from '../../server/index.ts';
import type { AuditFilter, AuditRecord, Scope, TokenRecord, VisibleAccounts } from '../../store/index.ts';
import { isoTime } from '../shapes/iso-time.ts';
import type { AuditQuery, AuditShape, IssuedTokenShape, TokenShape, WhoAmIShape } from './token-shapes.ts';

export function tokenView(record: TokenRecord): Static<typeof TokenShape> {
  const { id, owner, name, scopes, accounts, previous } = record;
  return {
    id,
    owner,
    name,
    scopes: [...scopes],
    ...accountsView(accounts),
    createdAt: isoTime(record.createdAt),
    ...momentView('expiresAt', record.expiresAt),
    ...momentView('rotatedAt', record.rotatedAt),
    ...momentView('previousUntil', previous?.until),
    ...momentView('lastUsedAt', record.lastUsedAt),
    ...momentView('revokedAt', record.revokedAt),
  };
}

export function issuedView({ record, token }: IssuedToken): Static<typeof IssuedTokenShape> {
  return { ...tokenView(record), token };
}

export function whoAmIView(caller: {
  readonly tokenId?: string;
  readonly owner: string;
  readonly actor: string;
  readonly scopes: readonly Scope[];
  readonly accounts: VisibleAccounts;
}): Static<typeof WhoAmIShape> {
  const { tokenId, owner, actor, scopes, accounts } = caller;
  return {
    ...(tokenId !== undefined && { tokenId }),
    owner,
    actor,
    scopes: [...scopes],
    ...accountsView(accounts),
  };
}

export function auditView({ at, ...entry }: AuditRecord): Static<typeof AuditShape> {
  return { ...entry, at: isoTime(at) };
}

/** What a query asks for. @throws {ValueError} BAD_FORMAT for a time that is none */
export function auditFilter(query: Static<typeof AuditQuery>): AuditFilter {
  const { limit: _, after: _after, since, until, ...rest } = query;
  return {
    ...rest,
    ...(since !== undefined && { since: momentOf(since, 'since') }),
    ...(until !== undefined && { until: momentOf(until, 'until') }),
  };
}

function momentOf(text: string, path: string): number {
  const moment = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(moment)) return moment;
  throw new ValueError('BAD_FORMAT', 'must be like 2026-01-31T12:00:00Z', path);
}

function accountsView(accounts: VisibleAccounts): { readonly accounts?: string[] } {
  return accounts === 'all' ? {} : { accounts: [...accounts] };
}

function momentView<Name extends string>(
  name: Name,
  at: number | undefined,
): { readonly [N in Name]?: string } {
  return (at === undefined ? {} : { [name]: isoTime(at) }) as { readonly [N in Name]?: string };
}
