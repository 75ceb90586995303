// Carriers that are suspended, in SQL.
import type { CarrierSuspension, SuspensionRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { CarrierSuspensionTable } from '../engine/schema.ts';
import { once, statement } from '../engine/statement.ts';

export function suspensionPrograms({ builder, locksRows }: SqlEngine) {
  const byName = statement<{ carrier: string }>()((slot) => {
    const found = builder
      .selectFrom('carrier_suspensions')
      .selectAll()
      .where('carrier', '=', slot('carrier'));
    return locksRows ? found.forUpdate() : found;
  });

  return {
    *suspend(
      { now }: Transaction,
      { carrier, reason, actor }: SuspensionRequest,
    ): Program<CarrierSuspension> {
      const row = yield* first(byName, { carrier });
      const said = { reason: reason ?? null, actor: actor ?? null };
      if (row === undefined) {
        const made = { carrier, since: now, ...said };
        yield* all(once(builder.insertInto('carrier_suspensions').values(made)), undefined);
        return suspensionOf(made);
      }
      if (reason === undefined || reason === row.reason) return suspensionOf(row);
      const update = builder.updateTable('carrier_suspensions').set(said).where('carrier', '=', carrier);
      yield* all(once(update), undefined);
      return suspensionOf({ ...row, ...said });
    },

    *resume(carrier: string): Program<CarrierSuspension | undefined> {
      const row = yield* first(byName, { carrier });
      if (row === undefined) return undefined;
      yield* all(once(builder.deleteFrom('carrier_suspensions').where('carrier', '=', carrier)), undefined);
      return suspensionOf(row);
    },

    *list(): Program<readonly CarrierSuspension[]> {
      const rows = yield* all(
        once(builder.selectFrom('carrier_suspensions').selectAll().orderBy('carrier')),
        undefined,
      );
      return rows.map(suspensionOf);
    },
  };
}

function suspensionOf({ carrier, since, actor, reason }: CarrierSuspensionTable): CarrierSuspension {
  return {
    carrier,
    since: Number(since),
    ...(actor !== null && { actor }),
    ...(reason !== null && { reason }),
  };
}
