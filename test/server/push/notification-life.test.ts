// TIMEOUT is a promise (DM-NOTI-1.3 §6.4.7, DM-NOTI-1.3-2010 §6.2.12, spec-notes ruling 25): the Session-ID is kept for as
// long as a push says, each push says what is left, and a session that comes in time finds its job. The octets are read
// here by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ValueError } from '../../../src/core/index.ts';
import { contentTypes } from '../../../src/push/index.ts';
import {
  decideDue,
  endOfLife,
  type PushPolicy,
  pushPolicyDefaults,
  timeoutOf,
} from '../../../src/server/index.ts';
import { keptUntil, neededUntil } from '../../../src/server/push/notification-life.ts';
import type { NotificationPush } from '../../../src/store/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { type EngineBench, withEngine } from '../engine-bench.ts';
import { withServer } from '../server-bench.ts';

const minute = 60_000;
const day = 86_400_000;
const device = sampleDevice().id;

/** TIMEOUT of dm1.3, the 16 bits from bit 32 of the header. */
const minutesOf = (body: Uint8Array): number => (body[4] ?? 0) * 256 + (body[5] ?? 0);
/** TIMESTAMP of dm1.3 in milliseconds, the 32 bits from bit 64. */
const timestampOf = (body: Uint8Array): number => Buffer.from(body).readUInt32BE(8) * 1000;
/** <timeout> of dm1.3-2010: three bits after 18 others behind the digest. */
const daysOf = (body: Uint8Array): number => ((body[18] ?? 0) >> 3) & 7;

const endOf = async ({ store, clock }: Pick<EngineBench, 'store' | 'clock'>, id: string) =>
  ((await store.push(id))?.expiresAt ?? 0) - clock.now();

/** Waits until so many pushes went out and the last one is settled. */
async function sent({ wap, reaches }: EngineBench, id: string, count: number): Promise<Uint8Array> {
  await reaches(id, 'sent', count);
  const push = wap.pushes.at(-1)?.push;
  assert.ok(push);
  assert.equal(wap.pushes.length, count);
  return push.body;
}

test('DM-NOTI-1.3 §6.4.7: 14 days asked for are kept for 14 days, whatever the usual life is', () =>
  withEngine({}, async (bench) => {
    const id = await bench.push({ format: 'dm1.3', timeoutMinutes: 14 * 1440 });
    assert.equal(await endOf(bench, id), 14 * day);
    const draft = await bench.push({ format: 'dm1.3-2010', timeoutDays: 7 });
    assert.equal(await endOf(bench, draft), 7 * day);
    const none = await bench.push({ format: 'dm1.3', timeoutMinutes: 0 });
    assert.equal(await endOf(bench, none), bench.policy.lifetimeMs);
  }));

test('DM-NOTI-1.3 §6.4.7: 600 minutes on the wire outlive a life of 15 seconds', () =>
  withEngine({ policy: { lifetimeMs: 15_000 } }, async (bench) => {
    const { engine, push, clock, store } = bench;
    await engine.start();
    const id = await push({ format: 'dm1.3', timeoutMinutes: 600 });
    assert.equal(minutesOf(await sent(bench, id, 1)), 600);
    assert.equal(await endOf(bench, id), 600 * minute);
    clock.advance(16_000);
    await engine.stop();
    assert.equal((await store.push(id))?.state, 'sent');
  }));

test('ruling 25: the time counts from notBefore, and from a TIMESTAMP that was given', () =>
  withEngine({}, async (bench) => {
    const { push, clock } = bench;
    const notBefore = new Date(clock.now() + 3 * day).toISOString();
    assert.equal(
      await endOf(bench, await push({ format: 'dm1.3', timeoutMinutes: 90, notBefore })),
      3 * day + 90 * minute,
    );
    assert.equal(
      await endOf(bench, await push({ format: 'dm1.3-2010', timeoutDays: 1, notBefore })),
      4 * day,
    );
    const timestamp = clock.now() / 1000 - 120;
    assert.equal(
      await endOf(bench, await push({ format: 'dm1.3', timeoutMinutes: 10, timestamp })),
      8 * minute,
    );
    await assert.rejects(push({ format: 'dm1.3', timeoutMinutes: 2, timestamp }), { path: 'timeoutMinutes' });
  }));

test('ruling 25: an expiresAt before the end of the TIMEOUT is refused with both values; a later one ends with it', () =>
  withEngine({}, async (bench) => {
    const { push, clock } = bench;
    const at = (ms: number): string => new Date(clock.now() + ms).toISOString();
    for (const [fields, length, section] of [
      [{ format: 'dm1.3', timeoutMinutes: 600 }, 600 * minute, '6.4.7'],
      [{ format: 'dm1.3-2010', timeoutDays: 2 }, 2 * day, '6.2.12'],
    ] as const) {
      const asked = at(length - 1);
      await assert.rejects(push({ ...fields, expiresAt: asked }), (error) => {
        assert.ok(error instanceof ValueError);
        assert.deepEqual(
          [error.code, error.path, error.spec?.section],
          ['OUT_OF_RANGE', 'expiresAt', section],
        );
        assert.ok(error.detail.includes(asked) && error.detail.includes(at(length)), error.detail);
        return true;
      });
      assert.equal(await endOf(bench, await push({ ...fields, expiresAt: at(length) })), length);
      assert.equal(await endOf(bench, await push({ ...fields, expiresAt: at(9 * day) })), length);
    }
    const early = await push({ format: 'dm1.3', expiresAt: at(1000) });
    assert.equal(await endOf(bench, early), 1000);
  }));

const tries: Partial<PushPolicy> = { attempts: 9, answerTimeoutMs: minute, resynchronise: 'never' };

test('DM-NOTI-1.3 §6.4.7: a retry carries what is left, rounded up, from its own TIMESTAMP', () =>
  withEngine({ policy: tries, random: () => 0 }, async (bench) => {
    const { engine, push, clock, store } = bench;
    await engine.start();
    const id = await push({ format: 'dm1.3', timeoutMinutes: 30 });
    const first = await sent(bench, id, 1);
    assert.equal(minutesOf(first), 30);
    const end = timestampOf(first) + 30 * minute;
    assert.equal((await store.push(id))?.expiresAt, end);
    let before = 30;
    for (let count = 2; count <= 5; count += 1) {
      clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
      const body = await sent(bench, id, count);
      const left = minutesOf(body);
      assert.equal(left, Math.ceil((end - timestampOf(body)) / minute));
      assert.ok(left > 0 && left < before, `${left} after ${before}`);
      before = left;
    }
  }));

test('DM-NOTI-1.3-2010 §6.2.12: a retry carries the days that are left, rounded up and never 0', () =>
  withEngine({ policy: { ...tries, answerTimeoutMs: day / 3 }, random: () => 0 }, async (bench) => {
    const { engine, push, clock, store } = bench;
    await engine.start();
    const id = await push({ format: 'dm1.3-2010', timeoutDays: 3 });
    const written = [daysOf(await sent(bench, id, 1))];
    for (let count = 2; count <= 3; count += 1) {
      clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
      written.push(daysOf(await sent(bench, id, count)));
    }
    // Sent after 0, a third and 1 day; the next comes after 2 and a third.
    assert.deepEqual(written, [3, 3, 2]);
    clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
    assert.equal(daysOf(await sent(bench, id, 4)), 1);
  }));

test('no TIMEOUT asked for: 0 is written in every push, and the Session-ID lives as long as the push', () =>
  withEngine({ policy: tries }, async (bench) => {
    const { engine, push, clock, store, reaches } = bench;
    await engine.start();
    for (const [fields, read] of [
      [{ format: 'dm1.3' }, minutesOf],
      [{ format: 'dm1.3-2010' }, daysOf],
    ] as const) {
      const from = bench.wap.pushes.length;
      const id = await push(fields);
      await reaches(id, 'sent');
      clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
      await reaches(id, 'sent', 2);
      const bodies = bench.wap.pushes.slice(from).map((each) => each.push.body);
      assert.deepEqual(bodies.map(read), [0, 0]);
      await store.change([{ id, change: { event: 'cancelled' } }]);
    }
  }));

test('a TIMESTAMP that was given is not moved, nor the TIMEOUT that counts from it', () =>
  withEngine({ policy: tries }, async (bench) => {
    const { engine, push, clock, store } = bench;
    await engine.start();
    const timestamp = clock.now() / 1000 - 60;
    const id = await push({ format: 'dm1.3', timeoutMinutes: 30, timestamp });
    for (let count = 1; count <= 2; count += 1) {
      const body = await sent(bench, id, count);
      assert.deepEqual([minutesOf(body), timestampOf(body)], [30, timestamp * 1000]);
      clock.advance(((await store.push(id))?.dueAt ?? 0) - clock.now());
    }
  }));

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

test('whatever is asked for, and whenever: no push promises a device less than what is asked for, nor a life too short', () => {
  const sentAt = Date.UTC(2026, 0, 1);
  const asked = fc.oneof(
    fc.record({ format: fc.constant('dm1.3' as const), timeoutMinutes: fc.integer({ min: 1, max: 65_535 }) }),
    fc.record({ format: fc.constant('dm1.3-2010' as const), timeoutDays: fc.integer({ min: 1, max: 7 }) }),
  );
  fc.assert(
    fc.property(asked, fc.integer({ min: 1, max: 10 ** 11 }), ({ format, ...fields }, lifeMs) => {
      const length = Number(Object.values(fields)[0]) * (format === 'dm1.3' ? minute : day);
      const end = endOfLife({ format, fields }, { sentAt, otherwise: sentAt + lifeMs });
      assert.equal(end, sentAt + length);
    }),
  );
});

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

test('a format without TIMEOUT lives as asked, or as usual, whatever stands in its fields', () => {
  const sentAt = Date.UTC(2026, 0, 1);
  for (const fields of [{}, { timeoutDays: 3 }, { timeoutMinutes: 3 }]) {
    const timed = { format: 'dm1.2' as const, fields };
    assert.equal(timeoutOf(timed), undefined);
    assert.equal(endOfLife(timed, { sentAt, otherwise: sentAt + 5 }), sentAt + 5);
    assert.equal(endOfLife(timed, { sentAt, expiresAt: sentAt + 7, otherwise: sentAt + 5 }), sentAt + 7);
    assert.equal(keptUntil({ ...timed, expiresAt: sentAt + 7 }, sentAt), undefined);
  }
});

test('a TIMEOUT counts from the TIMESTAMP, which dm1.3 alone has and which is a whole second, else from the sending', () => {
  const sentAt = Date.UTC(2026, 0, 1) + 999;
  const otherwise = sentAt + 1;
  const days = { format: 'dm1.3-2010' as const, fields: { timeoutDays: 1 } };
  assert.equal(endOfLife(days, { sentAt, otherwise }), sentAt + day);
  const minutes = { format: 'dm1.3' as const, fields: { timeoutMinutes: 1 } };
  assert.equal(endOfLife(minutes, { sentAt, otherwise }), sentAt - 999 + minute);
  // A longer life that is named ends with it, and a shorter one is refused.
  assert.equal(endOfLife(minutes, { sentAt, expiresAt: sentAt + day, otherwise }), sentAt - 999 + minute);
  assert.throws(() => endOfLife(days, { sentAt, expiresAt: sentAt + day - 1, otherwise }), {
    code: 'OUT_OF_RANGE',
    path: 'expiresAt',
  });
});

test('a TIMEOUT of 0 asks for none; a TIMESTAMP that was given is what the others count from', () => {
  const sentAt = Date.UTC(2026, 0, 1);
  const otherwise = sentAt + 5;
  for (const fields of [{ timeoutMinutes: 0 }, { timeoutDays: 0 }, {}]) {
    for (const format of ['dm1.3', 'dm1.3-2010'] as const) {
      assert.equal(timeoutOf({ format, fields }), undefined);
      assert.equal(endOfLife({ format, fields }, { sentAt, otherwise }), otherwise);
      assert.equal(neededUntil({ format, fields, expiresAt: otherwise }), otherwise);
    }
  }
  const fields = { timeoutMinutes: 10, timestamp: sentAt / 1000 - 60 };
  const timed = { format: 'dm1.3', fields } as const;
  const promised = sentAt + 9 * minute;
  assert.equal(endOfLife(timed, { sentAt, otherwise }), promised);
  assert.equal(endOfLife(timed, { sentAt, expiresAt: promised, otherwise }), promised);
  assert.throws(
    () => endOfLife(timed, { sentAt, expiresAt: promised - 1, otherwise }),
    /2026-01-01T00:08:59\.999Z is earlier than timeoutMinutes 10 promises .* 2026-01-01T00:09:00\.000Z: leave expiresAt out/,
  );
  // It is not moved by the sending, nor is what is left of it.
  assert.equal(keptUntil({ ...timed, expiresAt: promised }, sentAt + 5 * minute), promised);
  assert.equal(neededUntil({ ...timed, expiresAt: promised }), promised + minute);
});

test('a Session-ID is kept until the end, or until a TIMEOUT ends that was rounded up beyond it', () => {
  const now = Date.UTC(2026, 0, 1);
  const days = { format: 'dm1.3-2010' as const, fields: { timeoutDays: 3 } };
  // At once, three days are left and three are told; half a day later, two and a half, and three are told.
  assert.equal(keptUntil({ ...days, expiresAt: now + 3 * day }, now), now + 3 * day);
  assert.equal(keptUntil({ ...days, expiresAt: now + 3 * day }, now + day / 2), now + 3.5 * day);
  // What is left cannot be more than was asked for: a clock that was set back, or a life that is longer.
  assert.equal(keptUntil({ ...days, expiresAt: now + 5 * day }, now), now + 5 * day);
  const minutes = { format: 'dm1.3' as const, fields: { timeoutMinutes: 10 } };
  assert.equal(keptUntil({ ...minutes, expiresAt: now + 10 * minute }, now + 90_000), now + 10.5 * minute);
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
