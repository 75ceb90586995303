// What lies in the database and which of it is sealed, as data: the code that seals, the warning about what lies open, the tests
// and docs/sealing.md go by it.

/** A column that is sealed. */
export interface SealedColumn {
  readonly table: 'accounts' | 'devices' | 'pushes' | 'job_commands' | 'campaigns' | 'webhooks';
  readonly column: string;
  /** Columns that name the record. */
  readonly record: readonly string[];
  /** What it holds, in the words of warnings. */
  readonly holds: string;
}

const ofDevice = { table: 'devices', record: ['id'] } as const;
const ofCommand = { table: 'job_commands', record: ['job_id', 'position'] } as const;

/** All columns that hold secrets. An empty text in them says that there is none, and stays as it is. */
export const sealedColumns = [
  { table: 'accounts', column: 'message_signing', record: ['server_id'], holds: 'signing keys of accounts' },
  { ...ofDevice, column: 'srv_secret', holds: 'secrets of the server at devices' },
  { ...ofDevice, column: 'cl_secret', holds: 'secrets of devices' },
  { ...ofDevice, column: 'notification_secret', holds: 'notification secrets' },
  { ...ofDevice, column: 'message_keys', holds: 'message keys of devices' },
  { ...ofDevice, column: 'rotations', holds: 'secrets being replaced' },
  { table: 'pushes', column: 'body', record: ['id'], holds: 'bodies of messages' },
  { ...ofCommand, column: 'command', holds: 'commands of jobs' },
  { ...ofCommand, column: 'answer', holds: 'answers to commands of jobs' },
  { table: 'campaigns', column: 'content', record: ['id'], holds: 'contents of campaigns' },
  { table: 'webhooks', column: 'secrets', record: ['id'], holds: 'secrets of webhooks' },
] as const satisfies readonly SealedColumn[];

/** Columns that lie open, and why they may. */
export interface OpenColumns {
  readonly table: string;
  readonly columns: readonly string[];
  readonly why: string;
}

const life = 'what became of it, and when';

/** All other columns. */
export const openColumns: readonly OpenColumns[] = [
  { table: 'accounts', columns: ['server_id', 'url', 'name'], why: 'who the server is to devices' },
  { table: 'accounts', columns: ['created_at', 'updated_at', 'revision'], why: life },
  {
    table: 'devices',
    columns: ['id', 'server_id', 'addresses', 'srv_name', 'cl_name', 'digest_identifier', 'tls_certificate'],
    why: 'who it is and where it is reached; lists and filters look for it',
  },
  {
    table: 'devices',
    columns: ['format', 'srv_scheme', 'cl_scheme', 'srv_schemes', 'cl_schemes', 'family'],
    why: 'how it is spoken to',
  },
  {
    table: 'devices',
    columns: ['srv_nonce', 'cl_nonce', 'last_message_session_id', 'last_session_id'],
    why: 'nonces and numbers go over the air in the clear, and prove nothing without a secret',
  },
  { table: 'devices', columns: ['reported'], why: 'what it says of itself; filters look for it' },
  {
    table: 'devices',
    columns: [
      'resync_in_window',
      'resync_window_at',
      'resync_offered',
      'resync_completed',
      'last_session_at',
    ],
    why: life,
  },
  { table: 'devices', columns: ['created_at', 'updated_at', 'suspended_at', 'revision'], why: life },
  { table: 'device_labels', columns: ['device_id', 'name', 'value'], why: 'filters look for it' },
  {
    table: 'pushes',
    columns: ['id', 'purpose', 'device_id', 'addresses', 'schemes', 'server_id', 'session_id'],
    why: 'to whom it goes',
  },
  {
    table: 'pushes',
    columns: ['format', 'fields', 'default_nonce', 'resynchronise', 'content_type', 'octets', 'summary'],
    why: 'a notification goes over the air in the clear, under a digest; of a message they say its kind and size',
  },
  {
    table: 'pushes',
    columns: [
      'state',
      'open',
      'attempts',
      'sends',
      'failures',
      'refused_addresses',
      'reference',
      'given_up',
      'lease',
      'claimed_by',
      'carrier',
      'due_at',
      'held_due_at',
      'expires_at',
      'end_counted',
      'ended_at',
      'reason',
      'result_due_at',
      'held_result_at',
      'result_claimed_by',
      'result_failures',
      'created_at',
      'updated_at',
      'version',
    ],
    why: life,
  },
  {
    table: 'pushes',
    columns: ['initiator', 'initiator_push_id', 'recipient', 'notify_to', 'idempotency_key'],
    why: 'who asked for it, and where the result is told',
  },
  {
    table: 'pushes',
    columns: ['campaign_id', 'other_campaigns', 'gated'],
    why: 'which campaigns it is for, and whether they keep it back',
  },
  {
    table: 'carrier_suspensions',
    columns: ['carrier', 'since', 'actor', 'reason'],
    why: 'which carriers are suspended, since when, by whom, why',
  },
  { table: 'push_sessions', columns: ['device_id', 'session_id', 'push_id'], why: 'numbers in use' },
  {
    table: 'push_keys',
    columns: ['server_id', 'scope', 'key', 'push_id', 'fingerprint'],
    why: 'names that callers gave to requests, and a SHA-256 of each request',
  },
  {
    table: 'initiator_pushes',
    columns: ['initiator', 'initiator_push_id', 'recipient', 'id'],
    why: 'names that other initiators gave to pushes',
  },
  {
    table: 'events',
    columns: [
      'sequence',
      'kind',
      'subject_id',
      'at',
      'event',
      'state',
      'node',
      'attempt',
      'binding',
      'address',
      'detail',
      'reference',
      'actor',
    ],
    why: life,
  },
  {
    table: 'jobs',
    columns: ['id', 'device_id', 'server_id', 'push_id', 'on_failure', 'holder', 'session_id'],
    why: 'whose it is',
  },
  {
    table: 'jobs',
    columns: [
      'state',
      'open',
      'command_count',
      'answered_count',
      'waiting_count',
      'failed_count',
      'answer_octets',
      'reason',
      'expires_at',
      'end_counted',
      'created_at',
      'updated_at',
      'started_at',
      'ended_at',
      'held_at',
    ],
    why: life,
  },
  {
    table: 'jobs',
    columns: ['idempotency_key', 'idempotency_fingerprint'],
    why: 'the name that the caller gave to the request, and a SHA-256 of it',
  },
  {
    table: 'job_commands',
    columns: ['job_id', 'position', 'kind', 'sends', 'answered', 'waiting', 'answered_at'],
    why: life,
  },
  {
    table: 'campaigns',
    columns: ['id', 'number', 'kind', 'plan', 'accounts', 'actor', 'owner', 'approval'],
    why: 'which devices it is for, by which rules, and who asked for it; all but what they get',
  },
  {
    table: 'campaigns',
    columns: [
      'state',
      'step',
      'cursor',
      'looked_up',
      'devices',
      'canary_devices',
      'canary_at',
      'forgiven',
      'reason',
      'version',
      'created_at',
      'started_at',
      'ended_at',
      'updated_at',
    ],
    why: life,
  },
  {
    table: 'campaigns',
    columns: ['idempotency_key', 'idempotency_fingerprint'],
    why: 'the name that the caller gave to the request, and a SHA-256 of it',
  },
  {
    table: 'campaign_devices',
    columns: ['campaign', 'ordinal', 'device_id', 'step', 'carrier', 'push_id', 'job_id', 'shared'],
    why: 'which devices it has, and what each of them got',
  },
  {
    table: 'campaign_devices',
    columns: ['state', 'due_at', 'tries', 'reason', 'detail', 'began_at', 'ended_at'],
    why: life,
  },
  { table: 'campaign_counts', columns: ['campaign', 'step', 'state', 'reason', 'n'], why: life },
  {
    table: 'tokens',
    columns: ['id', 'hash', 'previous_hash', 'owner', 'name', 'scopes', 'accounts'],
    why: 'who may do what; of the token itself a SHA-256 of 256 random bits',
  },
  {
    table: 'tokens',
    columns: ['previous_until', 'created_at', 'rotated_at', 'expires_at', 'last_used_at', 'revoked_at'],
    why: life,
  },
  {
    table: 'audit',
    columns: [
      'sequence',
      'at',
      'actor',
      'token_id',
      'source',
      'action',
      'kind',
      'object_id',
      'account',
      'outcome',
      'detail',
    ],
    why: 'who did what, without values',
  },
  {
    table: 'notices',
    columns: ['sequence', 'kind', 'subject', 'event', 'at', 'accounts', 'device_id', 'actor', 'details'],
    why: 'what happened to jobs, campaigns and links, without values',
  },
  {
    table: 'webhooks',
    columns: ['id', 'url', 'name', 'kinds', 'devices', 'accounts', 'owner', 'actor'],
    why: 'who is told of what',
  },
  {
    table: 'webhooks',
    columns: [
      'state',
      'reason',
      'suspended_at',
      'event_position',
      'notice_position',
      'failures',
      'failing_since',
      'last_success_at',
      'last_error_at',
      'last_error',
      'delivered',
      'dropped',
      'created_at',
      'updated_at',
      'revision',
    ],
    why: life,
  },
  {
    table: 'webhook_deliveries',
    columns: [
      'number',
      'webhook_id',
      'event_id',
      'lane',
      'type',
      'at',
      'payload',
      'state',
      'attempts',
      'due_at',
      'error',
      'updated_at',
    ],
    why: 'what is to be told: events, as they lie open themselves',
  },
  {
    table: 'seal_keys',
    columns: ['id', 'since', 'whole'],
    why: 'which keys the database needs, by their ids',
  },
  { table: 'schema_version', columns: ['version', 'oldest_writer'], why: 'the version of the database' },
];

/** The place of a value, to which it is sealed: it names table, column and record, and so do errors. */
export function placeOf(table: string, column: string, record: string | number): string {
  return `${table}.${column} of ${record}`;
}
