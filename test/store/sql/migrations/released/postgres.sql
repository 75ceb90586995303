-- version 1

create table "accounts" ("server_id" text primary key, "url" text not null, "name" text, "created_at" bigint not null, "updated_at" bigint not null)

create table "devices" ("id" text primary key, "server_id" text not null references "accounts" ("server_id"), "addresses" text not null, "format" text not null, "srv_scheme" text not null, "srv_name" text not null, "srv_secret" text not null, "srv_nonce" text, "cl_scheme" text not null, "cl_name" text not null, "cl_secret" text not null, "cl_nonce" text, "notification_secret" text, "digest_identifier" text, "last_session_id" integer not null, "resync_in_window" integer not null, "resync_window_at" bigint not null, "resync_offered" integer not null, "resync_completed" integer not null, "reported" text not null, "last_session_at" bigint, "created_at" bigint not null, "updated_at" bigint not null)

create table "notifications" ("id" text primary key, "device_id" text not null references "devices" ("id") on delete cascade, "server_id" text not null, "session_id" integer not null, "format" text not null, "message" text not null, "state" text not null, "live" integer not null, "attempts" integer not null, "sends" integer not null, "failures" integer not null, "default_nonce" text not null, "resynchronise" integer not null, "lease" integer not null, "claimed_by" text, "due_at" bigint, "expires_at" bigint not null, "reason" text, "idempotency_key" text, "idempotency_fingerprint" text, "created_at" bigint not null, "updated_at" bigint not null)

create table "events" ("sequence" bigserial primary key, "notification_id" text not null references "notifications" ("id") on delete cascade, "device_id" text not null, "session_id" integer not null, "at" bigint not null, "event" text not null, "state" text not null, "node" text, "attempt" integer, "binding" text, "address" text, "detail" text, "reference" text)

create index "devices_server" on "devices" ("server_id", "id")

create unique index "notifications_live_session" on "notifications" ("device_id", "session_id") where "live" = 1

create index "notifications_due" on "notifications" ("due_at") where "due_at" is not null

create index "notifications_device" on "notifications" ("device_id", "id")

create index "notifications_state" on "notifications" ("state", "id")

create unique index "notifications_idempotency" on "notifications" ("server_id", "idempotency_key") where "idempotency_key" is not null

create index "events_notification" on "events" ("notification_id", "sequence")

-- version 2

create table "jobs" ("id" text primary key, "device_id" text not null references "devices" ("id") on delete cascade, "server_id" text not null, "notification_id" text, "state" text not null, "open" integer not null, "on_failure" text not null, "holder" text, "session_id" integer, "command_count" integer not null, "answered_count" integer not null, "waiting_count" integer not null, "failed_count" integer not null, "answer_octets" bigint not null, "reason" text, "idempotency_key" text, "idempotency_fingerprint" text, "expires_at" bigint not null, "created_at" bigint not null, "updated_at" bigint not null, "started_at" bigint, "ended_at" bigint)

create table "job_commands" ("job_id" text not null references "jobs" ("id") on delete cascade, "position" integer not null, "kind" text not null, "command" text not null, "sends" integer not null, "answered" integer not null, "waiting" integer not null, "answer" text, "answered_at" bigint, constraint "job_commands_key" primary key ("job_id", "position"))

create index "jobs_open" on "jobs" ("device_id", "id") where "open" = 1

create index "jobs_expiry" on "jobs" ("expires_at") where "open" = 1

create index "jobs_device" on "jobs" ("device_id", "id")

create index "jobs_state" on "jobs" ("state", "id")

create index "jobs_notification" on "jobs" ("notification_id") where "notification_id" is not null

create unique index "jobs_idempotency" on "jobs" ("server_id", "idempotency_key") where "idempotency_key" is not null

-- version 3

alter table "devices" add column "srv_schemes" text

alter table "devices" add column "cl_schemes" text

alter table "devices" add column "tls_certificate" text

-- version 4

alter table "accounts" add column "message_signing" text

alter table "devices" add column "message_keys" text

alter table "devices" add column "last_message_session_id" integer default 0 not null

alter table "notifications" add column "refused_addresses" text default '[]' not null

create table "push_messages" ("id" text primary key, "device_id" text references "devices" ("id") on delete cascade, "addresses" text, "schemes" text, "server_id" text, "content_type" text not null, "body" text not null, "octets" integer not null, "summary" text not null, "state" text not null, "open" integer not null, "attempts" integer not null, "sends" integer not null, "failures" integer not null, "refused_addresses" text not null, "lease" integer not null, "claimed_by" text, "due_at" bigint, "expires_at" bigint not null, "reason" text, "initiator" text, "push_id" text, "recipient" text, "notify_to" text, "result_due_at" bigint, "result_claimed_by" text, "result_failures" integer not null, "idempotency_key" text, "idempotency_fingerprint" text, "created_at" bigint not null, "updated_at" bigint not null)

create table "push_message_events" ("sequence" bigserial primary key, "message_id" text not null references "push_messages" ("id") on delete cascade, "at" bigint not null, "event" text not null, "state" text not null, "node" text, "attempt" integer, "binding" text, "address" text, "detail" text, "reference" text)

create index "push_messages_due" on "push_messages" ("due_at") where "due_at" is not null

create index "push_messages_result" on "push_messages" ("result_due_at") where "result_due_at" is not null

create index "push_messages_device" on "push_messages" ("device_id", "id")

create index "push_messages_state" on "push_messages" ("state", "id")

create unique index "push_messages_push" on "push_messages" ("initiator", "push_id", "recipient") where "push_id" is not null

create unique index "push_messages_idempotency" on "push_messages" ("server_id", "idempotency_key") where "idempotency_key" is not null

create index "push_message_events_message" on "push_message_events" ("message_id", "sequence")

-- version 5

alter table "devices" add column "rotations" text

-- version 6

alter table "notifications" add column "end_counted" integer default 0 not null

alter table "push_messages" add column "end_counted" integer default 0 not null

alter table "jobs" add column "end_counted" integer default 0 not null

-- version 7

alter table "devices" add column "family" text

-- version 8

alter table "events" rename to "notification_events"

create table "pushes" ("id" text primary key, "purpose" text not null, "device_id" text references "devices" ("id") on delete cascade, "addresses" text, "schemes" text, "server_id" text, "session_id" integer, "format" text, "fields" text, "default_nonce" text, "resynchronise" integer not null, "content_type" text, "octets" integer, "summary" text, "state" text not null, "open" integer not null, "attempts" integer not null, "sends" integer not null, "failures" integer not null, "refused_addresses" text not null, "reference" text, "given_up" text, "lease" integer not null, "claimed_by" text, "carrier" text, "due_at" bigint, "expires_at" bigint not null, "end_counted" integer not null, "ended_at" bigint, "reason" text, "initiator" text, "initiator_push_id" text, "recipient" text, "notify_to" text, "result_due_at" bigint, "result_claimed_by" text, "result_failures" integer not null, "idempotency_key" text, "campaign_id" text, "created_at" bigint not null, "updated_at" bigint not null, "body" text)

create table "events" ("sequence" bigserial, "kind" text not null, "subject_id" text not null, "at" bigint not null, "event" text not null, "state" text not null, "node" text, "attempt" integer, "binding" text, "address" text, "detail" text, "reference" text, constraint "events_key" primary key ("subject_id", "sequence"))

create table "push_sessions" ("device_id" text not null, "session_id" integer not null, "push_id" text not null, constraint "push_sessions_key" primary key ("device_id", "session_id"))

create table "push_keys" ("server_id" text not null, "scope" text not null, "key" text not null, "push_id" text not null, "fingerprint" text not null, constraint "push_keys_key" primary key ("server_id", "scope", "key"))

create table "initiator_pushes" ("initiator" text not null, "initiator_push_id" text not null, "recipient" text not null, "id" text not null, constraint "initiator_pushes_key" primary key ("initiator", "initiator_push_id", "recipient"))

select setval(pg_get_serial_sequence('events', 'sequence'),
        nextval(pg_get_serial_sequence('notification_events', 'sequence')))

insert into events (sequence, kind, subject_id, at, event, state, node, attempt, binding, address, detail, reference)
      select sequence, 'notification', notification_id, at, event, state, node, attempt, binding, address, detail, reference from notification_events order by sequence

insert into events (kind, subject_id, at, event, state, node, attempt, binding, address, detail, reference)
      select (select case when initiator is not null then 'relayed' else 'message' end from push_messages where push_messages.id = message_id), message_id, at, event, state, node, attempt, binding, address, detail, reference
      from push_message_events order by sequence

drop table "push_message_events"

drop table "notification_events"

create index "events_sequence" on "events" ("sequence")

insert into pushes (id, device_id, server_id, state, attempts, sends, failures, refused_addresses, lease, claimed_by, due_at, expires_at,
  end_counted, reason, idempotency_key, created_at, updated_at, purpose, session_id, format, fields, default_nonce, resynchronise, open, ended_at,
        reference, result_failures)
      select id, device_id, server_id, state, attempts, sends, failures, refused_addresses, lease, claimed_by, due_at, expires_at,
  end_counted, reason, idempotency_key, created_at, updated_at, 'notification', session_id, format, message, default_nonce, resynchronise, live,
        case when live = 0 then updated_at end, (select reference from events where subject_id = notifications.id and event in ('sent', 'accepted', 'delivered') and event = events.state and reference is not null and sequence > case when notifications.attempts > 1 then coalesce(
    (select max(sequence) from events where subject_id = notifications.id and event = 'sending' and sequence < (select max(sequence) from events where subject_id = notifications.id and event in ('sent', 'accepted', 'delivered') and event = events.state)),
    0) else 0 end
    order by sequence desc limit 1), 0
      from notifications order by id

insert into pushes (id, device_id, server_id, state, attempts, sends, failures, refused_addresses, lease, claimed_by, due_at, expires_at,
  end_counted, reason, idempotency_key, created_at, updated_at, purpose, addresses, schemes, resynchronise, content_type, body, octets, summary, open,
        ended_at, reference, initiator, initiator_push_id, recipient, notify_to, result_due_at, result_claimed_by, result_failures)
      select id, device_id, server_id, state, attempts, sends, failures, refused_addresses, lease, claimed_by, due_at, expires_at,
  end_counted, reason, idempotency_key, created_at, updated_at, case when initiator is not null then 'relayed' else 'message' end, addresses, schemes, 0, content_type, body, octets, summary, open,
        case when open = 0 then updated_at end, (select reference from events where subject_id = push_messages.id and event in ('sent', 'accepted', 'delivered') and event = events.state and reference is not null and sequence > case when push_messages.attempts > 1 then coalesce(
    (select max(sequence) from events where subject_id = push_messages.id and event = 'sending' and sequence < (select max(sequence) from events where subject_id = push_messages.id and event in ('sent', 'accepted', 'delivered') and event = events.state)),
    0) else 0 end
    order by sequence desc limit 1),
        initiator, push_id, recipient, notify_to, result_due_at, result_claimed_by, result_failures
      from push_messages order by id

insert into push_sessions (device_id, session_id, push_id)
      select device_id, session_id, id from notifications where live = 1

insert into push_keys (server_id, scope, key, push_id, fingerprint)
      select server_id, 'notification', idempotency_key, id, idempotency_fingerprint
      from notifications where idempotency_key is not null

insert into push_keys (server_id, scope, key, push_id, fingerprint)
      select server_id, 'message', idempotency_key, id, idempotency_fingerprint
      from push_messages where idempotency_key is not null

insert into initiator_pushes (initiator, initiator_push_id, recipient, id)
      select initiator, push_id, recipient, id from push_messages where push_id is not null

drop table "push_messages"

drop table "notifications"

create index "pushes_due" on "pushes" ("purpose", "due_at") where "due_at" is not null

create index "pushes_result" on "pushes" ("result_due_at") where "result_due_at" is not null

create index "pushes_ended" on "pushes" ("ended_at") where "ended_at" is not null

create index "pushes_campaign" on "pushes" ("campaign_id", "state") where "campaign_id" is not null

create index "pushes_device" on "pushes" ("device_id", "id")

create index "pushes_state" on "pushes" ("purpose", "state", "id")

drop index "jobs_notification"

alter table "jobs" rename column "notification_id" to "push_id"

create index "jobs_push" on "jobs" ("push_id") where "push_id" is not null

create index "jobs_ended" on "jobs" ("ended_at") where "ended_at" is not null

alter table "schema_version" add column "oldest_writer" integer default 8 not null

-- version 9

alter table "pushes" add column "version" integer default 0 not null

drop index "pushes_due"

create index "pushes_due" on "pushes" ("carrier", "purpose", "due_at") where due_at is not null

drop index "pushes_device"

create index "pushes_device" on "pushes" ("device_id", "id")

drop index "pushes_state"

create index "pushes_state" on "pushes" ("purpose", "state", "id")

-- version 10

alter table "devices" add column "suspended_at" bigint

alter table "devices" add column "revision" integer default 0 not null

alter table "accounts" add column "revision" integer default 0 not null

create table "device_labels" ("device_id" text not null references "devices" ("id") on delete cascade, "name" text not null, "value" text not null, constraint "device_labels_key" primary key ("device_id", "name"))

create index "device_labels_value" on "device_labels" ("name", "value", "device_id")

-- version 11

create table "tokens" ("id" text not null primary key, "hash" text not null, "previous_hash" text, "previous_until" bigint, "owner" text not null, "name" text not null, "scopes" text not null, "accounts" text, "created_at" bigint not null, "rotated_at" bigint, "expires_at" bigint, "last_used_at" bigint, "revoked_at" bigint)

create table "audit" ("sequence" bigserial primary key, "at" bigint not null, "actor" text, "token_id" text, "source" text, "action" text not null, "kind" text, "object_id" text, "account" text, "outcome" text not null, "detail" text)

create index "audit_object" on "audit" ("object_id", "sequence") where "object_id" is not null

create index "audit_actor" on "audit" ("actor", "sequence") where "actor" is not null

alter table "events" add column "actor" text

-- version 12

alter table "pushes" add column "held_due_at" bigint

alter table "pushes" add column "held_result_at" bigint

alter table "jobs" add column "held_at" bigint

create index pushes_held on pushes (id) where held_due_at is not null or held_result_at is not null

create index jobs_held on jobs (id) where held_at is not null

-- version 13

create table "seal_keys" ("id" text not null primary key, "since" bigint not null, "whole" integer not null)

-- version 14

create table "carrier_suspensions" ("carrier" text not null primary key, "since" bigint not null, "actor" text, "reason" text)

-- version 15

create table "campaigns" ("id" text not null primary key, "number" integer not null unique, "kind" text not null, "plan" text not null, "state" text not null, "step" text not null, "accounts" text, "actor" text, "owner" text, "approval" text, "cursor" text, "looked_up" integer not null, "devices" integer not null, "canary_devices" integer not null, "canary_at" bigint, "forgiven" text, "reason" text, "version" integer not null, "idempotency_key" text, "idempotency_fingerprint" text, "created_at" bigint not null, "started_at" bigint, "ended_at" bigint, "updated_at" bigint not null, "content" text not null)

create unique index "campaigns_idempotency" on "campaigns" (coalesce(owner, ''), "idempotency_key") where idempotency_key is not null

create index "campaigns_ended" on "campaigns" ("ended_at")

create table "campaign_devices" ("campaign" integer not null, "ordinal" integer not null, "device_id" text not null, "step" text not null, "state" text not null, "carrier" text, "due_at" bigint, "push_id" text, "job_id" text, "shared" integer not null, "tries" integer not null, "reason" text, "detail" text, "began_at" bigint, "ended_at" bigint, constraint "campaign_devices_key" primary key ("campaign", "ordinal"))

create table "campaign_counts" ("campaign" integer not null, "step" text not null, "state" text not null, "reason" text not null, "n" integer not null, constraint "campaign_counts_key" primary key ("campaign", "step", "state", "reason"))

create unique index "campaign_devices_device" on "campaign_devices" ("device_id", "campaign")

create index "campaign_devices_open" on "campaign_devices" ((campaign + 0), "state", "step", "carrier", "due_at", "ordinal") where ended_at is null

create index "campaign_devices_push" on "campaign_devices" ("push_id") where ended_at is null and push_id is not null

create index "campaign_devices_job" on "campaign_devices" ("job_id") where ended_at is null and job_id is not null

alter table "pushes" add column "other_campaigns" text

alter table "pushes" add column "gated" integer

create index "pushes_gated" on "pushes" ("campaign_id", "other_campaigns") where gated = 1

-- version 16

create table "notices" ("sequence" bigserial primary key, "kind" text not null, "subject" text not null, "event" text not null, "at" bigint not null, "accounts" text, "device_id" text, "actor" text, "details" text not null)

create table "webhooks" ("id" text not null primary key, "url" text not null, "name" text, "kinds" text not null, "devices" text, "accounts" text, "owner" text, "actor" text, "secrets" text not null, "state" text not null, "reason" text, "suspended_at" bigint, "event_position" bigint not null, "notice_position" bigint not null, "failures" integer not null, "failing_since" bigint, "last_success_at" bigint, "last_error_at" bigint, "last_error" text, "delivered" bigint not null, "dropped" bigint not null, "created_at" bigint not null, "updated_at" bigint not null, "revision" integer not null)

create table "webhook_deliveries" ("number" bigserial primary key, "webhook_id" text not null references "webhooks" ("id") on delete cascade, "event_id" text not null, "lane" text not null, "type" text not null, "at" bigint not null, "payload" text not null, "state" text not null, "attempts" integer not null, "due_at" bigint not null, "error" text, "updated_at" bigint not null)

create unique index "webhook_deliveries_event" on "webhook_deliveries" ("webhook_id", "event_id")

create index "webhook_deliveries_lane" on "webhook_deliveries" ("webhook_id", "state", "lane", "number")
