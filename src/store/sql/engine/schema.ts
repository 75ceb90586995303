// The tables, as the queries see them. Times are milliseconds since the POSIX epoch; octets are lower-case hex; lists
// and objects are JSON text; booleans are 0 and 1. So the same rows read the same in every SQL engine.
import type { Generated } from 'kysely';
import type {
  DefaultNonceState,
  JobCommand,
  JobState,
  JobSummary,
  NotificationEventName,
  NotificationState,
  PushMessageEventName,
  PushMessageState,
  StoredCredentials,
  StoredFormat,
} from '../../index.ts';

/** DM accounts. */
export interface AccountTable {
  server_id: string;
  url: string;
  name: string | null;
  /** JSON. */
  message_signing: string | null;
  created_at: number;
  updated_at: number;
}

/** Devices. `srv_` is SRVCRED, `cl_` is CLCRED; a device without CLCRED has an empty `cl_secret`, which no CLCRED has. */
export interface DeviceTable {
  id: string;
  server_id: string;
  addresses: string;
  format: StoredFormat;
  srv_scheme: StoredCredentials['scheme'];
  srv_name: string;
  srv_secret: string;
  srv_nonce: string | null;
  cl_scheme: StoredCredentials['scheme'];
  cl_name: string;
  cl_secret: string;
  cl_nonce: string | null;
  notification_secret: string | null;
  digest_identifier: string | null;
  /** JSON list. */
  srv_schemes: string | null;
  /** JSON list. */
  cl_schemes: string | null;
  /** SHA-256 of the client certificate. */
  tls_certificate: string | null;
  /** JSON. */
  message_keys: string | null;
  /** JSON: secrets that are being replaced. */
  rotations: string | null;
  /** Name of the family of its client. */
  family: string | null;
  /** SessionID of the last sessionless message; 0 before the first. */
  last_message_session_id: number;
  /** Session-ID that was given last. */
  last_session_id: number;
  resync_in_window: number;
  resync_window_at: number;
  resync_offered: number;
  resync_completed: number;
  reported: string;
  last_session_at: number | null;
  created_at: number;
  updated_at: number;
}

/** Notifications. `live` repeats what the state says, for the unique index on the Session-IDs in use. */
export interface NotificationTable {
  id: string;
  device_id: string;
  server_id: string;
  session_id: number;
  format: StoredFormat;
  message: string;
  state: NotificationState;
  live: number;
  attempts: number;
  sends: number;
  failures: number;
  /** JSON list. */
  refused_addresses: string;
  default_nonce: DefaultNonceState;
  resynchronise: number;
  lease: number;
  /** Node of the last claim. */
  claimed_by: string | null;
  due_at: number | null;
  expires_at: number;
  /** 1 when `expires_at` was counted from the moment of writing, so that it is a wait and no date. */
  end_counted: number;
  reason: string | null;
  idempotency_key: string | null;
  idempotency_fingerprint: string | null;
  created_at: number;
  updated_at: number;
}

/** Events. */
export interface EventTable {
  sequence: Generated<number>;
  notification_id: string;
  device_id: string;
  session_id: number;
  at: number;
  event: NotificationEventName;
  state: NotificationState;
  node: string | null;
  attempt: number | null;
  binding: string | null;
  address: string | null;
  detail: string | null;
  reference: string | null;
}

/** Jobs. `open` repeats what the state says, for the index on those that are not over. */
export interface JobTable {
  id: string;
  device_id: string;
  server_id: string;
  notification_id: string | null;
  state: JobState;
  open: number;
  on_failure: JobSummary['onFailure'];
  /** Session that took commands of it last. */
  holder: string | null;
  session_id: number | null;
  command_count: number;
  answered_count: number;
  waiting_count: number;
  failed_count: number;
  /** Octets of the answers so far. */
  answer_octets: number;
  reason: string | null;
  idempotency_key: string | null;
  idempotency_fingerprint: string | null;
  expires_at: number;
  /** 1 when `expires_at` was counted from the moment of writing, so that it is a wait and no date. */
  end_counted: number;
  created_at: number;
  updated_at: number;
  started_at: number | null;
  ended_at: number | null;
}

/** Commands of jobs. `answered` and `waiting` repeat what the answer says. */
export interface JobCommandTable {
  job_id: string;
  /** From 0. */
  position: number;
  kind: JobCommand['command'];
  command: string;
  sends: number;
  answered: number;
  /** 1 while a report is awaited. */
  waiting: number;
  answer: string | null;
  answered_at: number | null;
}

/** Push messages. `open` repeats what the state says, for `deleteDevice`. */
export interface PushMessageTable {
  id: string;
  device_id: string | null;
  /** JSON list. */
  addresses: string | null;
  /** JSON list. */
  schemes: string | null;
  server_id: string | null;
  /** JSON. */
  content_type: string;
  /** Hex as all octets here: a statement carries text, numbers and null in every engine. Empty when it is over. */
  body: string;
  /** Length of the body when it was queued. */
  octets: number;
  /** JSON. */
  summary: string;
  state: PushMessageState;
  open: number;
  attempts: number;
  sends: number;
  failures: number;
  /** JSON list. */
  refused_addresses: string;
  lease: number;
  claimed_by: string | null;
  due_at: number | null;
  expires_at: number;
  /** 1 when `expires_at` was counted from the moment of writing, so that it is a wait and no date. */
  end_counted: number;
  reason: string | null;
  initiator: string | null;
  push_id: string | null;
  recipient: string | null;
  notify_to: string | null;
  result_due_at: number | null;
  /** Node that is telling the result. */
  result_claimed_by: string | null;
  result_failures: number;
  idempotency_key: string | null;
  idempotency_fingerprint: string | null;
  created_at: number;
  updated_at: number;
}

/** Events of push messages. */
export interface PushMessageEventTable {
  sequence: Generated<number>;
  message_id: string;
  at: number;
  event: PushMessageEventName;
  state: PushMessageState;
  node: string | null;
  attempt: number | null;
  binding: string | null;
  address: string | null;
  detail: string | null;
  reference: string | null;
}

/** Number of the newest migration that the database has: one row. */
export interface SchemaVersionTable {
  version: number;
}

/** All tables. */
export interface Schema {
  accounts: AccountTable;
  devices: DeviceTable;
  notifications: NotificationTable;
  events: EventTable;
  jobs: JobTable;
  job_commands: JobCommandTable;
  push_messages: PushMessageTable;
  push_message_events: PushMessageEventTable;
  schema_version: SchemaVersionTable;
}
