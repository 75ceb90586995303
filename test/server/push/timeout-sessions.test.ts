// TIMEOUT is a promise (spec-notes ruling 25): the Session-ID is kept to its end when the attempts are used up, and a session
// that comes in time finds its job.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import { decideDue, type PushPolicy, pushPolicyDefaults } from '../../../src/server/index.ts';
import type { NotificationPush } from '../../../src/store/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { type EngineBench, withEngine } from '../engine-bench.ts';
import { withServer } from '../server-bench.ts';

const minute = 60_000;
const day = 86_400_000;
const device = sampleDevice().id;

/** <timeout> of dm1.3-2010: three bits after 18 others behind the digest. */
const daysOf = (body: Uint8Array): number => ((body[18] ?? 0) >> 3) & 7;

/** Waits until so many pushes went out and the last one is settled. */
async function sent({ wap, reaches }: EngineBench, id: string, count: number): Promise<Uint8Array> {
  await reaches(id, 'sent', count);
  const push = wap.pushes.at(-1)?.push;
  assert.ok(push);
  assert.equal(wap.pushes.length, count);
  return push.body;
}

const tries: Partial<PushPolicy> = { attempts: 9, answerTimeoutMs: minute, resynchronise: 'never' };

test('ruling 25: after the last push the Session-ID is kept until the TIMEOUT ends, and given to no other push', () =>
  withEngine(
    { policy: { attempts: 1, answerTimeoutMs: minute }, device: { firstSessionId: 7 } },
    async (bench) => {
      const { engine, push, clock, store, reaches } = bench;
      await engine.start();
      const id = await push({ format: 'dm1.3', timeoutMinutes: 600 });
      await sent(bench, id, 1);
      clock.advance(599 * minute);
      await engine.stop();
      const kept = await bench.notification(id);
      assert.deepEqual([kept.state, kept.sessionId], ['sent', 7]);
      clock.advance(minute);
      await engine.start();
      await reaches(id, 'expired');
      assert.match((await store.push(id))?.reason ?? '', /its time ended unanswered after 1 push/);
      // Without one it is given up after the wait for an answer, as ever.
      const other = await push({ format: 'dm1.3' });
      await reaches(other, 'sent');
      clock.advance(minute);
      await reaches(other, 'failed');
    },
  ));

test('ruling 25: a carrier that gives a push up, or addresses that refuse the next one, do not end the promise', () =>
  withEngine({ policy: { attempts: 2, answerTimeoutMs: minute } }, async (bench) => {
    const { engine, push, clock, store, reaches, wap } = bench;
    await engine.start();
    const id = await push({ format: 'dm1.3', timeoutMinutes: 600 });
    await sent(bench, id, 1);
    wap.respond = () => Promise.reject(new ValueError('TOO_LONG', 'it no longer fits', 'body'));
    clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
    await reaches(id, 'queued', 2);
    const kept = await store.push(id);
    assert.deepEqual([kept?.state, kept?.dueAt], ['queued', kept?.expiresAt]);
    clock.advance((kept?.expiresAt ?? 0) - clock.now());
    await reaches(id, 'expired');
  }));

test('decide: with a TIMEOUT, attempts that are used up are no reason to end before its time', () => {
  const now = Date.UTC(2026, 0, 1);
  const due: NotificationPush = {
    purpose: 'notification',
    id: 'n',
    deviceId: device,
    serverId: 'com.example.dm',
    sessionId: 1,
    format: 'dm1.3',
    fields: { timeoutMinutes: 60 },
    state: 'sent',
    attempts: 3,
    sends: 3,
    failures: 0,
    defaultNonce: 'none',
    resynchronise: false,
    version: 0,
    lease: 3,
    dueAt: now,
    expiresAt: now + minute,
    refusedAddresses: [],
    createdAt: now,
    updatedAt: now,
  };
  for (const state of ['sent', 'accepted', 'delivered', 'answered'] as const) {
    const waits = decideDue({ ...due, state }, pushPolicyDefaults, now);
    assert.deepEqual([waits.event, waits.dueAt], ['note', now + minute], state);
    const over = decideDue({ ...due, state }, pushPolicyDefaults, now + minute);
    assert.equal(over.event, state === 'answered' ? 'failed' : 'expired');
    const without = decideDue({ ...due, state, fields: { timeoutMinutes: 0 } }, pushPolicyDefaults, now);
    assert.equal(without.event, 'failed');
  }
});

test('the Session-ID of a last push is kept for as long as its TIMEOUT says, not only to the end that was counted', () =>
  withEngine({ policy: { ...tries, attempts: 2, answerTimeoutMs: day / 2 } }, async (bench) => {
    const { engine, push, clock, store, reaches } = bench;
    await engine.start();
    const id = await push({ format: 'dm1.3-2010', timeoutDays: 1 });
    await sent(bench, id, 1);
    clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
    const again = clock.now();
    assert.equal(daysOf(await sent(bench, id, 2)), 1);
    await reaches(id, 'sent', 2);
    const kept = await store.push(id);
    assert.ok(again + day > (kept?.expiresAt ?? 0));
    assert.equal(kept?.dueAt, again + day);
    clock.advance(again + day - 1 - clock.now());
    assert.equal((await store.push(id))?.state, 'sent');
    clock.advance(1);
    await reaches(id, 'expired');
  }));

for (const [format, fields, length] of [
  ['dm1.3', { timeoutMinutes: 20_160 }, 14 * day],
  ['dm1.3-2010', { timeoutDays: 7 }, 7 * day],
] as const) {
  test(`${format}: a session that comes in time, days after the usual life, is answered with its job`, () =>
    withServer({ server: { policy: { attempts: 1, lifetimeMs: minute } } }, async (bench) => {
      const { server, clock, store, wap, device: client, reaches } = bench;
      const { push: notification, job } = await server.jobs.createNotification({
        device,
        format,
        ...fields,
        job: [{ command: 'get', uri: './DevInfo/Man' }],
      });
      const push = (await eventually(() => wap.pushes[0], 'the push')).push;
      await reaches(notification.id, 'sent');
      clock.advance(length - 1000);
      // Whatever is due by then has been looked at: what comes later has its turn after it.
      await reaches(notification.id, 'sent');
      const run = await client.take(
        { ...push, contentType: contentTypes[format] },
        {
          execute: async ({ item }) => ({
            status: 200,
            results: [{ source: { uri: item.target?.uri ?? '' }, data: 'Acme' }],
          }),
        },
      );
      assert.deepEqual(run?.end, { outcome: 'completed' });
      await reaches(notification.id, 'completed');
      const done = await store.job(job?.id ?? '');
      assert.equal(done?.state, 'completed');
      assert.equal(done?.commands[0]?.answer?.results?.[0]?.data, 'Acme');
    }));
}

test('a job is not given up before the TIMEOUT of the notification that wakes its device', () =>
  withServer({ server: { policy: { lifetimeMs: minute } } }, async ({ server, clock }) => {
    const commands = [{ command: 'get', uri: './DevInfo/Man' }];
    const notification = { format: 'dm1.3', timeoutMinutes: 600 };
    const { job } = await server.jobs.create({ device, commands, notification });
    assert.ok(job.expiresAt - clock.now() >= 600 * minute);
    for (const [end, path] of [
      [{ timeoutSeconds: 60 }, 'timeoutSeconds'],
      [{ expiresAt: new Date(clock.now() + minute).toISOString() }, 'expiresAt'],
    ] as const) {
      await assert.rejects(server.jobs.create({ device, commands, notification, ...end }), (error) => {
        assert.ok(error instanceof ValueError);
        assert.deepEqual([error.code, error.path], ['OUT_OF_RANGE', path]);
        for (const ms of [minute, 600 * minute]) {
          assert.ok(error.detail.includes(new Date(clock.now() + ms).toISOString()), error.detail);
        }
        return true;
      });
    }
    const long = await server.jobs.create({ device, commands, notification, timeoutSeconds: 36_000 });
    assert.equal(long.job.expiresAt - clock.now(), 600 * minute);
  }));
