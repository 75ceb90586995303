// kill -9 of `reveille serve` while short messages are with the centre and their receipts are outstanding: nothing is
// lost, and nothing is delivered before a handset took it. Server, centre and device are processes of their own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { CliProcess } from '../cli/long-running.ts';
import { freePort } from './processes.ts';

const deviceId = 'IMEI:990000880000033';
const serverId = 'com.example.dm';
const number = '+491701234567';

it('SMS: receipts that were outstanding at kill -9 of the server count after its restart', {
  timeout: 240_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reveille-receipts-kill-'));
  const started: CliProcess[] = [];
  const start = (...args: readonly string[]): CliProcess => {
    const child = new CliProcess(args);
    started.push(child);
    return child;
  };
  const file = (name: string, value: object): string => {
    writeFileSync(join(folder, name), JSON.stringify(value));
    return join(folder, name);
  };
  try {
    const [dm, api] = await Promise.all([freePort(), freePort()]);
    const centre = start('smsc', '--listen', '127.0.0.1:0');
    const [, smscPort = ''] = await centre.prints(/message centre on 127\.0\.0\.1:(\d+)/);
    const smsc = { host: '127.0.0.1', port: Number(smscPort), name: 'sim' };
    const config = file('serve.json', { sms: { smscs: [{ ...smsc, systemId: 'dms' }], backOffMs: 50 } });
    const serve = async (): Promise<CliProcess> => {
      const child = start(
        'serve',
        ...['--data', join(folder, 'data'), '--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${api}`],
        ...['--server-id', serverId, '--config', config, '--answer-timeout', '600', '--log-level', 'warn'],
      );
      await child.prints(/DM endpoint/);
      return child;
    };
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
    const eventsOf = async (id: string): Promise<readonly string[]> => {
      const { items } = await call('GET', `/v1/notifications/${id}/timeline`);
      return (items as readonly { readonly event: string }[]).map(({ event }) => event);
    };
    const has = async (id: string, wanted: string): Promise<void> => {
      while (!(await eventsOf(id)).includes(wanted)) await new Promise((resume) => setTimeout(resume, 50));
    };

    let server = await serve();
    const credentials = { nonceBase64: 'bm9uY2U=' };
    await call('POST', '/v1/devices', {
      id: deviceId,
      serverId,
      addresses: [`sms:${number}`],
      format: 'dm1.3',
      clientCredentials: { ...credentials, name: 'd', secret: 'client secret' },
      serverCredentials: { ...credentials, secret: 'server secret' },
    });
    const ids: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      const { id } = await call('POST', '/v1/notifications', { device: deviceId, uiMode: 'background' });
      ids.push(String(id));
    }
    for (const id of ids) await has(id, 'accepted');
    // No handset is there: the centre keeps the messages, and owes the receipts.
    await server.end('SIGKILL');

    const provision = file('device.json', {
      deviceId,
      man: 'Example',
      mod: 'E1',
      accounts: [
        {
          serverId,
          address: `http://127.0.0.1:${dm}/dm`,
          client: { ...credentials, scheme: 'md5', name: 'd', secret: 'client secret' },
          server: { ...credentials, scheme: 'md5', secret: 'server secret' },
        },
      ],
    });
    server = await serve();
    for (const id of ids) assert.ok(!(await eventsOf(id)).includes('delivered'), 'nobody has taken it yet');
    // Killed again while the handset takes them and the first receipts come.
    const device = start(
      ...['device', '--state', join(folder, 'state.json'), '--provision', provision, '--json'],
      ...['--listen', `sms:${number}`],
      ...['--listener-config', file('listen.json', { sms: { smsc: { ...smsc, systemId: 'phone' } } })],
    );
    await device.prints(/"event":"notification-received"/);
    await server.end('SIGKILL');
    server = await serve();

    for (const id of ids) {
      await has(id, 'delivered');
      await has(id, 'completed');
      const events = await eventsOf(id);
      assert.equal(events.filter((event) => event === 'sending').length, 1, `sent once: ${events}`);
    }
    const taken = device.stdout.match(/"event":"notification-received"/g)?.length ?? 0;
    assert.ok(taken >= ids.length, `${taken} taken of ${ids.length}`);
  } finally {
    await Promise.all(started.map((child) => child.end('SIGKILL')));
    rmSync(folder, { recursive: true, force: true });
  }
});
