// HTTP and SIP whose lines end with LF alone, in captures and by themselves: read as tshark reads them, and said to be so.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { concatBytes, hexToBytes, utf8ToBytes } from '../../src/core/index.ts';
import { explainOctets } from '../../src/inspect/index.ts';
import { runCli } from '../cli/run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-lines-'));
after(() => rmSync(folder, { recursive: true }));

const package0 = hexToBytes(
  '4e94c58c36a8c50aabcdbe0c296b2ba702d0000000123412636f6d2e6d676d747372762e6d616e616765',
);
const type = 'application/vnd.syncml.notification';
const heads = {
  http: [
    'POST /push HTTP/1.1',
    'Host: device.example',
    `Content-Type: ${type}`,
    'Content-Length: 42',
    '',
    '',
  ],
  sip: [
    'MESSAGE sip:c@d SIP/2.0',
    'Via: SIP/2.0/UDP a;branch=z9hG4bK1',
    'From: <sip:a@b>;tag=1',
    'To: <sip:c@d>',
    'Call-ID: 17',
    'CSeq: 1 MESSAGE',
    'Max-Forwards: 70',
    `Content-Type: ${type}`,
    'Content-Length: 42',
    '',
    '',
  ],
} as const;
const ends: Readonly<Record<string, (lines: readonly string[]) => string>> = {
  'every line': (lines) => lines.join('\n'),
  'the first line': (lines) => lines.join('\r\n').replace('\r\n', '\n'),
  'the empty line': (lines) => `${lines.slice(0, -1).join('\r\n')}\n`,
  'the line before the empty one': (lines) => `${lines.slice(0, -2).join('\r\n')}\n\r\n`,
};

function run(tool: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, args, { timeout: 60_000, encoding: 'utf8' });
  assert.equal(status, 0, `${tool}: ${stderr}`);
  return stdout;
}

function capture(octets: Uint8Array, layer: 'http' | 'sip'): string {
  const [raw, text, file] = ['octets', 'dump.txt', 'lines.pcap'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(raw, octets);
  writeFileSync(text, run('od', ['-A', 'x', '-t', 'x1', '-v', raw]));
  const ports = layer === 'http' ? '40000,80' : '40000,5060';
  run('text2pcap', ['-q', '-T', ports, '-4', '192.0.2.1,192.0.2.2', text, file]);
  return file;
}

for (const layer of ['http', 'sip'] as const) {
  describe(`${layer} with LF alone`, () => {
    for (const [name, write] of Object.entries(ends)) {
      const octets = concatBytes(utf8ToBytes(write(heads[layer])), package0);

      it(`at the end of ${name}`, () => {
        const [explained] = explainOctets(octets, { key: { secret: 'secret' } });
        const { layers, deviations, verified, error } = explained?.explanation ?? {};
        assert.equal(error, undefined);
        assert.deepEqual(
          layers?.map((each) => each.name),
          [layer, 'package0'],
        );
        assert.equal(verified, true);
        assert.match(deviations?.[0]?.message ?? '', /with LF alone/);
        assert.equal(octets[deviations?.[0]?.offset ?? 0], 0x0a);
        const field = layers?.[0]?.fields.find((each) => each.name === 'Content-Type');
        const place = new TextDecoder('latin1').decode(octets).indexOf('Content-Type');
        assert.equal(field?.offset, place);
      });

      it(`at the end of ${name}, in a capture`, async () => {
        const file = capture(octets, layer);
        const { stdout, status } = await runCli(['inspect', '--json', file]);
        assert.equal(status, 0, stdout);
        const { layers } = JSON.parse(stdout.trim().split('\n')[0] ?? '{}');
        const found = (layers as { name: string }[]).map((each) => each.name);
        assert.deepEqual(found.slice(-2), [layer, 'package0']);
      });
    }

    it('is one for tshark too, with the same body', () => {
      const octets = concatBytes(utf8ToBytes(heads[layer].join('\n')), package0);
      const fields =
        layer === 'http'
          ? ['http.content_type', 'http.content_length']
          : ['sip.Content-Type', 'sip.Content-Length'];
      const read = run('tshark', [
        '-n',
        '-r',
        capture(octets, layer),
        '-T',
        'fields',
        ...fields.flatMap((each) => ['-e', each]),
      ]);
      assert.deepEqual(read.trim().split('\t'), [type, '42']);
    });
  });
}
