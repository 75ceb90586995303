// `reveille capture` around `send` over every binding, and around a device with its session: the capture is read to the last
// layer, and no secret is in it.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { SimulatedRegistrar } from '../../../src/testing/index.ts';
import { CliProcess } from '../long-running.ts';
import { type CliResult, runCli } from '../run-cli.ts';
import { assertWithout, messagesOf } from './captures.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-capture-test-'));
const secret = 'server-secret';
const secrets = [
  secret,
  'smsc-pw1',
  'sip-password',
  'of both ends',
  'gateway-password',
  'api-token-of-16-characters',
];
const wtls = { identity: 'com.example.dm', secret: randomBytes(24).toString('base64') };
const instanceId = 'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6';

function write(name: string, value: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value), { mode: 0o600 });
  return file;
}

/** Formats of the notifications in a capture. */
function pushesIn(file: string): readonly string[] {
  return messagesOf(file).flatMap(({ format }) => (format?.startsWith('dm1') === true ? [format] : []));
}

describe('capture of send over every binding', { concurrency: false }, () => {
  let smsc: CliProcess;
  let device: CliProcess;
  let registrar: SimulatedRegistrar;
  let bindings = '';
  const listens: Record<string, string> = {};

  before(async () => {
    registrar = await SimulatedRegistrar.start({ users: { device: 'sip-password' } });
    const accounts = write('accounts.txt', 'dms smsc-pw1\nphone smsc-pw1\n');
    smsc = new CliProcess(['smsc', '--listen', '127.0.0.1:0', '--account-file', accounts]);
    const [, port = ''] = await smsc.prints(/message centre on 127\.0\.0\.1:(\d+)/);
    const centre = { host: '127.0.0.1', port: Number(port), name: 'sim', password: { env: 'SMSC_PASSWORD' } };
    const proxy = `sip:127.0.0.1:${registrar.port};transport=tcp`;
    bindings = write('bindings.json', {
      waps: { secrets: [wtls], notifications: true },
      sms: { smscs: [{ ...centre, systemId: 'dms' }] },
      sip: { from: 'sip:dms@example.com', outboundProxy: proxy },
      http: { messages: 'any' },
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
          client: { scheme: 'md5', name: 'd', secret, nonceBase64: 'AAAAAA==' },
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
      'sms:+491701234567',
    ];
    device = new CliProcess(
      [
        ...['capture', join(folder, 'device.pcapng'), '--'],
        ...['device', '--state', join(folder, 'state.json'), '--provision', provision, '--accept', 'always'],
        ...['--json', '--listener-config', listeners, ...uris.flatMap((uri) => ['--listen', uri])],
      ],
      { env: { SMSC_PASSWORD: 'smsc-pw1' } },
    );
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

  const send = (file: string, to: string, ...args: readonly string[]): Promise<CliResult> =>
    runCli(['capture', file, '--list-masked', '--', 'send', to, '--binding-config', bindings, ...args], {
      env: { REVEILLE_SECRET: secret, SMSC_PASSWORD: 'smsc-pw1' },
    });

  for (const [scheme, masked] of [
    ['wap', undefined],
    ['waps', undefined],
    ['http', undefined],
    ['obex', undefined],
    ['sip', undefined],
    ['sms', 'SMPP password'],
  ] as const) {
    it(`${scheme}: what was sent is in the capture, and no secret`, async () => {
      const file = join(folder, `${scheme}.pcapng`);
      const options = ['--format', 'dm1.3', '--server-id', 'com.example.dm', '--ui-mode', 'background'];
      const { status, stderr } = await send(file, listens[scheme] ?? '', ...options);
      assert.equal(status, 0, stderr);
      assert.match(
        stderr,
        /pcapng: (?:1 packet|\d+ packets), \d+ octets, (?:1 masked range|\d+ masked ranges); nothing left out\n$/,
      );
      if (masked !== undefined) assert.match(stderr, new RegExp(`masked in frame \\d+: octets .*${masked}`));
      assert.equal(statSync(file).mode & 0o777, 0o600);
      assertWithout(file, [...secrets, wtls.secret]);
      await device.prints(new RegExp(`"notification-received","binding":"${scheme}"`));
      // The registrar of this process is on the way of SIP, so both its legs are recorded.
      const expected = { waps: [], sip: ['dm1.3', 'dm1.3'] }[scheme as string] ?? ['dm1.3'];
      assert.deepEqual(pushesIn(file), expected);
    });
  }

  it('the device’s own capture has what it received, SIGTERM ends it whole', async () => {
    assert.equal(await device.end(), 0);
    assert.match(device.stderr, /device\.pcapng: \d+ packets/);
    const file = join(folder, 'device.pcapng');
    assertWithout(file, [...secrets, wtls.secret]);
    assert.deepEqual(pushesIn(file), ['dm1.3', 'dm1.3', 'dm1.3', 'dm1.3', 'dm1.3']);
  });

  it('gives the status of the command, and refuses what it must not write over', async () => {
    const file = join(folder, 'status.pcapng');
    assert.equal((await runCli(['capture', file, '--', 'send', 'wap:127.0.0.1:1'])).status, 2);
    const again = await runCli(['capture', file, '--', 'secret']);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /status\.pcapng exists/);
    assert.equal((await runCli(['capture', file, '--force', '--', 'secret'])).status, 0);
    const other = write('other.txt', 'not a capture');
    assert.match(
      (await runCli(['capture', other, '--force', '--', 'secret'])).stderr,
      /is no capture of Reveille/,
    );
    const link = join(folder, 'link.pcapng');
    symlinkSync(file, link);
    assert.match((await runCli(['capture', link, '--force', '--', 'secret'])).stderr, /is a link/);
    assert.equal(
      (await runCli(['capture', join(folder, 'x'), '--', 'capture', 'y', '--', 'secret'])).status,
      2,
    );
  });
});
