// What sessions do to jobs, and what they may not do to those of others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobCommand, type JobRequest, jobLimits, type Store } from '../../../../src/store/index.ts';
import { addSamples, sampleDevice, sampleJob } from '../../../../src/testing/index.ts';
import { memoryStore } from '../in-memory.ts';

const deviceId = sampleDevice().id;
const replace = (uri: string): JobCommand => ({ command: 'replace', uri, data: '1' });
const exec: JobCommand = { command: 'exec', uri: './X', correlator: 'c' };
const ok = { status: 200 };
const nothing = { taken: [], matched: [], pushIds: [] };

async function withJob(commands: readonly JobCommand[], changes: Partial<JobRequest> = {}) {
  const { store, clock } = memoryStore();
  await addSamples(store);
  const { job } = await store.createJob(sampleJob({ commands, ...changes }));
  return { store, clock, id: job.id };
}

/** The next package of a session. */
const take = (store: Store, holder: string, of = deviceId) =>
  store.advanceJobs({ deviceId: of, take: { holder, sessionId: 7, held: [] } });

test('a job that a session takes commands of is running, with its session and its begin', async () => {
  const { store, clock, id } = await withJob([replace('./A'), replace('./B')]);
  const { commands: _, ...queued } = (await store.job(id)) ?? {};
  clock.advance(5);
  const advance = await take(store, 's');
  assert.deepEqual(advance, {
    ...nothing,
    taken: [{ jobId: id, position: 0, command: replace('./A') }],
  });
  assert.deepEqual(await store.job(id), {
    ...queued,
    state: 'running',
    sessionId: 7,
    startedAt: clock.now(),
    updatedAt: clock.now(),
    commands: [
      { command: replace('./A'), sends: 1 },
      { command: replace('./B'), sends: 0 },
    ],
  });
});

test('a step that takes nothing, or finds nothing to take, gives an empty package', async () => {
  const { store, id } = await withJob([replace('./A')]);
  assert.deepEqual(await store.advanceJobs({ deviceId }), nothing);
  const answers = [{ jobId: id, position: 0, answer: ok }];
  const answered = await store.advanceJobs({ deviceId, answers, take: { holder: 's', held: [] } });
  assert.deepEqual(answered, nothing);
  assert.equal((await store.job(id))?.state, 'completed');
});

test('an answer from another device is not the answer', async () => {
  const { store, id } = await withJob([replace('./A')]);
  await store.createDevice(sampleDevice({ id: 'IMEI:other' }));
  await take(store, 's');
  const answers = [
    { jobId: id, position: 0, answer: ok },
    { jobId: 'no job', position: 0, answer: ok },
  ];
  assert.deepEqual(await store.advanceJobs({ deviceId: 'IMEI:other', answers }), nothing);
  const job = await store.job(id);
  assert.deepEqual([job?.state, job?.answeredCount, job?.commands[0]?.answer], ['running', 0, undefined]);
});

test('a job that its lost command has failed gives out nothing more, and the next job runs', async () => {
  const { store, id } = await withJob([replace('./A'), replace('./B')]);
  for (const holder of ['1', '2', '3']) await take(store, holder);
  assert.deepEqual((await take(store, '4')).taken, []);
  const failed = await store.job(id);
  assert.deepEqual(
    [failed?.state, failed?.commands.map(({ sends }) => sends), failed?.answeredCount],
    ['failed', [3, 0], 1],
  );
  const { job } = await store.createJob(sampleJob({ commands: [replace('./C')] }));
  assert.deepEqual((await take(store, '5')).taken, [{ jobId: job.id, position: 0, command: replace('./C') }]);
});

test('what a session lost counts only for the commands that it holds of a job that is open', async () => {
  const { store, id } = await withJob([replace('./A'), replace('./B')], { onFailure: 'continue' });
  const place = { jobId: id, position: 0 };
  const lose = (holder: string, places: readonly { jobId: string; position: number }[]) =>
    store.advanceJobs({ deviceId, maxDeliveries: 1, lost: { holder, places, why: 'it rained' } });
  const answerOf = async () => (await store.job(id))?.commands[0]?.answer;
  await take(store, '1');
  await take(store, '2');
  await lose('1', [place]);
  assert.equal(await answerOf(), undefined, 'another session holds it');
  await lose('2', [
    { jobId: 'no job', position: 0 },
    { jobId: id, position: 9 },
  ]);
  assert.equal(await answerOf(), undefined, 'no such command');
  await store.cancelJob(id, 'changed my mind');
  await lose('2', [place]);
  assert.equal(await answerOf(), undefined, 'the job is over');
  const { job } = await store.createJob(sampleJob({ commands: [replace('./A')] }));
  await take(store, '3');
  await lose('3', [{ jobId: job.id, position: 0 }]);
  const failed = await store.job(job.id);
  assert.deepEqual(failed?.commands[0]?.answer, { problem: 'no answer in 1 delivery: it rained' });
  assert.equal(failed?.state, 'failed');
});

test('an answer beyond the room of its job keeps status and loses its results, and says so', async () => {
  const { store, id } = await withJob([{ command: 'get', uri: './A' }]);
  await take(store, 's');
  const answer = { status: 200, results: [{ uri: './A', data: 'x'.repeat(jobLimits.answerOctets) }] };
  await store.advanceJobs({ deviceId, answers: [{ jobId: id, position: 0, answer }] });
  const octets = JSON.stringify(answer).length;
  const problem = `${octets} octets of answer, more than the job has room for`;
  const job = await store.job(id);
  assert.deepEqual(job?.commands[0]?.answer, { status: 200, problem });
  assert.deepEqual([job?.state, job?.reason], ['failed', `commands[0], get ./A: ${problem}`]);
});

test('a report is about no Exec that has not gone out, and about the one that has', async () => {
  const { store, clock, id } = await withJob([exec]);
  const report = { correlator: 'c', report: { data: '200' } };
  const before = await store.advanceJobs({ deviceId, reports: [report] });
  assert.deepEqual(before, { ...nothing, matched: [false] });
  assert.equal((await store.job(id))?.commands[0]?.answer, undefined);
  await take(store, 's');
  const after = await store.advanceJobs({ deviceId, reports: [report] });
  assert.deepEqual(after, { ...nothing, matched: [true] });
  const job = await store.job(id);
  assert.deepEqual(job?.commands[0]?.answer, { report: { data: '200', at: clock.now() } });
  assert.equal(job?.state, 'completed');
});

test('a report that two Execs may be about is taken for neither', async () => {
  const other: JobCommand = { command: 'exec', uri: './X/B', correlator: 'd' };
  const { store, id } = await withJob([exec]);
  await take(store, 's');
  await store.advanceJobs({ deviceId, answers: [{ jobId: id, position: 0, answer: { status: 202 } }] });
  const second = await store.createJob(sampleJob({ commands: [other] }));
  await take(store, 's');
  const about = (source: string) =>
    store.advanceJobs({ deviceId, reports: [{ report: { data: '200', source } }] });
  assert.deepEqual((await about('./X/B/State')).matched, [false]);
  assert.deepEqual((await about('./X/B')).matched, [true], 'the one of that very URI');
  assert.equal((await store.job(second.job.id))?.state, 'completed');
  assert.equal((await store.job(id))?.state, 'running');
});
