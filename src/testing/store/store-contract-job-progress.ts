// Store contract: what sessions do to jobs.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CommandAnswer, CommandTaker, JobCommand, JobRequest, Store } from '../../store/index.ts';
import { jobLimits } from '../../store/index.ts';
import { addSamples, type WithStore } from './store-contract-base.ts';
import { sampleDevice, sampleJob } from './store-samples.ts';

const deviceId = sampleDevice().id;
const ok: CommandAnswer = { status: 200 };
const exec = { command: 'exec', uri: './X', correlator: 'c' } as const satisfies JobCommand;
const replace = (uri: string): JobCommand => ({ command: 'replace', uri, data: '1' });
const get = (uri: string): JobCommand => ({ command: 'get', uri });

/** A session that takes commands, as the server has it. */
class Taker {
  readonly #store: Store;
  readonly #holder: string;
  readonly #held = new Set<string>();

  constructor(store: Store, holder: string) {
    this.#store = store;
    this.#holder = holder;
  }

  get take(): CommandTaker {
    return { holder: this.#holder, sessionId: 7, held: [...this.#held] };
  }

  /** The next package: `position uri` of each command. */
  async next(): Promise<string[]> {
    const { taken } = await this.#store.advanceJobs({ deviceId, take: this.take });
    for (const { jobId } of taken) this.#held.add(jobId);
    return taken.map(({ position, command }) => `${position} ${'uri' in command ? command.uri : ''}`);
  }
}

async function addJob(store: Store, commands: readonly JobCommand[], changes: Partial<JobRequest> = {}) {
  return (await store.createJob(sampleJob({ commands, ...changes }))).job.id;
}

async function answer(store: Store, jobId: string, position: number, said: CommandAnswer): Promise<void> {
  await store.advanceJobs({ deviceId, answers: [{ jobId, position, answer: said }] });
}

export function jobProgressContract(withStore: WithStore): void {
  const withDevice = (run: (store: Store, advance: (ms: number) => void) => Promise<void>) =>
    withStore(async ({ store, clock }) => {
      await addSamples(store);
      await run(store, (ms) => clock.advance(ms));
    });

  test('commands come in their order, one package each but for Gets, until all are answered', () =>
    withDevice(async (store, advance) => {
      const id = await addJob(store, [get('./A'), get('./B'), replace('./C'), replace('./D'), get('./E')]);
      const session = new Taker(store, 's');
      advance(3);
      assert.deepEqual(await session.next(), ['0 ./A', '1 ./B']);
      const begun = await store.job(id);
      assert.equal(begun?.state, 'running');
      assert.equal(begun.sessionId, 7);
      assert.equal(begun.startedAt, begun.createdAt + 3);
      await answer(store, id, 0, { status: 200, results: [{ uri: './A', data: 'a' }] });
      await answer(store, id, 1, ok);
      assert.deepEqual(await session.next(), ['2 ./C']);
      await answer(store, id, 2, ok);
      assert.deepEqual(await session.next(), ['3 ./D']);
      await answer(store, id, 3, ok);
      assert.deepEqual(await session.next(), ['4 ./E']);
      advance(4);
      await answer(store, id, 4, ok);
      assert.deepEqual(await session.next(), []);
      const done = await store.job(id);
      assert.equal(done?.state, 'completed');
      assert.equal(done.answeredCount, 5);
      assert.equal(done.endedAt, done.createdAt + 7);
      assert.deepEqual(done.commands[0], {
        command: get('./A'),
        sends: 1,
        answer: { status: 200, results: [{ uri: './A', data: 'a' }] },
        answeredAt: done.createdAt + 3,
      });
    }));

  test('answers are written before the next commands are chosen, in one call', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A'), replace('./B')]);
      await new Taker(store, 's').next();
      const take = { holder: 's', sessionId: 7, held: [id] };
      const answers = [{ jobId: id, position: 0, answer: ok }];
      const { taken } = await store.advanceJobs({ deviceId, answers, take });
      assert.deepEqual(taken, [{ jobId: id, position: 1, command: replace('./B') }]);
    }));

  test('jobs of a device run in the order of their creation', () =>
    withDevice(async (store) => {
      const first = await addJob(store, [replace('./A')]);
      await addJob(store, [replace('./B')]);
      const session = new Taker(store, 's');
      assert.deepEqual(await session.next(), ['0 ./A']);
      await answer(store, first, 0, ok);
      assert.deepEqual(await session.next(), ['0 ./B']);
      assert.deepEqual((await store.advanceJobs({ deviceId: 'IMEI:0', take: session.take })).taken, []);
    }));

  test('what a session left without an answer, the next one gets again; the old one gets no more of that job', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A'), replace('./B'), replace('./C')]);
      const lost = new Taker(store, 'lost');
      await lost.next();
      await answer(store, id, 0, ok);
      assert.deepEqual(await lost.next(), ['1 ./B']);
      const next = new Taker(store, 'next');
      assert.deepEqual(await next.next(), ['1 ./B']);
      assert.deepEqual(await lost.next(), []);
      assert.equal((await store.job(id))?.commands[1]?.sends, 2);
      // Whichever answer comes first is kept.
      await answer(store, id, 1, { status: 418 });
      await answer(store, id, 1, ok);
      assert.deepEqual((await store.job(id))?.commands[1]?.answer, { status: 418 });
    }));

  test('stop: what follows a failed command is not sent', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A'), replace('./B')]);
      const session = new Taker(store, 's');
      await session.next();
      await answer(store, id, 0, { status: 404 });
      assert.deepEqual(await session.next(), []);
      const failed = await store.job(id);
      assert.equal(failed?.state, 'failed');
      assert.equal(failed.reason, 'commands[0], replace ./A: status 404');
      assert.equal(failed.commands[1]?.answer, undefined);
    }));

  test('continue: everything is sent, and the job has failed all the same', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A'), replace('./B')], { onFailure: 'continue' });
      const session = new Taker(store, 's');
      await session.next();
      await answer(store, id, 0, { problem: 'no room' });
      assert.deepEqual(await session.next(), ['1 ./B']);
      await answer(store, id, 1, ok);
      const failed = await store.job(id);
      assert.equal(failed?.state, 'failed');
      assert.equal(failed.reason, 'commands[0], replace ./A: no room');
    }));

  test('202 with a correlator waits for the report; later jobs pass meanwhile', () =>
    withDevice(async (store, advance) => {
      const id = await addJob(store, [exec, get('./FwV')]);
      await addJob(store, [replace('./Other')]);
      const session = new Taker(store, 's');
      assert.deepEqual(await session.next(), ['0 ./X']);
      await answer(store, id, 0, { status: 202 });
      assert.deepEqual(await session.next(), ['0 ./Other']);
      assert.equal((await store.job(id))?.state, 'running');
      advance(9);
      const report = { data: '200', type: 'org.example', source: './X', mark: 'informational' };
      const unknown = { correlator: 'another', report };
      const told = await store.advanceJobs({ deviceId, reports: [unknown, { correlator: 'c', report }] });
      assert.deepEqual(told.matched, [false, true]);
      const reported = await store.job(id);
      assert.ok(reported);
      assert.deepEqual(reported.commands[0]?.answer, {
        status: 202,
        report: { ...report, at: reported.createdAt + 9 },
      });
      assert.equal(reported.commands[0]?.answeredAt, reported.createdAt);
      const again = await store.advanceJobs({ deviceId, reports: [{ correlator: 'c', report }] });
      assert.deepEqual(again.matched, [false]);
      assert.deepEqual(await new Taker(store, 'later').next(), ['1 ./FwV']);
      await answer(store, id, 1, ok);
      assert.equal((await store.job(id))?.state, 'completed');
    }));

  test('a report of failure fails its job, and one without a correlator or with 200 is not waited for', () =>
    withDevice(async (store) => {
      const waiting = await addJob(store, [exec]);
      const plain = await addJob(store, [{ command: 'exec', uri: './Y' }]);
      const atOnce = await addJob(store, [{ ...exec, correlator: 'd' }]);
      const session = new Taker(store, 's');
      for (const [id, status] of [
        [waiting, 202],
        [plain, 202],
        [atOnce, 200],
      ] as const) {
        await session.next();
        await answer(store, id, 0, { status });
      }
      assert.equal((await store.job(plain))?.state, 'completed');
      assert.equal((await store.job(atOnce))?.state, 'completed');
      await store.advanceJobs({ deviceId, reports: [{ correlator: 'c', report: { data: '410' } }] });
      const failed = await store.job(waiting);
      assert.equal(failed?.state, 'failed');
      assert.equal(failed.reason, 'commands[0], exec ./X: reported 410');
    }));

  test('a report for an Exec whose status was lost is its answer: it is not sent again', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [exec, get('./A')]);
      const before = await store.advanceJobs({
        deviceId,
        reports: [{ correlator: 'c', report: { data: '200' } }],
      });
      assert.deepEqual(before.matched, [false], 'it has not been sent');
      await new Taker(store, 'lost').next();
      await store.advanceJobs({ deviceId, reports: [{ correlator: 'c', report: { data: '200' } }] });
      assert.deepEqual(await new Taker(store, 'next').next(), ['1 ./A']);
      assert.equal((await store.job(id))?.answeredCount, 1);
    }));

  test('an Exec that was sent before and meets a busy device waits for its report', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [exec, get('./A')]);
      await new Taker(store, 'lost').next();
      assert.deepEqual(await new Taker(store, 'next').next(), ['0 ./X']);
      await answer(store, id, 0, { status: 503 });
      assert.equal((await store.job(id))?.state, 'running');
      assert.deepEqual(await new Taker(store, 'third').next(), []);
      const reports = [{ correlator: 'c', report: { data: '200' } }];
      assert.deepEqual((await store.advanceJobs({ deviceId, reports })).matched, [true]);
      assert.deepEqual(await new Taker(store, 'fourth').next(), ['1 ./A']);
      await answer(store, id, 1, ok);
      assert.equal((await store.job(id))?.state, 'completed');
    }));

  test('one report is for every job that waits under its correlator', () =>
    withDevice(async (store) => {
      const ids = [await addJob(store, [exec]), await addJob(store, [exec])];
      const session = new Taker(store, 's');
      for (const id of ids) {
        await session.next();
        await answer(store, id, 0, { status: 202 });
      }
      const reports = [{ correlator: 'c', report: { data: '200' } }];
      assert.deepEqual((await store.advanceJobs({ deviceId, reports })).matched, [true]);
      for (const id of ids) assert.equal((await store.job(id))?.state, 'completed');
    }));

  test('an Exec without a correlator whose status was lost is not sent again, alone or in a group', () =>
    withDevice(async (store) => {
      const plain: JobCommand = { command: 'exec', uri: './Y' };
      const group: JobCommand = { command: 'sequence', commands: [replace('./A'), plain] };
      for (const [lost, shown] of [
        [plain, 'exec ./Y'],
        [group, 'sequence'],
      ] as const) {
        const reason = `commands[0], ${shown}: may have been carried out: its status was lost`;
        for (const onFailure of ['stop', 'continue'] as const) {
          const id = await addJob(store, [lost, replace('./B')], { onFailure });
          assert.equal((await new Taker(store, 'lost').next()).length, 1);
          const next = onFailure === 'stop' ? [] : ['1 ./B'];
          assert.deepEqual(await new Taker(store, 'next').next(), next);
          if (onFailure === 'continue') await answer(store, id, 1, ok);
          // What its session said after all comes too late.
          await answer(store, id, 0, ok);
          const job = await store.job(id);
          assert.equal(job?.state, 'failed');
          assert.equal(job.reason, reason);
          assert.equal(job.commands[0]?.sends, 1);
        }
      }
    }));

  test('an Add that was sent before is done when its node exists; another failure says that it was sent twice', () =>
    withDevice(async (store) => {
      const add: JobCommand = { command: 'add', uri: './A', data: '1' };
      const id = await addJob(store, [add, replace('./B')]);
      await new Taker(store, 'lost').next();
      await new Taker(store, 'next').next();
      await answer(store, id, 0, { status: 418 });
      await new Taker(store, 'lost too').next();
      assert.deepEqual(await new Taker(store, 'last').next(), ['1 ./B']);
      await answer(store, id, 1, { status: 404 });
      const reason = 'commands[1], replace ./B: status 404, sent twice: the first time its status was lost';
      assert.equal((await store.job(id))?.reason, reason);
    }));

  test('a command that its session sent again counts as sent once more, with its answer', () =>
    withDevice(async (store) => {
      const add: JobCommand = { command: 'add', uri: './A', data: '1' };
      const id = await addJob(store, [add]);
      await new Taker(store, 's').next();
      const placed = { jobId: id, position: 0, answer: { status: 418 }, again: true } as const;
      await store.advanceJobs({ deviceId, answers: [placed] });
      const job = await store.job(id);
      assert.deepEqual([job?.state, job?.commands[0]?.sends], ['completed', 2]);
      // The first answer stays, and its count too.
      await store.advanceJobs({ deviceId, answers: [placed] });
      assert.equal((await store.job(id))?.commands[0]?.sends, 2);
    }));

  test('an Exec inside a group is waited for and reported as well', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [{ command: 'sequence', commands: [replace('./A'), exec] }]);
      await new Taker(store, 's').next();
      await answer(store, id, 0, { status: 200, commands: [ok, { status: 202 }] });
      assert.equal((await store.job(id))?.state, 'running');
      await store.advanceJobs({ deviceId, reports: [{ correlator: 'c', report: { data: '200' } }] });
      const done = await store.job(id);
      assert.equal(done?.state, 'completed');
      assert.equal(done.commands[0]?.answer?.commands?.[1]?.report?.data, '200');
    }));

  test('a job that waits in vain fails when its time ends', () =>
    withDevice(async (store, advance) => {
      const id = await addJob(store, [exec]);
      await new Taker(store, 's').next();
      await answer(store, id, 0, { status: 202 });
      advance(sampleJob().expiresAt);
      assert.equal(await store.expireJobs(1), 1);
      assert.equal((await store.job(id))?.reason, 'its time ended before a report came');
    }));

  test('an answer to a job that is over is kept, and changes nothing else', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A'), replace('./B')]);
      await new Taker(store, 's').next();
      await store.cancelJob(id, 'by request');
      await answer(store, id, 0, ok);
      const job = await store.job(id);
      assert.equal(job?.state, 'cancelled');
      assert.deepEqual(job.commands[0]?.answer, ok);
    }));

  test('answers of another device, or to nothing, are not taken', () =>
    withDevice(async (store) => {
      await store.createDevice(sampleDevice({ id: 'IMEI:1' }));
      const id = await addJob(store, [replace('./A')]);
      await store.advanceJobs({ deviceId: 'IMEI:1', answers: [{ jobId: id, position: 0, answer: ok }] });
      await answer(store, id, 9, ok);
      await answer(store, 'nothing', 0, ok);
      assert.equal((await store.job(id))?.answeredCount, 0);
    }));

  test('answers are bounded: what does not fit loses its results, and has failed', () =>
    withDevice(async (store) => {
      const id = await addJob(store, [replace('./A'), replace('./B'), replace('./C')], {
        onFailure: 'continue',
      });
      const half = 'x'.repeat(jobLimits.answerOctets / 2);
      for (const position of [0, 1]) {
        await answer(store, id, position, { status: 200, results: [{ data: half }] });
      }
      await answer(store, id, 2, ok);
      const job = await store.job(id);
      assert.equal(job?.commands[0]?.answer?.results?.[0]?.data?.length, half.length);
      const second = job?.commands[1]?.answer;
      assert.equal(second?.status, 200);
      assert.equal(second.results, undefined);
      assert.match(second.problem ?? '', /more than the job has room for/);
      assert.deepEqual(job?.commands[2]?.answer, ok);
      assert.equal(job?.state, 'failed');
    }));
}
