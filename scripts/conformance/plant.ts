// Plants the fault of each row in a copy of the tree, and says which ones the row's tests did not notice.
import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Row } from '../../test/conformance/row.ts';
import type { TestResult } from './reporter.ts';
import { rowIdsIn } from './row-ids.ts';
import { runNamedTests } from './run-tests.ts';

/** What became of one plant. */
export interface Planted {
  readonly id: string;
  /** The test that noticed, and what it said; absent when none did. */
  readonly caughtBy?: { readonly file: string; readonly test: string; readonly message: string };
  /** Tests of the row that passed in spite of it. */
  readonly passed: number;
  readonly ms: number;
}

/** Milliseconds that the tests of one plant may take in all. */
const plantMs = 240_000;

/**
 * Plants the faults of the rows one after the other, in two copies at a time. Of a row that is shown with something foreign, the
 * tests that show it so have to notice; of another, any of its tests.
 */
export async function plantAll(
  root: string,
  rows: readonly Row[],
  files: ReadonlyMap<string, readonly string[]>,
  signal: AbortSignal,
  tell: (planted: Planted) => void,
): Promise<readonly Planted[]> {
  const left = [...rows];
  const done: Planted[] = [];
  const work = async (): Promise<void> => {
    const copy = copyOf(root);
    try {
      for (let row = left.shift(); row !== undefined; row = left.shift()) {
        const planted = await plantOne(copy, row, files.get(row.id) ?? [], signal);
        tell(planted);
        done.push(planted);
      }
    } finally {
      // Peers that are ending may still write.
      rmSync(copy, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    }
  };
  // Both have removed their copies when the first reason to stop is told.
  const ended = await Promise.allSettled([work(), work()]);
  for (const each of ended) if (each.status === 'rejected') throw each.reason;
  return done;
}

async function plantOne(
  copy: string,
  row: Row,
  all: readonly string[],
  signal: AbortSignal,
): Promise<Planted> {
  const { file, find, replace } = row.plant;
  const path = join(copy, 'src', file);
  const whole = readFileSync(path, 'utf8');
  const shown = [...new Set(row.shownWith.map((each) => `test/${each.file}`))];
  const started = performance.now();
  let caught: TestResult | undefined;
  let passed = 0;
  writeFileSync(
    path,
    whole.replace(find, () => replace),
  );
  try {
    await runNamedTests({
      root: copy,
      files: shown.length > 0 ? shown : all,
      pattern: `(?<![A-Z0-9-])${row.id}(?![0-9])`,
      concurrency: 1,
      timeoutMs: plantMs,
      signal,
      temporary: join(copy, 'tmp'),
      enough(result) {
        if (result.outcome === 'passed') passed += 1;
        if (caught === undefined && isCaught(row.id, result)) caught = result;
        return caught !== undefined;
      },
    });
  } finally {
    writeFileSync(path, whole);
  }
  const ms = Math.round(performance.now() - started);
  if (caught === undefined) return { id: row.id, passed, ms };
  const caughtBy = { file: caught.file, test: caught.names.join(' > '), message: caught.message ?? '' };
  return { id: row.id, caughtBy, passed, ms };
}

/** A test of the row that threw: neither time that ran out nor a file that does not load says that the fault was seen. */
function isCaught(id: string, { names, outcome, failure, file }: TestResult): boolean {
  const isFile = names.length === 1 && names[0]?.endsWith(file) === true;
  return (
    outcome === 'failed' && failure === 'testCodeFailure' && !isFile && rowIdsIn(names.join(' ')).includes(id)
  );
}

/** A copy of what git knows of, in a temporary folder; the installed packages are the same. */
function copyOf(root: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'reveille-plant-'));
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
  });
  for (const file of listed.toString('utf8').split('\0')) {
    if (file === '' || file === 'node_modules') continue;
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(root, file), join(copy, file));
  }
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  mkdirSync(join(copy, 'tmp'));
  return copy;
}
