// Ids of rows in the names and files of tests.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Any id of a row, as a pattern for `--test-name-pattern`. */
export const anyRowId = '(?<![A-Z0-9-])(?:N1[023]|SM|PB)-[CS]-[0-9]{3}(?![0-9])';

/** The ids that a text holds. */
export function rowIdsIn(text: string): readonly string[] {
  return [...new Set(text.match(new RegExp(anyRowId, 'g')) ?? [])];
}

/** Test files below `root` by the ids that stand in them, both in order. */
export function testFilesByRow(root: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const file of globSync('test/**/*.test.ts', { cwd: root }).sort()) {
    for (const id of rowIdsIn(readFileSync(join(root, file), 'utf8'))) {
      const files = found.get(id) ?? [];
      files.push(file);
      found.set(id, files);
    }
  }
  return found;
}
