// What version 8 of the database takes over from the tables of before: notifications and push messages with their events.
import { type CompiledQuery, sql } from 'kysely';
import type { SqlEngine } from '../engine/engine.ts';
import type { KeyScope } from '../engine/schema.ts';

/** Columns that both kinds had. */
const shared = sql.raw(
  `id, device_id, server_id, state, attempts, sends, failures, refused_addresses, lease, claimed_by, due_at, expires_at,
  end_counted, reason, idempotency_key, created_at, updated_at`,
);

const eventColumns = sql.raw('at, event, state, node, attempt, binding, address, detail, reference');

const isRelayed = sql`case when initiator is not null then 'relayed' else 'message' end`;

/**
 * Events, in the order of their sequence. Those of notifications keep their numbers, for readers hold them; those of push
 * messages are numbered after all that the former had, also those that are gone.
 */
export function copiedEvents({ builder, locksRows }: SqlEngine): readonly CompiledQuery[] {
  const continueSequence = locksRows
    ? sql`select setval(pg_get_serial_sequence('events', 'sequence'),
        nextval(pg_get_serial_sequence('notification_events', 'sequence')))`
    : sql`insert into sqlite_sequence (name, seq)
        select 'events', seq from sqlite_sequence where name = 'notification_events'`;
  return [
    continueSequence,
    sql`insert into events (sequence, kind, subject_id, ${eventColumns})
      select sequence, 'notification', notification_id, ${eventColumns} from notification_events order by sequence`,
    sql`insert into events (kind, subject_id, ${eventColumns})
      select (select ${isRelayed} from push_messages where push_messages.id = message_id), message_id, ${eventColumns}
      from push_message_events order by sequence`,
  ].map((statement) => statement.compile(builder));
}

/** Pushes, in the order of their ids, with what must be unique of them. Their events have been copied. */
export function copiedPushes({ builder }: SqlEngine): readonly CompiledQuery[] {
  const keysOf = (table: string, scope: KeyScope) =>
    sql`insert into push_keys (server_id, scope, key, push_id, fingerprint)
      select server_id, ${sql.lit(scope)}, idempotency_key, id, idempotency_fingerprint
      from ${sql.raw(table)} where idempotency_key is not null`;
  return [
    sql`insert into pushes (${shared}, purpose, session_id, format, fields, default_nonce, resynchronise, open, ended_at,
        reference, result_failures)
      select ${shared}, 'notification', session_id, format, message, default_nonce, resynchronise, live,
        case when live = 0 then updated_at end, ${lastReference('notifications')}, 0
      from notifications order by id`,
    sql`insert into pushes (${shared}, purpose, addresses, schemes, resynchronise, content_type, body, octets, summary, open,
        ended_at, reference, initiator, initiator_push_id, recipient, notify_to, result_due_at, result_claimed_by, result_failures)
      select ${shared}, ${isRelayed}, addresses, schemes, 0, content_type, body, octets, summary, open,
        case when open = 0 then updated_at end, ${lastReference('push_messages')},
        initiator, push_id, recipient, notify_to, result_due_at, result_claimed_by, result_failures
      from push_messages order by id`,
    sql`insert into push_sessions (device_id, session_id, push_id)
      select device_id, session_id, id from notifications where live = 1`,
    keysOf('notifications', 'notification'),
    keysOf('push_messages', 'message'),
    sql`insert into initiator_pushes (initiator, initiator_push_id, recipient, id)
      select initiator, push_id, recipient, id from push_messages where push_id is not null`,
  ].map((statement) => statement.compile(builder));
}

/**
 * What the carrier calls the push that it took last: the reference of the last event that moved the push to `sent`,
 * `accepted` or `delivered`, unless it was taken without one since.
 */
function lastReference(table: string) {
  const itsEvents = sql.raw(`from events where subject_id = ${table}.id`);
  const moved = sql.raw(`event in ('sent', 'accepted', 'delivered') and event = events.state`);
  // Of the one attempt that most have, there is nothing before.
  const begun = sql`case when ${sql.raw(table)}.attempts > 1 then coalesce(
    (select max(sequence) ${itsEvents} and event = 'sending' and sequence < (select max(sequence) ${itsEvents} and ${moved})),
    0) else 0 end`;
  return sql`(select reference ${itsEvents} and ${moved} and reference is not null and sequence > ${begun}
    order by sequence desc limit 1)`;
}
