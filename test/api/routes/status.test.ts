// GET /v1/status and `reveille status`: every carrier once, with what its binding tells.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createApi } from '../../../src/api/index.ts';
import { run } from '../../../src/cli/program.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { createModemSender } from '../../../src/push/modem/index.ts';
import { createSmsSender } from '../../../src/push/sms/index.ts';
import { createSmsRoutes } from '../../../src/push/sms-routes/index.ts';
import { forAddresses, forReportedAddresses, Server, serverStatus } from '../../../src/server/index.ts';
import { openSqliteStore } from '../../../src/store/sqlite/index.ts';
import { eventually, FakeBinding, ManualClock, samplePushMessage } from '../../../src/testing/index.ts';
import { testIo } from '../../cli/run-cli.ts';
import { modemPair, scene, started } from '../../push/modem/support.ts';
import { fakeRoad } from '../../push/sms-routes/fake-road.ts';

test(
  'carriers have name, state, room and what went wrong last; a modem its network and signal',
  scene(async (cleanup) => {
    const { modem } = await modemPair(cleanup, { tellsTries: false }, { pin: '4711' });
    const desk = createModemSender({ modem, name: 'desk' });
    cleanup.add(() => desk.close());
    const smpp = createSmsSender({
      smscs: [{ host: '127.0.0.1', port: 1, name: 'c', systemId: 'dms', password: 'pw' }],
    });
    cleanup.add(() => smpp.close());
    const sms = forAddresses(desk, ({ user = '' }) => ({ number: user }));
    const pap = forAddresses(smpp, ({ user = '' }) => ({ number: user }));
    const wap = new FakeBinding('wap');
    const clock = new ManualClock(Date.UTC(2026, 10, 30));
    const folder = mkdtempSync(join(tmpdir(), 'reveille-status-'));
    cleanup.add(async () => rmSync(folder, { recursive: true }));
    const store = await openSqliteStore({ file: join(folder, 'db'), clock, groupCommitMs: 0 });
    cleanup.add(() => store.close());
    const bindings = { wap, waps: wap, sms, pap };
    const server = new Server({ store, bindings, clock, node: 'n', logger: silentLogger });
    const app = await createApi(server, { logger: silentLogger, version: '1.2.3' });
    cleanup.add(() => app.close());
    const base = await app.listen({ host: '127.0.0.1', port: 0 });
    const request = samplePushMessage({ addresses: ['wap:127.0.0.1'], expiresAt: clock.now() + 1000 });
    await store.enqueue([request, request]);
    await started(modem);
    await eventually(() => smpp.status?.()[0]?.state === 'down');
    const response = await fetch(`${base}/v1/status`);
    const { version, at, pushes, carriers } = (await response.json()) as {
      readonly version: string;
      readonly at: string;
      readonly pushes: readonly Record<string, unknown>[];
      readonly carriers: readonly Record<string, unknown>[];
    };
    assert.deepEqual([response.status, version, at], [200, '1.2.3', '2026-11-30T00:00:00.000Z']);
    assert.deepEqual(pushes, [{ purpose: 'message', state: 'queued', count: 2, more: false }]);
    const [first, second, third] = carriers;
    assert.equal(carriers.length, 3);
    assert.deepEqual([first?.name, first?.state], ['wap', 'unknown']);
    assert.deepEqual(
      [second?.name, second?.state, second?.free, second?.modem],
      ['sms:desk', 'up', 1, { registration: 'home', signalDbm: -73, pin: 'will not be given' }],
    );
    assert.deepEqual([third?.name, third?.state], ['sms', 'down']);
    assert.match(String(third?.lastError), /c/);
    const { io, written } = testIo();
    assert.equal(await run(['status', '--server', base], io), 0);
    assert.match(
      written.stdout,
      /^Reveille 1\.2\.3, node n, up 0 s, 0 sessions\nmessage: 2 queued\nno carrier yet: 2 waiting\nwap .*\nsms:desk +up +since .* takes 1 network home signal -73 dBm PIN will not be given\nsms +down/,
    );
    assert.equal(await run(['status', '--server', 'http://127.0.0.1:1'], io), 1);
  }),
);

test('roads have a line each beside their lists, with their own room, state and last error', async () => {
  const roads = { a: fakeRoad('a', 4), b: fakeRoad('b', 7), c: fakeRoad('c', 2) };
  const named = (name: string, more: object) => Object.assign(roads[name as 'a'].binding, more);
  named('a', { status: () => [{ name: 'sms:a', state: 'down', lastError: 'a: away' }] });
  named('b', { status: () => [{ name: 'sms:b', state: 'up' }] });
  roads.a.up = false;
  const routes = createSmsRoutes({
    roads: new Map(Object.entries(roads)),
    routes: [
      { prefix: '+49', roads: ['a', 'b'] },
      { prefix: '', roads: ['c'] },
    ],
  });
  const sms = forReportedAddresses(routes, ({ user = '' }) => ({ number: user }));
  const store = { countPushes: async () => [] };
  const { carriers } = await serverStatus({ sms }, store, 0);
  assert.deepEqual(carriers, [
    { binding: 'sms', name: 'sms:a+b', state: 'up', free: 7 },
    { binding: 'sms', name: 'sms:c', state: 'unknown', free: 2 },
    { binding: 'sms', name: 'sms:a', state: 'down', lastError: 'a: away', free: 4 },
    { binding: 'sms', name: 'sms:b', state: 'up', free: 7 },
  ]);
});
