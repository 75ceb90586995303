// A reporter for the runner of mutants: tells the first test that failed and how, then ends the process.
import { writeSync } from 'node:fs';

/**
 * Kinds of failure that come from waiting, not from what a test saw. A test that is cancelled because nothing is left to
 * happen did not wait: what it asked for did not come.
 */
const waits = new Set(['testTimeoutFailure', 'testAborted']);

export default async function* firstFailure(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:fail') continue;
    const { error } = data.details;
    // A test of several fails because one of them did, which was told before.
    if (error.failureType === 'subtestsFailed') continue;
    const { cause } = error;
    const how = waits.has(error.failureType)
      ? 'timeout'
      : cause?.code === 'ERR_ASSERTION'
        ? 'assertion'
        : 'error';
    writeSync(1, `${JSON.stringify({ test: data.name, how })}\n`);
    process.exit(1);
  }
  yield '';
}
