// A carrier suspended with the command line while a real server runs, which is killed then: over UDP nothing goes out until it is
// resumed, and then at once.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { eventually } from '../../src/testing/index.ts';
import { CliProcess } from '../cli/long-running.ts';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-suspended-'));
after(() => rmSync(folder, { recursive: true }));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A device, as far as datagrams are concerned. */
async function listen(): Promise<{ readonly port: number; readonly came: Buffer[]; close(): void }> {
  const socket = createSocket('udp4');
  const came: Buffer[] = [];
  socket.on('message', (octets) => came.push(octets));
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { port: socket.address().port, came, close: () => socket.close() };
}

test('what waits for a carrier that is suspended outlasts kill -9, goes out when that is resumed, or ends in its time', async () => {
  const [dm, api, device] = await Promise.all([freePort(), freePort(), listen()]);
  const base = `http://127.0.0.1:${api}`;
  const serve = async (): Promise<CliProcess> => {
    const process = new CliProcess([
      'serve',
      ...['--data', join(folder, 'data'), '--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${api}`],
      ...['--server-id', 'com.example.dm', '--node', 'n'],
    ]);
    await process.prints(/DM endpoint/);
    return process;
  };
  let server = await serve();
  const token = readFileSync(join(folder, 'data', 'first-admin-token'), 'utf8').trim();
  const env = { REVEILLE_API_TOKEN: token };
  const cli = async (...args: string[]) => {
    const result = await runCli([...args, '--server', base], { env });
    assert.equal(result.status, 0, result.stderr);
    return result;
  };
  const call = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    assert.ok(response.ok, JSON.stringify(answer));
    return answer;
  };
  const push = (fields: object = {}) => call('POST', '/v1/notifications', { device: 'IMEI:1', ...fields });
  const stateOf = async (id: unknown) => (await call('GET', `/v1/notifications/${String(id)}`)).state;
  try {
    await call('POST', '/v1/devices', {
      id: 'IMEI:1',
      serverId: 'com.example.dm',
      addresses: [`wap:127.0.0.1:${device.port}`],
      clientCredentials: { name: 'user', secret: 'client secret', nonceBase64: 'Y2xpZW50' },
      serverCredentials: { secret: 'server secret', nonceBase64: 'c2VydmVy' },
    });
    const before = await push();
    await eventually(async () => (await stateOf(before.id)) === 'sent');
    assert.equal(device.came.length, 1);

    const suspended = await cli('carriers', 'suspend', 'wap', '--reason', 'work at the gateway');
    assert.match(suspended.stdout, /^wap +unknown +SUSPENDED since \S+ by \S+ \(work at the gateway\)/);
    assert.match((await cli('status')).stdout, /wap .*SUSPENDED since/);
    const waiting = await push();
    assert.match(String(waiting.warnings), /its carrier wap is suspended since .* \(work at the gateway\)/);
    await server.end('SIGKILL');
    server = await serve();
    assert.match(server.stderr, /"a carrier is suspended"/);
    const short = await push({ expiresAt: new Date(Date.now() + 2000).toISOString() });
    await eventually(async () => (await stateOf(short.id)) === 'expired');
    const { reason } = await call('GET', `/v1/notifications/${String(short.id)}`);
    assert.match(String(reason), /it waited for wap, which is suspended/);
    assert.deepEqual([await stateOf(waiting.id), device.came.length], ['queued', 1]);

    await cli('carriers', 'resume', 'wap');
    await eventually(async () => (await stateOf(waiting.id)) === 'sent');
    await eventually(() => device.came.length === 2);
    const list = await cli('carriers', 'list', '--json');
    assert.equal(JSON.parse(list.stdout).suspended, undefined);
    assert.match((await cli('carriers', 'show', 'wap')).stdout, /^wap +unknown/);
  } finally {
    await server.end('SIGKILL');
    device.close();
  }
});
