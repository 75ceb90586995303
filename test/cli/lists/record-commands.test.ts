// reveille notifications, messages and jobs over a real server.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { UsageError } from '../../../src/cli/io/io.ts';
import { readMoment } from '../../../src/cli/io/moment.ts';
import { run } from '../../../src/cli/program.ts';
import { eventually, sampleDevice } from '../../../src/testing/index.ts';
import { type ApiBench, withApi } from '../../api/api-bench.ts';
import { runCli, testIo } from '../run-cli.ts';

const device = sampleDevice().id;

async function serverOf(bench: ApiBench): Promise<string> {
  return await bench.app.listen({ host: '127.0.0.1', port: 0 });
}

test('moments are dates or ages', () => {
  const now = Date.UTC(2026, 11, 1, 12);
  assert.equal(readMoment('30m', '--since', now), '2026-12-01T11:30:00.000Z');
  assert.equal(readMoment('7d', '--since', now), '2026-11-24T12:00:00.000Z');
  assert.equal(readMoment('2026-12-01', '--since', now), '2026-12-01T00:00:00.000Z');
  assert.equal(readMoment('2026-12-01T06:00+01:00', '--since', now), '2026-12-01T05:00:00.000Z');
  for (const wrong of ['', 'now', '30', '5w', '2026-13-01', '-3h', '2026-12-01T06:00:00']) {
    assert.throws(() => readMoment(wrong, '--since', now), UsageError, wrong);
  }
});

test('notifications are listed, narrowed and shown with their timeline', () =>
  withApi(async (bench) => {
    const server = await serverOf(bench);
    const ids = [await bench.push(), await bench.push(), await bench.push()];
    await bench.pushes.cancel(ids[0] ?? '', 'not needed\u001b[31m');
    const list = async (...more: string[]) => {
      const { status, lines, stderr } = await runCli(['notifications', 'list', '--server', server, ...more]);
      assert.equal(status, 0, stderr);
      return lines;
    };
    const all = await list();
    assert.deepEqual(
      all.map((line) => /[0-9a-f-]{36}/.exec(line)?.[0]),
      [...ids].reverse(),
    );
    assert.match(all[2] ?? '', new RegExp(`cancelled +${ids[0]} +${device} .*0 pushes +not needed`));
    assert.ok(!all.join('').includes('\u001b'));
    assert.equal((await list('--state', 'cancelled,failed')).length, 1);
    assert.equal((await list('--limit', '2')).length, 2);
    assert.equal((await list('--until', '2000-01-01')).length, 0);
    assert.equal((await list('--device', 'IMEI:0')).length, 0);
    assert.equal((await list('--label', 'region=north')).length, 0);
    const [newest] = (await list('--json', '--limit', '1')).map((line) => JSON.parse(line));
    assert.equal(newest.id, ids[2]);

    const shown = await runCli(['notifications', 'show', ids[0] ?? '', '--server', server, '--follow']);
    assert.equal(shown.status, 0, shown.stderr);
    assert.match(shown.stdout, /^state: cancelled$/m);
    assert.match(shown.stdout, /queued .*\n.*cancelled .*: not needed/);
    const json = await runCli(['notifications', 'show', ids[1] ?? '', '--server', server, '--json']);
    const record = JSON.parse(json.stdout);
    assert.deepEqual([record.id, record.timeline.length], [ids[1], 1]);
    const none = await runCli(['notifications', 'show', 'nothing', '--server', server]);
    assert.deepEqual([none.status, none.stdout], [1, '']);
    for (const wrong of [
      ['--state', 'lost'],
      ['--since', 'once'],
      ['--limit', '0'],
      ['--follow', '--until', '1h'],
    ]) {
      const { status, stderr } = await runCli(['notifications', 'list', '--server', server, ...wrong]);
      assert.equal(status, 2, wrong.join(' '));
      assert.equal(stderr.split('\n').length, 2, stderr);
    }
  }));

test('a list that is followed tells of what is created', () =>
  withApi(async (bench) => {
    const server = await serverOf(bench);
    const first = await bench.push();
    const stop = new AbortController();
    const { io, written } = testIo({ stop: stop.signal });
    const running = run(['notifications', 'list', '--server', server, '--follow', '--json'], io);
    await eventually(() => written.stdout.includes(first), 'the first');
    const later = [await bench.push(), await bench.push()];
    await eventually(() => {
      if (written.stdout.includes(later[1] ?? '')) return true;
      assert.equal(written.stderr, '');
      return false;
    }, 'the later ones');
    stop.abort();
    assert.equal(await running, 0);
    const ids = written.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).id);
    assert.deepEqual(ids, [first, ...later]);
  }));

test('a list that is followed outlives a server that starts anew', async (t) => {
  const items: object[] = [];
  const answered = Promise.withResolvers<void>();
  const serve = (port: number) => {
    const made = createServer((_, response) => {
      response.once('close', answered.resolve);
      response.setHeader('connection', 'close');
      response.end(JSON.stringify({ items }));
    });
    t.after(() => made.close());
    return new Promise<typeof made>((resolve) => made.listen(port, '127.0.0.1', () => resolve(made)));
  };
  const before = await serve(0);
  const { port } = before.address() as AddressInfo;
  const stop = new AbortController();
  const { io, written } = testIo({ stop: stop.signal });
  const server = `http://127.0.0.1:${port}`;
  const running = run(['jobs', 'list', '--server', server, '--follow', '--json'], io);
  await answered.promise;
  before.close();
  before.closeAllConnections();
  await eventually(() => written.stderr.includes('asking again'), 'the word that it is away');
  items.push({ id: '01' });
  await serve(port);
  await eventually(() => written.stdout === '{"id":"01"}\n', 'what is new');
  stop.abort();
  assert.equal(await running, 0);
  assert.equal(written.stderr.split('\n').length, 2, 'told once');
});

test('jobs and messages are listed and shown', () =>
  withApi(async (bench) => {
    const server = await serverOf(bench);
    const message = await bench.pushMessage();
    const commands = [{ command: 'get', uri: './DevDetail/FwV' }];
    const made = await bench.call('POST', '/v1/jobs', { device, commands, wake: false });
    const job = (made.body as unknown as { readonly id: string }).id;
    const jobs = await runCli(['jobs', 'list', '--server', server, '--state', 'pending']);
    assert.match(jobs.stdout, new RegExp(`pending +${job} +${device} +0 of 1 commands answered`));
    const shown = await runCli(['jobs', 'show', job, '--server', server]);
    assert.match(shown.stdout, /^get \.\/DevDetail\/FwV: not sent$/m);
    const messages = await runCli(['messages', 'list', '--server', server, '--since', '1d']);
    assert.equal(messages.status, 0, messages.stderr);
    const one = await runCli(['messages', 'show', message, '--server', server, '--json']);
    assert.equal(JSON.parse(one.stdout).timeline.length, 1);
  }));
