// Store contract: commands that no session brings an answer to, reports without a correlator, and the notifications of jobs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type {
  AnsweredToo,
  JobCommand,
  JobProgress,
  JobRequest,
  PushChange,
  Store,
} from '../../store/index.ts';
import { addSamples, changeOne, claimOne, type WithStore } from './store-contract-base.ts';
import { sampleDevice, sampleJob, sampleRequest } from './store-samples.ts';

const deviceId = sampleDevice().id;
const get = (uri: string): JobCommand => ({ command: 'get', uri });
const replace = (uri: string): JobCommand => ({ command: 'replace', uri, data: '1' });
const exec = (uri: string, correlator = 'c'): JobCommand => ({ command: 'exec', uri, correlator });

async function addJob(store: Store, commands: readonly JobCommand[], changes: Partial<JobRequest> = {}) {
  return (await store.createJob(sampleJob({ commands, ...changes }))).job.id;
}

/** A session takes its next package: the URIs of it. */
async function take(
  store: Store,
  holder: string,
  held: readonly string[] = [],
  more: Partial<JobProgress> = {},
): Promise<string[]> {
  const { taken } = await store.advanceJobs({ deviceId, take: { holder, held }, ...more });
  return taken.map(({ command }) => ('uri' in command ? command.uri : command.command));
}

const reasonOf = async (store: Store, id: string): Promise<string | undefined> =>
  (await store.job(id))?.reason;

export function jobDeliveryContract(withStore: WithStore): void {
  const withDevice = (run: (store: Store) => Promise<void>) =>
    withStore(async ({ store }) => {
      await addSamples(store);
      await run(store);
    });

  test('a command that three sessions had and none answered has failed, and the next job runs', () =>
    withDevice(async (store) => {
      const first = await addJob(store, [replace('./A')]);
      await addJob(store, [replace('./B')]);
      for (const holder of ['1', '2', '3']) assert.deepEqual(await take(store, holder), ['./A']);
      assert.equal((await store.job(first))?.state, 'running');
      assert.deepEqual(await take(store, '4'), ['./B']);
      const job = await store.job(first);
      assert.equal(job?.state, 'failed');
      assert.equal(
        job.reason,
        'commands[0], replace ./A: no answer in 3 deliveries: each time the session broke off at it',
      );
      assert.equal(job.commands[0]?.sends, 3);
    }));

  test('how many deliveries a command has is for the caller to say', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A')]);
      assert.deepEqual(await take(store, '1', [], { maxDeliveries: 1 }), ['./A']);
      assert.deepEqual(await take(store, '2', [], { maxDeliveries: 1 }), []);
      assert.match((await reasonOf(store, id)) ?? '', /no answer in 1 delivery/);
      await addJob(store, [replace('./B')]);
      for (let n = 0; n < 9; n += 1) {
        assert.deepEqual(await take(store, `${n}`, [], { maxDeliveries: 10 }), ['./B']);
      }
    }));

  test('at its last delivery a command fails with what the session met', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A'), replace('./B')], { onFailure: 'continue' });
      const places = [{ jobId: id, position: 0 }];
      for (const holder of ['1', '2', '3']) {
        assert.deepEqual(await take(store, holder), ['./A']);
        assert.equal((await store.job(id))?.commands[0]?.answer, undefined);
        await store.advanceJobs({ deviceId, lost: { holder, places, why: `trouble ${holder}` } });
      }
      const answer = { problem: 'no answer in 3 deliveries: trouble 3' };
      assert.deepEqual((await store.job(id))?.commands[0]?.answer, answer);
      assert.deepEqual(await take(store, '4'), ['./B'], 'the job goes on');
    }));

  test('a session that had a command before another one took it over has no say in it', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A')]);
      for (const holder of ['1', '2', '3']) await take(store, holder);
      const places = [{ jobId: id, position: 0 }];
      await store.advanceJobs({ deviceId, lost: { holder: '1', places, why: 'late' } });
      assert.equal((await store.job(id))?.commands[0]?.answer, undefined);
      await store.advanceJobs({ deviceId, answers: [{ jobId: id, position: 0, answer: { status: 200 } }] });
      await store.advanceJobs({ deviceId, lost: { holder: '3', places, why: 'late' } });
      assert.equal((await store.job(id))?.state, 'completed');
    }));

  test('a Get that was given to a session before goes alone, so that it takes no other with it', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [get('./A'), get('./B'), get('./C')], { onFailure: 'continue' });
      assert.deepEqual(await take(store, '1'), ['./A', './B', './C']);
      assert.deepEqual(await take(store, '2'), ['./A']);
      await store.advanceJobs({ deviceId, answers: [{ jobId: id, position: 0, answer: { status: 200 } }] });
      assert.deepEqual(await take(store, '2', [id]), ['./B']);
      assert.deepEqual(await take(store, '3'), ['./B']);
      assert.deepEqual(await take(store, '4'), ['./C']);
      const commands = (await store.job(id))?.commands;
      assert.deepEqual(
        commands?.map(({ sends }) => sends),
        [2, 3, 2],
      );
    }));

  test('an Exec that is not sent again fails as before, whatever its deliveries', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [{ command: 'exec', uri: './X' }]);
      await take(store, '1', [], { maxDeliveries: 1 });
      const places = [{ jobId: id, position: 0 }];
      await store.advanceJobs({ deviceId, maxDeliveries: 1, lost: { holder: '1', places, why: 'x' } });
      assert.deepEqual(await take(store, '2', [], { maxDeliveries: 1 }), []);
      assert.match((await reasonOf(store, id)) ?? '', /may have been carried out/);
    }));

  test('a report without a correlator goes to the one Exec that waits and that its source names', () =>
    withDevice(async (store) => {
      const main = await addJob(store, [exec('./FwUpdate/Main/Update')]);
      const other = await addJob(store, [exec('./FwUpdate/Other/Update', 'd')]);
      for (const id of [main, other]) {
        await take(store, 's');
        await store.advanceJobs({ deviceId, answers: [{ jobId: id, position: 0, answer: { status: 202 } }] });
      }
      const report = (source?: string) => ({
        deviceId,
        reports: [{ report: { data: '200', ...(source !== undefined && { source }) } }],
      });
      assert.deepEqual((await store.advanceJobs(report())).matched, [false]);
      assert.deepEqual((await store.advanceJobs(report('./FwUpdate'))).matched, [false], 'it names both');
      assert.deepEqual((await store.advanceJobs(report('./FwUpdate/Third'))).matched, [false]);
      assert.deepEqual((await store.advanceJobs(report('./FwUpdate/Main'))).matched, [true]);
      assert.equal((await store.job(main))?.state, 'completed');
      assert.equal((await store.job(other))?.state, 'running');
      assert.deepEqual((await store.advanceJobs(report('./FwUpdate'))).matched, [true], 'only one is left');
      assert.equal((await store.job(other))?.state, 'completed');
    }));

  test('what a session works on tells the notifications that were to wake the device for it', () =>
    withDevice(async (store) => {
      const wake = { wake: sampleRequest() };
      const { job, notification } = await store.createJob(sampleJob({ commands: [exec('./X')], ...wake }));
      const id = notification?.id;
      const taken = await store.advanceJobs({ deviceId, take: { holder: 's', held: [] } });
      assert.deepEqual(taken.pushIds, [id]);
      const answers = [{ jobId: job.id, position: 0, answer: { status: 202 } }];
      assert.deepEqual((await store.advanceJobs({ deviceId, answers })).pushIds, [id]);
      assert.deepEqual((await store.advanceJobs({ deviceId, answers })).pushIds, [], 'it has one');
      const reports = [{ correlator: 'c', report: { data: '200' } }];
      assert.deepEqual((await store.advanceJobs({ deviceId, reports })).pushIds, [id]);
      assert.deepEqual((await store.advanceJobs({ deviceId, reports })).pushIds, []);
    }));

  test('a session answers other notifications too, puts off when it counts as lost, and ends for them', () =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      const ids: string[] = [];
      const jobs: string[] = [];
      for (let n = 0; n < 3; n += 1) {
        const { job, notification } = await store.createJob(
          sampleJob({ commands: [replace('./A')], wake: sampleRequest() }),
        );
        ids.push(notification?.id ?? '');
        jobs.push(job.id);
      }
      const [kept = '', done = '', over = ''] = ids;
      await changeOne(store, over, { event: 'cancelled' });
      await claimOne(store);
      const each = (more: Omit<AnsweredToo, 'pushId'>): AnsweredToo[] =>
        ids.map((pushId) => ({ pushId, ...more }));
      const update = { deviceId, changes: [] };
      const dueAt = clock.now() + 500;
      const answered = each({ changes: [{ event: 'answered', detail: 'by session 9' }], dueAt });
      await store.recordSession({ ...update, answeredToo: answered });
      for (const id of [kept, done]) {
        const notification = await store.push(id);
        assert.equal(notification?.state, 'answered');
        assert.equal(notification.dueAt, dueAt);
      }
      assert.equal((await store.push(over))?.state, 'cancelled');
      await store.cancelJob(jobs[1] ?? '', 'by request');
      const failed: PushChange = { event: 'session-failed', detail: 'gone', dueAt: clock.now() };
      await store.recordSession({ ...update, answeredToo: each({ changes: [failed] }) });
      const back = await store.push(kept);
      assert.equal(back?.state, 'answered');
      assert.equal(back.dueAt, clock.now(), 'it is put back');
      assert.equal((await store.push(done))?.state, 'completed', 'its job is over');
      assert.equal((await store.push(over))?.state, 'cancelled');
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const stranger = { ...update, deviceId: 'IMEI:1' };
      await store.recordSession({ ...stranger, answeredToo: each({ changes: [{ event: 'completed' }] }) });
      assert.equal((await store.push(kept))?.state, 'answered', 'another device has no say');
    }));
}
