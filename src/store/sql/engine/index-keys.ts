// What stands in indexes in place of long texts. A UUID as text takes 36 octets in each index that has it, and an index on
// pushes or their events has millions of them; engines with a type for UUIDs need none of this.
import { type RawBuilder, sql } from 'kysely';

/** A text in a query: a column, or what a parameter will be. */
export type TextExpression = RawBuilder<string>;

/** How an engine's indexes hold texts. A query finds rows by index where it asks in these words. */
export interface IndexKeys {
  /** An identifier, in the order of its text. */
  readonly ordered: (id: TextExpression) => RawBuilder<string>;
  /** An identifier, to be found by: others may have the same. */
  readonly found: (id: TextExpression) => RawBuilder<string>;
  /** A purpose; no two have the same. */
  readonly purpose: (purpose: TextExpression) => RawBuilder<string>;
  /** A state; no two have the same. */
  readonly state: (state: TextExpression) => RawBuilder<string>;
}

/**
 * For SQLite: the octets of a UUID, of version 7 its time and counter alone, and first letters. Indexes have been made in these
 * words: whoever changes one makes its indexes anew.
 */
export const shortKeys: IndexKeys = {
  // What is no UUID stays as it is.
  ordered: (id) => sql`coalesce(unhex(${id}, '-'), ${id})`,
  found: (id) => sql`coalesce(unhex(substr(${id}, 1, 18), '-'), ${id})`,
  purpose: (purpose) => sql`substr(${purpose}, 1, 1)`,
  state: (state) => sql`substr(${state}, 1, 4)`,
};

/** For engines whose indexes hold columns as they are. */
export const plainKeys: IndexKeys = {
  ordered: (id) => sql`${id}`,
  found: (id) => sql`${id}`,
  purpose: (purpose) => sql`${purpose}`,
  state: (state) => sql`${state}`,
};
