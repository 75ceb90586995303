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
  });
  const timer = setTimeout(() => child.kill('SIGTERM'), timeoutMs);
  const stop = (): void => void child.kill('SIGTERM');
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
