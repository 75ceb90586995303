// What a client says in a session, taken in for its jobs: answers that come with a farewell, alerts that report and others.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Logger, silentLogger } from '../../../src/core/index.ts';
import type { ClientAlert, ClientSessionOptions } from '../../../src/session/index.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { type ServerBench, withServer } from '../server-bench.ts';

const device = sampleDevice().id;

async function create({ server }: ServerBench, commands: readonly object[]): Promise<string> {
  return (await server.jobs.create({ device, commands, wake: false })).job.id;
}

const own = (bench: ServerBench, changes: Partial<ClientSessionOptions>) =>
  bench.device.run({ sessionId: 0x7000, trigger: 'client', ...changes });

test('an answer that comes in the message with which the client breaks off is kept, and its command is not sent again', () =>
  withServer({}, async (bench) => {
    const id = await create(bench, [{ command: 'replace', uri: './A', data: '1' }]);
    const session = bench.device.open({
      sessionId: 9,
      trigger: 'client',
      execute: async () => ({ status: 200 }),
    });
    const { send } = session.start();
    assert.ok(send);
    const step = await session.receive(
      bench.device.read(await bench.server.endpoint.handle(bench.device.request(send))),
    );
    bench.device.keep(step);
    assert.ok(step.send);
    const { message } = step.send;
    const farewell = { name: 'Alert', cmdId: '99', data: '1223', items: [] } as const;
    const last = { ...message, commands: [...message.commands, farewell] };
    await bench.server.endpoint.handle(bench.device.request({ ...step.send, message: last }));
    await eventually(() => bench.server.endpoint.sessions === 0);
    const job = await bench.store.job(id);
    assert.deepEqual([job?.state, job?.commands[0]?.answer], ['completed', { status: 200 }]);
  }));

test('only an Alert 1226 with an item reports the end of a command, by its correlator or by its source', () =>
  withServer({}, async (bench) => {
    const execute = async () => ({ status: 202 });
    const item = { source: { uri: './X' }, meta: { type: 't' }, data: '200' };
    const tell = async (sessionId: number, alert: Partial<ClientAlert>) => {
      const alerts = [{ data: '1226', items: [item], ...alert }];
      await own(bench, { sessionId, execute, alerts });
    };
    const id = await create(bench, [{ command: 'exec', uri: './X', correlator: 'c' }]);
    await own(bench, { execute });
    await tell(1, { data: '1224', correlator: 'c' });
    await tell(2, { data: '1222', correlator: 'c' });
    await tell(3, { correlator: 'c', items: [] });
    await tell(4, { correlator: 'another' });
    await tell(5, { correlator: ' ', items: [{ ...item, source: { uri: './Y' } }] });
    assert.equal((await bench.store.job(id))?.state, 'running');
    await tell(6, { correlator: 'c', items: [{ data: '200' }] });
    const done = await bench.store.job(id);
    assert.equal(done?.state, 'completed');
    assert.deepEqual(done.commands[0]?.answer?.report, { at: bench.clock.now(), data: '200' });

    // Some clients write no correlator, or nothing in it.
    for (const [index, alert] of [{}, { correlator: '' }, { correlator: ' ' }].entries()) {
      const next = await create(bench, [{ command: 'exec', uri: './X', correlator: `c${index}` }]);
      await own(bench, { sessionId: 20 + index, execute });
      await tell(30 + index, alert);
      const { report } = (await bench.store.job(next))?.commands[0]?.answer ?? {};
      assert.deepEqual(report, { at: bench.clock.now(), data: '200', type: 't', source: './X' });
    }
  }));

test('a report that no command waits for is in the log with what it named, and one known by its source is noted', () => {
  const lines: (readonly [level: string, fields: object, message: string])[] = [];
  const at =
    (level: string) =>
    (fields: object, message: string): void =>
      void lines.push([level, fields, message]);
  const logger: Logger = { ...silentLogger, info: at('info'), debug: at('debug') };
  return withServer({ server: { logger } }, async (bench) => {
    const execute = async () => ({ status: 202 });
    await create(bench, [{ command: 'exec', uri: './X', correlator: 'c' }]);
    await own(bench, { execute });
    const alert = { data: '1226', items: [{ source: { uri: './X' }, meta: { type: 't' }, data: '200' }] };
    await own(bench, { sessionId: 1, execute, alerts: [{ ...alert, correlator: 'x' }, alert] });
    const told = lines.filter(([, , message]) => /report/.test(message));
    assert.deepEqual(told, [
      [
        'info',
        { device, correlator: 'x', type: 't', source: './X' },
        'a report is for no command that waits for one',
      ],
      ['debug', { device, source: './X' }, 'tolerated: a report without a correlator, known by its source'],
    ]);
  });
});
