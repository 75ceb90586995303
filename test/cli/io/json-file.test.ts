// Every JSON that a command reads: its errors name file, line and column.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-json-'));
after(() => rmSync(folder, { recursive: true }));
const broken = join(folder, 'broken.json');
// The second line lacks its comma; what stands in it may be a secret.
writeFileSync(broken, '{\n  "a": "hunter2"\n  "b": 1\n}\n');
writeFileSync(join(folder, 'token'), 'a'.repeat(32));
const secret = ['--secret', 's'];

for (const [name, args] of [
  ['encode', ['encode', ...secret, broken]],
  ['send --message', ['send', 'wap:127.0.0.1:1', '--message', broken, ...secret]],
  [
    'send --binding-config',
    [
      ...['send', 'sms:+4711', '--binding-config', broken, '--format', 'dm1.2', '--server-id', 'a'],
      ...secret,
    ],
  ],
  ['message build', ['message', 'build', broken, '--server-id', 'a', '--device-id', 'b']],
  ['run --job', ['run', 'DEVICE', '--job', broken]],
  ['bootstrap', ['bootstrap', broken, '--sec', 'none']],
  ['device --provision', ['device', '--state', join(folder, 'new.json'), '--provision', broken]],
  ['device --state', ['device', '--state', broken]],
  ['tree show', ['tree', 'show', broken]],
] as const) {
  test(`${name}: names file, line and column of what is no JSON, and quotes nothing`, async () => {
    const { status, stderr } = await runCli(args);
    assert.match(stderr, /broken\.json.*(?:line 3, column |3:)3: not JSON: a comma or \} was expected/);
    assert.equal(stderr.trimEnd().split('\n').length, 1);
    assert.doesNotMatch(stderr, /hunter2/);
    assert.equal(status, 1);
  });
}

test('a value a line: the line in the file counts', async () => {
  const good = '{"format":"dm1.2","serverId":"a","sessionId":1}';
  const { stderr, lines } = await runCli(['encode', ...secret], { stdin: `${good}\n\n{"format" 1}\n` });
  assert.equal(lines.length, 1);
  assert.match(stderr, /^reveille: standard input: line 3, column 11: not JSON: a colon/);
});
