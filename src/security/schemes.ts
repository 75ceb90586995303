// Authentication types by their names in Meta, and which of them an account takes (DM-SEC-1.2).
import type { AuthScheme } from './credentials.ts';

const strength: readonly AuthScheme[] = ['basic', 'md5', 'hmac'];

/** Meta Type of each scheme. */
export const schemeTypes: Readonly<Record<AuthScheme, string>> = {
  basic: 'syncml:auth-basic',
  md5: 'syncml:auth-md5',
  hmac: 'syncml:auth-MAC',
};

/** The scheme that a Meta Type names, in any letter case; `undefined` for another one. */
export function schemeOfType(type: string): AuthScheme | undefined {
  const wanted = type.trim().toLowerCase();
  return strength.find((scheme) => schemeTypes[scheme].toLowerCase() === wanted);
}

/** `scheme` and every stronger one: an account never falls back to a weaker one unless it says so. */
export function schemesFrom(scheme: AuthScheme): readonly AuthScheme[] {
  return strength.slice(strength.indexOf(scheme));
}
