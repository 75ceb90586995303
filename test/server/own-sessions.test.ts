// A session does what a notification was to wake the device for: it answers that one too, whoever began it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientSessionOptions } from '../../src/session/index.ts';
import { eventually, sampleDevice } from '../../src/testing/index.ts';
import { type ServerBench, withServer } from './server-bench.ts';

const device = sampleDevice().id;
const replace = (uri: string) => ({ command: 'replace', uri, data: '1' });
const completed = { outcome: 'completed' };
const execute: ClientSessionOptions['execute'] = async () => ({ status: 200 });

/** A job that wakes its device, and its notification. */
async function woken(bench: ServerBench, commands: readonly object[] = [replace('./A')]) {
  const { job, notification } = await bench.server.jobs.create({ device, commands });
  assert.ok(notification);
  await bench.reaches(notification.id, 'sent');
  return { job: job.id, id: notification.id, sessionId: notification.sessionId };
}

const own = (bench: ServerBench, changes: Partial<ClientSessionOptions> = {}) =>
  bench.device.run({ sessionId: 0x7000, trigger: 'client', execute, ...changes });

test('a job that is done in a session of the device’s own: its notification is answered by that, completed, and wakes no more', () =>
  withServer({}, async (bench) => {
    const { job, id } = await woken(bench);
    assert.deepEqual((await own(bench)).end, completed);
    assert.equal((await bench.store.job(job))?.state, 'completed');
    const notification = await bench.store.push(id);
    assert.equal(notification?.state, 'completed');
    assert.equal(notification.dueAt, undefined);
    const events = (await bench.store.timeline(id)) ?? [];
    assert.deepEqual(
      events.map(({ event }) => event),
      ['queued', 'sending', 'sent', 'answered', 'completed'],
    );
    assert.equal(events[3]?.detail, 'by session "7000", which the device began');
    bench.clock.advance(24 * 3600_000);
    await eventually(async () => (await bench.store.nextDueAt()) === undefined);
    assert.equal(bench.wap.pushes.length, 1);
  }));

test('it is answered as the session takes the job, and waits while that runs, however long', () =>
  withServer({}, async (bench) => {
    const { id } = await woken(bench, [replace('./A'), replace('./B'), replace('./C')]);
    const session = bench.device.open({ sessionId: 9, trigger: 'client', execute });
    let step = session.start();
    for (let round = 0; step.send !== undefined && round < 10; round += 1) {
      bench.device.keep(step);
      const answer = await bench.server.endpoint.handle(bench.device.request(step.send));
      if (round > 0 && round < 3) {
        const { state, dueAt = 0 } = (await bench.store.push(id)) ?? {};
        assert.equal(state, 'answered');
        assert.ok(dueAt - bench.clock.now() >= 60_000, 'the engine leaves it alone');
      }
      // Just short of the time after which the endpoint gives a session up.
      bench.clock.advance(59_000);
      step = await session.receive(bench.device.read(answer));
    }
    assert.deepEqual(session.ended, completed);
    assert.equal((await bench.store.push(id))?.state, 'completed');
    assert.equal(bench.wap.pushes.length, 1);
  }));

test('a session of the device’s own that breaks off puts the notification back', () =>
  withServer({}, async (bench) => {
    const { job, id, sessionId } = await woken(bench);
    const { send } = bench.device.open({ sessionId: 9, trigger: 'client' }).start();
    assert.ok(send);
    await bench.server.endpoint.handle(bench.device.request(send));
    assert.equal((await bench.store.push(id))?.state, 'answered');
    bench.clock.advance(60_000);
    await eventually(async () => (await bench.story(id)).includes('session-failed'));
    bench.clock.advance(10_000);
    const again = await eventually(() => bench.wap.pushes[1], 'another push');
    const run = await bench.device.take(again.push, { execute });
    assert.deepEqual(run?.end, completed);
    assert.equal((await bench.notification(id)).sessionId, sessionId);
    assert.equal((await bench.store.job(job))?.state, 'completed');
    assert.equal((await bench.store.push(id))?.state, 'completed');
  }));

test('the client that breaks its own session off puts it back as well', () =>
  withServer({}, async (bench) => {
    const { id } = await woken(bench);
    const session = bench.device.open({ sessionId: 9, trigger: 'client', execute });
    const { send } = session.start();
    assert.ok(send);
    await bench.server.endpoint.handle(bench.device.request(send));
    const farewell = session.abort('the battery is empty');
    assert.ok(farewell.send);
    await bench.server.endpoint.handle(bench.device.request(farewell.send));
    const notification = await bench.store.push(id);
    assert.equal(notification?.state, 'answered');
    assert.equal(notification.dueAt, bench.clock.now() + 10_000);
  }));

test('the client that breaks off the session that its notification began is woken again while the job is undone', () =>
  withServer({}, async (bench) => {
    const { job, id, sessionId } = await woken(bench);
    const session = bench.device.open({ sessionId, trigger: 'server', execute });
    const { send } = session.start();
    assert.ok(send);
    await bench.server.endpoint.handle(bench.device.request(send));
    const farewell = session.abort('the battery is empty');
    assert.ok(farewell.send);
    await bench.server.endpoint.handle(bench.device.request(farewell.send));
    const notification = await bench.store.push(id);
    assert.equal(notification?.state, 'answered');
    assert.equal(notification.dueAt, bench.clock.now() + 10_000);
    assert.match(notification.reason ?? '', /the client broke the session off/);
    assert.equal((await bench.store.job(job))?.state, 'running');
    bench.clock.advance(10_000);
    const again = await eventually(() => bench.wap.pushes[1], 'another push');
    assert.deepEqual((await bench.device.take(again.push, { execute }))?.end, completed);
    assert.equal((await bench.store.job(job))?.state, 'completed');
    assert.equal((await bench.store.push(id))?.state, 'completed');
  }));

test('a session of the notification’s own that breaks off after its job is done wakes no more', () =>
  withServer({}, async (bench) => {
    const { job, id, sessionId } = await woken(bench);
    const more = await bench.server.jobs.create({ device, commands: [replace('./B')], wake: false });
    const session = bench.device.open({ sessionId, trigger: 'server', execute });
    let step = session.start();
    for (let round = 0; round < 2; round += 1) {
      bench.device.keep(step);
      assert.ok(step.send);
      const answer = await bench.server.endpoint.handle(bench.device.request(step.send));
      step = await session.receive(bench.device.read(answer));
    }
    assert.equal((await bench.store.job(job))?.state, 'completed');
    assert.equal((await bench.store.job(more.job.id))?.state, 'running');
    bench.clock.advance(60_000);
    await bench.reaches(id, 'completed');
    const { detail } = (await bench.store.timeline(id))?.at(-1) ?? {};
    assert.equal(detail, 'its job was done before the session broke off');
    assert.equal(bench.wap.pushes.length, 1);
  }));

test('of two jobs in a session that breaks off, only that which is not done is woken for again', () =>
  withServer({}, async (bench) => {
    const first = await woken(bench, [replace('./A')]);
    const second = await woken(bench, [replace('./B')]);
    const session = bench.device.open({ sessionId: 9, trigger: 'client', execute });
    let step = session.start();
    for (let round = 0; round < 2; round += 1) {
      bench.device.keep(step);
      assert.ok(step.send);
      step = await session.receive(
        bench.device.read(await bench.server.endpoint.handle(bench.device.request(step.send))),
      );
    }
    assert.equal((await bench.store.job(first.job))?.state, 'completed');
    assert.equal((await bench.store.job(second.job))?.state, 'running');
    bench.clock.advance(60_000);
    await bench.reaches(first.id, 'completed');
    const notification = await bench.store.push(second.id);
    assert.equal(notification?.state, 'answered');
    assert.ok((await bench.story(second.id)).includes('session-failed'));
    assert.equal(
      (await bench.store.timeline(first.id))?.at(-1)?.detail,
      'its job was done before the session broke off',
    );
  }));

test('a session that another notification began answers for the jobs that it does on the way', () =>
  withServer({}, async (bench) => {
    const first = await woken(bench, [replace('./A')]);
    const second = await woken(bench, [replace('./B')]);
    const push = await eventually(() => bench.wap.pushes[0]);
    assert.deepEqual((await bench.device.take(push.push, { execute }))?.end, completed);
    for (const { id } of [first, second]) assert.equal((await bench.store.push(id))?.state, 'completed');
    const detail = (await bench.store.timeline(second.id))?.find(({ event }) => event === 'answered')?.detail;
    assert.equal(detail, 'by session 1, which another notification began');
    // The push of the second is still out: the device that answers it finds nothing to do.
    const late = await bench.device.run({ sessionId: second.sessionId, execute });
    assert.deepEqual(late.end, completed);
    assert.equal((await bench.story(second.id)).filter((event) => event === 'completed').length, 1);
  }));

test('a report that ends a job in a session of the device’s own answers for its notification', () =>
  withServer({}, async (bench) => {
    const exec = { command: 'exec', uri: './X', correlator: 'c' };
    const { job, id } = await woken(bench, [exec]);
    const first = bench.device.open({
      sessionId: 9,
      trigger: 'client',
      execute: async () => ({ status: 202 }),
    });
    const { send } = first.start();
    assert.ok(send);
    const second = await first.receive(
      bench.device.read(await bench.server.endpoint.handle(bench.device.request(send))),
    );
    bench.device.keep(second);
    assert.ok(second.send);
    // Its answer arrives, what the server says to that does not; and then nothing comes.
    bench.clock.advance(60_000);
    await eventually(async () => (await bench.story(id)).includes('session-failed'));
    const alert = {
      data: '1226',
      correlator: 'c',
      items: [{ source: { uri: './X' }, meta: { type: 't', format: 'chr' }, data: '200' }],
    };
    const report = await own(bench, { alerts: [alert], execute: async () => ({ status: 202 }) });
    assert.deepEqual(report.end, completed);
    assert.equal((await bench.store.job(job))?.state, 'completed');
    assert.equal((await bench.store.push(id))?.state, 'completed');
  }));

test('a notification without a job, and one that is over, stay as they are', () =>
  withServer({}, async (bench) => {
    const plain = await bench.push();
    await bench.reaches(plain, 'sent');
    const { job, id } = await woken(bench);
    await bench.store.change([{ id, change: { event: 'cancelled', detail: 'by request' } }]);
    const before = await bench.story(id);
    assert.deepEqual((await own(bench)).end, completed);
    assert.equal((await bench.store.job(job))?.state, 'completed');
    assert.deepEqual(await bench.story(id), before);
    assert.equal((await bench.store.push(plain))?.state, 'sent');
  }));
