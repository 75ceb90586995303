// The whole way with processes of their own, and the server killed in the middle.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { CliProcess } from '../cli/long-running.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-kill-'));
after(() => rmSync(folder, { recursive: true }));

const deviceId = 'IMEI:990000770000010';
const serverId = 'com.example.dm';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a server that is killed', () => {
  it('completes what it had accepted, under the same Session-ID, after a restart', async () => {
    const [dm, api, push] = await Promise.all([freePort(), freePort(), freePort()]);
    const serve = () =>
      new CliProcess([
        'serve',
        ...['--data', join(folder, 'data'), '--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${api}`],
        ...['--server-id', serverId, '--answer-timeout', '2', '--attempts', '20', '--log-level', 'warn'],
      ]);
    const call = async (method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
      const response = await fetch(`http://127.0.0.1:${api}${path}`, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
      const answer = (await response.json()) as Record<string, unknown>;
      assert.ok(response.ok, JSON.stringify(answer));
      return answer;
    };

    let server = serve();
    let device: CliProcess | undefined;
    try {
      await server.prints(/DM endpoint/);
      await call('POST', '/v1/devices', {
        id: deviceId,
        serverId,
        addresses: [`wap:127.0.0.1:${push}`],
        format: 'dm1.2',
        clientCredentials: { name: 'user', secret: 'client secret', nonceBase64: 'Y2xpZW50' },
        serverCredentials: { secret: 'server secret', nonceBase64: 'c2VydmVy' },
      });
      const created = await call('POST', '/v1/notifications', { device: deviceId, uiMode: 'background' });
      // The device is not there yet: the push goes out and nobody answers.
      await server.end('SIGKILL');

      const provision = join(folder, 'device.json');
      writeFileSync(
        provision,
        JSON.stringify({
          deviceId,
          man: 'Example',
          mod: 'E1',
          accounts: [
            {
              serverId,
              address: `http://127.0.0.1:${dm}/dm`,
              client: { scheme: 'md5', name: 'user', secret: 'client secret', nonceBase64: 'Y2xpZW50' },
              server: { scheme: 'md5', secret: 'server secret', nonceBase64: 'c2VydmVy' },
            },
          ],
        }),
      );
      device = new CliProcess([
        'device',
        ...['--state', join(folder, 'state.json'), '--provision', provision, '--json'],
        ...['--listen', `wap:127.0.0.1:${push}`],
      ]);
      await device.prints(/listens on/);

      server = serve();
      await server.prints(/DM endpoint/);
      await device.prints(/"event":"session-ended".*"outcome":"completed"/);
      let notification = await call('GET', `/v1/notifications/${String(created.id)}`);
      for (let i = 0; i < 100 && notification.state !== 'completed'; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        notification = await call('GET', `/v1/notifications/${String(created.id)}`);
      }
      assert.equal(notification.state, 'completed');
      assert.equal(notification.sessionId, created.sessionId);
      assert.match(device.stdout, new RegExp(`"sessionId":${String(created.sessionId)}\\b`));
      assert.equal(await device.end('SIGTERM'), 0);
      assert.equal(await server.end('SIGTERM'), 0);
    } finally {
      await Promise.all([server.end('SIGKILL'), device?.end('SIGKILL')]);
    }
  });
});
