// Faults that are planted find their place in the source.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, describe, it } from 'node:test';
import { type PlantName, plantIn, plants } from './plants.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'reveille-plants-'));
after(() => rmSync(folder, { recursive: true }));

describe('planted faults', () => {
  for (const name of Object.keys(plants) as PlantName[]) {
    it(`${name} changes a copy, and nothing else`, () => {
      const files = [...new Set(plants[name].edits.map(({ file }) => file))];
      const before = files.map((file) => readFileSync(join(root, file), 'utf8'));
      const copy = plantIn(join(folder, name), name);
      for (const [at, file] of files.entries()) {
        assert.notEqual(readFileSync(join(copy, file), 'utf8'), before[at], file);
        assert.equal(readFileSync(join(root, file), 'utf8'), before[at], file);
      }
    });
  }
});
