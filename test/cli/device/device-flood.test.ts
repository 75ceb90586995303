// reveille device under a flood: what it prints stays readable, and it stops as always.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { UdpPeer } from '../../device/udp-peers.ts';
import { CliProcess } from '../long-running.ts';

for (const json of [false, true]) {
  test(`reveille device${json ? ' --json' : ''}: 500 datagrams of a stranger are one line and a count`, async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'reveille-flood-'));
    const peer = await UdpPeer.open('127.0.1.1');
    const provision = join(folder, 'p.json');
    await writeFile(provision, JSON.stringify({ deviceId: 'IMEI:1', man: 'E', mod: 'E1', accounts: [] }));
    const device = new CliProcess([
      ...[
        'device',
        '--state',
        join(folder, 's.json'),
        '--provision',
        provision,
        '--listen',
        'wap:127.0.0.1:0',
      ],
      ...(json ? ['--json'] : []),
    ]);
    t.after(async () => {
      await device.end();
      await peer.close();
      await rm(folder, { recursive: true, force: true });
    });
    const [, port] = await device.prints(/listens on wap:127\.0\.0\.1:(\d+)/);
    for (let sent = 0; sent < 500; sent += 1) {
      await peer.send(Number(port), Uint8Array.of(1, 6, 200));
      if (sent % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await device.prints(/malformed/);
    await new Promise((resolve) => setTimeout(resolve, 300));
    // The end tells what is not told yet.
    assert.equal(await device.end('SIGINT'), 0);
    const lines = device.stdout.split('\n').filter((line) => line.includes('malformed'));
    assert.ok(lines.length <= 3, device.stdout);
    const told = lines.map((line) =>
      json ? (JSON.parse(line).count ?? 1) : Number(/last of (\d+)/.exec(line)?.[1] ?? 1),
    );
    assert.ok(told.reduce((sum, each) => sum + each, 0) <= 500);
    assert.ok((told[1] ?? 0) > 1, lines.join('\n'));
  });
}
