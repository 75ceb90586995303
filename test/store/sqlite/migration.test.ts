// A database of an earlier release is brought up to date when it is opened, with what it holds.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { migrations } from '../../../src/store/sql/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { sqliteEngine } from '../../../src/store/sqlite/sqlite-engine.ts';
import {
  sampleAccount,
  sampleDevice,
  sampleJob,
  samplePushMessage,
  sampleRequest,
} from '../../../src/testing/index.ts';
import { enqueueOne } from '../../../src/testing/store/store-contract-base.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-migration-'));
after(() => rmSync(folder, { recursive: true }));

test('version 1, before jobs: accounts and devices stay, and jobs can be made', async () => {
  const file = join(folder, 'one.db');
  const database = new DatabaseSync(file);
  const [first] = migrations;
  assert.equal(first?.version, 1);
  for (const { sql } of first.statements(sqliteEngine)) database.exec(sql);
  database.exec('create table schema_version (version integer not null)');
  database.exec('insert into schema_version values (1)');
  database
    .prepare('insert into accounts (server_id, url, created_at, updated_at) values (?, ?, 1, 1)')
    .run(sampleAccount.serverId, sampleAccount.url);
  database
    .prepare(
      `insert into devices values ('IMEI:2', ?, '["wap:x"]', 'dm1.2', 'md5', 's', 's', null, 'md5', 'c', 'c', null,
        null, null, 1, 0, 0, 0, 0, '{}', null, 1, 1)`,
    )
    .run(sampleAccount.serverId);
  database.close();

  let store = await openSqliteStore({ file });
  assert.equal((await store.account(sampleAccount.serverId))?.url, sampleAccount.url);
  const kept = await store.device('IMEI:2');
  assert.deepEqual(kept?.clientCredentials, { scheme: 'md5', name: 'c', secret: 'c' });
  assert.deepEqual(
    [kept.clientSchemes, kept.serverSchemes, kept.tlsCertificate],
    [undefined, undefined, undefined],
  );
  await store.createDevice(sampleDevice());
  const { job } = await store.createJob(sampleJob());
  await store.close();
  store = await openSqliteStore({ file });
  assert.equal((await store.job(job.id))?.commands.length, 1);
  await store.close();
});

test('version 4, before replaced secrets: devices stay as they were, and their secrets can be replaced', async () => {
  const file = join(folder, 'four.db');
  const database = new DatabaseSync(file);
  for (const { version, statements } of migrations) {
    if (version > 4) continue;
    for (const { sql } of statements(sqliteEngine)) database.exec(sql);
  }
  database.exec('create table schema_version (version integer not null)');
  database.exec('insert into schema_version values (4)');
  const { serverId } = sampleAccount;
  const { id: deviceId } = sampleDevice();
  database.prepare('insert into accounts values (?, ?, ?, 1, 2, null)').run(serverId, 'http://x/', 'Example');
  database
    .prepare(
      `insert into devices values (?, ?, '["wap:x"]', 'dm1.3', 'md5', 's', 'old secret', '0b', 'md5', 'c', 'c', '0a',
        null, null, 7, 0, 0, 0, 0, '{}', null, 1, 1, null, null, null, '{"hmacSecret":"00"}', 5)`,
    )
    .run(deviceId, serverId);
  database.close();

  let store = await openSqliteStore({ file });
  const device = await store.device(deviceId);
  assert.deepEqual(
    [device?.format, device?.serverCredentials.secret, device?.messageKeys, device?.rotations],
    ['dm1.3', 'old secret', { hmacSecret: '00' }, undefined],
  );
  const begun = await store.beginRotation({ deviceId, side: 'server', secret: 'new secret' });
  const id = begun.device.rotations?.server?.id ?? '';
  await store.close();
  store = await openSqliteStore({ file });
  assert.deepEqual((await store.device(deviceId))?.rotations, begun.device.rotations);
  const done = await store.advanceRotation(deviceId, 'server', id, { step: 'completed' });
  assert.equal(done?.serverCredentials.secret, 'new secret');
  assert.deepEqual(done.serverCredentials.nonce, new Uint8Array([11]));
  await store.close();
  const reread = new DatabaseSync(file);
  assert.equal(
    reread.prepare('select version from schema_version').get()?.version,
    migrations.at(-1)?.version,
  );
  reread.close();
});

test('version 6, before families: devices stay as they were, of no family, and can be given one', async () => {
  const file = join(folder, 'six.db');
  const database = new DatabaseSync(file);
  for (const { version, statements } of migrations) {
    if (version > 6) continue;
    for (const { sql } of statements(sqliteEngine)) database.exec(sql);
  }
  database.exec('create table schema_version (version integer not null)');
  database.exec('insert into schema_version values (6)');
  const { serverId } = sampleAccount;
  const { id } = sampleDevice();
  database.prepare('insert into accounts values (?, ?, ?, 1, 2, null)').run(serverId, 'http://x/', 'Example');
  database
    .prepare(
      `insert into devices values (?, ?, '["wap:x"]', 'dm1.3', 'md5', 's', 'secret', '0b', 'md5', 'c', 'c', '0a',
        null, 'other', 7, 0, 0, 0, 0, '{}', null, 1, 1, null, null, null, null, 5, null)`,
    )
    .run(id, serverId);
  database.close();

  let store = await openSqliteStore({ file });
  const device = await store.device(id);
  assert.deepEqual(
    [device?.format, device?.digestIdentifier, device?.serverCredentials.secret],
    ['dm1.3', 'other', 'secret'],
  );
  assert.equal(device !== undefined && 'family' in device, false);
  await store.updateDevice(id, { family: 'samsung' });
  await store.close();
  store = await openSqliteStore({ file });
  assert.deepEqual((await store.device(id))?.family, 'samsung');
  await store.close();
  const reread = new DatabaseSync(file);
  assert.equal(
    reread.prepare('select version from schema_version').get()?.version,
    migrations.at(-1)?.version,
  );
  reread.close();
});

test('version 3, before push messages: what it holds stays and goes on, and push messages can be made', async () => {
  const file = join(folder, 'three.db');
  const database = new DatabaseSync(file);
  for (const { version, statements } of migrations) {
    if (version > 3) continue;
    for (const { sql } of statements(sqliteEngine)) database.exec(sql);
  }
  database.exec('create table schema_version (version integer not null)');
  database.exec('insert into schema_version values (3)');
  const { serverId } = sampleAccount;
  const { id: deviceId } = sampleDevice();
  database.prepare('insert into accounts values (?, ?, ?, 1, 2)').run(serverId, 'http://x/', 'Example');
  database
    .prepare(
      `insert into devices values (?, ?, '["wap:x"]', 'dm1.2', 'md5', 's', 's', null, 'md5', 'c', 'c', '0a',
        null, null, 7, 0, 0, 0, 0, '{}', null, 1, 1, '["hmac"]', null, null)`,
    )
    .run(deviceId, serverId);
  database
    .prepare(
      `insert into notifications values ('n', ?, ?, 7, 'dm1.2', '{}', 'sending', 1, 1, 0, 0, 'none', 0, 1, 'old', 5,
        9000000000000, null, null, null, 1, 1)`,
    )
    .run(deviceId, serverId);
  database
    .prepare(
      `insert into events (notification_id, device_id, session_id, at, event, state)
        values ('n', ?, 7, 1, 'queued', 'queued')`,
    )
    .run(deviceId);
  database.close();

  const times = { createdAt: 1, updatedAt: 2 };
  let store = await openSqliteStore({ file });
  assert.deepEqual(await store.account(serverId), { serverId, url: 'http://x/', name: 'Example', ...times });
  const device = await store.device(deviceId);
  assert.deepEqual(device?.serverSchemes, ['hmac']);
  assert.deepEqual(device.clientCredentials?.nonce, new Uint8Array([10]));
  assert.equal(device.messageKeys, undefined);
  assert.deepEqual((await store.push('n'))?.refusedAddresses, []);
  assert.equal((await store.timeline('n'))?.length, 1);
  assert.equal((await enqueueOne(store, sampleRequest())).sessionId, 8);
  const refused = { event: 'attempt-failed', refusedAddress: 'wap:x' } as const;
  await store.change([{ id: 'n', change: refused }]);
  const sessionId = await store.allocateMessageSessionId(deviceId);
  const taken = await enqueueOne(store, samplePushMessage());
  await store.close();

  store = await openSqliteStore({ file });
  assert.deepEqual((await store.push('n'))?.refusedAddresses, ['wap:x']);
  assert.deepEqual(await store.push(taken.id), taken);
  assert.equal(await store.allocateMessageSessionId(deviceId), (sessionId % 65535) + 1);
  await store.close();
  const reread = new DatabaseSync(file);
  assert.equal(
    reread.prepare('select version from schema_version').get()?.version,
    migrations.at(-1)?.version,
  );
  reread.close();
});
