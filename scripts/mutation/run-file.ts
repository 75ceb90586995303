// Runs one test file in the copy, up to its first failure, with all processes that it starts.
import { spawn } from 'node:child_process';

/** How a test file ended. */
export interface FileRun {
  /** `error`: something was thrown that is no assertion. `timeout`: the file or a test of it waited too long. */
  readonly end: 'passed' | 'assertion' | 'error' | 'timeout';
  /** Name of the first test that failed. */
  readonly test?: string;
  /** In milliseconds. */
  readonly tookMs: number;
}

/** What a file is run with. */
export interface FileRunOptions {
  /** The copy. */
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  /** The file and what it started are ended after so many milliseconds. */
  readonly limitMs: number;
}

/** Runs a test file; never rejects. */
export function runFile(file: string, { root, env, limitMs }: FileRunOptions): Promise<FileRun> {
  const begin = performance.now();
  const child = spawn(
    process.execPath,
    [`--test-reporter=${root}/scripts/mutation/reporter.mjs`, '--test-reporter-destination=stdout', file],
    // A group of its own, so that what the test started ends with it.
    {
      cwd: root,
      env: { ...process.env, NODE_COMPILE_CACHE: `${root}/.compiled`, ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      detached: true,
    },
  );
  let output = '';
  let late = false;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output = (output + text).slice(-10_000);
  });
  const timer = setTimeout(() => {
    late = true;
    endGroup(child.pid);
  }, limitMs);
  return new Promise((resolve) => {
    child.on('error', () => resolve({ end: 'error', tookMs: performance.now() - begin }));
    let status: number | null = null;
    child.on('exit', (code) => {
      clearTimeout(timer);
      status = code;
      // Else what the test left running would keep the pipe open.
      endGroup(child.pid);
    });
    child.on('close', () => {
      const tookMs = performance.now() - begin;
      const failure = failureOf(output);
      if (failure !== undefined) resolve({ end: failure.how, test: failure.test, tookMs });
      else if (late) resolve({ end: 'timeout', tookMs });
      else resolve({ end: status === 0 ? 'passed' : 'error', tookMs });
    });
  });
}

function failureOf(
  output: string,
): { readonly test: string; readonly how: 'assertion' | 'error' | 'timeout' } | undefined {
  const line = output.split('\n').find((each) => each.startsWith('{"test":'));
  return line === undefined ? undefined : JSON.parse(line);
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left.
  }
}
