// A terminal, or a pipe, at which nobody sits but the test.
import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { TerminalLines } from '../../../src/cli/device/terminal-lines.ts';
import type { Io } from '../../../src/cli/io/io.ts';

/** Standard input, the questions that are put there, and what was shown. */
export function scene(stdinIsTerminal: boolean) {
  const stdin = new PassThrough();
  let shown = '';
  const io: Io = {
    stdin,
    stdinIsTerminal,
    stdout: () => undefined,
    stderr: (text) => {
      shown += text;
    },
    columns: undefined,
    colour: false,
    env: {},
    stop: new AbortController().signal,
  };
  return { io, stdin, lines: new TerminalLines(io), shown: () => shown };
}

/** A question that nobody withdraws. */
export const never = new AbortController().signal;

/** Longest that something may fail to come before the test says so, in milliseconds. */
const patienceMs = 4000;

/** Waits for something to become true; what never does is a failure with a name, not a test that hangs. */
export async function until(holds: () => boolean, what = 'something to be shown'): Promise<void> {
  const end = performance.now() + patienceMs;
  while (!holds()) {
    assert.ok(performance.now() < end, `waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What a promise gives; one that never settles, or that rejects, is a failure with a name. */
export async function soon<Result>(
  promise: Promise<Result> | undefined,
  what = 'an answer',
): Promise<Result> {
  assert.ok(promise !== undefined);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new assert.AssertionError({ message: `waited for ${what}` })),
      patienceMs,
    );
  });
  try {
    return await Promise.race([promise, late]);
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    throw new assert.AssertionError({ message: `waited for ${what}, and met ${String(error)}` });
  } finally {
    clearTimeout(timer);
  }
}

/** Lets the streams hand on what they have. */
export const settle = (): Promise<void> =>
  new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
