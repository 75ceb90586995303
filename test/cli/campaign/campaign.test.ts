// reveille campaign against a real API.
import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sampleDevice } from '../../../src/testing/index.ts';
import { sampleCampaign, samplePlan } from '../../../src/testing/store-campaign/campaign-samples.ts';
import { type ApiBench, withApi } from '../../api/api-bench.ts';
import { runCli } from '../run-cli.ts';

const { id: device } = sampleDevice();

type Cli = (args: readonly string[], stdin?: string) => ReturnType<typeof runCli>;

function withCli(run: (cli: Cli, bench: ApiBench) => Promise<void>) {
  return withApi(async (bench) => {
    await bench.app.listen({ host: '127.0.0.1', port: 0 });
    const { port } = bench.app.server.address() as AddressInfo;
    await run(
      (args, stdin) =>
        runCli(
          ['campaign', ...args, '--server', `http://127.0.0.1:${port}`],
          stdin === undefined ? {} : { stdin },
        ),
      bench,
    );
  });
}

const basic = ['create', '--name', 'night', '--device', device, '--start', '2026-01-02T00:00:00Z'];

async function made(cli: Cli, args: readonly string[] = basic) {
  const { stdout, stderr, status } = await cli([...args, '--json']);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout);
}

test('create reads options and a file, and options take the place of what the file says', () =>
  withCli(async (cli) => {
    const yaml = [
      'name: from the file',
      `target: { devices: ["${device}"] }`,
      'startAt: "2026-01-02T00:00:00Z"',
      'stop: { failureRate: 0.5, rateFrom: 7 }',
      'canary: { devices: 5, waitSeconds: 60 }',
      'priority: 4',
    ].join('\n');
    const { status, stdout, stderr } = await cli(
      [
        ...['create', '--file', '-', '--name', 'night', '--per-second', '0.5', '--json'],
        ...['--carrier-rate', 'wap=2', '--window', 'fri-mon 22:00-5:00', '--window', '12:00-13:00'],
        ...['--time-zone', 'Europe/Berlin', '--stop-rate', '10%', '--canary', '1%', '--wakes-per-day', '3'],
      ],
      yaml,
    );
    assert.equal(status, 0, stderr);
    const campaign = JSON.parse(stdout);
    assert.partialDeepStrictEqual(campaign, {
      name: 'night',
      state: 'scheduled',
      kind: 'wake',
      pace: { perSecond: 0.5, carriers: { wap: 2 } },
      windows: [
        { days: [1, 5, 6, 7], from: '22:00', to: '05:00' },
        { from: '12:00', to: '13:00' },
      ],
      timeZone: 'Europe/Berlin',
      stop: { failureRate: 0.1, rateFrom: 7 },
      canary: { percent: 1, waitSeconds: 60 },
      priority: 4,
      wakesPerDay: 3,
    });
  }));

test('a dry run says what it would do, and makes nothing', () =>
  withCli(async (cli) => {
    const { stdout } = await cli([...basic, '--dry-run']);
    assert.match(stdout, /^1 devices\n {2}wap: 1\n/);
    assert.match(stdout, /nothing was made\n$/);
    const json = JSON.parse((await cli([...basic, '--dry-run', '--json'])).stdout);
    assert.equal(json.devices, 1);
    assert.equal((await cli(['list'])).stdout, '');
  }));

test('what is wrong with options is told before anything is sent, and with a plan by the server', () =>
  withCli(async (cli) => {
    for (const wrong of [
      ['--window', 'noon'],
      ['--window', 'funday 10:00-11:00'],
      ['--carrier-rate', 'wap'],
      ['--per-second', 'fast'],
      ['--canary-wait', '15'],
      ['--expires', 'tomorrow'],
      ['--filter', 'id != ""'],
      ['--live'],
      ['--dry-run', '--watch'],
    ]) {
      assert.equal((await cli([...basic, ...wrong])).status, 2, wrong.join(' '));
    }
    const { status, stderr } = await cli(['create', '--name', 'x', '--filter', 'nonsense']);
    assert.equal(status, 1);
    assert.match(stderr, /the server refused: target\.filter: /);
  }));

test('list, show, pause, resume, change and cancel', () =>
  withCli(async (cli) => {
    const { id } = await made(cli);
    assert.match((await cli(['list'])).stdout, new RegExp(`scheduled +${id} +wake +1 devices +night\n$`));
    assert.equal((await cli(['list', '--state', 'paused'])).stdout, '');
    const shown = await cli(['show', id]);
    assert.match(shown.stdout, /^night \S+\nscheduled: 0 of 1 ended, 0 completed\n/);
    assert.equal(JSON.parse((await cli(['show', id, '--json'])).stdout).progress.pending, 1);
    const paused = await cli(['pause', id, '--reason', 'too loud']);
    assert.match(paused.stdout, /paused +.*\(paused by anonymous: too loud\)\n$/);
    const again = await cli(['pause', id]);
    assert.deepEqual([again.status, /only what is running/.test(again.stderr)], [1, true]);
    assert.equal((await cli(['resume', id])).status, 0);
    const change = (...args: string[]) => cli(['change', id, '--json', ...args]);
    await change('--per-second', '5');
    const both = JSON.parse((await change('--carrier-rate', 'wap=2', '--stop-failures', '9')).stdout);
    assert.deepEqual([both.pace, both.stop], [{ perSecond: 5, carriers: { wap: 2 } }, { failures: 9 }]);
    const none = JSON.parse((await change('--per-second', 'none', '--stop-failures', 'none')).stdout);
    assert.deepEqual(['pace' in none, 'stop' in none], [false, false]);
    assert.equal((await change()).status, 2);
    assert.equal((await change('--name', 'x', '--if-match', '"1.1"')).status, 1);
    assert.match((await cli(['cancel', id])).stdout, /cancelled/);
  }));

test('watch has a line for each change, and its exit status says how it ended', () =>
  withCli(async (cli, { store, clock }) => {
    const inStore = async () => {
      const plan = samplePlan({ target: { by: 'list' } });
      return (await store.createCampaign(sampleCampaign({ plan, list: [device], devices: 1 }))).campaign;
    };
    const done = await inStore();
    await store.endPendingDevices(done.id, { state: 'cancelled', reason: 'cancelled' }, 9);
    await store.changeCampaign(done.id, { state: 'completed', endedAt: clock.now() });
    const watched = await cli(['watch', done.id]);
    assert.deepEqual([watched.status, watched.lines.length], [0, 1]);
    assert.match(watched.stdout, /^completed: 1 of 1 ended, 0 completed, 1 cancelled\n$/);
    const stopped = await inStore();
    await store.changeCampaign(stopped.id, { state: 'stopped', reason: '3 of 20 failed' });
    const other = await cli(['watch', stopped.id, '--json']);
    assert.equal(other.status, 1);
    assert.equal(JSON.parse(other.stdout).reason, '3 of 20 failed');
  }));

test('a report is printed as it comes, as lines of JSON or as CSV', () =>
  withCli(async (cli) => {
    const { id } = await made(cli);
    const { lines } = await cli(['report', id]);
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).device ?? JSON.parse(line).summary.devices),
      [device, 1],
    );
    const csv = await cli(['report', id, '--format', 'csv']);
    assert.match(csv.stdout, new RegExp(`^device,ordinal,.*\r\n${device},0,`));
    assert.equal((await cli(['report', 'nothing'])).status, 1);
  }));
