// Jobs as callers give them: for how long they live, what moves with the clock, and what is said of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ValueError } from '../../../src/core/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const device = sampleDevice().id;
const get = { command: 'get', uri: './A' };
const hourMs = 3_600_000;

const endOf = async ({ store }: ServerBench, id: string | undefined) =>
  (await store.job(id ?? ''))?.expiresAt ?? 0;

test('a job lives for a year at most, for as long as it is asked to, or as long as a notification', () =>
  withServer({ server: { policy: { lifetimeMs: 50_000 } } }, async (bench) => {
    const { clock, server } = bench;
    const create = async (more: object) =>
      (await server.jobs.create({ device, commands: [get], wake: false, ...more })).job.expiresAt -
      clock.now();
    const year = 366 * 86_400;
    assert.equal(await create({ timeoutSeconds: year }), year * 1000);
    assert.equal(await create({ timeoutSeconds: 1 }), 1000);
    assert.equal(await create({}), 50_000);
    assert.equal(await create({ expiresAt: new Date(clock.now() + 7000).toISOString() }), 7000);
    for (const [more, path] of [
      [{ timeoutSeconds: year + 1 }, 'timeoutSeconds'],
      [{ timeoutSeconds: 0 }, 'timeoutSeconds'],
      [{ expiresAt: new Date(clock.now()).toISOString() }, 'expiresAt'],
    ] as const) {
      await assert.rejects(create(more), (error) => {
        assert.ok(error instanceof ValueError);
        assert.deepEqual([error.code, error.path], ['OUT_OF_RANGE', path]);
        return true;
      });
    }
  }));

test('where the clock is set, ends that were counted move with it, and what has a date keeps it', () =>
  withServer({}, async (bench) => {
    const { clock, server } = bench;
    const iso = new Date(clock.now() + hourMs).toISOString();
    const carried = async (fields: object) =>
      (await server.jobs.createNotification({ device, job: [get], ...fields })).job?.id;
    const created = async (fields: object) =>
      (await server.jobs.create({ device, commands: [get], ...fields })).job.id;
    const counted = [
      await carried({}),
      await created({}),
      await created({ wake: false }),
      await created({ timeoutSeconds: 9000 }),
    ];
    const dated = [
      await carried({ notBefore: iso }),
      await carried({ expiresAt: iso }),
      await created({ notification: { notBefore: iso } }),
      await created({ expiresAt: iso, wake: false }),
    ];
    const ends = (ids: readonly (string | undefined)[]) => Promise.all(ids.map((id) => endOf(bench, id)));
    const [countedBefore, datedBefore] = [await ends(counted), await ends(dated)];
    clock.jump(hourMs);
    await eventually(async () => (await endOf(bench, counted[0])) !== countedBefore[0], 'the ends moved');
    assert.deepEqual(
      await ends(counted),
      countedBefore.map((end) => end + hourMs),
    );
    assert.deepEqual(await ends(dated), datedBefore);
  }));

test('a job that comes with a notification lives as long as that at least, and as usual', () =>
  withServer({ server: { policy: { lifetimeMs: hourMs } } }, async (bench) => {
    const { clock, server } = bench;
    const lives = async (fields: object) =>
      ((await server.jobs.createNotification({ device, job: [get], ...fields })).job?.expiresAt ?? 0) -
      clock.now();
    assert.equal(await lives({}), hourMs);
    assert.equal(await lives({ expiresAt: new Date(clock.now() + 1000).toISOString() }), hourMs);
    assert.equal(await lives({ expiresAt: new Date(clock.now() + 2 * hourMs).toISOString() }), 2 * hourMs);
    // A TIMEOUT may be told rounded up by a whole unit.
    assert.equal(await lives({ format: 'dm1.3', timeoutMinutes: 120 }), 2 * hourMs + 60_000);
    assert.equal(await lives({ format: 'dm1.3', timeoutMinutes: 30 }), hourMs);
  }));

test('what a family would not take is said with its place, of the notification before the job', () =>
  withServer({ device: { family: 'aosp', serverId: 'com.example.dm' } }, async ({ server }) => {
    const job = [get, { command: 'copy', uri: './b', source: './a' }];
    const carried = await server.jobs.createNotification({ device, initiator: 'user', job });
    const created = await server.jobs.create({
      device,
      commands: job,
      notification: { initiator: 'user' },
    });
    const places = (warnings: readonly string[]) => warnings.map((line) => line.split(':')[0]);
    const ofNotification = ['initiator'];
    assert.deepEqual(places(carried.warnings), [...ofNotification, 'job[1]']);
    assert.deepEqual(places(created.warnings), [...ofNotification, 'commands[1]']);
    const asleep = await server.jobs.create({ device, commands: job, wake: false });
    assert.deepEqual(places(asleep.warnings), ['commands[1]']);
  }));
