// What an upgrade says of itself: the version that there was, the one that there is, and the oldest that may still write it.
import assert from 'node:assert/strict';
import type { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { StoreError } from '../../../../src/core/index.ts';
import { type Migration, migrate, migrations } from '../../../../src/store/sql/index.ts';
import { sqliteEngine } from '../../../../src/store/sqlite/sqlite-engine.ts';
import { emptyDatabase, newDatabase, rowsOf, runProgram } from '../in-memory.ts';

const newest = migrations.at(-1)?.version ?? 0;
const statements = () => [];
const expansion: Migration = { version: newest + 1, statements };
const contraction: Migration = { version: newest + 2, oldestWriter: newest + 1, statements };
const later: Migration = { version: newest + 3, statements };

const upgrade = (database: DatabaseSync, known: readonly Migration[]) =>
  runProgram(database, migrate(sqliteEngine, known));
const saysOf = (database: DatabaseSync) => rowsOf(database, 'select * from schema_version');

test('an empty database comes to the newest version, and once only', () => {
  const database = emptyDatabase();
  assert.equal(upgrade(database, migrations), 0);
  assert.deepEqual(saysOf(database), [{ version: newest, oldest_writer: 8 }]);
  assert.equal(upgrade(database, migrations), newest);
  assert.deepEqual(saysOf(database), [{ version: newest, oldest_writer: 8 }]);
});

test('of several versions on the way, the last one that names its oldest writer counts', () => {
  const straight = emptyDatabase();
  upgrade(straight, [...migrations, expansion, contraction, later]);
  assert.deepEqual(saysOf(straight), [{ version: newest + 3, oldest_writer: newest + 1 }]);
  const stepwise = newDatabase();
  assert.equal(upgrade(stepwise, [...migrations, expansion]), newest);
  assert.deepEqual(saysOf(stepwise), [{ version: newest + 1, oldest_writer: 8 }]);
  assert.equal(upgrade(stepwise, [...migrations, expansion, contraction, later]), newest + 1);
  assert.deepEqual(saysOf(stepwise), [{ version: newest + 3, oldest_writer: newest + 1 }]);
});

test('versions that name no writer leave none but the one of the column', () => {
  const database = emptyDatabase();
  assert.equal(upgrade(database, migrations.slice(0, 7)), 0);
  assert.deepEqual(saysOf(database), [{ version: 7 }]);
  assert.equal(upgrade(database, migrations.slice(0, 8)), 7);
  assert.deepEqual(saysOf(database), [{ version: 8, oldest_writer: 8 }]);
});

test('a release goes on with a newer version that takes its writes, and refuses one that does not', () => {
  const database = newDatabase();
  upgrade(database, [...migrations, expansion, contraction]);
  assert.equal(upgrade(database, [...migrations, expansion]), newest + 2);
  assert.throws(
    () => upgrade(database, migrations),
    (error) => {
      assert.ok(error instanceof StoreError);
      assert.equal(error.code, 'NEWER_VERSION');
      assert.equal(
        error.message,
        `the database has version ${newest + 2} and takes writes of releases that know version ${newest + 1}, this ` +
          `release knows ${newest}: use the release that wrote it, or a newer one`,
      );
      return true;
    },
  );
  assert.deepEqual(saysOf(database), [{ version: newest + 2, oldest_writer: newest + 1 }]);
});

test('a new database has these tables and indexes, and no others', () => {
  const named = rowsOf(
    newDatabase(),
    `select type, name, tbl_name as "on" from sqlite_schema
      where name not like 'sqlite_%' order by type desc, name`,
  ) as { readonly type: string; readonly name: string; readonly on: string }[];
  const of = (wanted: string) =>
    named
      .filter(({ type }) => type === wanted)
      .map(({ name, on }) => (name === on ? name : `${on}: ${name}`));
  assert.deepEqual(of('table'), [
    'accounts',
    'audit',
    'campaign_counts',
    'campaign_devices',
    'campaigns',
    'carrier_suspensions',
    'device_labels',
    'devices',
    'events',
    'initiator_pushes',
    'job_commands',
    'jobs',
    'notices',
    'push_keys',
    'push_sessions',
    'pushes',
    'schema_version',
    'seal_keys',
    'tokens',
    'webhook_deliveries',
    'webhooks',
  ]);
  assert.deepEqual(of('index'), [
    'audit: audit_actor',
    'audit: audit_object',
    'campaign_devices: campaign_devices_device',
    'campaign_devices: campaign_devices_job',
    'campaign_devices: campaign_devices_open',
    'campaign_devices: campaign_devices_push',
    'campaigns: campaigns_ended',
    'campaigns: campaigns_idempotency',
    'device_labels: device_labels_value',
    'devices: devices_server',
    'events: events_subject',
    'jobs: jobs_device',
    'jobs: jobs_ended',
    'jobs: jobs_expiry',
    'jobs: jobs_held',
    'jobs: jobs_idempotency',
    'jobs: jobs_open',
    'jobs: jobs_push',
    'jobs: jobs_state',
    'pushes: pushes_campaign',
    'pushes: pushes_device',
    'pushes: pushes_due',
    'pushes: pushes_ended',
    'pushes: pushes_gated',
    'pushes: pushes_held',
    'pushes: pushes_result',
    'pushes: pushes_state',
    'webhook_deliveries: webhook_deliveries_event',
    'webhook_deliveries: webhook_deliveries_lane',
  ]);
});
