// Versions of the database, each as the statements that lead to it from the one before. A version that has been
// released is never edited: what changes comes as another one.
import { type CompiledQuery, sql } from 'kysely';
import { StoreError } from '../../core/index.ts';
import type { SqlEngine } from './engine.ts';
import { jobTables } from './job-tables.ts';
import { all, first, type Program } from './program.ts';
import { pushMessageTables } from './push-message-tables.ts';
import { once } from './statement.ts';

/** One version of the database. */
export interface Migration {
  /** Counts up from 1. */
  readonly version: number;
  readonly statements: (engine: SqlEngine) => readonly CompiledQuery[];
}

/** All versions, oldest first. */
export const migrations: readonly Migration[] = [
  { version: 1, statements: firstVersion },
  { version: 2, statements: jobTables },
  { version: 3, statements: authenticationPolicy },
  { version: 4, statements: pushMessageTables },
  { version: 5, statements: secretRotations },
  { version: 6, statements: countedEnds },
  { version: 7, statements: deviceFamilies },
];

/**
 * Brings the database to the newest version, within the transaction that runs it.
 * @throws {StoreError} NEWER_VERSION when a later release of the project has written it
 */
export function* migrate(engine: SqlEngine): Program<void> {
  const { schema } = engine.builder;
  yield* run(
    schema
      .createTable('schema_version')
      .ifNotExists()
      .addColumn('version', 'integer', (column) => column.notNull())
      .compile(),
  );
  const row = yield* first(once(engine.builder.selectFrom('schema_version').select('version')), undefined);
  const current = row?.version ?? 0;
  const newest = migrations.at(-1)?.version ?? 0;
  if (current > newest) {
    throw new StoreError(
      'NEWER_VERSION',
      `the database has version ${current}, this release knows ${newest}: use the release that wrote it, or a newer one`,
    );
  }
  for (const migration of migrations) {
    if (migration.version > current) {
      for (const statement of migration.statements(engine)) yield* run(statement);
    }
  }
  if (row === undefined) {
    yield* all(once(engine.builder.insertInto('schema_version').values({ version: newest })), undefined);
  } else if (current < newest) {
    yield* all(once(engine.builder.updateTable('schema_version').set({ version: newest })), undefined);
  }
}

function* run(query: CompiledQuery): Program<void> {
  yield { sql: query.sql, values: [] };
}

function firstVersion(engine: SqlEngine): readonly CompiledQuery[] {
  const { schema } = engine.builder;
  const accounts = schema
    .createTable('accounts')
    .addColumn('server_id', 'text', (column) => column.primaryKey())
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull());
  const devices = schema
    .createTable('devices')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('server_id', 'text', (column) => column.notNull().references('accounts.server_id'))
    .addColumn('addresses', 'text', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('srv_scheme', 'text', (column) => column.notNull())
    .addColumn('srv_name', 'text', (column) => column.notNull())
    .addColumn('srv_secret', 'text', (column) => column.notNull())
    .addColumn('srv_nonce', 'text')
    .addColumn('cl_scheme', 'text', (column) => column.notNull())
    .addColumn('cl_name', 'text', (column) => column.notNull())
    .addColumn('cl_secret', 'text', (column) => column.notNull())
    .addColumn('cl_nonce', 'text')
    .addColumn('notification_secret', 'text')
    .addColumn('digest_identifier', 'text')
    .addColumn('last_session_id', 'integer', (column) => column.notNull())
    .addColumn('resync_in_window', 'integer', (column) => column.notNull())
    .addColumn('resync_window_at', 'bigint', (column) => column.notNull())
    .addColumn('resync_offered', 'integer', (column) => column.notNull())
    .addColumn('resync_completed', 'integer', (column) => column.notNull())
    .addColumn('reported', 'text', (column) => column.notNull())
    .addColumn('last_session_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull());
  const notifications = schema
    .createTable('notifications')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('device_id', 'text', (column) => column.notNull().references('devices.id').onDelete('cascade'))
    .addColumn('server_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('format', 'text', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('live', 'integer', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('sends', 'integer', (column) => column.notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('default_nonce', 'text', (column) => column.notNull())
    .addColumn('resynchronise', 'integer', (column) => column.notNull())
    .addColumn('lease', 'integer', (column) => column.notNull())
    .addColumn('claimed_by', 'text')
    .addColumn('due_at', 'bigint')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('idempotency_key', 'text')
    .addColumn('idempotency_fingerprint', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull());
  const events = (
    engine.locksRows
      ? schema.createTable('events').addColumn('sequence', 'bigserial', (column) => column.primaryKey())
      : schema
          .createTable('events')
          .addColumn('sequence', 'integer', (column) => column.primaryKey().autoIncrement())
  )
    .addColumn('notification_id', 'text', (column) =>
      column.notNull().references('notifications.id').onDelete('cascade'),
    )
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('session_id', 'integer', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('event', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('node', 'text')
    .addColumn('attempt', 'integer')
    .addColumn('binding', 'text')
    .addColumn('address', 'text')
    .addColumn('detail', 'text')
    .addColumn('reference', 'text');
  const indexes = [
    schema.createIndex('devices_server').on('devices').columns(['server_id', 'id']),
    // Ruling 11, held by the database itself.
    schema
      .createIndex('notifications_live_session')
      .unique()
      .on('notifications')
      .columns(['device_id', 'session_id'])
      .where(sql.ref('live'), '=', sql.lit(1)),
    schema
      .createIndex('notifications_due')
      .on('notifications')
      .column('due_at')
      .where(sql.ref('due_at'), 'is not', sql.lit(null)),
    schema.createIndex('notifications_device').on('notifications').columns(['device_id', 'id']),
    schema.createIndex('notifications_state').on('notifications').columns(['state', 'id']),
    schema
      .createIndex('notifications_idempotency')
      .unique()
      .on('notifications')
      .columns(['server_id', 'idempotency_key'])
      .where(sql.ref('idempotency_key'), 'is not', sql.lit(null)),
    schema.createIndex('events_notification').on('events').columns(['notification_id', 'sequence']),
  ];
  return [accounts, devices, notifications, events, ...indexes].map((statement) => statement.compile());
}

/** What a device may prove itself with, and the certificate that identifies it. */
function authenticationPolicy({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return ['srv_schemes', 'cl_schemes', 'tls_certificate'].map((column) =>
    schema.alterTable('devices').addColumn(column, 'text').compile(),
  );
}

/** Secrets that are being replaced. */
function secretRotations({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return [schema.alterTable('devices').addColumn('rotations', 'text').compile()];
}

/** Which family the client of a device is of. Of those that are there nobody has said it. */
function deviceFamilies({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return [schema.alterTable('devices').addColumn('family', 'text').compile()];
}

/** Which ends were counted and which are dates, for the day on which the clock is set. Those that are there stay dates. */
function countedEnds({ builder: { schema } }: SqlEngine): readonly CompiledQuery[] {
  return ['notifications', 'push_messages', 'jobs'].map((table) =>
    schema
      .alterTable(table)
      .addColumn('end_counted', 'integer', (column) => column.notNull().defaultTo(0))
      .compile(),
  );
}
