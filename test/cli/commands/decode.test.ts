// `reveille decode`: what stands between messages, and content types as numbers.
import assert from 'node:assert/strict';
import { it } from 'node:test';
import { runCli } from '../run-cli.ts';

const notification = `${'a5'.repeat(16)}02d0000000123412636f6d2e6d676d747372762e6d616e616765`;

it('an empty line stands between messages, not before the first', async () => {
  const one = await runCli(['decode', '--as', 'package0'], { stdin: `${notification}\n` });
  const two = await runCli(['decode', '--as', 'package0'], { stdin: `${notification}\n${notification}\n` });
  assert.equal(one.status, 0, one.stderr);
  assert.doesNotMatch(one.stdout, /^\n/);
  assert.equal(two.stdout, `${one.stdout}\n${one.stdout}`);
  const json = await runCli(['decode', '--as', 'package0', '--json'], {
    stdin: `${notification}\n${notification}\n`,
  });
  assert.equal(json.lines.length, 2);
});

it('a content type is a number of four hex digits or five others at most, or a MIME type', async () => {
  for (const type of ['123456', '0x12345', '0x44zz', '12ab', 'x68', '68 ']) {
    const { status, stderr } = await runCli(['decode', notification, '--content-type', type]);
    assert.equal(status, 2, type);
    assert.equal(
      stderr.split('\n')[0]?.startsWith(`reveille: --content-type ${type}: neither a number nor a MIME type`),
      true,
      stderr,
    );
  }
  const known = await runCli(['decode', notification, '--content-type', '0x44', '--json']);
  const same = await runCli(['decode', notification, '--content-type', '68', '--json']);
  assert.equal(known.stdout, same.stdout);
});
