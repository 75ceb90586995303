// Jobs that are taken in: new ones, those that came before, and the notifications that wake for them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CreatedJob, jobLimits, type RefusedRequest } from '../../../../src/store/index.ts';
import { addSamples, sampleDevice, sampleJob, sampleRequest } from '../../../../src/testing/index.ts';
import { memoryStore } from '../in-memory.ts';

const wayOf = (outcome: CreatedJob | RefusedRequest) =>
  'outcome' in outcome ? outcome.error.code : outcome.created;

async function withSamples() {
  const memory = memoryStore();
  await addSamples(memory.store);
  return memory;
}

test('a new job comes back field for field, with its notification and the link between them', async () => {
  const { store, clock } = await withSamples();
  const idempotency = { key: 'k', fingerprint: 'one' };
  const created = await store.createJob(sampleJob({ idempotency, wake: sampleRequest() }));
  const pushId = created.notification?.id ?? '';
  assert.deepEqual(created, {
    job: {
      id: created.job.id,
      deviceId: sampleDevice().id,
      serverId: 'com.example.dm',
      state: 'pending',
      onFailure: 'stop',
      pushId,
      commandCount: 1,
      answeredCount: 0,
      idempotencyKey: 'k',
      expiresAt: sampleJob().expiresAt,
      createdAt: clock.now(),
      updatedAt: clock.now(),
    },
    notification: await store.push(pushId),
    created: true,
  });
  assert.deepEqual(await store.job(created.job.id), {
    ...created.job,
    commands: [{ command: { command: 'get', uri: './DevDetail/FwV' }, sends: 0 }],
  });
  assert.deepEqual(await store.jobOfPush(pushId), created.job);
});

test('a job without a notification has none, now and when its key comes again', async () => {
  const { store } = await withSamples();
  const request = sampleJob({ idempotency: { key: 'k', fingerprint: 'one' } });
  const created = await store.createJob(request);
  assert.deepEqual(Object.keys(created), ['job', 'created']);
  assert.deepEqual(await store.createJob(request), { job: created.job, created: false });
});

test('a key that comes again brings the job and the notification of before, as they are now', async () => {
  const { store } = await withSamples();
  const request = sampleJob({
    idempotency: { key: 'k', fingerprint: 'one' },
    wake: sampleRequest({ idempotency: { key: 'n', fingerprint: 'one' } }),
  });
  const { job, notification } = await store.createJob(request);
  await store.cancelJob(job.id, 'enough');
  const again = await store.createJob(request);
  assert.deepEqual(again, {
    job: await store.jobOfPush(notification?.id ?? ''),
    notification: await store.push(notification?.id ?? ''),
    created: false,
  });
  assert.deepEqual([again.job.state, again.notification?.state], ['cancelled', 'cancelled']);
});

test('the key of a notification alone brings the job of before, also where the device has no room', async () => {
  const { store } = await withSamples();
  const wake = sampleRequest({ idempotency: { key: 'n', fingerprint: 'one' } });
  const first = await store.createJob(sampleJob({ wake }));
  const full = await store.createJobs(Array.from({ length: jobLimits.openJobs }, () => sampleJob()));
  assert.deepEqual(full.slice(-2).map(wayOf), [true, 'TOO_MANY_JOBS']);
  assert.deepEqual(await store.createJob(sampleJob({ wake })), { ...first, created: false });
});

test('a notification that was there without a job gets one, as long as there is room', async () => {
  const { store } = await withSamples();
  const wake = sampleRequest({ idempotency: { key: 'n', fingerprint: 'one' } });
  const [enqueued] = await store.enqueue([wake]);
  assert.equal(enqueued?.outcome, 'queued');
  const created = await store.createJob(sampleJob({ wake }));
  assert.deepEqual([created.created, created.notification], [true, enqueued.push]);
  assert.equal(created.job.pushId, enqueued.push.id);
  await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
  const another = { deviceId: 'IMEI:1', idempotency: { key: 'm', fingerprint: 'one' } };
  await store.enqueue([sampleRequest(another)]);
  const jobs = Array.from({ length: jobLimits.openJobs }, () => sampleJob({ deviceId: 'IMEI:1' }));
  await store.createJobs(jobs);
  const outcomes = await store.createJobs([sampleJob({ deviceId: 'IMEI:1', wake: sampleRequest(another) })]);
  assert.deepEqual(outcomes.map(wayOf), ['TOO_MANY_JOBS']);
});

test('a request whose notification is refused is refused, and those beside it are not', async () => {
  const { store } = await withSamples();
  const wake = sampleRequest({ deviceId: 'IMEI:none' });
  const outcomes = await store.createJobs([sampleJob({ wake }), sampleJob()]);
  assert.deepEqual(outcomes.map(wayOf), ['UNKNOWN_DEVICE', true]);
  assert.equal((await store.listJobs({ limit: 9 })).items.length, 1);
});
