// The file of states: what was kept last counts, the file is written anew when it is mostly out of date, one process at a time.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError } from '../../../src/core/index.ts';
import { type KeptState, StateBook } from '../../../src/fleet/state/state-book.ts';

const folder = mkdtempSync(join(tmpdir(), 'reveille-book-'));
after(() => rmSync(folder, { recursive: true }));

const head = { seed: 1, first: 0, devices: 3, serverId: 'com.example.fleet', kinds: 'k' };

function open(file: string): { readonly book: StateBook; readonly states: Map<number, KeptState> } {
  const states = new Map<number, KeptState>();
  const book = StateBook.open(
    join(folder, file),
    head,
    (index, state) => void states.set(index, state),
    () => states,
  );
  return { book, states };
}

test('what was kept last is there again, any octets included, whether the book was closed or given up', () => {
  const packed = String.fromCharCode(...Array.from({ length: 256 }, (_, octet) => octet));
  for (const end of ['close', 'abandon'] as const) {
    const { book, states } = open(end);
    const keep = (index: number, state: KeptState): void => {
      states.set(index, state);
      book.keep(index, state);
    };
    keep(0, { pushes: 1, missing: 0, off: false, port: 4000 });
    keep(0, { pushes: 2, missing: 3, off: true, port: 4000, packed });
    keep(2, { pushes: 0, missing: 0, off: false, port: 0 });
    book[end]();
    const again = open(end);
    assert.deepEqual(
      [...again.states].sort(([one], [other]) => one - other),
      [...states].sort(([one], [other]) => one - other),
    );
    again.book.close();
    assert.throws(() => book.keep(0, { pushes: 1, missing: 0, off: false, port: 0 }), ConfigError);
  }
});

test('a file that is mostly out of date is written anew, and never grows without bound', () => {
  const { book, states } = open('grows');
  const packed = 'x'.repeat(60_000);
  for (let pushes = 1; pushes <= 400; pushes += 1) {
    states.set(1, { pushes, missing: 0, off: false, port: 1, packed });
    book.keep(1, { pushes, missing: 0, off: false, port: 1, packed });
  }
  // 400 times 80 kB would be 32 MB.
  assert.ok(statSync(join(folder, 'grows')).size < 10 * 1024 * 1024);
  book.close();
  assert.equal(readFileSync(join(folder, 'grows'), 'utf8').split('\n').length, 3);
  const again = open('grows');
  assert.equal(again.states.get(1)?.pushes, 400);
  again.book.close();
  assert.deepEqual(
    readdirSync(folder).filter((name) => /new|lock/.test(name)),
    [],
  );
});

test('one process at a time; a file that is none is left as it is', () => {
  const { book } = open('locked');
  assert.throws(() => open('locked'), /is in use/);
  book.close();
  writeFileSync(join(folder, 'letter'), 'Dear Sir or Madam\n');
  assert.throws(() => open('letter'), /another fleet .* or no states/);
  assert.equal(readFileSync(join(folder, 'letter'), 'utf8'), 'Dear Sir or Madam\n');
  assert.throws(() => open(join('nowhere', 'states')), ConfigError);
});
