// Jobs in sessions: what goes out, what is stored, what a broken session leaves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, StoreError, ValueError } from '../../../src/core/index.ts';
import type { ClientSessionOptions } from '../../../src/session/index.ts';
import type { JobRecord, Store } from '../../../src/store/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { type ServerBench, withServer } from '../server-bench.ts';
import { settle } from '../settle.ts';

const device = sampleDevice().id;
const get = { command: 'get', uri: './A' };
const replace = (uri: string) => ({ command: 'replace', uri, data: '1' });

async function create(bench: ServerBench, commands: readonly object[], more: object = {}): Promise<string> {
  return (await bench.server.jobs.create({ device, commands, ...more })).job.id;
}

async function read({ store }: ServerBench, id: string): Promise<JobRecord> {
  const job = await store.job(id);
  assert.ok(job);
  return job;
}

/** A device that keeps what it was told, and answers as `status` says. */
function executor(status: (uri: string) => number = () => 200) {
  const seen: string[] = [];
  const execute: ClientSessionOptions['execute'] = async ({ name, item }) => {
    const uri = item.target?.uri ?? '';
    seen.push(`${name} ${uri}`);
    const code = status(uri);
    if (name !== 'Get' || code !== 200) return { status: code };
    return { status: 200, results: [{ source: { uri }, data: `value of ${uri}` }] };
  };
  return { seen, execute };
}

/** A session that the device begins. */
function own(bench: ServerBench, changes: Partial<ClientSessionOptions>) {
  return bench.device.run({ sessionId: 0x7000, trigger: 'client', ...changes });
}

test('a job wakes its device and runs in the session that follows', () =>
  withServer({}, async (bench) => {
    const { seen, execute } = executor();
    const id = await create(bench, [replace('./A'), get], { notification: { uiMode: 'informative' } });
    const before = await read(bench, id);
    assert.equal(before.state, 'pending');
    assert.ok(before.pushId);
    const push = await eventually(() => bench.wap.pushes[0]);
    const run = await bench.device.take(push.push, { execute });
    assert.deepEqual(run?.end, { outcome: 'completed' });
    assert.deepEqual(seen, ['Replace ./A', 'Get ./A']);
    const done = await read(bench, id);
    assert.equal(done.state, 'completed');
    const notification = await bench.notification(before.pushId);
    assert.equal(notification.state, 'completed');
    assert.equal(notification.fields.uiMode, 'informative');
    assert.equal(done.sessionId, notification.sessionId);
    assert.deepEqual(done.commands[1]?.answer, {
      status: 200,
      results: [{ uri: './A', data: 'value of ./A' }],
    });
  }));

test('without waking, a job waits for a session that the device begins', () =>
  withServer({}, async (bench) => {
    const id = await create(bench, [get], { wake: false });
    assert.equal((await read(bench, id)).pushId, undefined);
    const { execute } = executor();
    assert.deepEqual((await own(bench, { execute })).end, { outcome: 'completed' });
    assert.equal((await read(bench, id)).state, 'completed');
    assert.equal(bench.wap.pushes.length, 0);
  }));

test('a session that breaks off leaves the job where it was: what has no stored status is sent again', () =>
  withServer({}, async (bench) => {
    const id = await create(bench, [replace('./A'), replace('./B'), replace('./C')], { wake: false });
    const first = executor();
    const session = bench.device.open({ sessionId: 9, trigger: 'client', execute: first.execute });
    let step = session.start();
    // The answers to ./A and ./B arrive; that to ./C never does.
    for (let round = 0; round < 3; round += 1) {
      bench.device.keep(step);
      assert.ok(step.send);
      const request = bench.device.request(step.send);
      step = await session.receive(bench.device.read(await bench.server.endpoint.handle(request)));
    }
    bench.device.keep(step);
    assert.deepEqual(first.seen, ['Replace ./A', 'Replace ./B', 'Replace ./C']);
    const middle = await read(bench, id);
    assert.deepEqual(
      middle.commands.map(({ answer, sends }) => [answer?.status, sends]),
      [
        [200, 1],
        [200, 1],
        [undefined, 1],
      ],
    );
    bench.clock.advance(60_000);
    await eventually(() => bench.server.endpoint.sessions === 0);
    assert.equal((await read(bench, id)).state, 'running');
    const second = executor();
    await own(bench, { execute: second.execute });
    assert.deepEqual(second.seen, ['Replace ./C']);
    const done = await read(bench, id);
    assert.equal(done.state, 'completed');
    assert.equal(done.commands[2]?.sends, 2);
  }));

test('when a session does not go on, the push that woke the device goes out again', () =>
  withServer({}, async (bench) => {
    const id = await create(bench, [get]);
    const { pushId = '' } = await read(bench, id);
    await bench.reaches(pushId, 'sent');
    const sessionId = (await bench.notification(pushId)).sessionId;
    const { send } = bench.device.open({ sessionId }).start();
    assert.ok(send);
    await bench.server.endpoint.handle(bench.device.request(send));
    assert.equal((await read(bench, id)).state, 'running');
    bench.clock.advance(60_000);
    await eventually(async () => (await bench.story(pushId)).includes('session-failed'));
    bench.clock.advance(10_000);
    const again = await eventually(() => bench.wap.pushes[1]);
    assert.equal((await bench.device.take(again.push, executor()))?.end?.outcome, 'completed');
    assert.equal((await read(bench, id)).state, 'completed');
  }));

test('a failed command stops the job unless it is told to continue', () =>
  withServer({}, async (bench) => {
    const status = (uri: string) => (uri === './B' ? 404 : 200);
    for (const [onFailure, wanted] of [
      ['stop', ['Replace ./A', 'Replace ./B']],
      ['continue', ['Replace ./A', 'Replace ./B', 'Replace ./C']],
    ] as const) {
      const id = await create(bench, [replace('./A'), replace('./B'), replace('./C')], {
        wake: false,
        onFailure,
      });
      const { seen, execute } = executor(status);
      await own(bench, { sessionId: onFailure === 'stop' ? 1 : 2, execute });
      assert.deepEqual(seen, wanted);
      const job = await read(bench, id);
      assert.equal(job.state, 'failed');
      assert.equal(job.reason, 'commands[1], replace ./B: status 404');
    }
  }));

test('what is too large for the device fails at once, and the session goes on without it', () =>
  withServer({}, async (bench) => {
    const commands = [
      { command: 'add', uri: './Big', data: 'x'.repeat(20_000) },
      { command: 'exec', uri: './X', data: 'y'.repeat(6000) },
      get,
    ];
    const id = await create(bench, commands, { wake: false, onFailure: 'continue' });
    const { seen, execute } = executor();
    const run = await own(bench, { execute, maxMsgSize: 4096, maxObjSize: 10_000 });
    assert.deepEqual(run.end, { outcome: 'completed' });
    assert.deepEqual(seen, ['Get ./A']);
    const job = await read(bench, id);
    assert.deepEqual(
      job.commands.map(({ answer }) => answer?.problem ?? answer?.status),
      ['larger than the device can take', 'larger than the device can take', 200],
    );
    assert.equal(job.state, 'failed');
  }));

test('an Alert 1226 reports the end of an Exec, in the session that brings it the job goes on', () =>
  withServer({}, async (bench) => {
    const exec = { command: 'exec', uri: './X', correlator: 'c1' };
    const id = await create(bench, [exec, get], { wake: false });
    const begun = executor((uri) => (uri === './X' ? 202 : 200));
    await own(bench, { execute: begun.execute });
    assert.deepEqual(begun.seen, ['Exec ./X']);
    assert.equal((await read(bench, id)).state, 'running');
    const { seen, execute } = executor();
    const type = 'org.openmobilealliance.dm.firmwareupdate.update';
    const alert = (correlator: string) => ({
      data: '1226',
      correlator,
      items: [{ source: { uri: './X' }, meta: { type, format: 'chr', mark: 'warning' }, data: '250' }],
    });
    bench.clock.advance(5000);
    await own(bench, { sessionId: 3, execute, alerts: [alert('unknown'), alert('c1')] });
    assert.deepEqual(seen, ['Get ./A']);
    const job = await read(bench, id);
    assert.equal(job.state, 'completed');
    assert.deepEqual(job.commands[0]?.answer, {
      status: 202,
      report: { at: bench.clock.now(), data: '250', type, source: './X', mark: 'warning' },
    });
    // The device did not see that its report was taken, and tells it again.
    await own(bench, { sessionId: 4, execute, alerts: [alert('c1')] });
    assert.deepEqual((await read(bench, id)).commands, job.commands);
  }));

test('secrets of the device’s record never get into answers, reports or the log', () => {
  const lines: string[] = [];
  const write = (fields: object, message: string) => lines.push(`${JSON.stringify(fields)} ${message}`);
  const logger = { debug: write, info: write, warn: write, error: write };
  const { serverCredentials, clientCredentials } = sampleDevice();
  const secrets = [serverCredentials.secret, clientCredentials.secret, 'notice!'];
  return withServer({ device: { notificationSecret: 'notice!' }, server: { logger } }, async (bench) => {
    const id = await create(bench, [get, { command: 'exec', uri: './X', correlator: 'c' }], { wake: false });
    const results = secrets.flatMap((secret) => [
      { source: { uri: './Leaf' }, data: secret },
      { source: { uri: './Text' }, data: `a ${secret} b` },
      { source: { uri: './Octets' }, meta: { format: 'bin' }, data: Buffer.from(`\0${secret}`) },
    ]);
    const execute: ClientSessionOptions['execute'] = async ({ name }) =>
      name === 'Get' ? { status: 200, results } : { status: 202, statusItems: [{ data: secrets[0] ?? '' }] };
    await own(bench, { execute });
    const alerts = [{ data: '1226', correlator: 'c', items: [{ data: `failed with ${secrets[1]}` }] }];
    await own(bench, { sessionId: 5, execute, alerts });
    const job = await read(bench, id);
    assert.equal(job.state, 'completed');
    assert.equal(job.commands[0]?.answer?.results?.filter(({ withheld }) => withheld).length, 9);
    const kept = JSON.stringify(job) + lines.join('\n');
    for (const secret of secrets) {
      assert.ok(!kept.includes(secret), secret);
      assert.ok(!kept.includes(Buffer.from(`\0${secret}`).toString('base64')), secret);
    }
  });
});

test('what the store cannot take is not answered: the device begins anew, and nothing is lost', () => {
  let broken = false;
  const wrapStore = (store: Store): Store => ({
    ...store,
    advanceJobs: (progress) =>
      broken ? Promise.reject(new StoreError('FULL', 'no room')) : store.advanceJobs(progress),
  });
  return withServer({ wrapStore }, async (bench) => {
    const id = await create(bench, [replace('./A'), replace('./B')], { wake: false });
    const { seen, execute } = executor();
    const session = bench.device.open({ sessionId: 9, trigger: 'client', execute });
    let step = session.start();
    assert.ok(step.send);
    step = await session.receive(
      bench.device.read(await bench.server.endpoint.handle(bench.device.request(step.send))),
    );
    broken = true;
    assert.ok(step.send);
    const response = await bench.server.endpoint.handle(bench.device.request(step.send));
    broken = false;
    bench.device.keep(step);
    // Either no answer at all, or the end of the session.
    if (response.status === 200) await session.receive(bench.device.read(response));
    assert.deepEqual(seen, ['Replace ./A']);
    assert.equal((await read(bench, id)).answeredCount, 0);
    await own(bench, { sessionId: 10, execute });
    assert.deepEqual(seen, ['Replace ./A', 'Replace ./A', 'Replace ./B']);
    assert.equal((await read(bench, id)).state, 'completed');
  });
});

test('the time of a job ends by the clock, whoever waits for it', () =>
  withServer({}, async (bench) => {
    const short = await create(bench, [get], { wake: false, timeoutSeconds: 5 });
    const long = await create(bench, [get], { wake: false, timeoutSeconds: 500 });
    await eventually(async () => (await bench.store.nextJobExpiry()) !== undefined);
    bench.clock.advance(5000);
    await eventually(async () => (await read(bench, short)).state === 'failed');
    assert.equal((await read(bench, short)).reason, 'its time ended before a session of the device');
    assert.equal((await read(bench, long)).state, 'pending');
  }));

test('the time of a job that came with a notification ends by the clock too', () =>
  withServer({ server: { policy: { lifetimeMs: 5000 } } }, async (bench) => {
    const { job } = await bench.server.jobs.createNotification({ device, job: [get] });
    const id = job?.id ?? '';
    await eventually(async () => (await bench.store.nextJobExpiry()) !== undefined);
    await settle(bench.store);
    bench.clock.advance(5000);
    await eventually(async () => (await read(bench, id)).state === 'failed');
  }));

test('the notification of a job ends with it', () =>
  withServer({}, async (bench) => {
    const id = await create(bench, [get], { timeoutSeconds: 60 });
    const job = await read(bench, id);
    const notification = await bench.store.push(job.pushId ?? '');
    assert.equal(notification?.expiresAt, job.expiresAt);
    assert.equal((await bench.server.jobs.cancel(id)).outcome, 'cancelled');
    assert.equal((await bench.store.push(job.pushId ?? ''))?.state, 'cancelled');
    assert.equal((await bench.server.jobs.cancel(id)).outcome, 'refused');
    assert.equal((await bench.server.jobs.cancel('nothing')).outcome, 'unknown');
  }));

test('a job and the push that wakes for it are cancelled in one call of the store, or neither is', () => {
  const state = { down: false };
  const fails = () => Promise.reject(new StoreError('FULL', 'no room'));
  const wrapStore = (store: Store): Store => ({
    ...store,
    change: (changes) => (state.down ? fails() : store.change(changes)),
  });
  return withServer({ wrapStore }, async (bench) => {
    const id = await create(bench, [get]);
    const { pushId = '' } = await read(bench, id);
    await bench.reaches(pushId, 'sent');
    // Whatever else would be written after it: both are over.
    state.down = true;
    assert.equal((await bench.server.jobs.cancel(id, 'not needed')).outcome, 'cancelled');
    state.down = false;
    assert.equal((await read(bench, id)).reason, 'not needed');
    const push = await bench.store.push(pushId);
    assert.deepEqual([push?.state, push?.reason], ['cancelled', 'its job was cancelled']);
    bench.clock.advance(7_200_000);
    await eventually(async () => (await bench.store.nextDueAt()) === undefined, 'nothing due any more');
    assert.equal(bench.wap.pushes.length, 1);
  });
});

test('a push of a job whose session is under way stays when its job is cancelled', () =>
  withServer({}, async (bench) => {
    const id = await create(bench, [get]);
    const { pushId = '' } = await read(bench, id);
    await bench.reaches(pushId, 'sent');
    const { sessionId } = await bench.notification(pushId);
    const { send } = bench.device.open({ sessionId }).start();
    assert.ok(send);
    await bench.server.endpoint.handle(bench.device.request(send));
    await bench.reaches(pushId, 'answered');
    assert.equal((await bench.server.jobs.cancel(id)).outcome, 'cancelled');
    assert.equal((await bench.store.push(pushId))?.state, 'answered');
  }));

test('a job that is cancelled in the middle of its session gives out nothing more', () =>
  withServer({}, async (bench) => {
    const id = await create(bench, [replace('./A'), replace('./B')], { wake: false });
    const seen: string[] = [];
    const execute: ClientSessionOptions['execute'] = async ({ item }) => {
      seen.push(item.target?.uri ?? '');
      await bench.server.jobs.cancel(id);
      return { status: 200 };
    };
    assert.deepEqual((await own(bench, { execute })).end, { outcome: 'completed' });
    assert.deepEqual(seen, ['./A']);
    const job = await read(bench, id);
    assert.equal(job.state, 'cancelled');
    assert.equal(job.commands[0]?.answer?.status, 200, 'what was said all the same is kept');
  }));

test('a job that comes while its device is in session runs in that session', () =>
  withServer({}, async (bench) => {
    await create(bench, [get], { wake: false });
    let second: string | undefined;
    const execute: ClientSessionOptions['execute'] = async () => {
      second ??= await create(bench, [replace('./Late')], { wake: false });
      return { status: 200 };
    };
    await own(bench, { execute });
    assert.equal((await read(bench, second ?? '')).state, 'completed');
  }));

test('what cannot be a job is refused with its place', () =>
  withServer({}, async (bench) => {
    const { jobs } = bench.server;
    const later = new Date(bench.clock.now() + 1000).toISOString();
    const cases: readonly [value: object, path: string, code: string][] = [
      [{ commands: [get] }, 'device', 'MISSING'],
      [{ device: 'IMEI:0', commands: [get] }, 'device', 'OUT_OF_RANGE'],
      [{ device, commands: [] }, 'commands', 'OUT_OF_RANGE'],
      [{ device, commands: [get], onFailure: 'ignore' }, 'onFailure', 'OUT_OF_RANGE'],
      [{ device, commands: [get], wake: 'yes' }, 'wake', 'WRONG_TYPE'],
      [{ device, commands: [get], expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt', 'OUT_OF_RANGE'],
      [{ device, commands: [get], timeoutSeconds: 0 }, 'timeoutSeconds', 'OUT_OF_RANGE'],
      [{ device, commands: [get], timeoutSeconds: 9, expiresAt: later }, 'timeoutSeconds', 'OUT_OF_RANGE'],
      [{ device, commands: [get], wake: false, notification: {} }, 'notification', 'OUT_OF_RANGE'],
      [{ device, commands: [get], notification: { reason: 'x' } }, 'notification.reason', 'UNKNOWN_FIELD'],
      [{ device, commands: [get], notification: { uiMode: 'loud' } }, 'notification.uiMode', 'OUT_OF_RANGE'],
      [{ device, commands: [get], priority: 1 }, 'priority', 'UNKNOWN_FIELD'],
    ];
    for (const [value, path, code] of cases) {
      await assert.rejects(jobs.create(value), (error) => {
        assert.ok(error instanceof ValueError, String(error));
        assert.equal(error.path, path);
        assert.ok(error.code === code || error.code === 'BAD_FORMAT', `${path}: ${error.code}`);
        return true;
      });
    }
    await assert.rejects(
      jobs.createNotification({ device, job: [{ command: 'get' }] }),
      /^ValueError: job\[0\]\.uri/,
    );
    assert.equal((await bench.store.listJobs({ limit: 9 })).items.length, 0);
    assert.equal((await bench.store.listPushes({ limit: 9 })).items.length, 0);
    await bench.store.updateDevice(device, { addresses: ['sms:+491701234567'] });
    await assert.rejects(create(bench, [get]), ConfigError);
    await create(bench, [get], { wake: false });
  }));

test('the same job under the same key is created once', () =>
  withServer({}, async (bench) => {
    const { jobs } = bench.server;
    const first = await jobs.create({ device, commands: [get], wake: true }, 'key');
    const again = await jobs.create({ wake: true, commands: [get], device }, 'key');
    assert.equal(again.created, false);
    assert.equal(again.job.id, first.job.id);
    await assert.rejects(jobs.create({ device, commands: [replace('./A')] }, 'key'), StoreError);
    const { pushes } = bench.server;
    await assert.rejects(pushes.createNotification({ device, job: [get] }), /^ValueError: job: /);
    const plain = await jobs.createNotification({ device, uiMode: 'background' }, 'plain');
    assert.deepEqual([plain.job, plain.created], [undefined, true]);
    const same = await pushes.createNotification({ uiMode: 'background', device }, 'plain');
    assert.deepEqual([same.push.id, same.created], [plain.push.id, false]);
    const carrier = await jobs.createNotification({ device, job: [get] }, 'other');
    const repeated = await jobs.createNotification({ device, job: [get] }, 'other');
    assert.equal(repeated.created, false);
    assert.equal(repeated.job?.id, carrier.job?.id);
    assert.equal(repeated.push.id, carrier.push.id);
  }));
