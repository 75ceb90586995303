// The walk through docs/server.md: its commands, in their order, against a server and a device of their own.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { startServer } from '../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../src/core/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { runCli } from '../cli/run-cli.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/server.md'), 'utf8');

/** Shell fragments of the page up to a heading, in their order. */
function fragmentsUntil(heading: string): readonly string[] {
  const part = page.slice(0, page.indexOf(`\n## ${heading}`));
  return [...part.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, text = '']) => text);
}

interface Step {
  /** Path and body of a POST by curl. */
  readonly call?: { readonly path: string; readonly body: string };
  /** Arguments of reveille. */
  readonly args?: readonly string[];
}

/** Calls of curl and reveille in a fragment. */
function stepsOf(fragment: string): readonly Step[] {
  const calls = fragment
    .replaceAll('\\\n', ' ')
    .matchAll(/^curl -s \S+?(\/v1\S+)[^']*'[^']*'\s+-d '([^']*)'|^reveille (.*)$/gm);
  return [...calls].map(([, path, body, line]) =>
    path !== undefined && body !== undefined
      ? { call: { path, body } }
      : {
          args: [...(line ?? '').matchAll(/'([^']*)'|(\S+)/g)].map(
            ([, quoted, word]) => quoted ?? word ?? '',
          ),
        },
  );
}

test('the commands of docs/server.md wake the device, and the message without a session is carried out', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-server-walk-'));
  const server = await startServer({
    data: join(folder, 'data'),
    dm: { host: '127.0.0.1', port: 0 },
    api: { host: '127.0.0.1', port: 0, tokens: [] },
    logger: silentLogger,
  });
  const post = async (path: string, body: string): Promise<void> => {
    const response = await fetch(`${server.apiUrl}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.ok(response.ok, `${path}: ${await response.text()}`);
  };
  // As --server-id does.
  await post('/v1/accounts', JSON.stringify({ serverId: 'com.example.dm', url: server.dmUrl }));
  const [provisioning = '', ...fragments] = fragmentsUntil('For devices on a network');
  const [, json = ''] = /<<'END'\n([\s\S]*?)^END$/m.exec(provisioning) ?? [];
  writeFileSync(join(folder, 'e1.json'), json.replace('http://127.0.0.1:8080/dm', server.dmUrl));
  const device = new CliProcess(
    ['device', '--state', 'e1-state.json', '--provision', 'e1.json', '--listen', 'wap:127.0.0.1:0'],
    { cwd: folder },
  );
  // In this order: a device that still writes would have its folder taken from under it.
  t.after(async () => {
    await device.end();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const [, port = ''] = await device.prints(/listens on wap:127\.0\.0\.1:(\d+)/);
  const steps = fragments.flatMap(stepsOf);
  assert.ok(steps.length >= 6, `${steps.length} steps are found`);
  for (const { call, args } of steps) {
    if (call !== undefined)
      await post(call.path, call.body.replace('wap:127.0.0.1:2948', `wap:127.0.0.1:${port}`));
    if (args !== undefined) {
      const given = args.includes('--server') ? args : [...args, '--server', server.apiUrl];
      const { status, stderr } = await runCli(
        given.map((each) => each.replace('http://127.0.0.1:8081', server.apiUrl)),
      );
      assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
    }
  }
  const [, lines = '', path = ''] =
    /<<'END'\n([\s\S]*?)^END\ncurl \S+ \S+?(\/v1\S+) -H 'content-type: application\/x-ndjson' --data-binary/m.exec(
      fragments.join(''),
    ) ?? [];
  const batch = await fetch(`${server.apiUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: lines,
  });
  const answers = (await batch.text()).trimEnd().split('\n');
  assert.equal(answers.length, 2, path);
  for (const answer of answers) assert.match(answer, /"status":202,.*"created":true/);
  await device.prints(/processed {2}message of com\.example\.dm: 1 done, 0 failed, 0 left out/);
  const looked = await runCli([
    'run',
    'IMEI:493005100592800',
    'get',
    './Vendor/Note',
    '--server',
    server.apiUrl,
  ]);
  assert.equal(looked.stdout.trimEnd(), 'hello', looked.stderr);
});
