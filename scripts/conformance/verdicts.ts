// Which rows the results of a run show.
import type { Row } from '../../test/conformance/row.ts';
import type { TestResult } from './reporter.ts';
import { rowIdsIn } from './row-ids.ts';

/** What a run says against the rows, one line each: files without a passing test of the row, and tests that failed. */
export function problemsOfResults(
  rows: readonly Row[],
  files: ReadonlyMap<string, readonly string[]>,
  results: readonly TestResult[],
): readonly string[] {
  const passed = new Map<string, Set<string>>();
  const problems: string[] = [];
  const asked = new Set(rows.map((row) => row.id));
  for (const { file, names, outcome, failure = '', message = '' } of results) {
    const ids = rowIdsIn(names.join(' ')).filter((id) => asked.has(id));
    if (
      outcome === 'failed' &&
      failure !== 'subtestsFailed' &&
      (ids.length > 0 || names[0]?.endsWith(file) === true)
    ) {
      problems.push(`${file}: ${names.join(' > ')}: ${message || failure}`);
    }
    if (outcome !== 'passed') continue;
    for (const id of ids) passed.set(id, (passed.get(id) ?? new Set()).add(file));
  }
  for (const { id } of rows) {
    for (const file of files.get(id) ?? []) {
      if (passed.get(id)?.has(file) !== true)
        problems.push(`${id}: no test of its name has passed in ${file}`);
    }
  }
  return problems;
}
