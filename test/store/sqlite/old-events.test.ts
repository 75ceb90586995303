// Old events are found without an index on their age: the right ones go, whatever numbers are missing among them.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { isOpenPush, type PushEvent, type Store } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { addSamples, ManualClock, sampleDevice, sampleRequest } from '../../../src/testing/index.ts';
import { enqueueOne } from '../../../src/testing/store/store-contract-base.ts';
import { makeVersionSeven, versionSeven } from './version-seven.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-old-events-'));
after(() => rmSync(folder, { recursive: true }));

const feed = (store: Store) => store.eventsAfter(0, 100_000);

/** The events that may go. */
async function oldOf(store: Store, before: number): Promise<readonly PushEvent[]> {
  const { items } = await store.listPushes({ limit: 100_000 });
  const open = new Set(items.filter(isOpenPush).map(({ id }) => id));
  return (await feed(store)).filter(({ at, pushId }) => at < before && !open.has(pushId));
}

/** Removes in steps until nothing goes any more. */
async function removeEvents(store: Store, before: number): Promise<void> {
  while ((await store.removeOver({ events: before }, 7)).events > 0);
}

test('at every age, what is older goes and the rest stays, with gaps of every size', async () => {
  const clock = new ManualClock();
  const store = await openSqliteStore({ file: join(folder, 'gaps.db'), clock, groupCommitMs: 0 });
  await addSamples(store);
  const start = clock.now();
  for (let round = 0; round < 60; round += 1) {
    const id = `IMEI:${round}`;
    await store.createDevice(sampleDevice({ id }));
    const pushes = await Promise.all(
      Array.from({ length: 1 + (round % 5) }, () => enqueueOne(store, sampleRequest({ deviceId: id }))),
    );
    clock.advance(10);
    // Every third push stays open, and of every fourth device nothing stays.
    const over = pushes.filter((_, index) => round % 4 === 0 || index % 3 !== 0);
    await store.change(over.map((push) => ({ id: push.id, change: { event: 'cancelled' } })));
    if (round % 4 === 0) await store.deleteDevice(id);
    clock.advance(10);
  }
  for (let before = start; before <= clock.now() + 30; before += 50) {
    const gone = new Set((await oldOf(store, before)).map(({ sequence }) => sequence));
    const kept = (await feed(store)).filter(({ sequence }) => !gone.has(sequence));
    await removeEvents(store, before);
    assert.deepEqual(await feed(store), kept, `${before - start} ms`);
  }
  assert.deepEqual(await oldOf(store, clock.now() + 30), []);
  await store.close();
});

test('events whose numbers are not in the order of their age: none goes too early, and all go in the end', async () => {
  const file = join(folder, 'seven.db');
  makeVersionSeven(file);
  const clock = new ManualClock(versionSeven.now);
  const store = await openSqliteStore({ file, clock, groupCommitMs: 0 });
  const first = Math.min(...(await feed(store)).map(({ at }) => at));
  for (let before = first; before <= clock.now() + 1000; before += 5000) {
    const young = (await feed(store)).filter(({ at }) => at >= before);
    await removeEvents(store, before);
    assert.deepEqual(
      (await feed(store)).filter(({ at }) => at >= before),
      young,
    );
  }
  await removeEvents(store, clock.now() + 1000);
  assert.deepEqual(await oldOf(store, clock.now() + 1000), []);
  await store.close();
});
