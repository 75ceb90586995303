// TIMEOUT is a promise (DM-NOTI-1.3 §6.4.7, DM-NOTI-1.3-2010 §6.2.12, spec-notes ruling 25): the Session-ID is kept for as
// long as a push says, and each push says what is left. The octets are read here by hand.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import type { PushPolicy } from '../../../src/server/index.ts';
import { type EngineBench, withEngine } from '../engine-bench.ts';

const minute = 60_000;
const day = 86_400_000;

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
