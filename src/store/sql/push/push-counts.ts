// How many pushes are in each state: counted in the index of lists, and no further than is asked for.
import { sql } from 'kysely';
import { type PushCount, pushPurposes, pushStates } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, type Program } from '../engine/program.ts';
import { inWords, statement } from '../engine/statement.ts';

interface CountRow {
  readonly kind: number;
  readonly count: number;
}

/** Gives counts of all kinds that there are pushes of. */
export function pushCounts({ builder, keys }: SqlEngine) {
  const kinds = pushPurposes.flatMap((purpose) => pushStates.map((state) => ({ purpose, state })));
  const counts = statement<{ readonly limit: number }>()((slot) =>
    inWords(
      builder,
      sql<CountRow>`${sql.join(
        kinds.map(
          ({ purpose, state }, kind) => sql`select ${sql.lit(kind)} as kind, count(*) as count from (
            select 1 as one from pushes
            where ${keys.purpose(sql.ref('purpose'))} = ${keys.purpose(sql.lit(purpose))}
              and ${keys.state(sql.ref('state'))} = ${keys.state(sql.lit(state))}
            limit ${slot('limit')}) as found_${sql.raw(String(kind))}`,
        ),
        sql` union all `,
      )}`,
    ),
  );

  return function* counted(most: number): Program<readonly PushCount[]> {
    const rows = yield* all(counts, { limit: most + 1 });
    const found = new Map(rows.map(({ kind, count }) => [Number(kind), Number(count)]));
    return kinds.flatMap((kind, index) => {
      const count = found.get(index) ?? 0;
      return count === 0 ? [] : [{ ...kind, count: Math.min(count, most), more: count > most }];
    });
  };
}
