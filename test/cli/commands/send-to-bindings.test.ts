// `reveille send` and `reveille device --listen` over every binding, as processes: what one sends the other receives.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SimulatedRegistrar } from '../../../src/testing/index.ts';
import { CliProcess } from '../long-running.ts';
import { type CliResult, runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-send-test-'));
const secret = 'server-secret';
const wtls = { identity: 'com.example.dm', secret: randomBytes(24).toString('base64') };
const instanceId = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';
const number = '+491701234567';

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

describe('send and device over every binding', { concurrency: false }, () => {
  let smsc: CliProcess;
  let device: CliProcess;
  let registrar: SimulatedRegistrar;
  let bindings = '';
  const listens: Record<string, string> = {};

  before(async () => {
    registrar = await SimulatedRegistrar.start({ users: { device: 'sip-password' } });
    smsc = new CliProcess(['smsc', '--listen', '127.0.0.1:0']);
    const [, port = ''] = await smsc.prints(/message centre on 127\.0\.0\.1:(\d+)/);
    const centre = { host: '127.0.0.1', port: Number(port), name: 'sim' };
    const proxy = `sip:127.0.0.1:${registrar.port};transport=tcp`;
    // Ruling 26: over waps: notifications go only where both ends say so.
    bindings = write('bindings.json', {
      waps: { secrets: [wtls], notifications: true },
      sms: { smscs: [{ ...centre, systemId: 'dms', password: { env: 'SMSC_PASSWORD' } }] },
      sip: { from: 'sip:dms@example.com', outboundProxy: proxy },
      http: { messages: 'any' },
      // The default is kept: a password that both ends prove.
      obex: { credentials: [{ password: 'of both ends' }] },
    });
    const listeners = write('listeners.json', {
      waps: { secrets: [wtls], notifications: true },
      sms: { smsc: { ...centre, systemId: 'phone' } },
      sip: {
        instanceId,
        outboundProxy: proxy,
        address: '127.0.0.1',
        credentials: [{ username: 'device', password: { file: 'sip.txt' } }],
      },
      http: { messages: 'any' },
      obex: { accounts: [{ password: 'of both ends' }] },
    });
    write('sip.txt', 'sip-password\n');
    const provision = write('provision.json', {
      deviceId: 'IMEI:990000120000015',
      man: 'Reveille',
      mod: 'Test',
      accounts: [
        {
          serverId: 'com.example.dm',
          address: 'http://127.0.0.1:9/dm',
          client: { scheme: 'md5', name: 'd', secret: 'x', nonceBase64: 'AAAAAA==' },
          server: { scheme: 'md5', secret, nonceBase64: 'AAAAAA==' },
        },
      ],
    });
    const uris = [
      'wap:127.0.0.1:0',
      'waps:127.0.0.1:0',
      'http://127.0.0.1:0',
      'obex://127.0.0.1:0',
      'sip:device@example.com',
      `sms:${number}`,
    ];
    device = new CliProcess([
      ...['device', '--state', join(folder, 'state.json'), '--provision', provision, '--accept', 'always'],
      ...['--json', '--listener-config', listeners, ...uris.flatMap((uri) => ['--listen', uri])],
    ]);
    for (const uri of uris) {
      const scheme = uri.replace(/:.*$/, '');
      const [, at = ''] = await device.prints(new RegExp(`listens on (${scheme}:\\S+);`));
      listens[scheme] = at;
    }
    while (registrar.bindings.size === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await smsc.prints(/bound systemId "phone"/);
  });
  after(async () => {
    await device?.end();
    await smsc?.end();
    await registrar?.close();
    rmSync(folder, { recursive: true });
  });

  const send = (to: string, ...args: readonly string[]): Promise<CliResult> =>
    runCli(['send', to, '--binding-config', bindings, ...args], {
      env: { REVEILLE_SECRET: secret, SMSC_PASSWORD: 'pw' },
    });

  for (const [scheme, outcome] of [
    ['wap', 'sent'],
    ['waps', 'sent'],
    ['http', 'delivered'],
    ['obex', 'delivered'],
    ['sip', 'delivered'],
    ['sms', 'accepted'],
  ] as const) {
    it(`${scheme}: a notification arrives, and holds under the account's secret`, async () => {
      const to = listens[scheme] ?? '';
      const options = ['--format', 'dm1.3', '--server-id', 'com.example.dm', '--ui-mode', 'background'];
      const { status, stdout, stderr } = await send(to, ...options);
      assert.equal(status, 0, stderr);
      assert.match(stdout, new RegExp(`^${outcome} \\d+ octets to `));
      await device.prints(new RegExp(`"notification-received","binding":"${scheme}"`));
      assert.doesNotMatch(device.stdout, /"ignored"[^\n]*digest/);
    });

    it(`${scheme}: a DM message of 12 KB ${scheme === 'wap' || scheme === 'waps' ? 'is refused before sending, with size and limit' : 'arrives'}`, async () => {
      const message = write('message.xml', `<SyncML>${' '.repeat(12_288 - 17)}</SyncML>`);
      assert.equal(readFileSync(message).length, 12_288);
      const { status, stdout, stderr } = await send(listens[scheme] ?? '', '--dm-message', message);
      if (scheme === 'wap' || scheme === 'waps') {
        assert.equal(status, 1);
        assert.match(stderr, /12288 octets, \d+ fit/);
        return;
      }
      assert.equal(status, 0, stderr);
      assert.match(stdout, new RegExp(`^${outcome} 12288 octets to .*application/vnd.syncml.dm\\+xml`));
      await device.prints(new RegExp(`"binding":"${scheme}"[^\\n]*"octets":12288`));
    });
  }

  it('ruling 26: sends no notification over waps: unless the section says so, but DM messages', async () => {
    const file = write('by-the-text.json', { waps: { secrets: [wtls] } });
    const to = listens.waps ?? '';
    const run = (...args: readonly string[]): Promise<CliResult> =>
      runCli(['send', to, '--binding-config', file, ...args], { env: { REVEILLE_SECRET: secret } });
    for (const format of ['dm1.2', 'dm1.3-2010', 'dm1.3']) {
      const { status, stderr } = await run('--format', format, '--server-id', 'com.example.dm');
      assert.equal(status, 1);
      assert.match(stderr, /non-secure connectionless push .*§7\.1.*"waps" says "notifications": true/);
    }
    const message = await run('--dm-message', write('short.xml', '<SyncML/>'));
    assert.equal(message.status, 0, message.stderr);
  });

  it('says which section is missing, and which file it belongs to', async () => {
    for (const to of ['waps:127.0.0.1', 'sms:+4917012345', 'sip:a@b', 'pap:WAPPUSH=+49/TYPE=PLMN@ppg']) {
      const { status, stderr } = await runCli(['send', to, '--server-id', 'x', '--secret', 'y']);
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(`needs a section "${to.replace(/:.*/, '')}"`));
    }
  });

  it('refuses a DM message together with fields of a notification, and one that is none', async () => {
    const message = write('m.xml', '<SyncML/>');
    const both = await send('wap:127.0.0.1', '--dm-message', message, '--server-id', 'x');
    assert.equal(both.status, 2);
    const none = await send('wap:127.0.0.1', '--dm-message', write('m.txt', 'hello'));
    assert.equal(none.status, 1);
    assert.match(none.stderr, /neither a DM message in XML nor one in WBXML/);
  });
});
