// What must hold of the list of rows before anything is run.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Row } from '../../test/conformance/row.ts';
import { ownEndsAllowed } from './page.ts';

/** What is wrong with the list, one line each. */
export function problemsOf(
  root: string,
  rows: readonly Row[],
  files: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const problems: string[] = [];
  const known = new Set(rows.map((row) => row.id));
  if (known.size !== rows.length) problems.push('an id stands in the list twice');
  for (const [id, where] of files) {
    if (!known.has(id)) problems.push(`${id}: no row of that id, but in ${where.join(', ')}`);
  }
  for (const row of rows) problems.push(...problemsOfRow(root, row, files.get(row.id) ?? []));
  const own = rows.filter((row) => row.shownWith.length === 0);
  if (own.length > ownEndsAllowed) {
    const ids = own.map((row) => row.id).join(', ');
    problems.push(
      `${own.length} rows are shown between our own two ends only, at most ${ownEndsAllowed} may be: ${ids}`,
    );
  }
  return problems;
}

function problemsOfRow(root: string, row: Row, files: readonly string[]): readonly string[] {
  const problems: string[] = [];
  if (files.length === 0) problems.push(`${row.id}: no test carries it`);
  for (const { file } of row.shownWith) {
    if (!files.includes(`test/${file}`)) problems.push(`${row.id}: test/${file} has no test that carries it`);
  }
  const { file, find, replace } = row.plant;
  const path = join(root, 'src', file);
  const times = existsSync(path) ? readFileSync(path, 'utf8').split(find).length - 1 : 0;
  if (times !== 1)
    problems.push(`${row.id}: what its plant replaces stands in src/${file} ${times} times, not once`);
  if (find === replace) problems.push(`${row.id}: its plant changes nothing`);
  return problems;
}
