// The demonstration over all bindings under `reveille capture`: tshark finds each protocol and nothing wrong with headers, and
// every push is read to the last layer.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { messagesOf } from '../cli/capture/captures.ts';
import { CliProcess } from '../cli/long-running.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-capture-tshark-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'demo.pcapng');

before(async () => {
  const demo = new CliProcess(['capture', file, '--', 'demo', '--all-bindings']);
  assert.equal(await demo.exited, 0, demo.stderr);
  assert.match(
    demo.stderr,
    /demo\.pcapng: \d+ packets, \d+ octets, \d+ masked ranges; left out: [^\n]*REST API\n$/,
  );
});

function tshark(...args: readonly string[]): readonly string[] {
  const checks = ['ip', 'udp', 'tcp'].flatMap((each) => ['-o', `${each}.check_checksum:TRUE`]);
  const { stdout, stderr, status } = spawnSync('tshark', ['-n', '-r', file, ...checks, ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 0, stderr);
  return stdout.trimEnd().split('\n');
}

test('tshark: checksums are right, no numbers are wrong, nothing is malformed', () => {
  const wrong = ['ip', 'udp', 'tcp'].map((each) => `${each}.checksum.status == 0`).join(' || ');
  // Its reader of XML stumbles over the instruction in the DOCTYPE of PAP, which has nothing to do with captures.
  const malformed = '(_ws.malformed && !(http && xml))';
  assert.deepEqual(tshark('-Y', `${wrong} || tcp.analysis.flags || ${malformed}`), ['']);
});

test('tshark: every protocol is in it', () => {
  const protocols = new Set(
    tshark('-T', 'fields', '-e', 'frame.protocols').flatMap((each) => each.split(':')),
  );
  for (const each of ['udp', 'tcp', 'smpp', 'gsm_sms_ud', 'wsp', 'sip', 'http', 'wbxml', 'mime_multipart']) {
    assert.ok(protocols.has(each), each);
  }
});

test('our own reader: Package #0 over each binding in the clear, sessions to the last layer', () => {
  const messages = messagesOf(file);
  const pushes = messages.filter(({ format }) => format?.startsWith('dm1') === true);
  const carried = new Set(pushes.map(({ protocol }) => protocol));
  assert.deepEqual([...carried].sort(), ['http', 'obex', 'sip', 'smpp', 'udp']);
  assert.ok(pushes.every(({ error }) => error === undefined));
  assert.deepEqual([...new Set(pushes.map(({ format }) => format))].sort(), ['dm1.2', 'dm1.3', 'dm1.3-2010']);
  assert.deepEqual(
    messages.filter(({ error }) => error !== undefined).map(({ protocol, error }) => [protocol, error]),
    [],
  );
});
