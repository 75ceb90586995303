// A run of `reveille fleet` in this process, against a server that takes everything and wakes nobody.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { idOf } from '../../../src/fleet/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-run-fleet-'));
after(() => rmSync(folder, { recursive: true }));

/** Lines of standard error without their times. */
const told = (stderr: string): readonly string[] =>
  stderr
    .trimEnd()
    .split('\n')
    .map((line) => line.replace(/^\d{4}-\d\d-\d\dT[\d:.]+Z reveille: /, ''));

describe('a run of a fleet', { concurrency: false }, () => {
  let stop = new AbortController();
  let stopAt = 0;
  const wakes: unknown[] = [];
  const http = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.writeHead(201).end('{}');
    if (request.url !== '/v1/notifications') return;
    wakes.push((JSON.parse(body) as { device: string }).device);
    if (wakes.length === stopAt) stop.abort();
  });
  before(async () => {
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
  });
  after(() => {
    http.closeAllConnections();
    http.close();
  });
  /** Stopped when `devices` wakes were asked for. */
  const run = async (devices: number, ...more: string[]) => {
    stop = new AbortController();
    stopAt = devices;
    wakes.length = 0;
    const register = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const args = ['fleet', '--devices', String(devices), '--register', register, '--wake', ...more];
    return await runCli(args, { stop: stop.signal });
  };

  it('names ten of those that were not woken, counts the others, and says what ended it', async () => {
    const { status, stdout, stderr } = await run(12);
    assert.equal(status, 1);
    assert.deepEqual(
      [...wakes].sort(),
      Array.from({ length: 12 }, (_, index) => idOf(index)),
    );
    const lines = told(stderr);
    const from = lines.indexOf('12 of 12 devices not woken; it was stopped');
    assert.notEqual(from, -1, stderr);
    const named = lines.slice(from + 1, from + 11).map((line) => /^ {2}(IMEI:\d{15}): \w/.exec(line)?.[1]);
    assert.deepEqual(
      named,
      Array.from({ length: 10 }, (_, index) => idOf(index)),
    );
    assert.deepEqual(lines.slice(from + 11), ['  and 2 more; --journal FILE has them all']);
    assert.match(stdout, /^devices {5}12, up \d+, woken 0\n/);
  });

  it('names all where there are few, in the summary too', async () => {
    const { status, stdout, stderr } = await run(2, '--json', '--first', '20');
    assert.equal(status, 1);
    const lines = told(stderr);
    const from = lines.indexOf('2 of 2 devices not woken; it was stopped');
    assert.equal(lines.length, from + 3, stderr);
    const { woken, unwoken } = JSON.parse(stdout) as { woken: number; unwoken: { device: string }[] };
    assert.equal(woken, 0);
    assert.deepEqual(
      unwoken.map(({ device }) => device),
      [idOf(20), idOf(21)],
    );
  });

  it('writes its records before it registers, or says why it cannot', async () => {
    const records = join(folder, 'records.ndjson');
    await run(2, '--records', records);
    assert.equal(readFileSync(records, 'utf8').split('\n').length, 3);
    const nowhere = join(folder, 'nowhere', 'records.ndjson');
    const { status, stderr } = await run(2, '--records', nowhere);
    assert.equal(status, 1);
    assert.equal(told(stderr).at(-1), `reveille: cannot write ${nowhere}: no such file or folder`);
    assert.deepEqual(wakes, []);
  });

  it('counts those that were not woken beside those that were', { timeout: 60_000 }, async () => {
    const server = await startServer({
      data: join(folder, 'data'),
      dm: { host: '127.0.0.1', port: 0 },
      api: { host: '127.0.0.1', port: 0, tokens: [] },
      logger: silentLogger,
    });
    const journal = join(folder, 'journal.ndjson');
    // Its API, but for the wakes of one device.
    const partial = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      if (request.url === '/v1/notifications' && body.includes(idOf(1)))
        return response.writeHead(201).end('{}');
      const answer = await fetch(new URL(request.url ?? '/', server.apiUrl), {
        method: request.method ?? 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      return response.writeHead(answer.status).end(await answer.text());
    });
    partial.listen(0, '127.0.0.1');
    await once(partial, 'listening');
    const ender = new AbortController();
    const register = `http://127.0.0.1:${(partial.address() as AddressInfo).port}`;
    const args = ['--dm-url', server.dmUrl, '--register', register, '--wake', '--journal', journal];
    try {
      const ended = runCli(['fleet', '--devices', '2', ...args], { stop: ender.signal });
      const woken = (): boolean =>
        existsSync(journal) && readFileSync(journal, 'utf8').includes('"session-ended"');
      await eventually(woken, 'the session of the first one');
      ender.abort();
      const { status, stderr } = await ended;
      assert.equal(status, 1);
      assert.ok(told(stderr).includes('1 of 2 devices not woken; it was stopped'), stderr);
    } finally {
      ender.abort();
      partial.closeAllConnections();
      partial.close();
      await server.stop();
    }
  });
});
