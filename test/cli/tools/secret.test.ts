// reveille secret, as a user calls it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../run-cli.ts';

test('secret prints a random one, of as many octets as asked for', async () => {
  const first = await runCli(['secret']);
  assert.equal(first.status, 0);
  assert.match(first.stdout, /^[A-Za-z0-9_-]{22}\n$/);
  assert.notEqual((await runCli(['secret'])).stdout, first.stdout);
  assert.match((await runCli(['secret', '--octets', '32'])).stdout, /^[A-Za-z0-9_-]{43}\n$/);
  const refused = await runCli(['secret', '--octets', '8']);
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /16 to 64/);
});

test('secret check says how strong one is, and never what it is', async () => {
  const weak = await runCli(['secret', 'check'], { stdin: 'server secret\n' });
  assert.equal(weak.status, 1);
  assert.match(weak.stdout, /^weak: about 2\d bits of guessing, 80 are needed\n$/);
  const { stdout } = await runCli(['secret']);
  const strong = await runCli(['secret', 'check', '-'], { stdin: stdout });
  assert.equal(strong.status, 0);
  assert.match(strong.stdout, /^strong: about 1\d\d bits/);
  assert.doesNotMatch(strong.stdout + strong.stderr, new RegExp(stdout.trim()));
});
