// Runs the tests with Node's own runner: `run-tests.ts [--interop|--hostile] [PATTERN ...]`. Patterns are parts of file
// names. Tests that need real peers and those that flood the product are runs of their own, the latter one at a time.
// `--results=FILE` writes how each test ended as well, for `conformance.ts --check`.
import { spawn } from 'node:child_process';
import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { withUsage } from './usage.ts';

const root = resolve(import.meta.dirname, '..');
const usage = `npm test [-- PATTERN ... [--results=FILE]]; npm run test:interop and npm run test:hostile take the same
A pattern is a part of the names of test files.`;
const { values, positionals: patterns } = withUsage(usage, () =>
  parseArgs({
    allowPositionals: true,
    options: { interop: { type: 'boolean' }, hostile: { type: 'boolean' }, results: { type: 'string' } },
  }),
);
const kinds = ['interop', 'hostile'] as const;
const kind = kinds.find((each) => values[each] === true);

const { results } = values;
const reporters =
  results === undefined
    ? []
    : [
        ...['--test-reporter=spec', '--test-reporter-destination=stdout'],
        `--test-reporter=${resolve(import.meta.dirname, 'conformance/reporter.ts')}`,
        `--test-reporter-destination=${results}`,
      ];

const files = globSync('test/**/*.test.ts', { cwd: root })
  .filter((file) => kinds.find((each) => file.startsWith(`test/${each}/`)) === kind)
  .filter((file) => patterns.length === 0 || patterns.some((pattern) => file.includes(pattern)))
  .sort();
if (files.length === 0) {
  console.error('no test file matches');
  process.exit(1);
}
const child = spawn(
  process.execPath,
  [
    '--test',
    `--test-concurrency=${kind === 'hostile' ? 1 : 2}`,
    '--test-timeout=300000',
    ...reporters,
    ...files,
  ],
  {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    // Each file is a process that reads the same sources anew, which was more than half of the time of a short one.
    env: { NODE_COMPILE_CACHE: resolve(root, 'node_modules/.cache/reveille-tests'), ...process.env },
  },
);
let stopped = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stopped = true;
    child.kill(signal);
  });
}
child.on('exit', (code) => {
  // Node's runner counts whatever it did not come to as failed.
  if (stopped) console.error('stopped before the end: files that were not run stand above as failed');
  process.exit(code ?? 1);
});
