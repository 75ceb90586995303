// A gateway of kind kannel from the command line: what would be lost is refused with what to do, and sent with --force; a server
// tells why on the timeline, and takes the device's next address.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, type TestContext, test } from 'node:test';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { eventually } from '../../../src/testing/index.ts';
import { startPeer } from '../../push/http/scripted-peer.ts';
import { withCode } from '../../push/pap/gateway.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-kannel-test-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(value));
  return file;
}

const to = 'pap:wappush=+491701234567/type=plmn@ppg.example';
const account = write('account.json', {
  serverId: 'com.example.new',
  address: 'http://127.0.0.1:9/dm',
  client: { scheme: 'md5', name: 'd1', secret: 'client secret', nonceBase64: 'bm9uY2U=' },
  server: { scheme: 'md5', secret: 'server secret', nonceBase64: 'bm9uY2U=' },
});

/** A gateway on the loopback that takes everything, and the section that leads to it. */
async function gateway(t: TestContext) {
  const peer = await startPeer(t, withCode(1001));
  const pap = { gateways: [{ name: 'ppg.example', kind: 'kannel' as const, url: `${peer.origin}/wappush` }] };
  return { peer, pap };
}

describe('reveille bootstrap and reveille send', () => {
  const bootstrap = (config: string, ...more: readonly string[]) =>
    runCli(['bootstrap', account, '--to', to, '--binding-config', config, ...more], {
      env: { REVEILLE_PIN: '12345' },
    });

  test('a bootstrap with a MAC is refused, with the way out, and sent with --force', async (t) => {
    const { peer, pap } = await gateway(t);
    const config = write('bootstrap.json', { pap });
    const refused = await bootstrap(config);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /^reveille: .*Kannel drops .* SEC and MAC .*sms:.*"force": true\n$/);
    assert.equal(peer.requests.length, 0);
    const forced = await bootstrap(config, '--force');
    assert.equal(forced.status, 0, forced.stderr);
    assert.match(forced.stderr, /^reveille: ppg\.example: sent by force although Kannel drops/);
    assert.match(forced.stdout, /^accepted/);
  });

  test('a notification whose type goes out as text is sent, and that is told', async (t) => {
    const { pap } = await gateway(t);
    const options = [
      '--format',
      'dm1.2',
      '--server-id',
      'com.example.dm',
      '--secret',
      'correct horse battery',
    ];
    const config = write('send.json', { pap });
    const { status, stdout, stderr } = await runCli(['send', to, '--binding-config', config, ...options]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^accepted/);
    assert.match(stderr, /^reveille: ppg\.example: application\/vnd\.syncml\.notification goes out as text/);
  });

  test('--force is the server’s business with --server; settings that cannot work name their path', async () => {
    const through = await runCli(['send', 'IMEI:1', '--server', 'http://127.0.0.1:9', '--force']);
    assert.equal(through.status, 2);
    assert.match(through.stderr, /--force is the server’s business/);
    const gateways = [{ name: 'ppg.example:80', kind: 'kannel', url: 'http://127.0.0.1:9/' }];
    const { status, stderr } = await bootstrap(write('port.json', { pap: { gateways } }));
    assert.equal(status, 1);
    assert.match(stderr, /port\.json: pap\.gateways\[0\]\.name: .*Kannel reads/);
    const other = await bootstrap(write('kind.json', { pap: { gateways: [{ ...gateways[0], kind: 'x' }] } }));
    assert.match(other.stderr, /kind/);
  });
});

test('a server tells on the timeline why the gateway would lose a bootstrap, and takes the next address', async (t) => {
  const { peer, pap } = await gateway(t);
  const phone = await startPeer(t, () => 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
  const running = await startServer({
    data: join(folder, 'data'),
    dm: { host: '127.0.0.1', port: 0 },
    api: { host: '127.0.0.1', port: 0, tokens: [] },
    bindings: { pap, http: { messages: 'any' } },
    policy: {},
    logger: silentLogger,
  });
  t.after(() => running.stop());
  const { server } = running;
  const serverId = 'com.example.dm';
  await server.accounts.create({ serverId, url: running.dmUrl });
  const nonceBase64 = 'bm9uY2U=';
  await server.devices.create({
    id: 'IMEI:1',
    serverId,
    addresses: [to, `${phone.origin}/push`],
    format: 'dm1.3',
    clientCredentials: { scheme: 'md5', name: 'd', secret: 'client secret', nonceBase64 },
    serverCredentials: { scheme: 'md5', secret: 'server secret', nonceBase64 },
  });
  const { message } = await server.sessionless.create({
    device: 'IMEI:1',
    bootstrap: { sec: 'USERPIN', pin: '12345' },
  });
  const timeline = async () => (await server.pushes.timeline(message.id)) ?? [];
  const taken = async (): Promise<boolean> => (await timeline()).some(({ event }) => event === 'accepted');
  await eventually(taken, 'the next address', 10_000);
  const events = await timeline();
  assert.deepEqual(
    events.map(({ event }) => event),
    // An attempt is one route: the next address has its own, at once.
    ['queued', 'sending', 'attempt-failed', 'queued', 'sending', 'accepted'],
  );
  assert.match(
    events[2]?.detail ?? '',
    /not sent, because Kannel drops .*SEC and MAC too, .*: send it over sms:/,
  );
  assert.equal(peer.requests.length, 0);
  assert.equal(phone.requests.length, 1);
});
