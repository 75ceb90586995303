// Store contract: jobs are taken in, read, cancelled and ended by time.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobCommand, jobLimits, type PushEvent } from '../../store/index.ts';
import { addSamples, changeOne, enqueueOne, rejectsWith, type WithStore } from './store-contract-base.ts';
import { sampleDevice, sampleJob, sampleRequest } from './store-samples.ts';

const deviceId = sampleDevice().id;

/** One of each kind, with every field that it can have. */
const allKinds: readonly JobCommand[] = [
  { command: 'get', uri: './A?list=Struct' },
  { command: 'add', uri: './B', data: 'text "é" <&>', format: 'chr', type: 'text/plain' },
  { command: 'replace', uri: './C', dataBase64: 'AAH/', format: 'bin' },
  { command: 'delete', uri: './D' },
  { command: 'copy', uri: './E', source: './F' },
  { command: 'exec', uri: './G', data: '', correlator: 'c1' },
  {
    command: 'alert',
    kind: 'single-choice',
    text: 'Which?',
    choices: ['one', 'two'],
    minimumDisplaySeconds: 1,
    maximumDisplaySeconds: 2,
    defaultResponse: '1',
    maxLength: 3,
    inputType: 'numeric',
    echoType: 'text',
  },
  { command: 'atomic', commands: [{ command: 'sequence', commands: [{ command: 'delete', uri: './H' }] }] },
];

export function jobContract(withStore: WithStore): void {
  test('a job comes back as it was created', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { job, notification, created } = await store.createJob(sampleJob({ commands: allKinds }));
      assert.equal(created, true);
      assert.equal(notification, undefined);
      assert.deepEqual(job, {
        id: job.id,
        deviceId,
        serverId: sampleDevice().serverId,
        state: 'pending',
        onFailure: 'stop',
        commandCount: allKinds.length,
        answeredCount: 0,
        expiresAt: sampleJob().expiresAt,
        createdAt: clock.now(),
        updatedAt: clock.now(),
      });
      const commands = allKinds.map((command) => ({ command, sends: 0 }));
      assert.deepEqual(await store.job(job.id), { ...job, commands });
      assert.equal(await store.job('nothing'), undefined);
      assert.equal(await store.nextJobExpiry(), job.expiresAt);
    }));

  test('a job that wakes its device brings the notification, both or neither', () =>
    withStore(async ({ store }) => {
      await rejectsWith('UNKNOWN_DEVICE', store.createJob(sampleJob({ wake: sampleRequest() })));
      await addSamples(store);
      const { job, notification } = await store.createJob(sampleJob({ wake: sampleRequest() }));
      assert.equal(notification?.state, 'queued');
      assert.equal(job.pushId, notification.id);
      assert.deepEqual(await store.push(notification.id), notification);
      assert.deepEqual(await store.jobOfPush(notification.id), job);
      assert.equal(await store.jobOfPush('nothing'), undefined);
      for (let more = 1; more < jobLimits.openJobs; more += 1) await store.createJob(sampleJob());
      await rejectsWith('TOO_MANY_JOBS', store.createJob(sampleJob({ wake: sampleRequest() })));
      assert.equal((await store.listPushes({ limit: 10 })).items.length, 1);
      await store.cancelJob(job.id, 'enough');
      await store.createJob(sampleJob());
    }));

  test('the same request under the same key is one job, and another request is refused', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const idempotency = { key: 'k', fingerprint: 'one' };
      const first = await store.createJob(sampleJob({ idempotency, wake: sampleRequest() }));
      const again = await store.createJob(sampleJob({ idempotency, wake: sampleRequest() }));
      assert.deepEqual(again, { ...first, created: false });
      assert.equal(first.job.idempotencyKey, 'k');
      const other = sampleJob({ idempotency: { key: 'k', fingerprint: 'two' } });
      await rejectsWith('IDEMPOTENCY_CONFLICT', store.createJob(other));
      const wake = sampleRequest({ idempotency: { key: 'n', fingerprint: 'one' } });
      const woken = await store.createJob(sampleJob({ wake }));
      assert.deepEqual(await store.createJob(sampleJob({ wake })), { ...woken, created: false });
      assert.equal((await store.listJobs({ limit: 10 })).items.length, 2);
    }));

  test('a list of jobs shows the newest first, and can be narrowed', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const ids: string[] = [];
      for (const each of [deviceId, 'IMEI:1', deviceId]) {
        ids.push((await store.createJob(sampleJob({ deviceId: each }))).job.id);
      }
      await store.cancelJob(ids[0] ?? '', 'by request');
      const listed = async (query: Parameters<typeof store.listJobs>[0]) =>
        (await store.listJobs(query)).items.map((each) => each.id);
      assert.deepEqual(await listed({ limit: 10 }), [ids[2], ids[1], ids[0]]);
      assert.deepEqual(await listed({ limit: 10, deviceId: 'IMEI:1' }), [ids[1]]);
      assert.deepEqual(await listed({ limit: 10, state: 'cancelled' }), [ids[0]]);
      const page = await store.listJobs({ limit: 2 });
      assert.equal(page.next, ids[1]);
      assert.deepEqual(await listed({ limit: 2, after: page.next ?? '' }), [ids[0]]);
    }));

  test('a job is cancelled once, and gives out nothing more', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const { job } = await store.createJob(sampleJob());
      clock.advance(5);
      const cancelled = await store.cancelJob(job.id, 'by request');
      assert.equal(cancelled?.verdict, 'cancelled');
      const expected = {
        ...job,
        state: 'cancelled',
        reason: 'by request',
        updatedAt: clock.now(),
        endedAt: clock.now(),
      };
      assert.deepEqual(cancelled.job, expected);
      assert.deepEqual(await store.cancelJob(job.id, 'again'), { verdict: 'refused', job: expected });
      assert.equal(await store.cancelJob('nothing', 'x'), undefined);
      const take = { holder: 's', sessionId: 1, held: [] };
      const nothing = { taken: [], matched: [], pushIds: [] };
      assert.deepEqual(await store.advanceJobs({ deviceId, take }), nothing);
      assert.equal(await store.nextJobExpiry(), undefined);
    }));

  test('a job that is cancelled takes with it the push that was to wake the device for it, and no other', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const other = await enqueueOne(store, sampleRequest());
      for (const way of [[], ['sending'], ['sending', 'sent'], ['sending', 'accepted']] as const) {
        const { job, notification } = await store.createJob(sampleJob({ wake: sampleRequest() }));
        const id = notification?.id ?? '';
        for (const event of way) await changeOne(store, id, { event });
        const heard: PushEvent[] = [];
        const leave = store.onEvent((event) => heard.push(event));
        clock.advance(5);
        const cancelled = await store.cancelJob(job.id, 'by request');
        leave();
        assert.equal(cancelled?.verdict, 'cancelled');
        assert.equal(cancelled.job.pushId, id);
        const { state, reason, dueAt, endedAt } = (await store.push(id)) ?? {};
        assert.deepEqual(
          { state, reason, dueAt, endedAt },
          { state: 'cancelled', reason: 'its job was cancelled', dueAt: undefined, endedAt: clock.now() },
        );
        assert.deepEqual(heard, (await store.timeline(id))?.slice(-1));
        assert.deepEqual([heard[0]?.event, heard[0]?.detail], ['cancelled', 'its job was cancelled']);
      }
      assert.deepEqual(await store.push(other.id), other);
    }));

  test('a job that cannot be cancelled leaves its push; one whose push is answered or over is cancelled alone', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const gone = await store.createJob(
        sampleJob({ commands: [{ command: 'get', uri: './A' }], wake: sampleRequest() }),
      );
      const answers = [{ jobId: gone.job.id, position: 0, answer: { status: 200 } }];
      await store.advanceJobs({ deviceId, take: { holder: 's', held: [] } });
      await store.advanceJobs({ deviceId, answers });
      assert.equal((await store.cancelJob(gone.job.id, 'too late'))?.verdict, 'refused');
      assert.deepEqual(await store.push(gone.notification?.id ?? ''), gone.notification);
      for (const way of [['sending', 'answered'], ['failed']] as const) {
        const { job, notification } = await store.createJob(sampleJob({ wake: sampleRequest() }));
        const id = notification?.id ?? '';
        for (const event of way) await changeOne(store, id, { event, detail: 'before' });
        const before = await store.push(id);
        const timeline = await store.timeline(id);
        assert.equal((await store.cancelJob(job.id, 'by request'))?.verdict, 'cancelled');
        assert.deepEqual(await store.push(id), before);
        assert.deepEqual(await store.timeline(id), timeline);
      }
    }));

  test('jobs whose time has ended fail, and only those', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const late = await store.createJob(sampleJob({ expiresAt: clock.now() + 1000 }));
      const soon = await store.createJob(sampleJob({ expiresAt: clock.now() + 100 }));
      assert.equal(await store.nextJobExpiry(), clock.now() + 100);
      assert.equal(await store.expireJobs(10), 0);
      clock.advance(100);
      const take = { holder: 's', sessionId: 1, held: [late.job.id] };
      assert.deepEqual((await store.advanceJobs({ deviceId, take })).taken, []);
      assert.equal(await store.expireJobs(10), 1);
      const ended = await store.job(soon.job.id);
      assert.equal(ended?.state, 'failed');
      assert.equal(ended.reason, 'its time ended before a session of the device');
      assert.equal(ended.endedAt, clock.now());
      assert.equal((await store.job(late.job.id))?.state, 'pending');
      assert.equal(await store.nextJobExpiry(), late.job.expiresAt);
      clock.advance(900);
      assert.equal(await store.expireJobs(10), 1);
      assert.equal(await store.expireJobs(10), 0);
    }));

  test('a device with an open job stays; its jobs go with it', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const { job } = await store.createJob(sampleJob());
      await rejectsWith('IN_USE', store.deleteDevice(deviceId));
      await store.cancelJob(job.id, 'by request');
      assert.equal(await store.deleteDevice(deviceId), true);
      assert.equal(await store.job(job.id), undefined);
    }));
}
