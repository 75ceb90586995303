// A job that updates the firmware of a simulated device, and the report that completes it (FUMO 1.0; OMA-FUMO-1.0).
import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { pendingOperations } from '../../src/device/firmware/firmware-object.ts';
import type { DeviceEvent, FirmwareInstaller } from '../../src/device/index.ts';
import { eventually, ManualClock } from '../../src/testing/index.ts';
import { dataOf, deviceId, statusesOf, withWorld } from './server-and-device.ts';

const object = './FwUpdate/Main';
const package20 = 'Firmware-Version: 2.0\nFirmware-Model: E1\n\nanything';
let http: HttpServer;
let base = '';
let hold: (() => void)[] = [];

before(async () => {
  http = createServer((request, response) => {
    if (request.url === '/2.0') response.end(package20);
    else if (request.url === '/other') response.end('Firmware-Version: 2.0\nFirmware-Model: E2\n\n');
    else if (request.url === '/corrupt') response.end('nonsense');
    else if (request.url === '/held') hold.push(() => response.end(package20));
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
after(() => {
  http.closeAllConnections();
  http.close();
});

function updateJob(operation: 'Download' | 'DownloadAndUpdate', path: string, correlator: string): object[] {
  return [
    { command: 'replace', uri: `${object}/${operation}/PkgURL`, data: `${base}${path}` },
    { command: 'exec', uri: `${object}/${operation}`, correlator },
  ];
}
const getState = { command: 'get', uri: `${object}/State` };
const getVersion = { command: 'get', uri: './DevDetail/FwV' };

test('FUMO: DownloadAndUpdate by a job; the report completes it, and the rest of the job follows', () => {
  const events: DeviceEvent[] = [];
  return withWorld({ device: { onEvent: (event) => events.push(event) } }, async ({ run, device }) => {
    const job = await run([...updateJob('DownloadAndUpdate', '/2.0', 'u1'), getVersion, getState]);
    assert.equal(job.state, 'completed', job.reason);
    assert.deepEqual(statusesOf(job), [200, 202, 200, 200]);
    const { at: _, ...report } = job.commands[1]?.answer?.report ?? { at: 0 };
    assert.deepEqual(report, {
      data: '200',
      type: 'org.openmobilealliance.dm.firmwareupdate.downloadandupdate',
      source: object,
      mark: 'informational',
    });
    assert.deepEqual(dataOf(job), ['2.0', '100']);
    const sessions = events.filter((event) => event.event === 'session-started');
    assert.deepEqual(
      sessions.map(({ nonce }) => nonce),
      ['stored', 'none'],
      'one session that the server asked for, one of the device’s own',
    );
    // The first session may end while the operation is under way: only what is begun and ended is told.
    const firmware = events.filter((event) => event.event === 'firmware');
    assert.deepEqual(firmware, [
      { event: 'firmware', object, operation: 'DownloadAndUpdate', stage: 'started' },
      {
        event: 'firmware',
        object,
        operation: 'DownloadAndUpdate',
        stage: 'ended',
        result: 200,
        version: '2.0',
      },
    ]);
    const { tree } = device();
    assert.ok(tree);
    await eventually(() => pendingOperations(tree).length === 0, 'nothing is owed any more');
  });
});

test('FUMO: Download, then Update, each with its report and its states', () =>
  withWorld({}, async ({ run }) => {
    const update = { command: 'exec', uri: `${object}/Update`, correlator: 'u' };
    const job = await run([
      ...updateJob('Download', '/2.0', 'd'),
      getState,
      getVersion,
      update,
      getState,
      getVersion,
    ]);
    assert.equal(job.state, 'completed', job.reason);
    assert.deepEqual(dataOf(job), ['40', '1.0', '100', '2.0']);
    const types = [1, 4].map((index) => job.commands[index]?.answer?.report?.type?.split('.').at(-1));
    assert.deepEqual(types, ['download', 'update']);
  }));

test('FUMO: a package that the server sends itself, as a large object, is installed by Update', () =>
  withWorld({}, async ({ run }) => {
    const octets = Buffer.concat([Buffer.from('Firmware-Version: 3.1\n\n'), Buffer.alloc(200_000, 7)]);
    const job = await run([
      { command: 'replace', uri: `${object}/Update/PkgData`, dataBase64: octets.toString('base64') },
      { command: 'exec', uri: `${object}/Update`, correlator: 'own' },
      getVersion,
    ]);
    assert.equal(job.state, 'completed', job.reason);
    assert.deepEqual(dataOf(job), ['3.1']);
  }));

test('FUMO: what goes wrong is reported with its result code, and fails the job', () =>
  withWorld({}, async ({ run }) => {
    for (const [path, code, state] of [
      ['/other', '403', '80'],
      ['/corrupt', '402', '80'],
      ['/nothing', '411', '20'],
    ] as const) {
      const job = await run(updateJob('DownloadAndUpdate', path, `c${code}`));
      assert.equal(job.state, 'failed');
      assert.equal(job.reason, `commands[1], exec ${object}/DownloadAndUpdate: reported ${code}`);
      assert.equal(job.commands[1]?.answer?.report?.mark, 'warning');
      assert.deepEqual(dataOf(await run([getState, getVersion])), [state, '1.0']);
    }
  }));

test('FUMO: Exec without a package is 412, and while another operation runs 503', () =>
  withWorld({}, async ({ run, server, store, ended }) => {
    for (const operation of ['Download', 'Update', 'DownloadAndUpdate']) {
      const job = await run([{ command: 'exec', uri: `${object}/${operation}`, correlator: operation }]);
      assert.deepEqual(statusesOf(job), [412]);
    }
    const commands = updateJob('DownloadAndUpdate', '/held', 'first');
    const { job } = await server.jobs.create({ device: deviceId, commands });
    await eventually(() => hold.length > 0);
    await eventually(async () => (await store.job(job.id))?.answeredCount === 2);
    const busy = await run([{ command: 'exec', uri: `${object}/DownloadAndUpdate`, correlator: 'second' }]);
    assert.deepEqual(statusesOf(busy), [503]);
    assert.equal((await store.job(job.id))?.state, 'running', 'it waits for its report');
    for (const release of hold.splice(0)) release();
    assert.equal((await ended(job.id)).state, 'completed');
  }));

test('FUMO: an operation that a restart interrupts goes on, and is reported under its correlator', () =>
  withWorld({}, async ({ server, store, restart, ended, device }) => {
    hold = [];
    const commands = [...updateJob('DownloadAndUpdate', '/held', 'again'), getVersion];
    const { job } = await server.jobs.create({ device: deviceId, commands });
    await eventually(() => hold.length === 1);
    await eventually(async () => (await store.job(job.id))?.answeredCount === 2);
    await restart();
    await eventually(() => hold.length === 2);
    assert.equal(device().tree?.node(`${object}/State`)?.value, '30');
    for (const release of hold.splice(0)) release();
    const done = await ended(job.id);
    assert.equal(done.state, 'completed', done.reason);
    assert.deepEqual(dataOf(done), ['2.0']);
  }));

test('FUMO: a report that cannot be brought is kept over a restart, and brought when the server is there again', () => {
  const gate = Promise.withResolvers<void>();
  const install: FirmwareInstaller = async () => {
    await gate.promise;
    return { installed: true, version: '9' };
  };
  const events: DeviceEvent[] = [];
  const options = {
    firmware: { install },
    backOff: { firstMs: 10, longestMs: 20 },
    onEvent: (event: DeviceEvent) => events.push(event),
  };
  return withWorld({ device: options }, async ({ server, store, restart, ended, device, ...world }) => {
    const commands = [...updateJob('DownloadAndUpdate', '/2.0', 'late'), getVersion];
    const { job } = await server.jobs.create({ device: deviceId, commands });
    await eventually(async () => (await store.job(job.id))?.answeredCount === 2);
    await eventually(() => events.some(({ event }) => event === 'session-ended'));
    await world.hangUp();
    gate.resolve();
    const failures = () =>
      events.filter((event) => event.event === 'session-ended' && event.outcome === 'unreachable').length;
    await eventually(() => failures() >= 2, 'two tries', 1_000_000);
    await restart();
    const before = failures();
    await eventually(() => failures() > before, 'a try after the restart', 1_000_000);
    assert.equal(device().tree?.node('./DevDetail/FwV')?.value, '9');
    assert.equal((await store.job(job.id))?.state, 'running');
    await world.pickUp();
    const done = await ended(job.id);
    assert.equal(done.state, 'completed', done.reason);
    assert.deepEqual(dataOf(done), ['9']);
  });
});

test('FUMO: the job of a report that never comes fails when its time ends', () => {
  const clock = new ManualClock();
  return withWorld({ clock }, async ({ server, store, ended }) => {
    hold = [];
    const commands = updateJob('DownloadAndUpdate', '/held', 'never');
    const { job } = await server.jobs.create({ device: deviceId, commands, timeoutSeconds: 300 });
    await eventually(async () => (await store.job(job.id))?.answeredCount === 2);
    clock.advance(299_999);
    assert.equal((await store.job(job.id))?.state, 'running');
    clock.advance(1);
    const late = await ended(job.id);
    assert.equal(late.state, 'failed');
    assert.equal(late.reason, 'its time ended before a report came');
  });
});

test('FUMO: servers do not see what the device keeps of its operations', () =>
  withWorld({}, async ({ run, server, store, ended }) => {
    hold = [];
    const { job } = await server.jobs.create({
      device: deviceId,
      commands: updateJob('DownloadAndUpdate', '/held', 'hidden'),
    });
    await eventually(async () => (await store.job(job.id))?.answeredCount === 2);
    const look = await run(
      [
        { command: 'get', uri: `${object}/Ext/Operations` },
        { command: 'get', uri: `${object}?list=TNDS` },
        { command: 'delete', uri: `${object}/Ext/Operations/1` },
      ],
      { onFailure: 'continue' },
    );
    assert.deepEqual(statusesOf(look), [405, 200, 405]);
    assert.doesNotMatch(dataOf(look)[0] ?? '', /Operations|PkgData|hidden/);
    for (const release of hold.splice(0)) release();
    assert.equal((await ended(job.id)).state, 'completed');
  }));
