// The command line as few files has beside it each thread and process that it starts by name.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');

test('every file that runs as a thread or a process is bundled under its name', () => {
  const threads = globSync('src/**/*-thread.ts', { cwd: root }).filter((file) =>
    /\bworkerData\b|\bparentPort\b/.test(readFileSync(join(root, file), 'utf8')),
  );
  // One that is a process of its own is started by its name as well.
  threads.push(
    ...globSync('src/**/*-process.ts', { cwd: root }).filter((file) => !/small-process/.test(file)),
  );
  assert.ok(threads.length >= 4, threads.join());
  const script = readFileSync(join(root, 'scripts/bundle-command-line.ts'), 'utf8');
  for (const file of threads) {
    const name = basename(file, '.ts');
    const built = file.replace(/^src\//, '').replace(/\.ts$/, '.js');
    assert.ok(script.includes(`'${name}': resolve(dist, '${built}')`), file);
  }
});
