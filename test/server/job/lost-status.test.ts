// A command whose status is lost with its session, and a device that is busy when the command comes again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientSessionOptions } from '../../../src/session/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { withServer } from '../server-bench.ts';

const device = sampleDevice().id;

test('an Exec sent again to a device that answers 503, because the first one runs, waits for the report of that', () =>
  withServer({}, async (bench) => {
    const commands = [
      { command: 'exec', uri: './X', correlator: 'c' },
      { command: 'get', uri: './A' },
    ];
    const id = (await bench.server.jobs.create({ device, commands, wake: false })).job.id;
    const seen: string[] = [];
    const execute: ClientSessionOptions['execute'] = async ({ name }) => {
      seen.push(name);
      if (name === 'Get') return { status: 200, results: [{ source: { uri: './A' }, data: 'a' }] };
      return { status: seen.length === 1 ? 202 : 503 };
    };
    const session = bench.device.open({ sessionId: 9, trigger: 'client', execute });
    const first = session.start();
    bench.device.keep(first);
    assert.ok(first.send);
    const answer = await bench.server.endpoint.handle(bench.device.request(first.send));
    // The message with the status never leaves the device.
    bench.device.keep(await session.receive(bench.device.read(answer)));
    bench.clock.advance(60_000);
    await eventually(() => bench.server.endpoint.sessions === 0);
    await bench.device.run({ sessionId: 10, trigger: 'client', execute });
    assert.deepEqual(seen, ['Exec', 'Exec']);
    const waiting = await bench.store.job(id);
    assert.equal(waiting?.state, 'running', waiting?.reason);
    assert.equal(waiting.commands[0]?.answer?.status, 503);
    const alerts = [{ data: '1226', correlator: 'c', items: [{ source: { uri: './X' }, data: '200' }] }];
    await bench.device.run({ sessionId: 11, trigger: 'client', execute, alerts });
    assert.deepEqual(seen, ['Exec', 'Exec', 'Get']);
    const done = await bench.store.job(id);
    assert.equal(done?.state, 'completed', done?.reason);
    assert.equal(done.commands[0]?.answer?.report?.data, '200');
  }));

test('an Add that a device carried out before it began anew with the very same message is done, and was sent twice', () =>
  withServer({}, async (bench) => {
    const commands = [{ command: 'add', uri: './A', data: 'a' }];
    const id = (await bench.server.jobs.create({ device, commands, wake: false })).job.id;
    const added = new Set<string>();
    const execute: ClientSessionOptions['execute'] = async (command) => {
      if (command.name !== 'Add') return { status: 200 };
      const status = added.has('./A') ? 418 : 200;
      added.add('./A');
      return { status };
    };
    const lost = bench.device.open({ sessionId: 9, trigger: 'client', execute }).start();
    assert.ok(lost.send);
    await bench.server.endpoint.handle(bench.device.request(lost.send));
    // It has the node on disk, and nothing of the session, when it goes down.
    added.add('./A');
    await bench.device.run({ sessionId: 9, trigger: 'client', execute });
    const job = await bench.store.job(id);
    assert.deepEqual([job?.state, job?.reason], ['completed', undefined]);
    assert.deepEqual([job?.commands[0]?.sends, job?.commands[0]?.answer?.status], [2, 418]);
  }));
