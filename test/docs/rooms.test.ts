// docs/architecture.md shows the inner rooms as scripts/rooms.ts has them, and no document holds what a merge left behind.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { rooms } from '../../scripts/rooms.ts';

const root = resolve(import.meta.dirname, '../..');

test('each divided room has its table, with its floors in their order', () => {
  const text = readFileSync(resolve(root, 'docs/architecture.md'), 'utf8');
  const [, section = ''] = text.split('\n## Inner rooms\n');
  const [tables = ''] = section.split('\n## ');
  const shown = tables
    .split('\n### ')
    .slice(1)
    .map((part) => {
      const [, name] = /^`([^`]+)`/.exec(part) ?? [];
      return [name, [...part.matchAll(/^\| `([^`]+)` \|/gm)].map(([, floor]) => floor)];
    });
  const divided = rooms.flatMap(({ path, inner }) => (inner === undefined ? [] : [[path, inner]]));
  const byName = (a: unknown[], b: unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
  assert.deepEqual(shown.sort(byName), divided.sort(byName));
});

test('each file that the page names is there', () => {
  const text = readFileSync(resolve(root, 'docs/architecture.md'), 'utf8');
  const files = globSync('{src,scripts,test}/**/*.ts', { cwd: root });
  for (const [, name = ''] of text.matchAll(/`([\w./-]+\.ts)`/g)) {
    assert.ok(
      files.some((file) => file === name || file.endsWith(`/${name}`)),
      name,
    );
  }
});

test('no document holds a conflict', () => {
  const paths = globSync('{*.md,docs/**/*.md}', { cwd: root });
  for (const path of paths) {
    assert.doesNotMatch(readFileSync(resolve(root, path), 'utf8'), /^(?:<{7}|>{7})/m, path);
  }
});
