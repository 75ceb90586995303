// The compiled queries that take pushes in.
import type { SqlEngine } from '../engine/engine.ts';
import type {
  InitiatorPushTable,
  KeyScope,
  PushKeyTable,
  PushSessionTable,
  PushTable,
} from '../engine/schema.ts';
import { statement } from '../engine/statement.ts';

export function enqueueStatements({ builder, locksRows }: SqlEngine) {
  return {
    device: statement<{ id: string }>()((slot) => {
      const query = builder
        .selectFrom('devices')
        .select(['server_id', 'last_session_id', 'last_message_session_id'])
        .where('id', '=', slot('id'));
      return locksRows ? query.forUpdate() : query;
    }),
    setLastSessionId: statement<{ id: string; last: number }>()((slot) =>
      builder
        .updateTable('devices')
        .set({ last_session_id: slot('last') })
        .where('id', '=', slot('id')),
    ),
    setLastMessageSessionId: statement<{ id: string; last: number }>()((slot) =>
      builder
        .updateTable('devices')
        .set({ last_message_session_id: slot('last') })
        .where('id', '=', slot('id')),
    ),
    sessionInUse: statement<{ device_id: string; session_id: number }>()((slot) =>
      builder
        .selectFrom('push_sessions')
        .select('session_id')
        .where('device_id', '=', slot('device_id'))
        .where('session_id', '=', slot('session_id')),
    ),
    sessionsInUse: statement<{ device_id: string }>()((slot) =>
      builder.selectFrom('push_sessions').select('session_id').where('device_id', '=', slot('device_id')),
    ),
    byKey: statement<{ server_id: string; scope: KeyScope; key: string }>()((slot) =>
      builder
        .selectFrom('push_keys')
        .select(['push_id', 'fingerprint'])
        .where('server_id', '=', slot('server_id'))
        .where('scope', '=', slot('scope'))
        .where('key', '=', slot('key')),
    ),
    ofInitiator: statement<{ initiator: string; initiator_push_id: string }>()((slot) =>
      builder
        .selectFrom('initiator_pushes')
        .select('id')
        .where('initiator', '=', slot('initiator'))
        .where('initiator_push_id', '=', slot('initiator_push_id'))
        .limit(1),
    ),
    insertSession: statement<PushSessionTable>()((slot) =>
      builder.insertInto('push_sessions').values({
        device_id: slot('device_id'),
        session_id: slot('session_id'),
        push_id: slot('push_id'),
      }),
    ),
    insertKey: statement<PushKeyTable>()((slot) =>
      builder.insertInto('push_keys').values({
        server_id: slot('server_id'),
        scope: slot('scope'),
        key: slot('key'),
        push_id: slot('push_id'),
        fingerprint: slot('fingerprint'),
      }),
    ),
    insertInitiator: statement<InitiatorPushTable>()((slot) =>
      builder.insertInto('initiator_pushes').values({
        initiator: slot('initiator'),
        initiator_push_id: slot('initiator_push_id'),
        recipient: slot('recipient'),
        id: slot('id'),
      }),
    ),
    insert: statement<PushTable>()((slot) =>
      builder.insertInto('pushes').values({
        id: slot('id'),
        purpose: slot('purpose'),
        device_id: slot('device_id'),
        addresses: slot('addresses'),
        schemes: slot('schemes'),
        server_id: slot('server_id'),
        session_id: slot('session_id'),
        format: slot('format'),
        fields: slot('fields'),
        default_nonce: slot('default_nonce'),
        resynchronise: slot('resynchronise'),
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
        reference: slot('reference'),
        given_up: slot('given_up'),
        lease: slot('lease'),
        claimed_by: slot('claimed_by'),
        carrier: slot('carrier'),
        due_at: slot('due_at'),
        expires_at: slot('expires_at'),
        end_counted: slot('end_counted'),
        ended_at: slot('ended_at'),
        reason: slot('reason'),
        initiator: slot('initiator'),
        initiator_push_id: slot('initiator_push_id'),
        recipient: slot('recipient'),
        notify_to: slot('notify_to'),
        result_due_at: slot('result_due_at'),
        result_claimed_by: slot('result_claimed_by'),
        result_failures: slot('result_failures'),
        idempotency_key: slot('idempotency_key'),
        campaign_id: slot('campaign_id'),
        created_at: slot('created_at'),
        updated_at: slot('updated_at'),
      }),
    ),
  };
}
