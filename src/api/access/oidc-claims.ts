// What the claims of an identity provider's tokens come to.
import { lineFault } from '../../core/index.ts';
import { type Scope, scopes, type VisibleAccounts } from '../../store/index.ts';
import { type OidcSettings, oidcDefaults } from '../host/oidc-settings.ts';
import type { Caller } from './caller.ts';

/** Longest name of an owner that is shown. */
const longestOwner = 128;

/** Whose claims these are, and what they come to; `undefined` where they name nobody. */
export function callerOfClaims(
  claims: Readonly<Record<string, unknown>>,
  settings: OidcSettings,
): Caller | undefined {
  const { ownerClaim, scopesClaim } = { ...oidcDefaults, ...settings };
  const owner = claims[ownerClaim];
  if (typeof owner !== 'string' || owner === '' || owner.length > longestOwner) return undefined;
  if (lineFault(owner) !== undefined) return undefined;
  const accounts = accountsOf(claims, settings.accountsClaim);
  const held = valuesOf(claims[scopesClaim]).flatMap((value) => scopesOf(value, settings.scopes));
  return {
    owner,
    // A token of ours has no second slash, so that neither passes for the other.
    actor: `oidc/${new URL(settings.issuer).host}/${owner}`,
    // Admin is for all accounts.
    scopes: scopes.filter((scope) => held.includes(scope) && (scope !== 'admin' || accounts === 'all')),
    accounts,
    ...(typeof claims.exp === 'number' && { until: claims.exp * 1000 }),
  };
}

function scopesOf(value: string, table: OidcSettings['scopes']): readonly Scope[] {
  if (table !== undefined) return Object.hasOwn(table, value) ? (table[value] ?? []) : [];
  return scopes.filter((scope) => value === `reveille:${scope}`);
}

function accountsOf(claims: Readonly<Record<string, unknown>>, name: string | undefined): VisibleAccounts {
  if (name === undefined) return 'all';
  const value = claims[name];
  // A ServerID holds no white space, so that one text is one ServerID.
  const named = typeof value === 'string' ? [value] : valuesOf(value);
  return named.includes('*') ? 'all' : named;
}

/** A text with spaces, or a list of texts; anything else has none. */
function valuesOf(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return claim.split(' ').filter((each) => each !== '');
  return Array.isArray(claim) ? claim.filter((each) => typeof each === 'string') : [];
}
