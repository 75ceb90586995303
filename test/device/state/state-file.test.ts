import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError } from '../../../src/core/index.ts';
import { openStateFile } from '../../../src/device/state/state-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-state-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function oneLine(pattern: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof ConfigError);
    assert.match(error.message, pattern);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  };
}

test('a state file is empty at first, keeps what is saved, and is readable by its owner only', async () => {
  const path = join(folder, 'first.json');
  const storage = openStateFile(path);
  assert.equal(storage.load(), undefined);
  await storage.save({ a: 1 });
  await storage.save({ a: 2 });
  assert.deepEqual(storage.load(), { a: 2 });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(folder).sort(), ['first.json', 'first.json.lock']);
  await storage.close();
  assert.equal(existsSync(`${path}.lock`), false);
  const again = openStateFile(path);
  assert.deepEqual(again.load(), { a: 2 });
  await again.close();
});

test('a state file that cannot be used leaves no lock behind', () => {
  const path = join(folder, 'damaged-lock.json');
  writeFileSync(path, '{"format":');
  const storage = openStateFile(path);
  assert.throws(() => storage.load(), oneLine(/is damaged \(line 1, column \d+: not JSON/));
  assert.equal(existsSync(`${path}.lock`), false);
});

test('saves are carried out in order, each with the document as it was at the call', async () => {
  const path = join(folder, 'order.json');
  const storage = openStateFile(path);
  const document = { count: 0 };
  const saves: Promise<void>[] = [];
  for (let i = 1; i <= 20; i += 1) {
    document.count = i;
    const expected = i;
    saves.push(
      storage.save(document).then(() => {
        const { count } = storage.load() as { count: number };
        assert.ok(count >= expected);
      }),
    );
  }
  document.count = 99;
  await Promise.all(saves);
  assert.deepEqual(storage.load(), { count: 20 });
  await storage.close();
});

test('a second device on the same state file is refused with what to do, through a link as well', async () => {
  const path = join(folder, 'shared.json');
  const storage = openStateFile(path);
  await storage.save({});
  assert.throws(() => openStateFile(path), oneLine(/in use by process \d+; stop that one, or use another/));
  const link = join(folder, 'link.json');
  symlinkSync(path, link);
  assert.throws(() => openStateFile(link), oneLine(/in use/));
  await storage.close();
  const through = openStateFile(link);
  await through.save({ through: 'link' });
  await through.close();
  assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { through: 'link' });
});

test('damaged, unreadable and misplaced state files are one-line errors', async () => {
  const damaged = join(folder, 'damaged.json');
  writeFileSync(damaged, '{"half": ');
  const storage = openStateFile(damaged);
  assert.throws(() => storage.load(), oneLine(/damaged.*restore it from a copy, or remove it/));
  await storage.close();
  assert.throws(
    () => openStateFile(join(folder, 'nowhere', 'x.json')),
    oneLine(/does not exist; create it first/),
  );
  const directory = join(folder, 'directory.json');
  mkdirSync(directory);
  const wrong = openStateFile(directory);
  await assert.rejects(wrong.save({}), oneLine(/cannot write/));
  assert.throws(() => wrong.load(), oneLine(/cannot read/));
  await wrong.close();
});

test('a folder that cannot be written is a one-line error', () => {
  const notAFolder = join(folder, 'file');
  writeFileSync(notAFolder, '');
  assert.throws(() => openStateFile(join(notAFolder, 'x.json')), oneLine(/cannot write .*make its folder/));
});

test('a save that fails leaves the document before, and later saves work again', async () => {
  const path = join(folder, 'fails.json');
  const storage = openStateFile(path);
  await storage.save({ version: 1 });
  const temporary = join(folder, '.fails.json.tmp');
  mkdirSync(temporary);
  await assert.rejects(storage.save({ version: 2 }), oneLine(/cannot write/));
  assert.deepEqual(storage.load(), { version: 1 });
  rmSync(temporary, { recursive: true });
  await storage.save({ version: 3 });
  assert.deepEqual(storage.load(), { version: 3 });
  await storage.close();
});

test('whoever lost the lock does not write', async () => {
  const path = join(folder, 'lost.json');
  const storage = openStateFile(path);
  await storage.save({ mine: true });
  writeFileSync(`${path}.lock`, JSON.stringify({ pid: process.pid, started: '', token: 'another' }));
  await assert.rejects(storage.save({ mine: false }), oneLine(/taken over by another process/));
  assert.deepEqual(storage.load(), { mine: true });
  await storage.close();
  assert.equal(existsSync(`${path}.lock`), true);
});

test('a lock file of no living process is taken over: cut short, of a pid used anew, of our own pid', async () => {
  const path = join(folder, 'stale.json');
  const parent = { pid: process.ppid, started: 'an earlier boot', token: 'x' };
  const own = { pid: process.pid, started: '', token: 'of a predecessor' };
  for (const lock of ['', '{"pid": 12', JSON.stringify(parent), JSON.stringify(own), '{"pid":-1}']) {
    writeFileSync(`${path}.lock`, lock);
    const storage = openStateFile(path);
    await storage.save({ lock });
    await storage.close();
  }
});

test('the state survives kill -9 in the middle of writing, and its lock is taken over', async () => {
  const path = join(folder, 'killed.json');
  const writer = join(import.meta.dirname, 'state-writer.ts');
  for (let round = 0; round < 3; round += 1) {
    const child = spawn(process.execPath, [writer, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    let written = '';
    await new Promise<void>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        written += chunk.toString();
        if (written.split('\n').length > 10 + round * 7) resolve();
      });
    });
    assert.throws(() => openStateFile(path), oneLine(new RegExp(`in use by process ${child.pid};`)));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const reported = Number(written.trim().split('\n').at(-1));
    const storage = openStateFile(path);
    const { count, filler } = storage.load() as { count: number; filler: string };
    assert.ok(count >= reported, `${count} was saved, ${reported} was reported as durable`);
    assert.equal(filler, String(count % 10).repeat(50_000));
    await storage.close();
  }
});

test('a state file with a mode wider than 0600 is narrowed with a word, and keeps what it holds', async () => {
  const path = join(folder, 'wide.json');
  writeFileSync(path, '{"a":1}');
  chmodSync(path, 0o644);
  const remarks: string[] = [];
  const storage = openStateFile(path, { onRemark: (text) => remarks.push(text) });
  assert.deepEqual(storage.load(), { a: 1 });
  assert.deepEqual(storage.load(), { a: 1 });
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.match(remarks.join('\n'), /wide\.json had mode 0644.*0600 now$/);
  await storage.close();
});

test('an empty state file, and another user’s, are refused with what to do, and no lock is left', () => {
  const empty = join(folder, 'empty.json');
  writeFileSync(empty, '');
  assert.throws(() => openStateFile(empty).load(), oneLine(/is empty; restore it.*or remove it/));
  const other = join(folder, 'other.json');
  if (process.geteuid?.() === 0) {
    writeFileSync(other, '{}');
    chownSync(other, 65_534, 65_534);
  } else {
    // Without the right to give files away: a file of the system's, in place of ours.
    symlinkSync('/etc/passwd', other);
  }
  assert.throws(() => {
    const storage = openStateFile(other);
    storage.load();
  }, /belongs to another user|cannot write .*lock/);
  assert.deepEqual(
    readdirSync(folder).filter((name) => /^(empty|other)\.json\.lock$/.test(name)),
    [],
  );
});
