// Captured frames: tshark dissects what our tests build, prints its dump, and we read that dump back with every field where
// tshark says that it stands. Frames that text2pcap builds go the same way.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bytesToHex, hexToBytes } from '../../src/core/index.ts';
import type { LayerObject } from '../../src/inspect/explain/layer-objects.ts';
import { runCli } from '../cli/run-cli.ts';
import { datagram, frame, type LinkName, links } from '../inspect/frames/samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-frames-'));
after(() => rmSync(folder, { recursive: true }));

const push = hexToBytes(
  '010603c4af874e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);

/** Numbers of link layers in captures (pcap-linktype). */
const linkTypes: Readonly<Record<LinkName, number>> = {
  ...{ ethernet: 1, vlan: 1, 'two vlans': 1, 'old vlans': 1, snap: 1, sll: 113, 'sll vlan': 113 },
  ...{ 'sll snap': 113, sll2: 276, 'sll2 vlan': 276, 'sll2 two vlans': 276 },
  ...{ 'null le': 0, 'null be': 0, raw: 101 },
};

/** Our fields, and what tshark calls them. */
const fields: readonly (readonly [layer: string, ours: string, theirs: string])[] = [
  ['ethernet', 'destination', 'eth.dst'],
  ['ethernet', 'source', 'eth.src'],
  ['ip', 'source', 'ip.src'],
  ['ip', 'destination', 'ip.dst'],
  ['ip', 'source', 'ipv6.src'],
  ['ip', 'destination', 'ipv6.dst'],
  ['ip', 'protocol', 'ip.proto'],
  ['ip', 'nextHeader', 'ipv6.nxt'],
  ['udp', 'sourcePort', 'udp.srcport'],
  ['udp', 'destinationPort', 'udp.dstport'],
  ['udp', 'length', 'udp.length'],
  ['wsp', 'transactionId', 'wsp.TID'],
];

function run(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    timeout: 60_000,
    maxBuffer: 1 << 26,
    encoding: 'utf8',
  });
  assert.equal(error, undefined);
  assert.equal(status, 0, `${tool}: ${stderr}`);
  return stdout;
}

function dumpOf(octets: Uint8Array): string {
  const path = join(folder, 'octets');
  writeFileSync(path, octets);
  return run('od', ['-A', 'x', '-t', 'x1', '-v', path]);
}

/** A capture of one frame, and what text2pcap is told of it. */
function captured(octets: Uint8Array, args: readonly string[]): string {
  const text = join(folder, 'dump.txt');
  const capture = join(folder, 'frame.pcap');
  writeFileSync(text, dumpOf(octets));
  run('text2pcap', ['-q', ...args, text, capture]);
  return capture;
}

/** Values of a field with `_raw` behind its name: octets, offset, length, and what follows. */
function rawFields(
  json: unknown,
  found = new Map<string, readonly unknown[]>(),
): Map<string, readonly unknown[]> {
  if (typeof json !== 'object' || json === null) return found;
  for (const [name, value] of Object.entries(json)) {
    if (name.endsWith('_raw') && Array.isArray(value) && !found.has(name)) found.set(name, value);
    else rawFields(value, found);
  }
  return found;
}

async function compare(capture: string, linkLayer: string): Promise<void> {
  const options = ['-n', '-r', capture, '-d', 'udp.port==2948,wsp'];
  const { stdout, status } = await runCli(['decode', '--json', '--secret', 'secret'], {
    stdin: run('tshark', [...options, '-x']),
  });
  assert.equal(status, 0, stdout);
  const decoded: { readonly verified: boolean; readonly layers: readonly LayerObject[] } = JSON.parse(stdout);
  assert.equal(decoded.verified, true);
  const names = decoded.layers.map(({ name }) => name);
  assert.deepEqual(names, [...(linkLayer === '' ? [] : [linkLayer]), 'ip', 'udp', 'wsp', 'package0']);
  const theirs = rawFields(JSON.parse(run('tshark', [...options, '-T', 'json', '-x'])));
  let compared = 0;
  for (const [layer, ours, their] of fields) {
    const raw = theirs.get(`${their}_raw`);
    const found = decoded.layers.find(({ name }) => name === layer)?.fields.find(({ name }) => name === ours);
    if (raw === undefined) continue;
    assert.ok(found !== undefined, their);
    assert.deepEqual([found.raw, found.offset, found.length], raw.slice(0, 3), their);
    compared += 1;
  }
  assert.ok(compared >= 6, `${compared} fields`);
}

// tshark does not know the tag 0x9200.
for (const link of links.filter((name) => name !== 'old vlans')) {
  for (const version of [4, 6] as const) {
    test(`tshark and we read the same of ${link} with IPv${version}`, async () => {
      const capture = captured(frame(link, datagram(push, { version })), ['-l', String(linkTypes[link])]);
      const layer = link.startsWith('sll')
        ? 'linux-cooked'
        : link.startsWith('null')
          ? 'loopback'
          : 'ethernet';
      await compare(capture, link === 'raw' ? '' : layer);
    });
  }
}

for (const version of [4, 6] as const) {
  test(`tshark and we read the same behind an authentication header in IPv${version}`, () => {
    const octets = frame('ethernet', datagram(push, { version, authenticated: true }));
    return compare(captured(octets, ['-l', '1']), 'ethernet');
  });
}

for (const [name, args] of [
  ['IPv4', ['-u', '49154,2948', '-4', '192.0.2.1,192.0.2.2']],
  ['IPv6', ['-u', '49154,2948', '-6', '2001:db8::1,2001:db8::2']],
] as const) {
  test(`frames that text2pcap builds: ${name}`, () => compare(captured(push, args), 'ethernet'));
}

test('text2pcap, TCP: what tshark says is the payload is what we read', async () => {
  const smpp = hexToBytes('00000010000000150000000000000001');
  const capture = captured(smpp, ['-T', '40000,2775', '-4', '192.0.2.1,192.0.2.2']);
  const { stdout } = await runCli(['decode', '--json'], {
    stdin: run('tshark', ['-n', '-x', '-r', capture]),
  });
  const last: LayerObject | undefined = JSON.parse(stdout).layers.at(-1);
  assert.equal(last?.name, 'smpp');
  const raw = rawFields(JSON.parse(run('tshark', ['-n', '-r', capture, '-T', 'json', '-x']))).get(
    'tcp.payload_raw',
  );
  assert.deepEqual([bytesToHex(smpp), last?.offset, last?.length], raw?.slice(0, 3));
});
