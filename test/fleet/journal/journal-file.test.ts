// The journal on disk: lines in order, there at the end of the turn, appended to what is there.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError } from '../../../src/core/index.ts';
import { openJournalFile } from '../../../src/fleet/journal/journal-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-journal-'));
after(() => rmSync(folder, { recursive: true }));

const line = (detail: string) => ({ time: '2026-01-01T00:00:00.000Z', event: 'fleet', detail }) as const;
const details = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => (JSON.parse(text) as { readonly detail: string }).detail);

test('lines stand there in order when the turn ends, and a second run goes on behind the first', async () => {
  const file = join(folder, 'journal');
  const journal = openJournalFile(file);
  journal.write(line('one'));
  journal.write(line('two\nü'));
  await Promise.resolve();
  assert.deepEqual(details(file), ['one', 'two\nü']);
  const many = Array.from({ length: 5000 }, (_, at) => `many ${at}`);
  for (const each of many) journal.write(line(each));
  journal.close();
  journal.close();
  const again = openJournalFile(file);
  again.write(line('later'));
  again.close();
  assert.deepEqual(details(file), ['one', 'two\nü', ...many, 'later']);
});

test('a journal that cannot be opened or written says so', async () => {
  assert.throws(() => openJournalFile(join(folder, 'nowhere', 'journal')), ConfigError);
  // A device that is always full, where there is one.
  let full: ReturnType<typeof openJournalFile>;
  try {
    full = openJournalFile('/dev/full');
  } catch {
    return;
  }
  full.write(line('one'));
  await Promise.resolve();
  assert.throws(() => full.write(line('two')), /ENOSPC/);
  assert.throws(() => full.close(), ConfigError);
});
