// kill -9: what was acknowledged is there afterwards, and the file opens at once.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import type { NotificationPush } from '../../../src/store/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { ManualClock, rejectsWith, sampleDevice } from '../../../src/testing/index.ts';
import { asMessage, asNotification, toSending } from '../../../src/testing/store/store-contract-base.ts';

const folder = await mkdtemp(join(tmpdir(), 'reveille-kill-'));
after(() => rm(folder, { recursive: true }));

function startChild(script: string, file: string): ChildProcess {
  return spawn(process.execPath, [join(import.meta.dirname, 'children', script), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Reads `count` lines of a child, then kills it without warning; gives every line that it managed to write. */
async function linesUntilKilled(child: ChildProcess, count: number): Promise<string[]> {
  assert.ok(child.stdout);
  const ended = once(child, 'exit');
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (lines.length === count) child.kill('SIGKILL');
  }
  const [, signal] = await ended;
  assert.equal(signal, 'SIGKILL');
  return lines;
}

test('kill -9 after the acknowledgement: every acknowledged notification is there, with its Session-ID', async () => {
  const file = join(folder, 'enqueue.db');
  const lines = await linesUntilKilled(startChild('enqueue-and-hang.ts', file), 300);
  const store = await openSqliteStore({ file });
  assert.ok(lines.length >= 300);
  for (const line of lines) {
    const [id = '', sessionId] = line.split(' ');
    const found = asNotification(await store.push(id));
    assert.equal(found.state, 'queued');
    assert.equal(String(found.sessionId), sessionId);
    assert.equal((await store.timeline(id))?.length, 1);
  }
  await store.close();
});

test('kill -9 within an import: sets that were acknowledged are there, others whole or not at all, and the same again brings the rest', async () => {
  const file = join(folder, 'import.db');
  const lines = await linesUntilKilled(startChild('import-and-hang.ts', file), 45);
  const store = await openSqliteStore({ file });
  const last = Math.max(...lines.map(Number));
  for (let set = 0; set <= last + 20; set += 1) {
    const devices = Array.from({ length: 100 }, (_, number) => ({
      input: sampleDevice({ id: `IMEI:${(number * 7919) % 101}-${set}`, labels: { set: `s${set}` } }),
    }));
    const { length: count } = await store.devices(devices.map(({ input }) => input.id));
    assert.ok(count === 100 || (count === 0 && !lines.includes(String(set))), `${count} of set ${set}`);
    const outcomes = await store.importDevices(devices);
    assert.ok(outcomes.every(({ outcome }) => outcome === (count === 100 ? 'unchanged' : 'created')));
  }
  await store.close();
});

test('kill -9 after a claim: it is claimed again after the lease, with the same Session-ID', async () => {
  const file = join(folder, 'claim.db');
  const [line = ''] = await linesUntilKilled(startChild('claim-and-hang.ts', file), 1);
  const before = JSON.parse(line) as NotificationPush;
  const clock = new ManualClock(before.updatedAt + 1);
  const store = await openSqliteStore({ file, clock });
  const claim = () => store.claimDue({ limit: 9, leaseMs: 1000, node: 'next' }, toSending);
  assert.deepEqual(await claim(), []);
  assert.equal(await store.nextDueAt(), before.dueAt);
  clock.advance(60_000);
  const again = asNotification((await claim())[0]?.push);
  assert.equal(again.id, before.id);
  assert.equal(again.sessionId, before.sessionId);
  assert.equal(again.lease, before.lease + 1);
  await store.close();
});

test('kill -9 amid push messages: what was acknowledged is there, whole pushes only, and work goes on', async () => {
  const file = join(folder, 'push.db');
  const lines = await linesUntilKilled(startChild('push-messages-and-hang.ts', file), 100);
  const pushes = (word: string) =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  // Between the moment of the kill and the ends of the leases that the child took.
  const clock = new ManualClock(Date.now());
  const store = await openSqliteStore({ file, clock });
  const all = (await store.listPushes({ limit: 100_000 })).items.map(asMessage);
  const counts = new Map<string, number>();
  for (const { id, initiator, state, body } of all) {
    const { pushId = '' } = initiator ?? {};
    counts.set(pushId, (counts.get(pushId) ?? 0) + 1);
    const timeline = await store.timeline(id);
    assert.equal(timeline?.at(-1)?.state, state);
    const whole = Buffer.alloc(4096, Number.parseInt(pushId, 10));
    assert.deepEqual(Buffer.from(body), state === 'failed' ? Buffer.alloc(0) : whole);
  }
  assert.ok(pushes('queued').length >= 50);
  for (const pushId of pushes('queued')) assert.ok(counts.has(pushId), `${pushId} was acknowledged`);
  for (const count of counts.values()) assert.equal(count, 3);
  for (const pushId of pushes('worked')) {
    const states = (await store.pushesOfInitiator('partner', pushId)).map((message) => message.state);
    assert.deepEqual(states, ['failed', 'accepted', 'sending']);
  }

  const sending = all.filter((message) => message.state === 'sending');
  assert.equal(await store.releaseClaims('killed'), sending.length);
  const again = await store.claimDue({ limit: 100_000, leaseMs: 1000, node: 'next' }, toSending);
  const leases = new Map(again.map(({ push }) => [push.id, push.lease]));
  for (const { id, lease } of sending) assert.equal(leases.get(id), lease + 1);
  const results = await store.claimDueResults({ limit: 100_000, leaseMs: 1000, node: 'next' });
  const failed = all.filter((message) => message.state === 'failed').map((message) => message.id);
  assert.deepEqual(results.map((message) => message.id).sort(), failed.sort());
  await store.close();
});

test('one process at a time: the second one is told which file and what to do; kill -9 frees it', async () => {
  const file = join(folder, 'busy.db');
  const child = startChild('claim-and-hang.ts', file);
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  await assert.rejects(openSqliteStore({ file, busyTimeoutMs: 0 }), (error: Error) => {
    assert.match(error.message, /busy\.db is open in another process: stop that process, or choose/);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });
  await rejectsWith('BUSY', openSqliteStore({ file, busyTimeoutMs: 0 }));
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
  const store = await openSqliteStore({ file, busyTimeoutMs: 0 });
  assert.equal((await store.listPushes({ limit: 9 })).items.length, 1);
  await store.close();
});
