// `reveille bootstrap` and `reveille device --bootstrap` as processes: a device without accounts gets one over the air, and
// is woken under it. `reveille tree` looks at what is there.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { SmscSimulator } from '../../../src/testing/index.ts';
import { freePort } from '../../e2e/processes.ts';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-bootstrap-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const imsi = '262011234567890';
const account = file('account.json', {
  serverId: 'com.example.new',
  address: 'http://127.0.0.1:9/dm',
  client: { scheme: 'md5', name: 'd1', secret: 'client secret', nonceBase64: 'bm9uY2U=' },
  server: { scheme: 'md5', secret: 'server secret', nonceBase64: 'bm9uY2U=' },
});
const empty = file('device.json', { deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts: [] });
const policy = file('policy.json', { allow: ['NETWPIN', 'USERPIN'], imsi });

describe('bootstrap from the command line', { concurrency: false }, () => {
  for (const scheme of ['wap', 'http', 'sms'] as const) {
    for (const profile of ['dm', 'cp'] as const) {
      it(`${scheme}, profile ${profile}: the device has the account, and hears its server`, {
        timeout: 60_000,
      }, async () => {
        const state = join(folder, `${scheme}-${profile}.json`);
        const port = await freePort();
        const smsc = scheme === 'sms' ? new SmscSimulator() : undefined;
        const centre = { host: '127.0.0.1', port: (await smsc?.start(0)) ?? 0, name: 'c' };
        const config = (systemId: string): object => ({ ...centre, systemId });
        const listenerConfig = file(
          `listen-${scheme}-${profile}.json`,
          scheme === 'sms' ? { sms: { smsc: config('phone') } } : { http: { messages: 'any' } },
        );
        const bindingConfig = file(
          `send-${scheme}-${profile}.json`,
          scheme === 'sms' ? { sms: { smscs: [config('dms')] } } : { http: { messages: 'any' } },
        );
        const to =
          scheme === 'sms'
            ? 'sms:+491701234567'
            : scheme === 'wap'
              ? `wap:127.0.0.1:${port}`
              : `http://127.0.0.1:${port}`;
        const device = new CliProcess([
          'device',
          ...['--state', state, '--provision', empty, '--json', '--bootstrap', policy],
          ...['--listen', to, '--listener-config', listenerConfig],
        ]);
        try {
          await device.prints(/listens on/);
          const send = [
            '--profile',
            profile,
            '--sec',
            'NETWPIN',
            '--imsi',
            imsi,
            '--apn',
            'Net=net.example',
            '--to',
            to,
          ];
          const sent = await runCli(['bootstrap', account, ...send, '--binding-config', bindingConfig]);
          assert.equal(sent.status, 0, sent.stderr);
          await device.prints(/"event":"bootstrapped","serverId":"com.example.new"/);
          const push = ['--format', 'dm1.3', '--server-id', 'com.example.new', '--secret', 'server secret'];
          const woken = await runCli(['send', to, ...push, '--binding-config', bindingConfig]);
          assert.equal(woken.status, 0, woken.stderr);
          await device.prints(/"event":"session-started"/);
        } finally {
          await device.end('SIGKILL');
          await smsc?.close();
        }
        const shown = await runCli(['tree', 'show', state, './DMAcc']);
        assert.match(shown.stdout, /ServerID {2}chr {2}"com\.example\.new"/);
        assert.match(shown.stdout, /PrefConRef {2}chr {2}"\.\/NAP\/Net"/);
        assert.match(shown.stdout, /AAuthSecret {2}chr {2}\(hidden\)/);
        assert.doesNotMatch(shown.stdout, /secret"/);
      });
    }
  }

  it('prints the message, with its content type, instead of sending it; secrets come from files', async () => {
    const pin = file('pin', '1234\n');
    const made = await runCli(['bootstrap', account, '--pin-file', pin, '--profile', 'cp', '--as', 'wsp']);
    assert.equal(made.status, 0, made.stderr);
    assert.match(made.stdout, /^0106[0-9a-f]+\n$/);
    assert.match(made.stderr, /connectivity-wbxml; SEC=1; MAC=[0-9A-F]{40}/);
    const both = await runCli(['bootstrap', account, '--pin-file', pin, '--sec', 'USERPINMAC']);
    assert.match(both.stderr, /tell the user 1234[0-9]{4}\n/);
    const missing = await runCli(['bootstrap', account]);
    assert.equal(missing.status, 2);
    assert.match(missing.stderr, /needs a PIN/);
    const bad = await runCli(['bootstrap', file('bad.json', '{ "secret": "hush" '), '--pin-file', pin]);
    assert.equal(bad.status, 1);
    assert.doesNotMatch(bad.stderr, /hush/);
  });

  it('tree: get, set, acl, delete, TNDS; a device that runs keeps its file', async () => {
    const state = join(folder, 'wap-dm.json');
    const ok = async (...args: string[]): Promise<string> => {
      const { status, stdout, stderr } = await runCli(['tree', ...args]);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    await ok('set', state, './Vendor/Note', 'hello');
    assert.equal(await ok('get', state, './Vendor/Note'), 'hello\n');
    await ok('acl', state, './Vendor', 'Get=*&Replace=com.example.new');
    assert.equal(await ok('acl', state, './Vendor'), 'Get=*&Replace=com.example.new\n');
    assert.match(
      await ok('show', state, './Vendor', '--tnds'),
      /<NodeName>Note<\/NodeName>.*<Value>hello<\/Value>/s,
    );
    const [line = ''] = (await ok('show', state, './Vendor/Note', '--json')).split('\n');
    assert.deepEqual(JSON.parse(line), {
      uri: './Vendor/Note',
      format: 'chr',
      type: 'text/plain',
      value: 'hello',
    });
    await ok('delete', state, './Vendor');
    const gone = await runCli(['tree', 'get', state, './Vendor/Note']);
    assert.equal(gone.status, 2);
    const secret = './DMAcc/Account/AppAuth/2/AAuthSecret';
    assert.match((await runCli(['tree', 'get', state, secret])).stderr, /hidden/);
    assert.equal(await ok('get', state, secret, '--secrets'), 'server secret\n');
    assert.equal(await ok('firmware', state), '', 'a bootstrap gives no right to the firmware');
    await ok('firmware', state, 'com.example.new', 'com.example.later');
    assert.equal(await ok('firmware', state), 'com.example.new\ncom.example.later  (no account)\n');
    await ok('firmware', state, '--none');
    assert.equal(await ok('firmware', state), '');
    await ok('firmware', state, '--default');
    for (const wrong of [['a+b'], ['com.example.new', '--none']]) {
      assert.equal((await runCli(['tree', 'firmware', state, ...wrong])).status, 2);
    }
    const device = new CliProcess([
      'device',
      '--state',
      state,
      '--listen',
      `wap:127.0.0.1:${await freePort()}`,
    ]);
    await device.prints(/listens on/);
    const locked = await runCli(['tree', 'show', state]);
    assert.equal(locked.status, 1);
    assert.match(locked.stderr, /another/);
    await device.end('SIGKILL');
    const missing = await runCli(['tree', 'show', join(folder, 'none.json')]);
    assert.equal(missing.status, 2);
  });
});
