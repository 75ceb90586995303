// Tokens as callers ask for them.
import { requireServerId, ValueError } from '../../core/index.ts';
import { type Scope, scopes, type TokenInput, type VisibleAccounts } from '../../store/index.ts';
import { InputReader } from '../input/input-reader.ts';

/** Accounts that one token may name. */
const mostAccounts = 100;
/** For how long the token before may open beside a new one: 30 days, in seconds. */
const longestOverlap = 30 * 86_400;
/** The same where nobody says: an hour. */
const usualOverlap = 3600;

/** Ten years, in milliseconds: what lives longer expires never. */
const longestLife = 3650 * 86_400_000;

const known: ReadonlySet<unknown> = new Set(scopes);

/** What is asked for. */
export type AskedToken = Omit<TokenInput, 'id' | 'hash'>;

/**
 * Reads `{ owner, name, scopes, accounts?, expiresAt? }`.
 * @throws {ValueError} for the first thing wrong
 */
export function readToken(value: unknown, now: number): AskedToken {
  const input = new InputReader(value, 'a token');
  const owner = readName(input, 'owner');
  const name = readName(input, 'name');
  const held = readScopes(input.take('scopes'));
  const accounts = readAccounts(input.take('accounts'));
  const expiresAt = input.optionalTime('expiresAt');
  input.end();
  if (held.includes('admin') && accounts !== 'all') {
    throw new ValueError('OUT_OF_RANGE', 'admin is for all accounts: leave it out', 'accounts');
  }
  if (expiresAt !== undefined && (expiresAt <= now || expiresAt > now + longestLife)) {
    throw new ValueError(
      'OUT_OF_RANGE',
      'has passed, or is more than ten years off: leave it out for a token that does not expire',
      'expiresAt',
    );
  }
  return { owner, name, scopes: held, accounts, ...(expiresAt !== undefined && { expiresAt }) };
}

/** Reads `{ overlapSeconds? }`, and gives milliseconds. @throws {ValueError} for the first thing wrong */
export function readOverlap(value: unknown): number {
  const input = new InputReader(value ?? {}, 'the replacement of a token');
  const seconds = input.optionalInteger('overlapSeconds', 0, longestOverlap) ?? usualOverlap;
  input.end();
  return seconds * 1000;
}

/** Timelines show `owner/name`, so neither holds a slash. */
function readName(input: InputReader, field: string): string {
  const text = input.text(field, { max: 64 });
  if (text.includes('/')) throw new ValueError('BAD_FORMAT', 'must not hold a slash', field);
  if (text.trim() !== text)
    throw new ValueError('BAD_FORMAT', 'must not begin or end with white space', field);
  return text;
}

function readScopes(value: unknown): readonly Scope[] {
  if (value === undefined) throw new ValueError('MISSING', 'must be given', 'scopes');
  if (!Array.isArray(value)) throw new ValueError('WRONG_TYPE', 'must be an array of scopes', 'scopes');
  const unknown = value.findIndex((each) => !known.has(each));
  if (value.length === 0 || unknown >= 0) {
    const path = unknown >= 0 ? `scopes[${unknown}]` : 'scopes';
    throw new ValueError('OUT_OF_RANGE', `must be one or more of ${scopes.join(', ')}`, path);
  }
  return scopes.filter((scope) => value.includes(scope));
}

function readAccounts(value: unknown): VisibleAccounts {
  if (value === undefined) return 'all';
  if (!Array.isArray(value) || !value.every((each) => typeof each === 'string')) {
    throw new ValueError('WRONG_TYPE', 'must be an array of ServerIDs; absent, all are seen', 'accounts');
  }
  if (value.length === 0 || value.length > mostAccounts) {
    throw new ValueError('OUT_OF_RANGE', `must have 1 to ${mostAccounts} entries`, 'accounts');
  }
  for (const [index, each] of value.entries()) requireServerId(each, `accounts[${index}]`);
  return [...new Set(value)];
}
