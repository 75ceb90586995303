// The compiled queries on push messages.
import { sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { PushMessageTable } from '../engine/schema.ts';
import { statement } from '../engine/statement.ts';
import type { changingColumns, PushMessageEventRow } from './push-message-rows.ts';

export function pushMessageStatements({ builder, locksRows }: SqlEngine) {
  return {
    byId: statement<{ id: string }>()((slot) =>
      builder.selectFrom('push_messages').selectAll().where('id', '=', slot('id')),
    ),
    /** To be changed; with several nodes, locked. */
    byIdForChange: statement<{ id: string }>()((slot) => {
      const query = builder.selectFrom('push_messages').selectAll().where('id', '=', slot('id'));
      return locksRows ? query.forUpdate() : query;
    }),
    device: statement<{ id: string }>()((slot) => {
      const query = builder
        .selectFrom('devices')
        .select(['id', 'last_message_session_id'])
        .where('id', '=', slot('id'));
      return locksRows ? query.forUpdate() : query;
    }),
    setLastSessionId: statement<{ id: string; last: number }>()((slot) =>
      builder
        .updateTable('devices')
        .set({ last_message_session_id: slot('last') })
        .where('id', '=', slot('id')),
    ),
    byIdempotencyKey: statement<{ server_id: string; key: string }>()((slot) =>
      builder
        .selectFrom('push_messages')
        .selectAll()
        .where('server_id', '=', slot('server_id'))
        .where('idempotency_key', '=', slot('key')),
    ),
    ofPush: statement<{ initiator: string; push_id: string }>()((slot) =>
      builder
        .selectFrom('push_messages')
        .selectAll()
        .where('initiator', '=', slot('initiator'))
        .where('push_id', '=', slot('push_id'))
        .orderBy('id'),
    ),
    due: statement<{ now: number; limit: number }>()((slot) => {
      const query = builder
        .selectFrom('push_messages')
        .selectAll()
        .where('due_at', '<=', slot('now'))
        .orderBy('due_at')
        .limit(slot('limit'));
      return locksRows ? query.forUpdate().skipLocked() : query;
    }),
    nextDueAt: statement<Record<never, never>>()(() =>
      builder
        .selectFrom('push_messages')
        .select('due_at')
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1),
    ),
    resultsDue: statement<{ now: number; limit: number }>()((slot) => {
      const query = builder
        .selectFrom('push_messages')
        .selectAll()
        .where('result_due_at', '<=', slot('now'))
        .orderBy('result_due_at')
        .limit(slot('limit'));
      return locksRows ? query.forUpdate().skipLocked() : query;
    }),
    leaseResult: statement<{ id: string; until: number; node: string }>()((slot) =>
      builder
        .updateTable('push_messages')
        .set({ result_due_at: slot('until'), result_claimed_by: slot('node') })
        .where('id', '=', slot('id')),
    ),
    nextResultDueAt: statement<Record<never, never>>()(() =>
      builder
        .selectFrom('push_messages')
        .select('result_due_at')
        .where('result_due_at', 'is not', null)
        .orderBy('result_due_at')
        .limit(1),
    ),
    release: statement<{ node: string; now: number }>()((slot) =>
      builder
        .updateTable('push_messages')
        .set({ due_at: slot('now') })
        .where('state', '=', 'sending')
        .where('claimed_by', '=', slot('node'))
        .returning('id'),
    ),
    releaseResults: statement<{ node: string; now: number }>()((slot) =>
      builder
        .updateTable('push_messages')
        .set({ result_due_at: slot('now'), result_claimed_by: sql.lit(null) })
        .where('result_due_at', 'is not', null)
        .where('result_claimed_by', '=', slot('node')),
    ),
    update: statement<ReturnType<typeof changingColumns>>()((slot) =>
      builder
        .updateTable('push_messages')
        .set({
          state: slot('state'),
          open: slot('open'),
          attempts: slot('attempts'),
          sends: slot('sends'),
          failures: slot('failures'),
          refused_addresses: slot('refused_addresses'),
          lease: slot('lease'),
          claimed_by: slot('claimed_by'),
          due_at: slot('due_at'),
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
        .updateTable('push_messages')
        .set({ body: sql.lit('') })
        .where('id', '=', slot('id')),
    ),
    forgetResultClaim: statement<{ id: string }>()((slot) =>
      builder
        .updateTable('push_messages')
        .set({ result_claimed_by: sql.lit(null) })
        .where('id', '=', slot('id')),
    ),
    insert: statement<PushMessageTable>()((slot) =>
      builder.insertInto('push_messages').values({
        id: slot('id'),
        device_id: slot('device_id'),
        addresses: slot('addresses'),
        schemes: slot('schemes'),
        server_id: slot('server_id'),
        content_type: slot('content_type'),
        body: slot('body'),
        octets: slot('octets'),
        summary: slot('summary'),
        state: slot('state'),
        open: slot('open'),
        attempts: slot('attempts'),
        sends: slot('sends'),
        failures: slot('failures'),
        refused_addresses: slot('refused_addresses'),
        lease: slot('lease'),
        claimed_by: slot('claimed_by'),
        due_at: slot('due_at'),
        expires_at: slot('expires_at'),
        end_counted: slot('end_counted'),
        reason: slot('reason'),
        initiator: slot('initiator'),
        push_id: slot('push_id'),
        recipient: slot('recipient'),
        notify_to: slot('notify_to'),
        result_due_at: slot('result_due_at'),
        result_claimed_by: slot('result_claimed_by'),
        result_failures: slot('result_failures'),
        idempotency_key: slot('idempotency_key'),
        idempotency_fingerprint: slot('idempotency_fingerprint'),
        created_at: slot('created_at'),
        updated_at: slot('updated_at'),
      }),
    ),
    insertEvent: statement<Omit<PushMessageEventRow, 'sequence'>>()((slot) =>
      builder
        .insertInto('push_message_events')
        .values({
          message_id: slot('message_id'),
          at: slot('at'),
          event: slot('event'),
          state: slot('state'),
          node: slot('node'),
          attempt: slot('attempt'),
          binding: slot('binding'),
          address: slot('address'),
          detail: slot('detail'),
          reference: slot('reference'),
        })
        .returning('sequence'),
    ),
    timeline: statement<{ id: string }>()((slot) =>
      builder
        .selectFrom('push_message_events')
        .selectAll()
        .where('message_id', '=', slot('id'))
        .orderBy('sequence'),
    ),
    accepted: statement<{ after: string; limit: number }>()((slot) =>
      builder
        .selectFrom('push_message_events')
        .selectAll()
        .where('event', '=', 'accepted')
        .where('message_id', 'in', (query) =>
          query
            .selectFrom('push_messages as message')
            .select('message.id')
            .where('message.state', '=', 'accepted')
            .where('message.id', '>', slot('after'))
            // Those of which nothing can be reported take no place of the page: an empty page is the last one.
            .where(({ exists, selectFrom }) =>
              exists(
                selectFrom('push_message_events as told')
                  .select('told.sequence')
                  .whereRef('told.message_id', '=', 'message.id')
                  .where('told.event', '=', 'accepted')
                  .where('told.binding', 'is not', null)
                  .where('told.reference', 'is not', null),
              ),
            )
            .orderBy('message.id')
            .limit(slot('limit')),
        )
        .orderBy('message_id')
        .orderBy('sequence'),
    ),
  };
}
