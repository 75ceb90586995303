// reveille status: what is wrong stands out, and --watch goes on until it is stopped.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { run } from '../../../src/cli/program.ts';
import { eventually } from '../../../src/testing/index.ts';
import { runCli, testIo } from '../run-cli.ts';

const at = '2026-12-01T06:00:00.000Z';
const status = {
  version: '1.2.3',
  node: 'one',
  at,
  startedAt: at,
  uptimeSeconds: 90_061,
  sessions: 4,
  store: { state: 'full', detail: 'the disk is full' },
  pushes: [{ purpose: 'notification', state: 'completed', count: 10_000, more: true }],
  unplaced: { due: 0, more: false },
  carriers: [
    {
      binding: 'sms',
      name: 'sms:desk',
      state: 'down',
      free: 0,
      rate: 2.5,
      inFlight: 3,
      queue: { due: 7, more: true, oldestDueAt: '2026-12-01T05:58:00.000Z' },
      lastRefusal: { at, why: 'no credit\u001b[31m' },
    },
  ],
};

async function withServer(work: (url: string, asked: () => number) => Promise<void>): Promise<void> {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(status));
  });
  await new Promise<void>((done) => {
    server.listen(0, '127.0.0.1', done);
  });
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => asked);
  } finally {
    server.close();
  }
}

test('a server that is not well: store, queue, age and the last refusal', () =>
  withServer(async (url) => {
    const { status: exit, lines } = await runCli(['status', '--server', url]);
    assert.equal(exit, 0);
    assert.deepEqual(lines.slice(0, 3), [
      'Reveille 1.2.3, node one, up 1 d 1 h, 4 sessions',
      'STORE full: the disk is full',
      'notification: 10000+ completed',
    ]);
    assert.match(
      lines[3] ?? '',
      /^sms:desk down takes 0 took 2\.5\/s 3 on their way 7\+ waiting for 2 min refused last: no credit/,
    );
    assert.ok(!lines.join('').includes('\u001b'));
  }));

test('--watch asks again and again, and ends when it is stopped', () =>
  withServer(async (url, asked) => {
    const stop = new AbortController();
    const { io, written } = testIo({ stop: stop.signal });
    const running = run(['status', '--server', url, '--watch', '1', '--json'], io);
    await eventually(() => asked() >= 2, 'a second look');
    await eventually(() => written.stdout.trim().split('\n').length >= 2, 'a second line');
    stop.abort();
    assert.equal(await running, 0);
    for (const line of written.stdout.trim().split('\n')) assert.deepEqual(JSON.parse(line), status);
    assert.equal((await runCli(['status', '--server', url, '--watch', 'often'])).status, 2);
  }));
