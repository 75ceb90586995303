// What README.md shows of `reveille decode` is what its own line of octets prints.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { runCli } from '../cli/run-cli.ts';

const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
const squeezed = (line: string): string => line.replaceAll(/ +/g, ' ').trim();

test('the rows of README.md stand in the output, but for the width of columns', async () => {
  const octets = /^reveille decode ([0-9a-f]+)$/m.exec(readme)?.[1];
  assert.ok(octets !== undefined);
  const rows = readme
    .split('\n')
    .filter((line) => line.includes('DM-NOTI-1.2 §'))
    .map(squeezed);
  assert.ok(rows.length >= 2, rows.join('\n'));
  const { status, stdout } = await runCli(['decode', octets]);
  assert.equal(status, 0);
  const printed = stdout.split('\n').map(squeezed);
  assert.deepEqual(
    rows.filter((row) => !printed.includes(row)),
    [],
  );
});
