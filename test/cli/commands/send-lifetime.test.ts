// `reveille send --lifetime`: no shorter than the TIMEOUT that goes out (spec-notes ruling 25), told to the server or the
// carrier.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { runCli } from '../run-cli.ts';

const env = { REVEILLE_SECRET: 'server-secret' };
const message = ['--server-id', 'com.example.dm'];

/** Takes what `send --server` posts, and nothing else. */
async function withApi(run: (url: string, bodies: Record<string, unknown>[]) => Promise<void>) {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    request.on('end', () => {
      bodies.push(JSON.parse(text) as Record<string, unknown>);
      response.writeHead(202, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id: 'n', sessionId: 1 }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, bodies);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('600 minutes on the wire and a life of 15 seconds exclude each other, by itself and through a server', () =>
  withApi(async (url, bodies) => {
    for (const timeout of [
      ['--format', 'dm1.3', '--timeout-minutes', '600'],
      ['--format', 'dm1.3-2010', '--timeout-days', '1'],
    ]) {
      const [, , , count = ''] = timeout;
      for (const to of [
        ['wap:127.0.0.1:9', ...message],
        ['IMEI:1', '--server', url],
      ]) {
        const { status, stderr } = await runCli(['send', ...to, ...timeout, '--lifetime', '15'], { env });
        assert.equal(status, 1);
        assert.match(
          stderr,
          new RegExp(`--lifetime: \\S+Z is earlier than timeout\\w+ ${count} promises .* until \\S+Z`),
        );
      }
    }
    assert.deepEqual(bodies, []);
  }));

test('a life as long as the timeout, or without one, is taken', () =>
  withApi(async (url, bodies) => {
    const to = ['send', 'IMEI:1', '--server', url, '--lifetime', '600'];
    assert.equal((await runCli([...to, '--timeout-minutes', '10'], { env })).status, 0);
    assert.equal((await runCli(to, { env })).status, 0);
    assert.equal(bodies[0]?.expiresAt, undefined, 'the timeout decides, by the clock of the server');
    assert.equal(bodies[0]?.timeoutMinutes, 10);
    const left = Date.parse(String(bodies[1]?.expiresAt)) - Date.now();
    assert.ok(left <= 600_000 && left > 0, String(left));
    const direct = ['send', 'wap:127.0.0.1:9', ...message, '--format', 'dm1.3', '--timeout-minutes', '10'];
    assert.equal((await runCli([...direct, '--lifetime', '600'], { env })).status, 0);
    const { status, stderr } = await runCli([...direct, '--lifetime', '1.5'], { env });
    assert.equal(status, 2);
    assert.match(stderr, /--lifetime/);
  }));
