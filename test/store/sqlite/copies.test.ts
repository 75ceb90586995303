// Copies of a store that runs, and stores put back from them: whole, or not there.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { Store } from '../../../src/store/index.ts';
import { copyStore, openSqliteStore, restoreStore, writeCopy } from '../../../src/store/sqlite/index.ts';
import { rejectsWith, sampleDevice, sampleRequest } from '../../../src/testing/index.ts';
import { addQueued, enqueueOne, toSending } from '../../../src/testing/store/store-contract-base.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-copies-'));
after(() => rmSync(folder, { recursive: true }));

const place = (name: string): string => join(folder, name);

async function filled(name: string): Promise<string> {
  const file = join(place(name), 'reveille.sqlite');
  const store = await openSqliteStore({ file });
  await addQueued(store);
  await store.close();
  return file;
}

const claim = async (store: Store) =>
  (await store.claimDue({ limit: 99, leaseMs: 1000, node: 'n' }, toSending)).map(({ push }) => push.id);

test('a copy of a store that is being written is whole, for its owner alone, and leaves nothing behind', async () => {
  const file = join(place('running'), 'reveille.sqlite');
  const store = await openSqliteStore({ file });
  const first = await addQueued(store);
  let writing = true;
  const written: string[] = [];
  const writer = (async () => {
    while (writing) written.push((await enqueueOne(store, sampleRequest())).id);
  })();
  const copy = await store.copy();
  await rejectsWith('COPY_UNDER_WAY', store.copy());
  const target = place('copy');
  const before = written.length;
  assert.deepEqual(
    (await writeCopy(target, copy.pieces(), copy.octets)).octets,
    copy.octets,
    'as many as it said',
  );
  assert.equal(statSync(target).mode & 0o777, 0o600);
  assert.deepEqual(
    readdirSync(place('running')).filter((name) => name.includes('copy')),
    [],
  );
  await (await store.copy()).end();
  writing = false;
  await writer;
  await store.close();
  assert.ok(written.length >= before);
  const database = new DatabaseSync(target, { readOnly: true });
  const ids = database.prepare('select id from pushes order by id').all().map(Object);
  database.close();
  // Each push that was acknowledged before the copy began is in it, and no part of another.
  assert.deepEqual(
    ids.map(({ id }) => id),
    [first.id, ...written].slice(0, ids.length),
  );
});

test('what a process that was killed left of a copy goes when the store is opened', async () => {
  const file = await filled('killed');
  writeFileSync(`${file}.copy-1`, 'half');
  await (await openSqliteStore({ file })).close();
  assert.deepEqual(readdirSync(place('killed')), ['reveille.sqlite']);
});

test('a copy that is cut short, damaged or of something else gets no name', async () => {
  const file = await filled('whole');
  const octets = readFileSync(file);
  const target = place('never');
  const of = async function* (...pieces: Uint8Array[]) {
    yield* pieces;
  };
  await rejectsWith('CUT_SHORT', writeCopy(target, of(octets.subarray(0, 5000)), octets.length));
  await rejectsWith('DAMAGED', writeCopy(target, of(octets.subarray(0, 20_000)), undefined));
  await rejectsWith('NOT_A_STORE', writeCopy(target, of(Buffer.from('<html>'.repeat(500))), undefined));
  await rejectsWith('NOT_A_STORE', writeCopy(target, of(), 0));
  await rejectsWith('NOT_WRITABLE', writeCopy(place('none/x'), of(octets), undefined));
  assert.deepEqual(
    readdirSync(folder).filter((name) => name.startsWith('never')),
    [],
  );
  await copyStore(file, target);
  await rejectsWith('ALREADY_EXISTS', copyStore(file, target));
  await copyStore(file, target, { replace: true });
});

test('what is put back is held, its nonces are unknown, and events are counted from far beyond those of the copy', async () => {
  const file = await filled('origin');
  const before = await openSqliteStore({ file });
  for (const carrier of ['sip', 'obex', 'http']) await before.suspendCarrier({ carrier });
  await before.close();
  const copy = place('origin.copy');
  await copyStore(file, copy);
  const restored = await restoreStore({ file: copy, folder: place('back') });
  assert.deepEqual(restored.held, { pushes: 1, jobs: 0 });
  const target = join(place('back'), 'reveille.sqlite');
  assert.equal(statSync(target).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(place('back')), ['reveille.sqlite']);
  const store = await openSqliteStore({ file: target });
  assert.deepEqual(await claim(store), []);
  const device = await store.device(sampleDevice().id);
  assert.equal(device?.serverCredentials.nonce, undefined);
  const [held] = (await store.listPushes({ limit: 9, held: true })).items;
  const fresh = await enqueueOne(store, sampleRequest());
  const [event] = (await store.timeline(fresh.id)) ?? [];
  assert.ok((event?.sequence ?? 0) > 1_000_000_000);
  // A reader of the feed that had seen more than the copy knows misses nothing, of links neither.
  await store.suspendCarrier({ carrier: 'wap' });
  const [told] = await store.noticesAfter(999_999_999, 9);
  assert.deepEqual([told?.kind, told?.subject], ['link', 'wap']);
  // Of those that the copy had, as many stay as may.
  assert.equal(await store.removeNotices({ keep: 4 }, 9), 0);
  assert.equal(await store.removeNotices({ keep: 3 }, 9), 1);
  const kept = async () => (await store.noticesAfter(0, 9)).map(({ subject }) => subject);
  assert.deepEqual(await kept(), ['obex', 'http', 'wap']);
  assert.equal(await store.removeNotices({ keep: 1 }, 9), 2);
  assert.equal(await store.removeNotices({ keep: 0 }, 9), 1);
  await store.releaseHeld({}, 9);
  assert.deepEqual(new Set(await claim(store)), new Set([held?.id, fresh.id]));
  await store.close();
});

test('a folder that is not empty keeps what it has, unless it may be replaced; a running server keeps it always', async () => {
  const copy = place('other.copy');
  await copyStore(await filled('other'), copy);
  const target = place('kept');
  const file = await filled('kept');
  const before = readFileSync(file);
  await rejectsWith('NOT_EMPTY', restoreStore({ file: copy, folder: target }));
  const store = await openSqliteStore({ file });
  await rejectsWith('BUSY', restoreStore({ file: copy, folder: target, force: true }));
  await store.close();
  assert.equal(readFileSync(file).length, before.length);
  writeFileSync(join(target, 'tokens'), 'mine');
  await restoreStore({ file: copy, folder: target, force: true });
  assert.deepEqual(readdirSync(target).sort(), ['reveille.sqlite', 'tokens']);
  // One that is damaged is no reason to keep it.
  writeFileSync(file, 'no database');
  writeFileSync(`${file}-wal`, 'left');
  await restoreStore({ file: copy, folder: target, force: true });
  assert.deepEqual(readdirSync(target).sort(), ['reveille.sqlite', 'tokens']);
  await (await openSqliteStore({ file })).close();
});

test('nothing comes of a copy that is damaged, empty, of something else, newer, or not there', async () => {
  const copy = place('bad.copy');
  await copyStore(await filled('bad'), copy);
  const target = place('untouched');
  const tried = async (code: string, name: string, change: (file: string) => void) => {
    const file = place(name);
    writeFileSync(file, readFileSync(copy));
    change(file);
    await rejectsWith(code, restoreStore({ file, folder: target }));
    assert.deepEqual(readdirSync(target), [], name);
  };
  mkdirSync(target);
  await tried('DAMAGED', 'short.copy', (file) => truncateSync(file, statSync(file).size - 8192));
  await tried('DAMAGED', 'garbled.copy', (file) => {
    const octets = readFileSync(file);
    octets.fill(0xa5, 4096, 12_288);
    writeFileSync(file, octets);
  });
  await tried('NOT_A_STORE', 'empty.copy', (file) => truncateSync(file, 0));
  await tried('NOT_A_STORE', 'text.copy', (file) => writeFileSync(file, 'hello '.repeat(999)));
  await tried('NOT_A_STORE', 'live.copy', (file) => writeFileSync(`${file}-wal`, 'something'));
  const inSql = (sql: string) => (file: string) => {
    const database = new DatabaseSync(file);
    database.exec(sql);
    database.close();
  };
  await tried('NOT_A_STORE', 'foreign.copy', (file) => {
    rmSync(file);
    inSql('create table x (a)')(file);
  });
  await tried('NEWER_VERSION', 'newer.copy', inSql('update schema_version set version = version + 1'));
  await rejectsWith('NOT_A_STORE', restoreStore({ file: place('nowhere'), folder: target }));
  await rejectsWith('NOT_A_STORE', restoreStore({ file: folder, folder: target }));
  // A folder that was not there is not there afterwards.
  await rejectsWith('NEWER_VERSION', restoreStore({ file: place('newer.copy'), folder: place('unmade') }));
  assert.equal(statSync(place('unmade'), { throwIfNoEntry: false }), undefined);
});

const child = (...args: string[]): ChildProcess =>
  spawn(process.execPath, [join(import.meta.dirname, 'children', 'copy-and-restore.ts'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });

test('kill -9 in the middle of a backup or a restore: the whole, or nothing under the name', async () => {
  const file = join(place('large'), 'reveille.sqlite');
  const store = await openSqliteStore({ file });
  await addQueued(store);
  const data = 'x'.repeat(20_000);
  for (let count = 0; count < 20; count += 1) {
    await store.enqueue(
      Array.from({ length: 20 }, () => sampleRequest({ fields: { uiMode: 'background', note: data } })),
    );
  }
  await store.close();
  const copy = place('large.copy');
  await copyStore(file, copy);
  const outcomes = { none: 0, whole: 0 };
  for (let delay = 0; delay < 8; delay += 1) {
    for (const [what, from] of [
      ['backup', file],
      ['restore', copy],
    ] as const) {
      const target = place(`${what}-${delay}`);
      const killed = child(what, from, target);
      assert.ok(killed.stdout);
      const ended = once(killed, 'exit');
      await once(killed.stdout, 'data');
      await new Promise((resolve) => setTimeout(resolve, delay * 12));
      killed.kill('SIGKILL');
      await ended;
      const result = what === 'backup' ? target : join(target, 'reveille.sqlite');
      const there = statSync(result, { throwIfNoEntry: false }) !== undefined;
      outcomes[there ? 'whole' : 'none'] += 1;
      if (there) {
        const database = new DatabaseSync(result, { readOnly: true });
        assert.deepEqual(Object(database.prepare('pragma integrity_check').get()).integrity_check, 'ok');
        assert.equal(Object(database.prepare('select count(*) as n from pushes').get()).n, 401);
        database.close();
      } else if (what === 'restore') {
        // Nothing stands in the way of the next try, and that takes the rest along.
        await restoreStore({ file: copy, folder: target });
        assert.deepEqual(readdirSync(target), [basename(result)]);
      }
    }
  }
  assert.ok(outcomes.none > 0, JSON.stringify(outcomes));
});
