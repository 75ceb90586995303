// `reveille capture` around a server and a device that meet: the notification, the session with its credentials, and none of
// the secrets; the REST API is left out.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, it } from 'node:test';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';
import { assertWithout, messagesOf } from './captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-capture-session-'));
after(() => rmSync(folder, { recursive: true }));

const token = 'a-token-of-the-api-0123456789';

for (const scheme of ['basic', 'md5'] as const) {
  it(`a session under ${scheme}: both ends have it, without Cred and secrets`, async () => {
    const [clientSecret, serverSecret] = [`client-secret-${scheme}`, `server-secret-${scheme}`];
    const file = (name: string): string => join(folder, `${scheme}-${name}`);
    writeFileSync(file('tokens'), `${token}\n`, { mode: 0o600 });
    const server = new CliProcess([
      ...['capture', file('server.pcapng'), '--list-masked', '--', 'serve', '--data', file('data')],
      ...['--dm', '127.0.0.1:0', '--api', '127.0.0.1:0', '--token-file', file('tokens')],
      ...['--server-id', 'com.example.dm', '--challenge', scheme],
    ]);
    const devices: CliProcess[] = [];
    try {
      const [, dm = '', api = ''] = await server.prints(/DM endpoint (\S+), REST API (\S+?)\/?;/);
      const account = {
        serverId: 'com.example.dm',
        address: dm,
        client: { scheme, name: 'e1', secret: clientSecret, nonceBase64: 'AAAAAA==' },
        server: { scheme: 'md5', secret: serverSecret, nonceBase64: 'AAAAAA==' },
      };
      const provision = { deviceId: 'IMEI:1', man: 'Example', mod: 'E1', accounts: [account] };
      writeFileSync(file('provision'), JSON.stringify(provision), { mode: 0o600 });
      const device = new CliProcess([
        ...['capture', file('device.pcapng'), '--', 'device', '--state', file('state'), '--json'],
        ...['--provision', file('provision'), '--listen', 'wap:127.0.0.1:0', '--accept', 'always'],
      ]);
      devices.push(device);
      const [, at = ''] = await device.prints(/listens on (wap:\S+);/);
      const created = await fetch(`${api}/v1/devices`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({
          id: 'IMEI:1',
          serverId: 'com.example.dm',
          addresses: [at],
          format: 'dm1.3',
          clientCredentials: { scheme, name: 'e1', secret: clientSecret },
          serverCredentials: { scheme: 'md5', secret: serverSecret },
        }),
      });
      assert.equal(created.status, 201, await created.text());
      const { status, stdout, stderr } = await runCli(
        ['capture', file('run.pcapng'), '--', 'run', 'IMEI:1', 'get', './DevInfo/Man', '--server', api],
        { env: { REVEILLE_API_TOKEN: token } },
      );
      assert.equal(status, 0, stderr);
      assert.equal(stdout, 'Example\n');
      assert.match(stderr, /run\.pcapng: 0 packets, .*left out: \d+ × a connection of the REST API\n$/);
    } finally {
      for (const device of devices) assert.equal(await device.end(), 0, device.stderr);
      assert.equal(await server.end(), 0, server.stderr);
    }
    assert.match(server.stderr, /masked in frame \d+: octets \d+-\d+, Cred of a DM message/);
    assert.match(
      server.stderr,
      /server\.pcapng: \d+ packets, .*left out: \d+ × a connection of the REST API\n$/,
    );
    const basic = [`e1:${clientSecret}`, `com.example.dm:${serverSecret}`].map(btoa);
    for (const name of ['server', 'device', 'run']) {
      const path = file(`${name}.pcapng`);
      assertWithout(path, [token, clientSecret, serverSecret, ...basic]);
      if (name === 'run') continue;
      const messages = messagesOf(path);
      assert.ok(messages.some(({ format, error }) => format === 'dm1.3' && error === undefined));
      const layers = JSON.stringify(messages.map((each) => each.layers));
      assert.match(layers, /DevInfo\/Man/);
      assert.match(layers, /Example/);
      assert.ok(readFileSync(path).length > 1000);
    }
  });
}
