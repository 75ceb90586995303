// Who calls, and what that lets them do.
import type { FastifyRequest } from 'fastify';
import type { Asker, Scope, VisibleAccounts } from '../../store/index.ts';
import { ApiError } from '../request/problem.ts';

/** Who sent a request. */
export interface Caller {
  /** Id of its token; absent for a token from a file, the environment or an identity provider, and where there is none. */
  readonly tokenId?: string;
  /** Whose token it is. */
  readonly owner: string;
  /** How timelines and the audit log name the caller: owner and name of the token, `alice/console`. */
  readonly actor: string;
  readonly scopes: readonly Scope[];
  readonly accounts: VisibleAccounts;
  /** Moment from which its token opens nothing, milliseconds since the POSIX epoch; only where no store knows that. */
  readonly until?: number;
}

/** What a route asks for: one scope; `any`: a token, whatever its scopes; `open`: nothing, not even a token. */
export type RouteScope = Scope | 'any' | 'open';

/** When what a route did is in the audit log. */
export type RouteAudit =
  /** Before it is answered: what writes, unless it says otherwise, and what shows secrets or hands out much at once. */
  | 'before'
  /** Within a second: what is on a timeline in the same transaction anyhow. */
  | 'behind'
  /** Not at all, unless it is refused: what reads. */
  | 'never';

/** What the audit log is told besides who and what. */
export interface Audited {
  /** What it was done to; where it is not said, the id in the path, or that of what was created. */
  id?: string;
  /** ServerID. */
  account?: string;
  /** In words. */
  detail?: string;
  /** It is of an account that the caller may not see. */
  isHidden?: boolean;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the route asks for. `createApi` takes no route without it. */
    scope?: RouteScope;
    /** True for a route that shows, or acts on, what is of all accounts: a token that may see some only is refused. */
    allAccounts?: boolean;
    /** Absent: `before` for what writes, `never` for what reads. */
    audit?: RouteAudit;
  }
  interface FastifyRequest {
    /** Who sent it; not set on routes that are open. */
    caller: Caller;
    /** False once its token opens nothing any more: asked while it is answered for long. Not set on routes that are open. */
    mayGoOn: () => Promise<boolean>;
    /** Routes write into it what the audit log is told. */
    audited: Audited;
  }
}

/** Whoever starts the server: tokens that it is given at the start may do everything. */
export const operator: Caller = Object.freeze<Caller>({
  owner: 'operator',
  actor: 'operator',
  scopes: ['admin'],
  accounts: 'all',
});
/** Whoever reaches a server that has no token, which listens for its own machine alone. */
export const anonymous: Caller = Object.freeze<Caller>({
  owner: 'anonymous',
  actor: 'anonymous',
  scopes: ['admin'],
  accounts: 'all',
});

/** True where a caller may do what asks for a scope: it has that, or `admin`, which has all. No other has another in it. */
export function hasScope({ scopes }: Pick<Caller, 'scopes'>, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

/** @throws {ApiError} 403 for a caller without the scope */
export function requireScope(caller: Pick<Caller, 'scopes'>, scope: Scope): void {
  if (hasScope(caller, scope)) return;
  throw new ApiError(403, 'SCOPE', `the token has no scope ${scope}: use one that has it (docs/access.md)`);
}

/** @throws {ApiError} 403 for a caller that may see some accounts only */
export function requireAllAccounts({ accounts }: Pick<Caller, 'accounts'>): void {
  if (accounts === 'all') return;
  throw new ApiError(403, 'ACCOUNTS', 'this is of all accounts, and the token is for some of them');
}

/** The account of a caller that may see one alone: an index has its devices. */
export function onlyAccountOf({ accounts }: Pick<Caller, 'accounts'>): string | undefined {
  return accounts === 'all' || accounts.length !== 1 ? undefined : accounts[0];
}

/** On whose behalf a request asks. */
export function askerOf({ caller }: FastifyRequest): Asker {
  return { actor: caller.actor, owner: caller.owner, accounts: caller.accounts };
}
