// `reveille device --bearers-file`: which bearers there are can change while the device runs (DM-NOTI-1.3 §6.5.6). A whole
// server and a device as a process of its own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { startServer } from '../../../src/cli/serve/running-server.ts';
import { silentLogger } from '../../../src/core/index.ts';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-bearers-'));
after(() => rmSync(folder, { recursive: true }));
const serverId = 'com.example.dm';
const deviceId = 'IMEI:990000120000015';
const bearers = join(folder, 'bearers');

describe('bearers that change while the device runs', { timeout: 240_000 }, () => {
  it('N13-C-016: SIGHUP has the file read again, and a session that waits for its bearer goes on', async () => {
    const server = await startServer({
      data: join(folder, 'data'),
      dm: { host: '127.0.0.1', port: 0 },
      api: { host: '127.0.0.1', port: 0, tokens: [] },
      logger: silentLogger,
    });
    const provision = join(folder, 'provision.json');
    const credentials = {
      client: { scheme: 'md5', name: 'd', secret: 'client secret of the test' },
      server: { scheme: 'md5', secret: 'server secret of the test' },
    };
    const account = { serverId, address: server.dmUrl, ...credentials };
    writeFileSync(provision, JSON.stringify({ deviceId, man: 'Example', mod: 'E1', accounts: [account] }));
    writeFileSync(bearers, '# in the lift\n');
    const device = new CliProcess([
      ...['device', '--state', join(folder, 'state.json'), '--provision', provision],
      ...['--listen', 'wap:127.0.0.1:0', '--bearers-file', bearers],
    ]);
    try {
      const [, at = ''] = await device.prints(/listens on (wap:\S+);/);
      await server.server.accounts.create({ serverId, url: server.dmUrl });
      await server.server.devices.create({
        id: deviceId,
        serverId,
        addresses: [at],
        format: 'dm1.3',
        clientCredentials: credentials.client,
        serverCredentials: credentials.server,
      });
      const { push } = await server.server.pushes.createNotification({
        device: deviceId,
        preferredBearer: ['wlan', 'ethernet'],
      });
      await device.prints(/waiting {4}session \S+ of com\.example\.dm: for a preferred bearer/);
      writeFileSync(bearers, 'pigeon\n');
      device.hangUp();
      await device.prints(/bearers stay as they were: .*"pigeon" is not one of/);
      writeFileSync(bearers, 'dsl, bluetooth\n');
      device.hangUp();
      await device.prints(/bearers are dsl, bluetooth from now on/);
      assert.doesNotMatch(device.stdout, /completed/);
      writeFileSync(bearers, 'dsl\nethernet # plugged in\n');
      device.hangUp();
      await device.prints(/bearers are dsl, ethernet from now on/);
      await device.prints(/completed {2}session/);
      assert.equal((await server.server.pushes.get(push.id))?.state, 'completed');
      rmSync(bearers);
      device.hangUp();
      await device.prints(/bearers stay as they were: cannot read .*no such file/);
      writeFileSync(bearers, 'any');
      device.hangUp();
      await device.prints(/bearers are not told apart from now on/);
    } finally {
      assert.equal(await device.end(), 0);
      await server.stop();
    }
  });

  it('both options together, and a file that is wrong at the start, are refused', async () => {
    const run = (...more: readonly string[]) =>
      runCli(['device', '--state', join(folder, 'none.json'), ...more]);
    writeFileSync(bearers, 'pigeon');
    for (const [more, status, message] of [
      [['--bearers', 'wlan', '--bearers-file', bearers], 2, /exclude each other/],
      [['--bearers-file', bearers], 2, /bearers: "pigeon" is not one of/],
      [['--bearers-file', join(folder, 'nothing')], 1, /cannot read .*nothing/],
    ] as const) {
      const result = await run(...more);
      assert.equal(result.status, status, result.stderr);
      assert.match(result.stderr, message);
    }
  });
});
