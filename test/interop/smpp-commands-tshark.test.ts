// Every command of SMPP as tshark dissects it: where it has a field, we have one of the same octets. Captures go the same way,
// with a command between them that nobody knows.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { LayerObject } from '../../src/inspect/explain/layer-objects.ts';
import { runCli } from '../cli/run-cli.ts';
import { smppHex, smppSamples } from '../inspect/layers/smpp-samples.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-smpp-'));
after(() => rmSync(folder, { recursive: true }));

function run(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { timeout: 60_000, encoding: 'utf8' });
  assert.equal(status, 0, `${tool}: ${stderr}`);
  return stdout;
}

/** A capture of one segment of TCP to the port of SMPP. */
function capture(hex: string): string {
  const [text, file] = [join(folder, 'dump.txt'), join(folder, 'smpp.pcap')];
  const octets = Buffer.from(hex, 'hex');
  writeFileSync(join(folder, 'octets'), octets);
  writeFileSync(text, run('od', ['-A', 'x', '-t', 'x1', '-v', join(folder, 'octets')]));
  run('text2pcap', ['-q', '-T', '40000,2775', '-4', '192.0.2.1,192.0.2.2', text, file]);
  return file;
}

/** Fields of tshark within its layer of SMPP: name, octets, place, length. Those of bits stand for parts of octets. */
function theirFields(json: unknown, found: [string, string, number, number][] = []): typeof found {
  if (typeof json !== 'object' || json === null) return found;
  for (const [name, value] of Object.entries(json)) {
    if (!name.endsWith('_raw') || !name.startsWith('smpp.')) theirFields(value, found);
    else {
      const rows = (Array.isArray(value) && Array.isArray(value[0]) ? value : [value]) as unknown[][];
      for (const [octets, offset, length, mask] of rows) {
        if (mask === 0) found.push([name.slice(0, -4), String(octets), Number(offset), Number(length)]);
      }
    }
  }
  return found;
}

/** Headings of tshark's own, that are no fields. */
const groups: ReadonlySet<string> = new Set(['smpp.opt_params', 'smpp.opt_param', 'smpp.sm_length']);

async function layersOf(file: string): Promise<readonly LayerObject[]> {
  const { stdout, status } = await runCli(['decode', '--json'], {
    stdin: run('tshark', ['-n', '-x', '-r', file]),
  });
  assert.equal(status, 0, stdout);
  return (JSON.parse(stdout) as { readonly layers: readonly LayerObject[] }).layers;
}

for (const whole of smppSamples) {
  test(`tshark and we read the same of ${whole.command}`, async () => {
    // tshark 4.0 takes one octet of the two of broadcast_rep_num, and reads all behind it wrongly.
    const sample = { ...whole, fields: whole.fields.filter(([, name]) => name !== 'broadcastRepNum') };
    const file = capture(smppHex(sample));
    const smpp = (await layersOf(file)).find(({ name }) => name === 'smpp');
    const fields = smpp?.fields ?? [];
    const [packet] = JSON.parse(run('tshark', ['-n', '-r', file, '-T', 'json', '-x'])) as {
      readonly _source: { readonly layers: Record<string, unknown> };
    }[];
    const theirs = theirFields(packet?._source.layers.smpp);
    let compared = 0;
    for (const [name, octets, offset, length] of theirs) {
      if (groups.has(name) || length === 0) continue;
      const end = offset + length;
      const around = fields.find((field) => field.offset <= offset && field.offset + field.length >= end);
      assert.ok(around !== undefined, `${name} at ${offset}`);
      // A parameter of ours has its tag and length, a text its 00, a counted one its length.
      const isAlone = around.offset === offset && around.length - length <= 1;
      const isCounted = name === 'smpp.message' && around.offset + 1 === offset;
      assert.ok(isAlone || isCounted || around.length >= 4, `${name} within ${around.name}`);
      assert.ok(around.name === 'password' || around.raw?.includes(octets), name);
      compared += 1;
    }
    assert.ok(compared >= 4 + sample.fields.filter(([hex]) => hex !== '00').length * 0.5, String(compared));
    const malformed = run('tshark', ['-n', '-r', file, '-T', 'fields', '-e', '_ws.malformed']);
    assert.equal(malformed.trim(), '');
  });
}

test('a capture is read on behind a command that nobody knows', async () => {
  const [outbind, query] = smppSamples;
  assert.ok(outbind !== undefined && query !== undefined);
  const own = smppHex({ command: '', id: 0x00010203, fields: [['0a0b0c', '', '', '']] });
  const { stdout, status } = await runCli([
    'inspect',
    '--json',
    capture(smppHex(outbind) + own + smppHex(query)),
  ]);
  assert.equal(status, 0);
  const titles = [...stdout.matchAll(/"(SMPP [a-z][^"]*)"/g)].map(([, title]) => title);
  assert.deepEqual(titles, [
    'SMPP outbind (28 octets)',
    'SMPP command 0x00010203 (19 octets)',
    'SMPP query_sm (29 octets)',
  ]);
  assert.ok(!stdout.includes('hunter'));
});
