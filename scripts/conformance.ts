// The rows of the specifications' static conformance tables: runs the tests that are named by them and writes
// docs/conformance.md.
//
//   conformance.ts [--row ID ...]                 runs the tests of all rows, or of some, and writes the page when it was all
//   conformance.ts --check [--results FILE ...]   runs nothing: the list, the page, and the results of earlier runs must agree
//   conformance.ts --plant [ID ...]               plants a fault for each row; its tests must fail
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rows as allRows } from '../test/conformance/rows.ts';
import { problemsOf } from './conformance/check-rows.ts';
import { conformancePage } from './conformance/page.ts';
import { plantAll } from './conformance/plant.ts';
import type { TestResult } from './conformance/reporter.ts';
import { anyRowId, testFilesByRow } from './conformance/row-ids.ts';
import { runNamedTests } from './conformance/run-tests.ts';
import { problemsOfResults } from './conformance/verdicts.ts';
import { withUsage, wrongly } from './usage.ts';

const root = resolve(import.meta.dirname, '..');
const page = join(root, 'docs/conformance.md');
const usage = `npm run conformance [-- --row ID ... | --check [--results FILE ...] | --plant [ID ...]]
docs/testing.md, Conformance, says what comes of it.`;
const { values: modes, positionals: rest } = withUsage(usage, () =>
  parseArgs({
    allowPositionals: true,
    options: {
      row: { type: 'boolean' },
      check: { type: 'boolean' },
      plant: { type: 'boolean' },
      /** What follows are files with results. */
      results: { type: 'boolean' },
    },
  }),
);
if ([modes.row, modes.check, modes.plant].filter((mode) => mode === true).length > 1) {
  wrongly('one of --row, --check and --plant');
}
if ((modes.check === true) !== (modes.results === true) && (modes.results === true || rest.length > 0)) {
  wrongly('files are of --check --results, and ids of --row or --plant');
}
if (rest.length > 0 && modes.row !== true && modes.check !== true && modes.plant !== true) {
  wrongly(`${rest[0]}: ids are of --row or --plant`);
}
const started = performance.now();
const stopped = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => stopped.abort(new Error(`stopped by ${name}`)));
}
const files = testFilesByRow(root);
const wrong = problemsOf(root, allRows, files);
if (wrong.length > 0) fail(wrong);

if (modes.check === true) check(rest);
else await (modes.plant === true ? plant(rest) : run(rest)).catch(told);

async function run(ids: readonly string[]): Promise<void> {
  const rows = rowsOf(ids);
  const pattern = ids.length === 0 ? anyRowId : `(?<![A-Z0-9-])(?:${ids.join('|')})(?![0-9])`;
  const results = await runNamedTests({
    root,
    files: filesOf(rows),
    pattern,
    concurrency: 2,
    timeoutMs: 1_800_000,
    signal: stopped.signal,
  });
  const problems = problemsOfResults(rows, files, results);
  if (problems.length > 0) fail(problems);
  if (ids.length === 0) writeFileSync(page, conformancePage(allRows, files));
  const passed = results.filter(({ outcome }) => outcome === 'passed').length;
  console.log(`conformance: ${rows.length} of ${rows.length} rows, ${passed} tests, ${seconds(started)}`);
}

function check(resultFiles: readonly string[]): void {
  const problems: string[] = [];
  const written = readFileSync(page, 'utf8');
  if (written !== conformancePage(allRows, files)) {
    problems.push('docs/conformance.md is not what npm run conformance writes: run it, and commit the page');
  }
  if (resultFiles.length > 0) {
    const lines = resultFiles.flatMap((file) => readFileSync(file, 'utf8').split('\n'));
    const results = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TestResult);
    problems.push(...problemsOfResults(allRows, files, results));
  }
  if (problems.length > 0) fail(problems);
  const how = resultFiles.length > 0 ? 'by the results of the runs' : 'each with tests of its name';
  console.log(`conformance: ${allRows.length} of ${allRows.length} rows, ${how}; the page is up to date`);
}

async function plant(ids: readonly string[]): Promise<void> {
  const rows = rowsOf(ids);
  const planted = await plantAll(root, rows, files, stopped.signal, ({ id, caughtBy, passed, ms }) => {
    const how =
      caughtBy === undefined
        ? `SURVIVED ${passed} tests`
        : `caught by ${caughtBy.file}: ${caughtBy.test}: ${caughtBy.message}`;
    console.log(`${id} ${(ms / 1000).toFixed(1)} s ${how}`);
  });
  const survivors = planted.filter(({ caughtBy }) => caughtBy === undefined).map(({ id }) => id);
  if (survivors.length > 0) fail([`plants that survived: ${survivors.sort().join(', ')}`]);
  console.log(`conformance: ${planted.length} planted faults, all of them caught, ${seconds(started)}`);
}

function rowsOf(ids: readonly string[]): typeof allRows {
  const unknown = ids.filter((id) => !allRows.some((row) => row.id === id));
  if (unknown.length > 0) wrongly(`no such row: ${unknown.join(', ')}`);
  return ids.length === 0 ? allRows : allRows.filter((row) => ids.includes(row.id));
}

function filesOf(rows: typeof allRows): readonly string[] {
  return [...new Set(rows.flatMap((row) => files.get(row.id) ?? []))].sort();
}

function seconds(since: number): string {
  return `${Math.round((performance.now() - since) / 1000)} s`;
}

/** Whoever stopped it knows why; any other error is a fault of these scripts. */
function told(error: unknown): never {
  if (stopped.signal.aborted) fail([String(stopped.signal.reason)]);
  throw error;
}

function fail(problems: readonly string[]): never {
  console.error(problems.join('\n'));
  console.error(`conformance: ${problems.length} problem(s)`);
  process.exit(1);
}
