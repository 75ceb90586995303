// What differs between SQL engines, as data for the shared queries and migrations.
import type { Kysely } from 'kysely';
import type { Sealer } from '../../index.ts';
import type { IndexKeys } from './index-keys.ts';
import type { Schema } from './schema.ts';
import type { Unfolding } from './unfold.ts';

/** One SQL engine. */
export interface SqlEngine {
  /** Builds and compiles queries; it never runs them. */
  readonly builder: Kysely<Schema>;
  /** True where several claimers write at once, so that a claim locks its rows and skips those of others. */
  readonly locksRows: boolean;
  /** How sets reach a statement. */
  readonly unfolding: Unfolding;
  /** What stands in its indexes. */
  readonly keys: IndexKeys;
  /** Seals and opens the columns that hold secrets. */
  readonly sealer: Sealer;
}
