// The tables, as the queries see them. Times are milliseconds since the POSIX epoch; octets are lower-case hex; lists
// and objects are JSON text; booleans are 0 and 1. So the same rows read the same in every SQL engine.
import type { Generated } from 'kysely';
import type {
  AuditOutcome,
  CampaignContent,
  CampaignDeviceState,
  CampaignDeviceStep,
  CampaignState,
  CampaignStep,
  DefaultNonceState,
  EventKind,
  JobCommand,
  JobState,
  JobSummary,
  NoticeKind,
  PushEventName,
  PushPurpose,
  PushState,
  StoredCredentials,
  StoredFormat,
} from '../../index.ts';

declare const kept: unique symbol;

/** A text as it is kept: sealed where the server has a key. Only `store/sql/seal` makes one and reads it. */
export type Kept = string & { readonly [kept]: true };

/** DM accounts. */
export interface AccountTable {
  server_id: string;
  url: string;
  name: string | null;
  /** JSON. */
  message_signing: Kept | null;
  created_at: number;
  updated_at: number;
  /** How often its owner changed it. */
  revision: number;
}

/** Devices. `srv_` is SRVCRED, `cl_` is CLCRED; a device without CLCRED has an empty `cl_secret`, which no CLCRED has. */
export interface DeviceTable {
  id: string;
  server_id: string;
  addresses: string;
  format: StoredFormat;
  srv_scheme: StoredCredentials['scheme'];
  srv_name: string;
  srv_secret: Kept;
  srv_nonce: string | null;
  cl_scheme: StoredCredentials['scheme'];
  cl_name: string;
  cl_secret: Kept;
  cl_nonce: string | null;
  notification_secret: Kept | null;
  digest_identifier: string | null;
  /** JSON list. */
  srv_schemes: string | null;
  /** JSON list. */
  cl_schemes: string | null;
  /** SHA-256 of the client certificate. */
  tls_certificate: string | null;
  /** JSON. */
  message_keys: Kept | null;
  /** JSON: secrets that are being replaced. */
  rotations: Kept | null;
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
  /** Since when nothing is sent to it. */
  suspended_at: number | null;
  /** How often its owner changed it. */
  revision: number;
}

/** What devices are grouped by. */
export interface DeviceLabelTable {
  device_id: string;
  name: string;
  value: string;
}

/**
 * Pushes of all purposes. A notification has `session_id`, `format`, `fields` and `default_nonce`; another push has
 * `content_type`, `body`, `octets` and `summary`. `open` repeats what purpose and state say.
 */
export interface PushTable {
  id: string;
  purpose: PushPurpose;
  device_id: string | null;
  /** JSON list. */
  addresses: string | null;
  /** JSON list. */
  schemes: string | null;
  server_id: string | null;
  session_id: number | null;
  format: StoredFormat | null;
  /** JSON. */
  fields: string | null;
  default_nonce: DefaultNonceState | null;
  resynchronise: number;
  /** JSON. */
  content_type: string | null;
  /** Hex as all octets here: a statement carries text, numbers and null in every engine. Empty when it is over. */
  body: Kept | null;
  /** Length of the body when it was queued. */
  octets: number | null;
  /** JSON. */
  summary: string | null;
  state: PushState;
  open: number;
  attempts: number;
  sends: number;
  failures: number;
  /** JSON list. */
  refused_addresses: string;
  reference: string | null;
  given_up: string | null;
  lease: number;
  /** Node of the last claim. */
  claimed_by: string | null;
  /** The carrier that the next attempt begins with; null: none yet. */
  carrier: string | null;
  due_at: number | null;
  /** In place of `due_at` while it is held. */
  held_due_at: number | null;
  expires_at: number;
  /** 1 when `expires_at` was counted from the moment of writing, so that it is a wait and no date. */
  end_counted: number;
  ended_at: number | null;
  reason: string | null;
  initiator: string | null;
  /** Its push-id at the initiator. */
  initiator_push_id: string | null;
  recipient: string | null;
  notify_to: string | null;
  result_due_at: number | null;
  /** In place of `result_due_at` while it is held. */
  held_result_at: number | null;
  /** Node that is telling the result. */
  result_claimed_by: string | null;
  result_failures: number;
  idempotency_key: string | null;
  /** Id of the campaign that made it. */
  campaign_id: string | null;
  /** JSON list: ids of the other campaigns that it is for. */
  other_campaigns: string | null;
  /** 1 while its campaigns keep it back; else null. */
  gated: number | null;
  created_at: number;
  updated_at: number;
  /** How often the row was written; releases that know only version 8 of the database leave it as it was. */
  version: number;
}

/** Events of everything that has a timeline. Their subjects are of several kinds, so no foreign key binds them. */
export interface EventTable {
  sequence: Generated<number>;
  kind: EventKind;
  /** What it tells of: the id of a push. */
  subject_id: string;
  at: number;
  event: PushEventName;
  state: PushState;
  node: string | null;
  attempt: number | null;
  binding: string | null;
  address: string | null;
  detail: string | null;
  reference: string | null;
  /** Whose token caused it; null: the event itself says whose doing it is, or a release wrote it that did not know. */
  actor: string | null;
}

/** Session-IDs of the notifications that are open (spec-notes ruling 11). */
export interface PushSessionTable {
  device_id: string;
  session_id: number;
  push_id: string;
}

/** What shares idempotency keys: one may name a notification and a message of the same account. */
export type KeyScope = 'notification' | 'message';

/** Idempotency keys in use. */
export interface PushKeyTable {
  server_id: string;
  scope: KeyScope;
  key: string;
  push_id: string;
  fingerprint: string;
}

/** Push-ids that other initiators have used, one row for each recipient. */
export interface InitiatorPushTable {
  initiator: string;
  initiator_push_id: string;
  recipient: string;
  /** The push here. */
  id: string;
}

/** Jobs. `open` repeats what the state says, for the index on those that are not over. */
export interface JobTable {
  id: string;
  device_id: string;
  server_id: string;
  push_id: string | null;
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
  /** Since when no session takes commands of it. */
  held_at: number | null;
}

/** Commands of jobs. `answered` and `waiting` repeat what the answer says. */
export interface JobCommandTable {
  job_id: string;
  /** From 0. */
  position: number;
  kind: JobCommand['command'];
  command: Kept;
  sends: number;
  answered: number;
  /** 1 while a report is awaited. */
  waiting: number;
  answer: Kept | null;
  answered_at: number | null;
}

/** Tokens of the REST API. */
export interface TokenTable {
  id: string;
  /** SHA-256 in hex. */
  hash: string;
  previous_hash: string | null;
  /** Moment from which the one before opens nothing. */
  previous_until: number | null;
  owner: string;
  name: string;
  /** JSON list. */
  scopes: string;
  /** JSON list; null: all of them. */
  accounts: string | null;
  created_at: number;
  rotated_at: number | null;
  expires_at: number | null;
  last_used_at: number | null;
  revoked_at: number | null;
}

/** The audit log. */
export interface AuditTable {
  sequence: Generated<number>;
  at: number;
  actor: string | null;
  token_id: string | null;
  source: string | null;
  action: string;
  kind: string | null;
  object_id: string | null;
  account: string | null;
  outcome: AuditOutcome;
  detail: string | null;
}

/** Keys that values may be sealed under. */
export interface SealKeyTable {
  id: string;
  /** When it was first used here. */
  since: number;
  /** 1 once nothing lies open any more. */
  whole: number;
}

/** Carriers that get no pushes. */
export interface CarrierSuspensionTable {
  carrier: string;
  since: number;
  actor: string | null;
  reason: string | null;
}

/** Campaigns. */
export interface CampaignTable {
  id: string;
  /** Stands for it in tables of many rows. */
  number: number;
  kind: CampaignContent['kind'];
  /** JSON: the body of its content. */
  content: Kept;
  /** JSON: all else of the plan. */
  plan: string;
  state: CampaignState;
  step: CampaignStep;
  /** JSON list; null: all of them. */
  accounts: string | null;
  actor: string | null;
  owner: string | null;
  /** JSON. */
  approval: string | null;
  /** Id of the device that was looked at last. */
  cursor: string | null;
  looked_up: number;
  devices: number;
  canary_devices: number;
  canary_at: number | null;
  /** JSON. */
  forgiven: string | null;
  reason: string | null;
  version: number;
  idempotency_key: string | null;
  idempotency_fingerprint: string | null;
  created_at: number;
  started_at: number | null;
  ended_at: number | null;
  updated_at: number;
}

/** Devices of campaigns. No foreign key binds them: a report tells of devices that are gone too. */
export interface CampaignDeviceTable {
  /** Number of the campaign. */
  campaign: number;
  /** From 0. */
  ordinal: number;
  device_id: string;
  step: CampaignDeviceStep;
  state: CampaignDeviceState;
  carrier: string | null;
  /** Not before; of one that is pending. */
  due_at: number | null;
  push_id: string | null;
  job_id: string | null;
  shared: number;
  tries: number;
  reason: string | null;
  detail: string | null;
  began_at: number | null;
  /** Null while it is pending or under way. */
  ended_at: number | null;
}

/** How many devices of campaigns there are of each kind; a row whose number is 0 says nothing. */
export interface CampaignCountTable {
  campaign: number;
  step: CampaignDeviceStep;
  state: CampaignDeviceState;
  /** Empty: none. */
  reason: string;
  n: number;
}

/** What happened to jobs, campaigns and links. */
export interface NoticeTable {
  sequence: Generated<number>;
  kind: NoticeKind;
  /** Id of the job or campaign, name of the carrier. */
  subject: string;
  event: string;
  at: number;
  /** JSON list; null: for who sees all accounts. */
  accounts: string | null;
  device_id: string | null;
  actor: string | null;
  /** JSON. */
  details: string;
}

/** Webhooks. */
export interface WebhookTable {
  id: string;
  url: string;
  name: string | null;
  /** JSON list. */
  kinds: string;
  /** JSON list; null: all of them. */
  devices: string | null;
  /** JSON list; null: all of them. */
  accounts: string | null;
  owner: string | null;
  actor: string | null;
  /** JSON. */
  secrets: Kept;
  state: 'active' | 'suspended';
  reason: string | null;
  suspended_at: number | null;
  /** How far the feed was told: of events, of notices. */
  event_position: number;
  notice_position: number;
  failures: number;
  failing_since: number | null;
  last_success_at: number | null;
  last_error_at: number | null;
  last_error: string | null;
  delivered: number;
  dropped: number;
  created_at: number;
  updated_at: number;
  /** How often its owner changed it. */
  revision: number;
}

/** Deliveries that wait for another attempt or for one before them, and those that get none any more. */
export interface WebhookDeliveryTable {
  number: Generated<number>;
  webhook_id: string;
  /** `webhook-id` of the request. */
  event_id: string;
  lane: string;
  type: string;
  at: number;
  payload: string;
  state: 'waiting' | 'dead';
  attempts: number;
  /** 0: as soon as nothing of its lane is before it. */
  due_at: number;
  error: string | null;
  updated_at: number;
}

/** One row. */
export interface SchemaVersionTable {
  /** Number of the newest migration that the database has. */
  version: number;
  /** The oldest version whose release may still write it. */
  oldest_writer: Generated<number>;
}

/** All tables. */
export interface Schema {
  accounts: AccountTable;
  devices: DeviceTable;
  device_labels: DeviceLabelTable;
  pushes: PushTable;
  push_sessions: PushSessionTable;
  push_keys: PushKeyTable;
  initiator_pushes: InitiatorPushTable;
  events: EventTable;
  jobs: JobTable;
  job_commands: JobCommandTable;
  tokens: TokenTable;
  audit: AuditTable;
  seal_keys: SealKeyTable;
  carrier_suspensions: CarrierSuspensionTable;
  campaigns: CampaignTable;
  campaign_devices: CampaignDeviceTable;
  campaign_counts: CampaignCountTable;
  notices: NoticeTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  schema_version: SchemaVersionTable;
}
