// Which test files come by which mutants, and how long each takes without one.
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { each } from './each.ts';
import { runFile } from './run-file.ts';

/** A test file that passes without a mutant. */
export interface TestFile {
  readonly path: string;
  readonly tookMs: number;
  /** Ids of the mutants that it comes by. */
  readonly covers: ReadonlySet<string>;
}

/**
 * Longest that a test file may take without a mutant, in milliseconds: what takes longer is shown to none, for one survivor
 * of it would cost as much as twenty that are killed.
 */
const limitMs = 25_000;

/** Runs the files once, unchanged. Files that fail, or take too long, are left out and named to `say`. */
export async function coverage(
  root: string,
  paths: readonly string[],
  workers: number,
  say: (line: string) => void,
): Promise<readonly TestFile[]> {
  const files: TestFile[] = [];
  await each(paths, workers, async (path, index) => {
    const folder = join(root, '.coverage', `${index}`);
    mkdirSync(folder, { recursive: true });
    const env = {
      NODE_OPTIONS: `--import=${root}/scripts/mutation/coverage-hook.mjs`,
      REVEILLE_MUTATION_COVERAGE: folder,
    };
    const { end, test = '', tookMs } = await runFile(path, { root, env, limitMs });
    if (end === 'passed') {
      const ids = readdirSync(folder).flatMap(
        (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as string[],
      );
      files.push({ path, tookMs, covers: new Set(ids) });
    } else if (end === 'timeout') say(`left out, for it takes long: ${path} ${test}`);
    else say(`left out, for it fails unchanged (${end}): ${path} ${test}`);
    rmSync(folder, { recursive: true });
  });
  return files;
}
