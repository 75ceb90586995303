// What an upgrade of the database from version 7 needs: time, and room on the disk (docs/server.md). Makes a database of that
// version with so many notifications, four events each, opens it, and says what it saw: `node bench/upgrade.ts 250000`.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Worker } from 'node:worker_threads';
import { migrations } from '../src/store/sql/index.ts';
import { openSqliteStore } from '../src/store/sqlite/index.ts';
import { sqliteEngine } from '../src/store/sqlite/sqlite-engine.ts';

const notifications = Number(process.argv[2] ?? 250_000);
const devices = Math.max(1, Math.round(notifications / 25));
const events = ['queued', 'sending', 'accepted', 'completed'];

/** Of a hundred notifications, one is open. */
function fill(database: DatabaseSync): void {
  const id = "printf('%08x-%04x-7000-8000-%012x', 26965978 + (i >> 8), i & 255, i)";
  const device = `'IMEI:' || (490000000000000 + i % ${devices})`;
  const numbers = (count: number) =>
    `with recursive n(i) as (select 0 union all select i + 1 from n where i + 1 < ${count})`;
  const state = "case when i % 100 = 0 then 'accepted' else 'completed' end";
  const reference = "'sim:' || i";
  database.exec(`begin;
    insert into accounts values ('com.example.dm', 'https://dm.example.com/dm', 'Example', 1, 1, null);
    ${numbers(devices)} insert into devices (id, server_id, addresses, format, srv_scheme, srv_name, srv_secret, srv_nonce,
        cl_scheme, cl_name, cl_secret, cl_nonce, last_session_id, resync_in_window, resync_window_at, resync_offered,
        resync_completed, reported, created_at, updated_at, last_message_session_id)
      select ${device}, 'com.example.dm', '["sms:+491701234567","wap:10.1.2.3:2948"]', 'dm1.2', 'md5', 'com.example.dm',
        'server secret', '00013aff', 'md5', 'client', 'client secret', '090909', 25, 0, 0, 0, 0, '{}', 1, 1, 0 from n;
    ${numbers(notifications)} insert into notifications (id, device_id, server_id, session_id, format, message, state, live,
        attempts, sends, failures, default_nonce, resynchronise, lease, claimed_by, due_at, expires_at, idempotency_key,
        idempotency_fingerprint, created_at, updated_at, refused_addresses)
      select ${id}, ${device}, 'com.example.dm', 1 + i / ${devices}, 'dm1.2', '{"uiMode":"background","initiator":"server"}',
        ${state}, i % 100 = 0, 1, 1, 0, 'none', 0, 1, 'node-1', case when i % 100 = 0 then 1767312000000 end, 1767312000000,
        case when i % 4 = 0 then 'request ' || i end,
        case when i % 4 = 0 then '5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9' end,
        1767225600000 + i, 1767225600000 + i, '[]' from n;
    ${numbers(notifications * events.length)} insert into events (notification_id, device_id, session_id, at, event, state,
        node, attempt, binding, address, reference)
      select (select id from notifications where rowid = 1 + i / 4), 'IMEI:' || (490000000000000 + i / 4 % ${devices}),
        1 + i / 4 / ${devices}, 1767225600000 + i, e, e, 'node-1', iif(e in ('sending', 'accepted'), 1, null),
        iif(e = 'accepted', 'sms', null), iif(e = 'accepted', 'sms:+491701234567', null),
        iif(e = 'accepted', ${reference}, null)
      from (select i, case i % 4 ${events.map((event, index) => `when ${index} then '${event}'`).join(' ')} end as e from n);
    commit`);
}

const megabytes = (octets: number): number => Math.round(octets / 1e6);
const folder = mkdtempSync(join(tmpdir(), 'reveille-upgrade-'));
try {
  const file = join(folder, 'seven.db');
  const database = new DatabaseSync(file);
  for (const { version, statements } of migrations) {
    if (version <= 7) for (const { sql } of statements(sqliteEngine)) database.exec(sql);
  }
  database.exec(
    'create table schema_version (version integer not null); insert into schema_version values (7)',
  );
  fill(database);
  const counts = database
    .prepare('select (select count(*) from notifications) as pushes, (select count(*) from events) as events')
    .get();
  database.close();
  const before = { size: statSync(file).size, cpu: process.cpuUsage() };
  // The upgrade holds this thread: another one looks at the files meanwhile.
  const watch = new Worker(
    `const { statSync } = require('node:fs');
    const { parentPort, workerData } = require('node:worker_threads');
    const size = (name) => statSync(name, { throwIfNoEntry: false })?.size ?? 0;
    let most = 0;
    const look = () => { most = Math.max(most, size(workerData) + size(workerData + '-wal')); };
    const timer = setInterval(look, 10);
    parentPort.once('message', () => { clearInterval(timer); parentPort.postMessage(most); });`,
    { eval: true, workerData: file },
  );
  await new Promise((resolve) => watch.once('online', resolve));
  const started = performance.now();
  const store = await openSqliteStore({ file });
  const ms = performance.now() - started;
  const cpu = process.cpuUsage(before.cpu);
  const most = await new Promise<number>((resolve) => {
    watch.once('message', resolve);
    watch.postMessage('enough');
  });
  await watch.terminate();
  await store.close();
  console.log(
    JSON.stringify({
      ...counts,
      seconds: Number((ms / 1000).toFixed(1)),
      secondsOfProcessor: Number(((cpu.user + cpu.system) / 1e6).toFixed(1)),
      megabytesBefore: megabytes(before.size),
      megabytesAfter: megabytes(statSync(file).size),
      mostMegabytesAmid: megabytes(most),
      mostMemoryMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    }),
  );
} finally {
  rmSync(folder, { recursive: true });
}
