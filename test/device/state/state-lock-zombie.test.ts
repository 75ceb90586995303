// A device that was killed and whose parent has not taken note of it holds nothing any more.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import { openStateFile } from '../../../src/device/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-zombie-'));
after(() => rmSync(folder, { recursive: true }));

test('the lock of a zombie is taken over', {
  skip: process.platform !== 'linux' && 'needs /proc',
}, async () => {
  const file = join(folder, 'state.json');
  const door = resolve(import.meta.dirname, '../../../src/device/index.ts');
  const script = `
    const { openStateFile } = await import(${JSON.stringify(door)});
    openStateFile(${JSON.stringify(file)});
    console.log(process.pid);
    setInterval(() => {}, 1000);`;
  // After exec the parent is a program that never waits for its children.
  const parent = spawn(
    'sh',
    ['-c', '"$0" --input-type=module -e "$1" & exec sleep 60', process.execPath, script],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    assert.throws(() => openStateFile(file), /in use by process/);
    process.kill(pid, 'SIGKILL');
    let storage: ReturnType<typeof openStateFile> | undefined;
    for (let tries = 0; storage === undefined && tries < 200; tries += 1) {
      try {
        storage = openStateFile(file);
      } catch {
        await new Promise((resume) => setTimeout(resume, 10));
      }
    }
    assert.doesNotThrow(() => process.kill(pid, 0), 'it is still there as a zombie');
    assert.ok(storage, 'the state file can be opened');
    await storage.close();
  } finally {
    parent.kill('SIGKILL');
  }
});
