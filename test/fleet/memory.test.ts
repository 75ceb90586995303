// A device that sleeps is small: far below the 8 kB that a fleet may take for each.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';

test('2,000 devices that are up and asleep take less than 6,000 octets each, sockets included', async () => {
  const program = join(import.meta.dirname, 'memory-process.ts');
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', program, '2000']);
  assert.ok(Number(stdout) > 0 && Number(stdout) < 6000, `${stdout.trim()} octets`);
});
