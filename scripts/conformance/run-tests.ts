// Runs tests by name and gives how each of them ended.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestResult } from './reporter.ts';

/** What is run, and where. */
export interface NamedTests {
  /** The folder of the project, or of a copy of it. */
  readonly root: string;
  /** Test files below `root`. */
  readonly files: readonly string[];
  /** Pattern of the names, the suites around a test included. */
  readonly pattern: string;
  /** Files at a time. */
  readonly concurrency: number;
  /** Milliseconds for the whole run; what is not over by then has not ended. */
  readonly timeoutMs: number;
  /** Folder for temporary files. Default: the system's. */
  readonly temporary?: string;
  /** Ends the run. */
  readonly signal: AbortSignal;
  /** Called for each test that has ended; `true` ends the run. */
  readonly enough?: (result: TestResult) => boolean;
}

/** Runs them. What was skipped for its name is not among the results. */
export async function runNamedTests(tests: NamedTests): Promise<readonly TestResult[]> {
  const { root, files, pattern, concurrency, timeoutMs, signal, enough = () => false } = tests;
  const options = [
    '--test',
    `--test-concurrency=${concurrency}`,
    `--test-timeout=${Math.min(300_000, timeoutMs)}`,
    `--test-name-pattern=/${pattern}/`,
    `--test-reporter=${join(root, 'scripts/conformance/reporter.ts')}`,
  ];
  const child = spawn(process.execPath, [...options, ...files], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(tests.temporary !== undefined && { TMPDIR: tests.temporary }) },
    // A group of its own: a test that is ended in the middle leaves its peers behind, and they end with the group.
    detached: true,
  });
  const stop = (): void => endGroup(child.pid);
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  const over = new Promise((resolve) => child.once('close', resolve));
  const results: TestResult[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (!line.startsWith('{')) continue;
      const result = JSON.parse(line) as TestResult;
      results.push(result);
      if (enough(result)) stop();
    }
    await over;
    signal.throwIfAborted();
    return results;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGTERM');
  } catch {
    // Nobody is left in it.
  }
}
