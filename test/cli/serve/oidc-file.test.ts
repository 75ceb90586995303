// The file of `--oidc`.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runCli } from '../run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-oidc-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'oidc.json');

const right = { issuer: 'https://id.example.com', audience: 'reveille', scopes: { ops: ['read'] } };
const serve = (settings: unknown, ...more: string[]) => {
  writeFileSync(file, JSON.stringify(settings));
  const doors = ['--data', join(folder, 'data'), '--dm', '127.0.0.1:0', '--api', '127.0.0.1:0'];
  return runCli(['serve', ...doors, '--oidc', file, ...more], { stop: AbortSignal.abort() });
};

test('serve starts with an identity provider, which it asks nothing yet', async () => {
  const { status, stderr } = await serve(right, '--rate-limit', '600');
  assert.equal(status, 0, stderr);
});

test('what is wrong in it is one line with the field', async () => {
  const wrong: readonly (readonly [object, RegExp])[] = [
    [{ issuer: undefined }, /issuer/],
    [{ issuer: 'http://id.example.com' }, /oidc\.issuer.*https:/],
    [{ scopes: { ops: ['root'] } }, /scopes\.ops\[0\].*read/],
    [{ algorithms: ['HS256'] }, /algorithms\[0\]/],
    [{ secret: 'x' }, /secret/],
  ];
  for (const [change, said] of wrong) {
    const { status, stderr } = await serve({ ...right, ...change });
    assert.equal(status, 1, stderr);
    assert.match(stderr, said);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
  }
  const { status, stderr } = await serve(right, '--rate-limit', 'many');
  assert.equal(status, 2);
  assert.match(stderr, /--rate-limit many/);
});
