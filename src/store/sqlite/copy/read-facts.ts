// A database read by another process, which can be ended at any time: SQLite itself cannot be interrupted.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DatabaseFacts } from './database-facts.ts';

/** The file beside this one, as it stands in a checkout or as it was built. */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? 'facts-process.ts' : 'facts-process.js',
  import.meta.url,
);

/** Longest answer that is taken, in characters. */
const longestAnswer = 100_000;

/** What was found, and whether all was read. */
export interface ReadFacts {
  readonly facts: DatabaseFacts;
  readonly isWhole: boolean;
}

/**
 * Has `file` read for `limitMs` at most, and until `stop` aborts. `isInUse`: a process has it open, or its journal stands beside
 * it.
 */
export async function readFacts(
  file: string,
  isInUse: boolean,
  limitMs: number,
  stop: AbortSignal,
): Promise<ReadFacts> {
  const child = spawn(process.execPath, [fileURLToPath(entry), file, isInUse ? 'in-use' : 'at-rest'], {
    stdio: ['ignore', 'pipe', 'ignore'],
    signal: AbortSignal.any([stop, AbortSignal.timeout(limitMs)]),
    killSignal: 'SIGKILL',
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (more: string) => {
    if (text.length < longestAnswer) text += more;
  });
  const isWhole = await new Promise<boolean>((resolve) => {
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });
  const lines = text.split('\n').slice(0, -1);
  const found = lines.map((line) => JSON.parse(line) as DatabaseFacts);
  return { facts: Object.assign({}, ...found) as DatabaseFacts, isWhole };
}
