// Tries one mutant: the test files that come by it, the nearest first, until one fails.
import { basename } from 'node:path';
import type { TestFile } from './coverage.ts';
import type { Mutant } from './mutants.ts';
import type { MutationRoom } from './rooms.ts';
import { runFile } from './run-file.ts';

/** What became of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  /**
   * `assertion`, `error`: a test failed by what it saw, or by what was thrown. `timeout`: it only waited too long.
   * `survived`: every test passed. `uncovered`: no test comes by it.
   */
  readonly end: 'assertion' | 'error' | 'timeout' | 'survived' | 'uncovered';
  /** The test file that failed, and the test. */
  readonly file?: string;
  readonly test?: string;
}

/** Test files that one mutant is shown to at most, and how long they may take together unchanged, in milliseconds. */
const maxFiles = 12;
const maxMs = 12_000;

/** Tries a mutant in the instrumented copy. */
export async function tryMutant(
  mutant: Mutant,
  room: MutationRoom,
  tests: readonly TestFile[],
  root: string,
): Promise<Verdict> {
  const covering = inOrder(mutant, room, tests);
  if (covering.length === 0) return { mutant, end: 'uncovered' };
  for (const { path, tookMs } of covering) {
    const env = { __STRYKER_ACTIVE_MUTANT__: mutant.id };
    const { end, test } = await runFile(path, { root, env, limitMs: tookMs * 2 + 4000 });
    if (end !== 'passed') return { mutant, end, file: path, ...(test !== undefined && { test }) };
  }
  return { mutant, end: 'survived' };
}

function inOrder(mutant: Mutant, { nearest }: MutationRoom, tests: readonly TestFile[]): readonly TestFile[] {
  const name = basename(mutant.file, '.ts');
  const far = ({ path }: TestFile): number => {
    if (basename(path, '.test.ts') === name) return -1;
    const at = nearest.findIndex((beginning) => path.startsWith(beginning));
    return at < 0 ? nearest.length : at;
  };
  const chosen: TestFile[] = [];
  let leftMs = maxMs;
  for (const test of tests
    .filter(({ covers }) => covers.has(mutant.id))
    .sort((a, b) => far(a) - far(b) || a.tookMs - b.tookMs)) {
    if (chosen.length === maxFiles || (leftMs < test.tookMs && chosen.length > 0)) break;
    chosen.push(test);
    leftMs -= test.tookMs;
  }
  return chosen;
}
