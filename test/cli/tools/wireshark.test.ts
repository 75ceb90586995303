// reveille wireshark prints the dissector, and nothing else.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wiresharkDissector } from '../../../src/wireshark/index.ts';
import { runCli } from '../run-cli.ts';

test('wireshark: the dissector on standard output', async () => {
  const { status, stdout, stderr } = await runCli(['wireshark']);
  assert.deepEqual([status, stderr], [0, '']);
  assert.equal(stdout, wiresharkDissector());
});

test('wireshark: an argument is a usage error', async () => {
  assert.equal((await runCli(['wireshark', 'package0.lua'])).status, 2);
});
