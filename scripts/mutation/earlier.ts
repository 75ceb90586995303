// Verdicts that an earlier run wrote down, for a run that tries again only what it has to.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { Verdict } from './try-mutant.ts';

/** What a run leaves behind. */
interface Written {
  readonly verdicts: readonly Verdict[];
  /** Digests of the files that were mutated. */
  readonly digests: Readonly<Record<string, string>>;
}

/** Writes verdicts down, with what the code was that they are about. */
export function writeVerdicts(path: string, root: string, verdicts: readonly Verdict[]): void {
  const files = new Set(verdicts.map(({ mutant }) => mutant.file));
  const digests = Object.fromEntries([...files].sort().map((file) => [file, digestOf(join(root, file))]));
  writeFileSync(path, `${JSON.stringify({ verdicts, digests } satisfies Written, undefined, 1)}\n`);
}

/**
 * Finds the verdict of a mutant in an earlier run that still counts: a test killed it, its file is as it was, and that test
 * still stands where it stood. Whatever survived, waited too long or was not come by is tried again.
 */
export function earlierKills(path: string, root: string): (mutant: Mutant) => Verdict | undefined {
  const { verdicts, digests } = JSON.parse(readFileSync(path, 'utf8')) as Written;
  const texts = new Map<string, string>();
  const textOf = (file: string): string => {
    const known =
      texts.get(file) ?? (existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : '');
    texts.set(file, known);
    return known;
  };
  const same = new Set(
    Object.entries(digests)
      .filter(([file, digest]) => existsSync(join(root, file)) && digestOf(join(root, file)) === digest)
      .map(([file]) => file),
  );
  const kills = new Map<string, Verdict>();
  for (const verdict of verdicts) {
    const { end, mutant, file = '', test = '' } = verdict;
    if (end !== 'assertion' && end !== 'error') continue;
    if (same.has(mutant.file) && file !== '' && textOf(file).includes(test))
      kills.set(keyOf(mutant), verdict);
  }
  return (mutant) => kills.get(keyOf(mutant));
}

function keyOf({ file, line, column, kind, original, replacement }: Mutant): string {
  return JSON.stringify([file, line, column, kind, original, replacement]);
}

function digestOf(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
