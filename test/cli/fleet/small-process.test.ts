// The engine's room for rubbish in the process of a fleet.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

const young = async (...args: readonly string[]): Promise<number> => {
  const program = join(import.meta.dirname, 'small-process-probe.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args]);
  return Number(stdout);
};

test('a process that is kept small has a young generation of 4 MB at most, where another takes 16 and more', async () => {
  const small = await young('small');
  const other = await young();
  assert.ok(small > 0 && small <= 4 * 1024 * 1024, `${small} octets`);
  assert.ok(other >= 16 * 1024 * 1024, `${other} octets`);
});
