// The compiled queries on pushes as work: claimed, changed, looked up.
import { sql } from 'kysely';
import { type PushPurpose, pushPurposes } from '../../index.ts';
import type { SqlEngine } from '../engine/engine.ts';
import { statement } from '../engine/statement.ts';
import type { changingColumns } from './push-rows.ts';

// Purposes are named where the state is, as the index has both. Written into the text, not bound.
const anyPurpose = sql.join(pushPurposes.map((purpose) => sql.lit(purpose)));

export function pushStatements({ builder, locksRows }: SqlEngine) {
  const byId = statement<{ id: string }>()((slot) =>
    builder.selectFrom('pushes').selectAll().where('id', '=', slot('id')),
  );
  return {
    byId,
    /** To be changed; with several nodes, locked. */
    byIdForChange: locksRows
      ? statement<{ id: string }>()((slot) =>
          builder.selectFrom('pushes').selectAll().where('id', '=', slot('id')).forUpdate(),
        )
      : byId,
    openOfSession: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('push_sessions')
        .innerJoin('pushes', 'pushes.id', 'push_sessions.push_id')
        .selectAll('pushes')
        .where('push_sessions.device_id', '=', slot('device_id'))
        .where('push_sessions.session_id', '=', slot('session_id')),
    ),
    pastOfSession: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('pushes')
        .selectAll()
        .where('device_id', '=', slot('device_id'))
        .where('session_id', '=', slot('session_id'))
        .orderBy('id', 'desc')
        .limit(1),
    ),
    ofInitiator: statement<{ initiator: string; initiator_push_id: string }>()((slot) =>
      builder
        .selectFrom('initiator_pushes')
        .innerJoin('pushes', 'pushes.id', 'initiator_pushes.id')
        .selectAll('pushes')
        .where('initiator_pushes.initiator', '=', slot('initiator'))
        .where('initiator_pushes.initiator_push_id', '=', slot('initiator_push_id'))
        .orderBy('pushes.id'),
    ),
    due: statement<{ purpose: PushPurpose; now: number; limit: number }>()((slot) => {
      const query = builder
        .selectFrom('pushes')
        .selectAll()
        .where('purpose', '=', slot('purpose'))
        .where('due_at', '<=', slot('now'))
        .orderBy('due_at')
        .limit(slot('limit'));
      return locksRows ? query.forUpdate().skipLocked() : query;
    }),
    nextDueAt: statement<{ purpose: PushPurpose }>()((slot) =>
      builder
        .selectFrom('pushes')
        .select('due_at')
        .where('purpose', '=', slot('purpose'))
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1),
    ),
    release: statement<{ node: string; now: number }>()((slot) =>
      builder
        .updateTable('pushes')
        .set({ due_at: slot('now') })
        .where(sql<boolean>`purpose in (${anyPurpose})`)
        .where('state', '=', 'sending')
        .where('claimed_by', '=', slot('node'))
        .returning('id'),
    ),
    resultsDue: statement<{ now: number; limit: number }>()((slot) => {
      const query = builder
        .selectFrom('pushes')
        .selectAll()
        .where('result_due_at', '<=', slot('now'))
        .orderBy('result_due_at')
        .limit(slot('limit'));
      return locksRows ? query.forUpdate().skipLocked() : query;
    }),
    leaseResult: statement<{ id: string; until: number; node: string }>()((slot) =>
      builder
        .updateTable('pushes')
        .set({ result_due_at: slot('until'), result_claimed_by: slot('node') })
        .where('id', '=', slot('id')),
    ),
    nextResultDueAt: statement<Record<never, never>>()(() =>
      builder
        .selectFrom('pushes')
        .select('result_due_at')
        .where('result_due_at', 'is not', null)
        .orderBy('result_due_at')
        .limit(1),
    ),
    releaseResults: statement<{ node: string; now: number }>()((slot) =>
      builder
        .updateTable('pushes')
        .set({ result_due_at: slot('now'), result_claimed_by: sql.lit(null) })
        .where('result_due_at', 'is not', null)
        .where('result_claimed_by', '=', slot('node')),
    ),
    update: statement<ReturnType<typeof changingColumns>>()((slot) =>
      builder
        .updateTable('pushes')
        .set({
          state: slot('state'),
          open: slot('open'),
          attempts: slot('attempts'),
          sends: slot('sends'),
          failures: slot('failures'),
          refused_addresses: slot('refused_addresses'),
          reference: slot('reference'),
          given_up: slot('given_up'),
          default_nonce: slot('default_nonce'),
          lease: slot('lease'),
          claimed_by: slot('claimed_by'),
          due_at: slot('due_at'),
          ended_at: slot('ended_at'),
          reason: slot('reason'),
          result_due_at: slot('result_due_at'),
          result_failures: slot('result_failures'),
          updated_at: slot('updated_at'),
        })
        .where('id', '=', slot('id')),
    ),
    /** The body is written once and cleared once: a change does not carry it to the engine again. */
    clearBody: statement<{ id: string }>()((slot) =>
      builder
        .updateTable('pushes')
        .set({ body: sql.lit('') })
        .where('id', '=', slot('id')),
    ),
    forgetResultClaim: statement<{ id: string }>()((slot) =>
      builder
        .updateTable('pushes')
        .set({ result_claimed_by: sql.lit(null) })
        .where('id', '=', slot('id')),
    ),
    freeSession: statement<{ device_id: string; session_id: number; push_id: string }>()((slot) =>
      builder
        .deleteFrom('push_sessions')
        .where('device_id', '=', slot('device_id'))
        .where('session_id', '=', slot('session_id'))
        // It may be that of a later one by now.
        .where('push_id', '=', slot('push_id')),
    ),
  };
}
