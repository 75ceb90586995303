// A reporter for Node's test runner: one line of JSON for each test that has ended, under the names of all that it stands in.

import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

/** How a test ended. */
export interface TestResult {
  /** Below the root of the project. */
  readonly file: string;
  /** Names from the outermost suite to the test. */
  readonly names: readonly string[];
  readonly outcome: 'passed' | 'failed' | 'skipped';
  /** The runner's word for a failure: `testCodeFailure` where the test itself threw. */
  readonly failure?: string;
  /** The first line of what was thrown. */
  readonly message?: string;
}

const root = resolve(import.meta.dirname, '../..');

/** Node gives its events in the order of the files, and within a file in the order of the tests. */
export default async function* report(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const started = new Map<string, readonly string[]>();
  for await (const event of events) {
    if (event.type !== 'test:start' && event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const { name, nesting, file = '' } = event.data;
    const names = [...(started.get(file) ?? []).slice(0, nesting), name];
    started.set(file, names);
    if (event.type === 'test:start') continue;
    // What a suite holds is told test by test; that it failed, its hooks may have done.
    if (event.type === 'test:pass' && event.data.details.type === 'suite') continue;
    yield `${JSON.stringify({ file: relative(root, file), names, ...outcomeOf(event) })}\n`;
  }
}

function outcomeOf(
  event: Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>,
): Pick<TestResult, 'outcome' | 'failure' | 'message'> {
  if (event.type === 'test:pass') {
    const { skip = false } = event.data;
    return { outcome: skip === false ? 'passed' : 'skipped' };
  }
  const { error } = event.data.details;
  const failure = 'failureType' in error ? String(error.failureType) : '';
  const said = error.cause instanceof Error ? error.cause.message : error.message;
  return { outcome: 'failed', failure, message: said.split('\n', 1)[0] ?? '' };
}
