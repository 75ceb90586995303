// A store without room, or without its file: what is refused, what is kept, and that it goes on by itself.
import assert from 'node:assert/strict';
import { mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { storeTroubleOf } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { addSamples, rejectsWith, sampleDevice, sampleRequest } from '../../../src/testing/index.ts';
import { enqueueOne } from '../../../src/testing/store/store-contract-base.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-full-'));
after(() => rmSync(folder, { recursive: true }));

/** A store whose pages are used up by devices; gives their ids. */
async function fullStore(name: string) {
  const store = await openSqliteStore({ file: join(folder, name), groupCommitMs: 0, maxPages: 120 });
  await addSamples(store);
  const ids: string[] = [];
  for (;;) {
    const id = `IMEI:${ids.length}`;
    try {
      await store.createDevice(sampleDevice({ id, digestIdentifier: 'x'.repeat(8000) }));
      ids.push(id);
    } catch (error) {
      assert.equal(storeTroubleOf(error), 'full');
      break;
    }
  }
  return { store, ids };
}

test('full store: a write is refused as FULL and leaves nothing, reading goes on, and the check says so', async () => {
  const { store, ids } = await fullStore('a.db');
  await rejectsWith('FULL', store.check());
  const before = (await store.listDevices({ limit: 1000 })).items.length;
  assert.equal(before, ids.length + 1);
  const large = (id: string) =>
    store.createDevice(sampleDevice({ id, digestIdentifier: 'x'.repeat(20_000) }));
  const writes = await Promise.allSettled(['a', 'b', 'c'].map(large));
  for (const write of writes) assert.equal(write.status, 'rejected');
  assert.equal((await store.listDevices({ limit: 1000 })).items.length, before);
  await rejectsWith('FULL', store.check());
  await store.close();
});

test('full store: it goes on by itself when there is room, and the check is content only then', async () => {
  const { store, ids } = await fullStore('b.db');
  await rejectsWith('FULL', store.check());
  // One of them is room for a small write, but not for more than that.
  await store.deleteDevice(ids[0] ?? '');
  await rejectsWith('FULL', store.check());
  for (const id of ids.slice(1, 20)) await store.deleteDevice(id);
  await store.check();
  const notification = await enqueueOne(store, sampleRequest());
  assert.equal((await store.push(notification.id))?.state, 'queued');
  await store.check();
  await store.close();
});

test('a store whose file was removed takes no writes until it is back', async () => {
  const file = join(folder, 'gone.db');
  const store = await openSqliteStore({ file, groupCommitMs: 0 });
  await addSamples(store);
  renameSync(file, `${file}.away`);
  await rejectsWith('GONE', store.enqueue([sampleRequest()]));
  await rejectsWith('GONE', store.check());
  renameSync(`${file}.away`, file);
  await store.check();
  const notification = await enqueueOne(store, sampleRequest());
  await store.close();
  const again = await openSqliteStore({ file });
  assert.equal((await again.push(notification.id))?.state, 'queued');
  await again.close();
});

test('a check writes to the disk each time, and changes nothing that the store holds', async () => {
  const store = await openSqliteStore({ file: join(folder, 'check.db'), groupCommitMs: 0 });
  await addSamples(store);
  const before = await store.listDevices({ limit: 10 });
  for (let round = 0; round < 3; round += 1) await store.check();
  assert.deepEqual(await store.listDevices({ limit: 10 }), before);
  await store.close();
  await rejectsWith('CLOSED', store.check());
});

test('numbers of the options that cannot be are refused', async () => {
  for (const options of [
    { maxPages: 0 },
    { maxPages: Number.NaN },
    { groupCommitMs: -1 },
    { busyTimeoutMs: 0.5 },
  ]) {
    await assert.rejects(
      openSqliteStore({ file: join(folder, 'no.db'), ...options }),
      /OUT_OF_RANGE|not an integer/,
    );
  }
});
