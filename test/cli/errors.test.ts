// What a user meets when something cannot work: one line that says what to do, and the exit status.
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-errors-'));
after(() => rmSync(folder, { recursive: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text, { mode: 0o600 });
  return path;
};
const secret = 'correct horse battery';
const device = {
  deviceId: 'IMEI:1',
  man: 'Example',
  mod: 'E1',
  accounts: [
    {
      serverId: 'com.example.dm',
      address: 'http://127.0.0.1:9/dm',
      client: { scheme: 'md5', name: 'e1', secret },
      server: { scheme: 'md5', secret },
    },
  ],
};
const provision = file('device.json', JSON.stringify(device));

describe('errors of the command line', () => {
  const calls: readonly (readonly [string, readonly string[], number, RegExp])[] = [
    ['no such command', ['wake'], 2, /unknown command 'wake'; see: reveille --help/],
    [
      'an option that does not exist',
      ['serve', '--colour'],
      2,
      /unknown option '--colour'; see: reveille serve --help/,
    ],
    [
      'an address with an unknown scheme',
      ['send', 'fax:123', '--secret', 's'],
      2,
      /unknown scheme "fax"; use one of wap:/,
    ],
    ['an address without a scheme', ['send', '192.0.2.1', '--secret', 's'], 2, /has no scheme.*--server/],
    [
      'a port out of range',
      ['send', 'wap:localhost:70000', '--secret', 's'],
      2,
      /port 70000 is not between 1 and 65535/,
    ],
    [
      'a binding that needs a configuration',
      ['send', 'sms:+491701234567', '--secret', 's', '--server-id', 'a'],
      1,
      /sms: needs a section "sms" in the configuration/,
    ],
    [
      'a message without a required field',
      ['send', 'wap:127.0.0.1', '--secret', 's', '--format', 'dm1.2'],
      1,
      /serverId: must be given/,
    ],
    ['no secret', ['send', 'wap:127.0.0.1', '--server-id', 'a'], 2, /secret.*REVEILLE_SECRET/],
    ['--watch without a server', ['send', 'wap:127.0.0.1', '--watch'], 2, /--watch needs --server/],
    ['a server that does not answer', ['send', 'X', '--server', 'http://127.0.0.1:9'], 1, /does not answer/],
    ['a server that is no URL', ['send', 'X', '--server', 'here'], 2, /not a URL such as/],
    [
      'a data folder that cannot be',
      ['serve', '--data', join(provision, 'x')],
      1,
      /cannot be written.*choose a folder/,
    ],
    [
      'a data folder where the system makes none',
      ['serve', '--data', '/proc/reveille/data'],
      1,
      /cannot be written.*choose a folder/,
    ],
    ['an open API in plain HTTP', ['serve', '--api', '0.0.0.0:8081'], 2, /plain HTTP.*--api-tls-certificate/],
    ['a listen address that is none', ['serve', '--dm', 'here:there'], 2, /--dm here:there: .*HOST:PORT/],
    [
      'a listen address that is only a port',
      ['serve', '--dm', '8188'],
      2,
      /not HOST:PORT, such as 127\.0\.0\.1:8188/,
    ],
    [
      'a proxy that is none',
      ['serve', '--trust-proxy', 'garbage'],
      2,
      /--trust-proxy garbage: garbage is not an address or network/,
    ],
    ['deliveries that are none', ['serve', '--deliveries', '0'], 2, /--deliveries 0: .*1.*1000/],
    [
      'an age of pushes that is none',
      ['serve', '--keep-pushes', '30d'],
      2,
      /--keep-pushes 30d: .*whole number from 0 to/,
    ],
    ['an age of jobs below 0', ['serve', '--keep-jobs=-1'], 2, /--keep-jobs -1: .*whole number from 0 to/],
    [
      'an age of events beyond ten years',
      ['serve', '--keep-events', '315360001'],
      2,
      /--keep-events 315360001: .*0 to 315360000/,
    ],
    ['half of a certificate', ['serve', '--tls-key', provision], 2, /belong together/],
    [
      'a certificate that is none',
      [
        'serve',
        '--api-tls-certificate',
        provision,
        '--api-tls-key',
        file('k.pem', '-----BEGIN PRIVATE KEY-----\n'),
      ],
      1,
      /--api-tls-certificate: .*no PEM block/,
    ],
    [
      'a state folder that does not exist',
      ['device', '--state', join(folder, 'no', 's.json'), '--provision', provision],
      1,
      /does not exist; create it first/,
    ],
    [
      'a state folder that is a file',
      ['device', '--state', join(provision, 's.json'), '--provision', provision],
      1,
      /s\.json|folder/,
    ],
    [
      'a device that was never provisioned',
      ['device', '--state', join(folder, 'none.json')],
      2,
      /does not exist\. Give --provision/,
    ],
    [
      'provisioning that is no JSON',
      ['device', '--state', join(folder, 'n.json'), '--provision', file('bad.json', `{"x": ${secret}`)],
      1,
      /bad\.json: line 1, column 7: not JSON/,
    ],
    [
      'provisioning with a field too many',
      [
        'device',
        '--state',
        join(folder, 'n.json'),
        '--provision',
        file('more.json', JSON.stringify({ ...device, colour: 1 })),
      ],
      1,
      /colour: is not known here/,
    ],
    [
      'a state file that is damaged',
      ['device', '--state', file('damaged.json', '{"version":')],
      1,
      /damaged.*provision/,
    ],
    [
      'a listener that a device does not have',
      ['device', '--state', join(folder, 'd.json'), '--provision', provision, '--listen', 'udp:1'],
      2,
      /unknown scheme "udp"/,
    ],
    [
      'an unknown bearer',
      ['device', '--state', join(folder, 'd.json'), '--provision', provision, '--bearers', 'pigeon'],
      2,
      /"pigeon" is not one of/,
    ],
  ];
  for (const [what, args, status, expected] of calls) {
    it(`${what}: status ${status}`, async () => {
      const result = await runCli(args);
      assert.match(result.stderr, expected);
      assert.equal(result.stderr.trimEnd().split('\n').length, 1, result.stderr);
      assert.ok(!result.stderr.includes(secret), 'no secret in an error');
      assert.equal(result.stdout, '');
      assert.equal(result.status, status);
    });
  }

  it('a port in use, for each listener: status 1', async () => {
    const tcp = createServer();
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    const udp = createSocket('udp4');
    await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
    const address = tcp.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const data = join(folder, 'data');
    const state = join(folder, 'in-use.json');
    try {
      for (const args of [
        [
          'serve',
          '--data',
          data,
          '--log-level',
          'silent',
          '--dm',
          `127.0.0.1:${port}`,
          '--api',
          '127.0.0.1:0',
        ],
        [
          'serve',
          '--data',
          data,
          '--log-level',
          'silent',
          '--dm',
          '127.0.0.1:0',
          '--api',
          `127.0.0.1:${port}`,
        ],
        [
          'device',
          '--state',
          state,
          '--provision',
          provision,
          '--listen',
          `wap:127.0.0.1:${udp.address().port}`,
        ],
      ]) {
        const result = await runCli(args);
        assert.match(result.stderr, /in use.* (choose|stop)/);
        assert.equal(result.stderr.trimEnd().split('\n').length, 1);
        assert.equal(result.status, 1);
      }
      assert.ok(!existsSync(`${state}.lock`), 'the state file is free again');
    } finally {
      tcp.close();
      udp.close();
    }
  });

  it('--help works everywhere, shows examples, and is no failure', async () => {
    for (const command of [[], ['encode'], ['decode'], ['send'], ['device'], ['serve'], ['demo']]) {
      const result = await runCli([...command, '--help']);
      assert.equal(result.status, 0);
      assert.match(result.stdout, /^Usage: reveille/);
      if (command.length > 0 && command[0] !== 'demo') assert.match(result.stdout, /Examples:/);
    }
  });
});
