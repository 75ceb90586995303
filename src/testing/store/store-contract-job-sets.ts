// Store contract: jobs are taken in together, each for itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CreatedJob, jobLimits, type RefusedRequest } from '../../store/index.ts';
import { addSamples, type WithStore } from './store-contract-base.ts';
import { sampleDevice, sampleJob, sampleRequest } from './store-samples.ts';

type Outcome = CreatedJob | RefusedRequest;

/** A code, or whether it is new. */
const wayOf = (outcome: Outcome) => ('outcome' in outcome ? outcome.error.code : outcome.created);

function takenOf(outcome: Outcome | undefined): CreatedJob {
  assert.ok(outcome !== undefined && !('outcome' in outcome), JSON.stringify(outcome));
  return outcome;
}

export function jobSetContract(withStore: WithStore): void {
  test('jobs of one set are as those that come one by one', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      assert.deepEqual(await store.createJobs([]), []);
      const commands = [
        { command: 'replace', uri: './A', data: 'text "é" <&>' },
        { command: 'get', uri: './A' },
      ] as const;
      const outcomes = await store.createJobs([
        sampleJob({ commands, wake: sampleRequest() }),
        sampleJob({ deviceId: 'nobody' }),
        sampleJob({ deviceId: 'IMEI:1', onFailure: 'continue' }),
        sampleJob({ wake: sampleRequest() }),
      ]);
      assert.deepEqual(outcomes.map(wayOf), [true, 'UNKNOWN_DEVICE', true, true]);
      const [first, , plain, last] = outcomes;
      for (const outcome of [first, plain, last]) {
        const { job } = takenOf(outcome);
        const { commands: read, ...summary } = (await store.job(job.id)) ?? {};
        assert.deepEqual(summary, job);
        assert.equal(read?.length, job.commandCount);
      }
      const { job, notification } = takenOf(first);
      assert.deepEqual(
        (await store.job(job.id))?.commands.map(({ command }) => command),
        commands,
      );
      assert.deepEqual(await store.push(notification?.id ?? ''), notification);
      assert.deepEqual(await store.jobOfPush(notification?.id ?? ''), job);
      assert.deepEqual(takenOf(last).notification?.sessionId, 2);
      assert.equal(takenOf(plain).notification, undefined);
      const listed = (await store.listJobs({ limit: 10 })).items.map(({ id }) => id);
      assert.deepEqual(
        listed,
        [last, plain, first].map((outcome) => takenOf(outcome).job.id),
        'in order of the requests',
      );
    }));

  test('a key twice in one set, or again in the next, is one job', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const idempotency = { key: 'k', fingerprint: 'one' };
      const set = [
        sampleJob({ idempotency, wake: sampleRequest() }),
        sampleJob({ idempotency, wake: sampleRequest() }),
        sampleJob({ idempotency: { key: 'k', fingerprint: 'two' } }),
        sampleJob({ idempotency: { key: 'l', fingerprint: 'one' } }),
      ];
      const outcomes = await store.createJobs(set);
      assert.deepEqual(outcomes.map(wayOf), [true, false, 'IDEMPOTENCY_CONFLICT', true]);
      const first = takenOf(outcomes[0]);
      assert.deepEqual(outcomes[1], { ...first, created: false });
      const again = await store.createJobs(set);
      assert.deepEqual(again.map(wayOf), [false, false, 'IDEMPOTENCY_CONFLICT', false]);
      assert.deepEqual(again[0], { ...first, created: false });
      assert.equal((await store.listPushes({ limit: 10 })).items.length, 1);
      assert.equal((await store.listJobs({ limit: 10 })).items.length, 2);
    }));

  test('the key of a notification that brings a job finds both', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      const wake = sampleRequest({ idempotency: { key: 'n', fingerprint: 'one' } });
      const other = sampleRequest({ idempotency: { key: 'n', fingerprint: 'two' } });
      const outcomes = await store.createJobs([
        sampleJob({ wake }),
        sampleJob({ wake }),
        sampleJob({ wake: other }),
      ]);
      assert.deepEqual(outcomes.map(wayOf), [true, false, 'IDEMPOTENCY_CONFLICT']);
      const first = takenOf(outcomes[0]);
      assert.deepEqual(outcomes[1], { ...first, created: false });
      const again = await store.createJobs([sampleJob({ wake: other }), sampleJob({ wake })]);
      assert.deepEqual(again.map(wayOf), ['IDEMPOTENCY_CONFLICT', false]);
      assert.deepEqual(again[1], { ...first, created: false });
      assert.equal((await store.listJobs({ limit: 10 })).items.length, 1);
    }));

  test('of a set, as many are taken as the device may have; what is refused brings no notification', () =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const idempotency = { key: 'n', fingerprint: 'one' };
      const wake = sampleRequest({ idempotency });
      await store.createJob(sampleJob({ wake }));
      const outcomes = await store.createJobs([
        ...Array.from({ length: jobLimits.openJobs - 1 }, () => sampleJob()),
        sampleJob({ wake: sampleRequest() }),
        sampleJob({ deviceId: 'IMEI:1' }),
        // It was there before, and needs no room.
        sampleJob({ wake }),
      ]);
      assert.deepEqual(outcomes.slice(-4).map(wayOf), [true, 'TOO_MANY_JOBS', true, false]);
      assert.equal((await store.listPushes({ limit: 10 })).items.length, 1);
    }));
}
