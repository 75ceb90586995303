// Carriers that are suspended, in SQL.
import type { CarrierSuspension, NewNotice, SuspensionRequest } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { all, first, type Program, type Transaction } from '../engine/program.ts';
import type { CarrierSuspensionTable } from '../engine/schema.ts';
import { once, statement } from '../engine/statement.ts';
import type { noticePrograms } from '../notice/notice-programs.ts';

export function suspensionPrograms(
  { builder, locksRows }: SqlEngine,
  { note }: Pick<ReturnType<typeof noticePrograms>, 'note'>,
) {
  const byName = statement<{ carrier: string }>()((slot) => {
    const found = builder
      .selectFrom('carrier_suspensions')
      .selectAll()
      .where('carrier', '=', slot('carrier'));
    return locksRows ? found.forUpdate() : found;
  });

  return {
    *suspend(
      transaction: Transaction,
      { carrier, reason, actor }: SuspensionRequest,
    ): Program<CarrierSuspension> {
      const { now } = transaction;
      const row = yield* first(byName, { carrier });
      const said = { reason: reason ?? null, actor: actor ?? null };
      if (row === undefined) {
        const made = { carrier, since: now, ...said };
        yield* all(once(builder.insertInto('carrier_suspensions').values(made)), undefined);
        const suspension = suspensionOf(made);
        yield* note(transaction, [noticeOf('suspended', suspension, actor)]);
        return suspension;
      }
      if (reason === undefined || reason === row.reason) return suspensionOf(row);
      const update = builder.updateTable('carrier_suspensions').set(said).where('carrier', '=', carrier);
      yield* all(once(update), undefined);
      return suspensionOf({ ...row, ...said });
    },

    *resume(
      transaction: Transaction,
      carrier: string,
      actor?: string,
    ): Program<CarrierSuspension | undefined> {
      const row = yield* first(byName, { carrier });
      if (row === undefined) return undefined;
      yield* all(once(builder.deleteFrom('carrier_suspensions').where('carrier', '=', carrier)), undefined);
      const was = suspensionOf(row);
      yield* note(transaction, [noticeOf('resumed', { carrier: was.carrier }, actor)]);
      return was;
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

function noticeOf(
  event: 'suspended' | 'resumed',
  { carrier, reason }: Pick<CarrierSuspension, 'carrier' | 'reason'>,
  actor: string | undefined,
): NewNotice {
  return {
    kind: 'link',
    subject: carrier,
    event,
    ...(actor !== undefined && { actor }),
    ...(reason !== undefined && { details: { reason } }),
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
