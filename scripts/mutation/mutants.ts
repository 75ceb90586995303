// Makes the mutants of a room with StrykerJS' instrumenter, and takes the sample.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { textIgnorer } from './texts.ts';

/** One change of the code. */
export interface Mutant {
  /** Number by which the instrumented code switches it on. */
  readonly id: string;
  /** Path from the root. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Kind of change, such as `ConditionalExpression`. */
  readonly kind: string;
  /** What stands there, and what takes its place. */
  readonly original: string;
  readonly replacement: string;
}

/** A room's code with every mutant behind a switch. */
export interface InstrumentedRoom {
  readonly files: readonly { readonly path: string; readonly content: string }[];
  readonly mutants: readonly Mutant[];
}

const silent = (): void => undefined;
const logger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** Puts all mutants of these files behind switches. Texts for people are left out (`texts.ts`). */
export async function instrument(root: string, paths: readonly string[]): Promise<InstrumentedRoom> {
  const files = paths.map((path) => ({
    name: path,
    mutate: true,
    content: readFileSync(join(root, path), 'utf8'),
  }));
  const result = await new Instrumenter(logger).instrument(files, {
    plugins: null,
    excludedMutations: [],
    ignorers: [textIgnorer],
  });
  const contents = new Map(files.map(({ name, content }) => [name, content.split('\n')]));
  const mutants = result.mutants
    .filter(({ status }) => status === undefined)
    .map(({ id, fileName, location: { start, end }, mutatorName, replacement }) => ({
      id,
      file: fileName,
      line: start.line + 1,
      column: start.column + 1,
      kind: mutatorName,
      original: excerpt(contents.get(fileName) ?? [], start, end),
      replacement,
    }));
  return { files: result.files.map(({ name, content }) => ({ path: name, content })), mutants };
}

/**
 * Up to `count` of them, chosen by the seed. The choice hangs on what each mutant is, not on where it stands: a change
 * elsewhere in a file leaves the sample as it was, and so does a file that moves.
 */
export function sample(mutants: readonly Mutant[], count: number, seed: number): readonly Mutant[] {
  const key = ({ file, kind, original, replacement }: Mutant): string =>
    createHash('sha256')
      .update(JSON.stringify([seed, basename(file), kind, original, replacement]))
      .digest('hex');
  return mutants
    .map((mutant) => ({ mutant, key: key(mutant) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .slice(0, count)
    .map(({ mutant }) => mutant);
}

interface Place {
  readonly line: number;
  readonly column: number;
}

function excerpt(lines: readonly string[], start: Place, end: Place): string {
  const cut = lines.slice(start.line, end.line + 1);
  if (cut.length === 0) return '';
  const last = cut.length - 1;
  cut[last] = (cut[last] ?? '').slice(0, end.column);
  cut[0] = (cut[0] ?? '').slice(start.column);
  return cut.join('\n');
}
