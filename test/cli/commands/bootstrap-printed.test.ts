// `reveille bootstrap` without --to: what is printed, and which options are refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { type CliResult, runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-bootstrap-printed-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const account = join(folder, 'account.json');
writeFileSync(
  account,
  JSON.stringify({
    serverId: 'com.example.new',
    address: 'http://127.0.0.1:9/dm',
    client: { scheme: 'md5', name: 'd1', secret: 'client secret', nonceBase64: 'bm9uY2U=' },
    server: { scheme: 'md5', secret: 'server secret', nonceBase64: 'bm9uY2U=' },
  }),
);

const bootstrap = (...args: string[]): Promise<CliResult> =>
  runCli(['bootstrap', account, ...args], { env: { REVEILLE_PIN: '1234' } });

describe('reveille bootstrap, printed', () => {
  it('tells what the user has to be told only where the message adds to the PIN', async () => {
    const user = await bootstrap('--sec', 'USERPIN');
    assert.equal(user.status, 0, user.stderr);
    assert.match(user.stderr, /^reveille: application\/vnd\.syncml\.dm\+wbxml; SEC=1; MAC=[0-9A-F]{40}\n$/);
    const mac = await bootstrap('--sec', 'USERPINMAC');
    assert.match(
      mac.stderr,
      /^reveille: tell the user 1234\d+\nreveille: application\/vnd\.syncml\.dm\+wbxml.*\n$/,
    );
    const network = await bootstrap('--sec', 'NETWPIN', '--imsi', '262011234567890');
    assert.match(
      network.stderr,
      /^reveille: application\/vnd\.syncml\.dm\+wbxml; SEC=0; MAC=[0-9A-F]{40}\n$/,
    );
    const none = await bootstrap('--sec', 'none');
    assert.equal(none.stderr, 'reveille: application/vnd.syncml.dm+wbxml\n');
  });

  it('refuses an access point that is not ID=ADDRESS', async () => {
    for (const text of ['Net', 'Net=', '=net.example', '', 'Net=net.example=more']) {
      const { status, stdout, stderr } = await bootstrap('--apn', text);
      const said = `reveille: --apn ${text}: must be ID=ADDRESS, such as Internet=internet.example\n`;
      assert.deepEqual([status, stdout, stderr], [2, '', said]);
    }
    assert.equal((await bootstrap('--apn', 'Net=net.example')).status, 0);
  });

  it('refuses options that lack another, or that a profile has no place for', async () => {
    for (const [args, said] of [
      [['--sec', 'NETWPIN'], '--sec NETWPIN needs --imsi'],
      [['--sec', 'USERNETWPIN'], '--sec USERNETWPIN needs --imsi'],
      [
        ['--profile', 'cp', '--device-id', 'IMEI:1'],
        '--device-id is for --profile dm: Client Provisioning names no device',
      ],
    ] as const) {
      const { status, stderr } = await bootstrap(...args);
      assert.deepEqual([status, stderr], [2, `reveille: ${said}\n`]);
    }
  });
});
