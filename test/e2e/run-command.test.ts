// `reveille run` and the firmware job, with server and device as processes of their own; both are killed in the middle.
import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type Processes, serverId, withProcesses } from './processes.ts';

const object = './FwUpdate/Main';
let http: Server;
let base = '';
const held: ServerResponse[] = [];

before(async () => {
  http = createServer((request, response) => {
    if (request.url === '/held') held.push(response);
    else response.end('Firmware-Version: 2.0\n\npackage');
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
after(() => {
  http.closeAllConnections();
  http.close();
});

/** Runs `reveille run` to its end. */
async function ran({ run }: Processes, ...args: string[]) {
  const child = run(...args);
  const status = await child.exited;
  const lines = child.stderr.trimEnd().split('\n');
  return { status, stdout: child.stdout, stderr: child.stderr, lines };
}

/** A job of so many commands that each take a package of their own. */
function manyCommands(count: number): object[] {
  const makeFiles = [
    { command: 'add', uri: './Files', format: 'node' },
    { command: 'replace', uri: './Files?prop=ACL', data: 'Add=*&Delete=*&Get=*&Replace=*' },
    { command: 'add', uri: './Files/Count', data: '' },
  ];
  const counts = Array.from({ length: count }, (_, index) => ({
    command: 'replace',
    uri: './Files/Count',
    data: String(index + 1),
  }));
  return [...makeFiles, ...counts, { command: 'get', uri: './Files/Count' }];
}

interface Shown {
  readonly state: string;
  readonly commands: readonly { readonly status: number; readonly sends: number }[];
}

/** Every command has its status; what had one before the crash was not sent again, and one at most went out twice. */
function assertNothingLost(before: Shown, after: Shown): void {
  assert.equal(after.state, 'completed');
  for (const [index, command] of after.commands.entries()) {
    assert.equal(command.status, 200);
    if (before.commands[index]?.status !== undefined) assert.equal(command.sends, 1);
  }
  assert.ok(after.commands.filter(({ sends }) => sends > 1).length <= 1);
}

describe('reveille run', () => {
  it('wakes the device, runs the command in the session that follows, and prints the answer', () =>
    withProcesses('wbxml', async (processes) => {
      const get = await ran(processes, 'get', './DevDetail/FwV');
      assert.deepEqual([get.status, get.stdout], [0, '1.0\n']);
      assert.equal(get.stderr, 'get ./DevDetail/FwV: 200 ok\n');

      const several = await ran(processes, 'get', './DevInfo/Man', './Nothing', './DevInfo/Mod');
      assert.equal(several.status, 1);
      assert.equal(several.stdout, './DevInfo/Man\tExample\n./DevInfo/Mod\tE1\n');
      assert.deepEqual(several.lines, [
        'get ./DevInfo/Man: 200 ok',
        'get ./Nothing: 404 not found',
        'get ./DevInfo/Mod: 200 ok',
        'reveille: the job failed: commands[1], get ./Nothing: status 404',
      ]);

      const octets = processes.file('octets.bin', 'octets');
      for (const [args, line] of [
        [['add', './Files'], 'add ./Files: 200 ok'],
        [
          ['replace', './Files?prop=ACL', 'Add=*&Delete=*&Get=*&Replace=*'],
          'replace ./Files?prop=ACL: 200 ok',
        ],
        [['add', './Files/A', 'one', '--type', 'text/x-test'], 'add ./Files/A: 200 ok'],
        [['replace', './Files/A', '--', '-2'], 'replace ./Files/A: 200 ok'],
        [['copy', './Files/A', './Files/B'], 'copy ./Files/B: 200 ok'],
        [['add', './Files/O', '--file', octets], 'add ./Files/O: 200 ok'],
        [['delete', './Files/A'], 'delete ./Files/A: 200 ok'],
      ] as const) {
        const done = await ran(processes, ...args);
        assert.deepEqual([done.status, done.stdout, done.stderr], [0, '', `${line}\n`]);
      }
      assert.equal((await ran(processes, 'get', './Files/B')).stdout, '-2\n');
      assert.equal((await ran(processes, 'get', './Files/O')).stdout, 'b2N0ZXRz\n');

      const json = await ran(processes, 'get', './DevDetail/FwV', '--json');
      const job = JSON.parse(json.stdout) as Shown & { readonly notification: string };
      assert.deepEqual([json.status, json.stderr, job.state], [0, '', 'completed']);
      const woken = await processes.call('GET', `/v1/notifications/${job.notification}`);
      assert.equal(woken.state, 'completed');
      assert.match(processes.device.stdout, new RegExp(`"sessionId":${String(woken.sessionId)}\\b`));

      const late = await ran(processes, 'get', './DevDetail/FwV', '--no-wake', '--timeout', '1');
      assert.equal(late.status, 1);
      assert.match(late.stderr, /: not sent\nreveille: the job failed: its time ended before a session/);
      const refused = await ran(processes, 'get', 'DevInfo');
      assert.equal(refused.status, 1);
      assert.match(
        refused.stderr,
        /^reveille: the server refused: commands\[0\]\.uri: must be a URI such as/,
      );

      assert.equal(await processes.device.end('SIGTERM'), 0);
      assert.equal(await processes.server.end('SIGTERM'), 0);
    }));

  it('FUMO: a job file updates the firmware, waits for the report, and reads the new version', () =>
    withProcesses('xml', async (processes) => {
      const job = processes.file(
        'update.json',
        JSON.stringify([
          { command: 'replace', uri: `${object}/DownloadAndUpdate/PkgURL`, data: `${base}/2.0.pkg` },
          { command: 'exec', uri: `${object}/DownloadAndUpdate`, correlator: 'update-1' },
          { command: 'get', uri: './DevDetail/FwV' },
        ]),
      );
      const done = await ran(processes, '--job', job);
      assert.deepEqual([done.status, done.stdout], [0, '2.0\n'], done.stderr);
      assert.deepEqual(done.lines, [
        `replace ${object}/DownloadAndUpdate/PkgURL: 200 ok`,
        `exec ${object}/DownloadAndUpdate: 202 accepted for processing, reported 200`,
        'get ./DevDetail/FwV: 200 ok',
      ]);
    }));

  it('kill -9 of the server in the middle of a job: the next one goes on with it, and the command waits', () =>
    withProcesses('wbxml', async (processes) => {
      const file = processes.file('many.json', JSON.stringify(manyCommands(90)));
      const running = processes.run('--job', file);
      const id = await processes.answered(20);
      const before = (await processes.call('GET', `/v1/jobs/${id}`)) as unknown as Shown;
      await processes.server.end('SIGKILL');
      assert.equal(before.state, 'running');
      await running.prints(/does not answer.*trying again/);
      await processes.startServer();
      assert.equal(await running.exited, 0, running.stderr);
      assert.equal(running.stdout, '90\n');
      assertNothingLost(before, (await processes.call('GET', `/v1/jobs/${id}`)) as unknown as Shown);
    }));

  it('kill -9 of the device in the middle of a job: its next session goes on with it', () =>
    withProcesses('xml', async (processes) => {
      const file = processes.file('many.json', JSON.stringify(manyCommands(90)));
      const running = processes.run('--job', file);
      const id = await processes.answered(20);
      await processes.device.end('SIGKILL');
      const before = (await processes.call('GET', `/v1/jobs/${id}`)) as unknown as Shown;
      assert.equal(before.state, 'running');
      await processes.startDevice('--connect', serverId);
      assert.equal(await running.exited, 0, running.stderr);
      assert.equal(running.stdout, '90\n');
      assertNothingLost(before, (await processes.call('GET', `/v1/jobs/${id}`)) as unknown as Shown);
    }));

  it('FUMO: kill -9 of the device while it downloads: it begins again, and its report completes the job', () =>
    withProcesses('wbxml', async (processes) => {
      const file = processes.file(
        'held.json',
        JSON.stringify([
          { command: 'replace', uri: `${object}/DownloadAndUpdate/PkgURL`, data: `${base}/held` },
          { command: 'exec', uri: `${object}/DownloadAndUpdate`, correlator: 'update-2' },
        ]),
      );
      const running = processes.run('--job', file);
      await processes.answered(2);
      while (held.length < 1) await new Promise((resume) => setTimeout(resume, 10));
      await processes.device.end('SIGKILL');
      await processes.startDevice();
      while (held.length < 2) await new Promise((resume) => setTimeout(resume, 10));
      for (const response of held.splice(0)) response.end('Firmware-Version: 3.0\n\n');
      assert.equal(await running.exited, 0, running.stderr);
      assert.match(running.stderr, /exec .*: 202 accepted for processing, reported 200\n/);
      assert.equal((await ran(processes, 'get', './DevDetail/FwV')).stdout, '3.0\n');
    }));
});
