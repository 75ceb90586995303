// `reveille smsc` as a user runs it: faults on request, and an end that does not wait for standard input.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';
import { runCli } from '../run-cli.ts';

const main = resolve(import.meta.dirname, '../../../bin/reveille.js');

describe('reveille smsc', () => {
  it('takes faults from its option and from standard input, and ends at SIGTERM with input still open', async () => {
    const child = spawn(process.execPath, [main, 'smsc', '--listen', '127.0.0.1:0', '--fault', 'throttle 2']);
    let stderr = '';
    const printed = async (pattern: RegExp): Promise<void> => {
      while (!pattern.test(stderr)) await once(child.stderr, 'data');
    };
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString('utf8');
    });
    await printed(/simulated message centre on 127\.0\.0\.1:\d+/);
    child.stdin.write('duplicate 3\nnonsense\n');
    await printed(/reveille: duplicate 3\n/);
    await printed(/fault nonsense: not one of throttle, /);
    child.kill('SIGTERM');
    const [status] = await once(child, 'exit');
    assert.equal(status, 0);
  });

  it('refuses a fault that it does not know: status 2', async () => {
    const { status, stderr } = await runCli(['smsc', '--listen', '127.0.0.1:0', '--fault', 'explode 1']);
    assert.equal(status, 2);
    assert.match(stderr, /fault explode 1: not one of/);
  });

  it('refuses an account file whose receipts go nowhere, without a word of its passwords', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'reveille-smsc-test-'));
    const file = join(folder, 'accounts.txt');
    try {
      for (const [text, said] of [
        ['tx geheim1 rx\n', /the receipts of tx go to an account that has no line here/],
        ['tx geheim1 rx more\nrx geheim2\n', /line 1: expected SYSTEM_ID PASSWORD \[RECEIPTS_TO\]/],
      ] as const) {
        writeFileSync(file, text, { mode: 0o600 });
        const { status, stderr } = await runCli(['smsc', '--listen', '127.0.0.1:0', '--account-file', file]);
        assert.equal(status, 1);
        assert.match(stderr, said);
        assert.doesNotMatch(stderr, /geheim/);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
