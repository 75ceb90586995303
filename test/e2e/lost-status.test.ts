// The status of a command is lost on its way: the device has carried it out, and the server does not know (docs/jobs.md).
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import {
  dataOf,
  deviceId,
  statusesOf,
  type World,
  type WorldOptions,
  withWorld,
} from './server-and-device.ts';

const object = './FwUpdate/Main';
const held: (() => void)[] = [];
const http = createServer((_, response) => {
  held.push(() => response.end('Firmware-Version: 2.0\n\nanything'));
});
await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
const packageUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
after(() => {
  http.closeAllConnections();
  http.close();
});

/** Loses the first message with the status of such a command, and that message sent again. */
function losing(command: string, run: (world: World, lost: () => number) => Promise<void>): Promise<void> {
  let lost = 0;
  const options: WorldOptions = {
    form: 'xml',
    device: { backOff: { firstMs: 10, longestMs: 20 } },
    lose: (body) => {
      if (lost >= 2 || !body.includes(`<Cmd>${command}</Cmd>`)) return false;
      lost += 1;
      return true;
    },
  };
  return withWorld(options, (world) => run(world, () => lost));
}

const update = (correlator?: string) => [
  { command: 'replace', uri: `${object}/DownloadAndUpdate/PkgURL`, data: packageUrl },
  { command: 'exec', uri: `${object}/DownloadAndUpdate`, ...(correlator !== undefined && { correlator }) },
  { command: 'get', uri: './DevDetail/FwV' },
];

test('FUMO: an Exec whose status is lost is sent again while its operation runs: 202, one operation, one report', () =>
  losing('Exec', async ({ server, store, ended }, lost) => {
    held.length = 0;
    const { job } = await server.jobs.create({ device: deviceId, commands: update('lost') });
    await eventually(
      async () => (await store.job(job.id))?.answeredCount === 2,
      'the second status',
      200_000,
    );
    assert.equal(lost(), 2);
    assert.equal((await store.job(job.id))?.state, 'running', 'it waits for its report');
    for (const release of held) release();
    const done = await ended(job.id);
    assert.equal(done.state, 'completed', done.reason);
    assert.deepEqual(statusesOf(done), [200, 202, 200]);
    assert.equal(done.commands[1]?.sends, 2);
    assert.equal(done.commands[1]?.answer?.report?.data, '200');
    assert.deepEqual(dataOf(done), ['2.0']);
    assert.equal(held.length, 1, 'one download');
  }));

test('an Exec without a correlator whose status is lost is not sent again, and fails with that reason', () =>
  losing('Exec', async ({ run }, lost) => {
    held.length = 0;
    const job = await run(update());
    assert.equal(lost(), 2);
    assert.equal(job.state, 'failed');
    const why = 'may have been carried out: its status was lost';
    assert.equal(job.reason, `commands[1], exec ${object}/DownloadAndUpdate: ${why}`);
    assert.equal(job.commands[1]?.sends, 1);
    await eventually(() => held.length === 1, 'it was carried out indeed');
    for (const release of held) release();
  }));

test('an Add whose status is lost is sent again, answered 418, and counts as done', () =>
  losing('Add', async ({ run }, lost) => {
    const job = await run([
      { command: 'add', uri: './Files', format: 'node' },
      { command: 'get', uri: './DevInfo/Man' },
    ]);
    assert.equal(lost(), 2);
    assert.equal(job.state, 'completed', job.reason);
    assert.deepEqual(statusesOf(job), [418, 200]);
    assert.deepEqual(
      job.commands.map(({ sends }) => sends),
      [2, 1],
    );
  }));

test('FUMO: a second job under the same correlator, while the first one waits, gets the same report', () =>
  withWorld({}, async ({ server, store, ended }) => {
    held.length = 0;
    const ids: string[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { job } = await server.jobs.create({ device: deviceId, commands: update('shared') });
      ids.push(job.id);
      await eventually(async () => (await store.job(job.id))?.answeredCount === 2, 'its 202', 200_000);
    }
    for (const release of held) release();
    for (const id of ids) {
      const done = await ended(id);
      assert.equal(done.state, 'completed', done.reason);
      assert.deepEqual(dataOf(done), ['2.0']);
    }
    assert.equal(held.length, 1, 'one download');
  }));
