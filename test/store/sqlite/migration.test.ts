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
import { sampleAccount, sampleDevice, sampleJob } from '../../../src/testing/index.ts';

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
