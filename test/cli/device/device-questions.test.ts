// Questions of `reveille device`: how long they are shown, and what it says where nobody is at a terminal.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { contentTypes } from '../../../src/push/index.ts';
import { composeBootstrap } from '../../../src/sessionless/index.ts';
import { datagramOf, UdpPeer } from '../../device/udp-peers.ts';
import { CliProcess } from '../long-running.ts';
import { runCli } from '../run-cli.ts';

for (const seconds of ['0', '-1', '1.5', 'x', '86401', '']) {
  test(`--question-timeout ${JSON.stringify(seconds)} is refused by name`, async () => {
    const { status, stderr } = await runCli([
      'device',
      '--state',
      'no-such-file.json',
      `--question-timeout=${seconds}`,
    ]);
    assert.equal(status, 2);
    assert.match(stderr, /--question-timeout/);
  });
}

test('a device without a terminal has no answer to a PIN, and takes the next bootstrap as the first', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'reveille-questions-'));
  const peer = await UdpPeer.open('127.0.1.1');
  const [provision, policy] = [join(folder, 'p.json'), join(folder, 'b.json')];
  await writeFile(provision, JSON.stringify({ deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts: [] }));
  await writeFile(policy, JSON.stringify({ allow: ['USERPIN'] }));
  const device = new CliProcess([
    ...['device', '--state', join(folder, 's.json'), '--provision', provision, '--bootstrap', policy],
    ...['--listen', 'wap:127.0.0.1:0'],
  ]);
  t.after(async () => {
    await device.end();
    await peer.close();
    await rm(folder, { recursive: true, force: true });
  });
  const [, port] = await device.prints(/listens on wap:127\.0\.0\.1:(\d+)/);
  const made = composeBootstrap({
    profile: 'dm',
    account: {
      serverId: 'org.new',
      addresses: [{ addr: 'https://dm.example.com/dm' }],
      credentials: [{ level: 'CLCRED', type: 'DIGEST', name: 'd1', secret: 'client secret' }],
    },
    protection: { sec: 'USERPIN', pin: '49152637' },
  });
  const datagram = datagramOf({ ...contentTypes[made.kind], parameters: made.parameters }, made.body);
  for (const times of [1, 2]) {
    await peer.send(Number(port), datagram);
    await device.prints(new RegExp(`(bootstrap-refused: nobody entered a PIN[^]*){${times}}`));
  }
  assert.doesNotMatch(device.stdout, /the user refused/);
  assert.equal(await device.end('SIGINT'), 0);
});
