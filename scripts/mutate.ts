// Changes the code on purpose and looks whether a test notices: `mutate.ts [ROOM ...] [--seed N] [--sample N] [--whole]
// [--file PART] [--test PART ...] [--write] [--json FILE] [--again FILE]`. What is tried stands in `mutation/rooms.ts`;
// docs/testing.md tells how to read it.
import { globSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { matchesGlob, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { copyProject, writeFiles } from './mutation/copy.ts';
import { coverage, type TestFile } from './mutation/coverage.ts';
import { each } from './mutation/each.ts';
import { earlierKills, writeVerdicts } from './mutation/earlier.ts';
import { instrument, type Mutant, sample } from './mutation/mutants.ts';
import { type MutationRoom, mutationRooms } from './mutation/rooms.ts';
import { scoreRow, survivorLine, tableHead, writeTable } from './mutation/score.ts';
import { tryMutant, type Verdict } from './mutation/try-mutant.ts';
import { wholeFrom, withUsage, wrongly } from './usage.ts';

/** Mutants of a room that have a score of their own. */
interface Part {
  readonly name: string;
  readonly mutants: readonly Mutant[];
}

const root = resolve(import.meta.dirname, '..');
const usage = `npm run mutate [-- ROOM ...] [--seed N] [--sample N] [--whole] [--file PART] [--test PART ...] [--write] [--json FILE] [--again FILE]
Rooms: ${mutationRooms.map(({ name }) => name).join(', ')}. docs/testing.md, Mutants, says what comes of it.`;
const { values, positionals } = withUsage(usage, () =>
  parseArgs({
    allowPositionals: true,
    options: {
      /** Chooses the sample. */
      seed: { type: 'string', default: '1' },
      /** Mutants of a room beyond the files that are tried whole. */
      sample: { type: 'string', default: '200' },
      /** Only the files that are tried whole. */
      whole: { type: 'boolean', default: false },
      /** Every mutant of the files whose path has this part, and nothing else. */
      file: { type: 'string' },
      /** Shows mutants only to the test files whose path has one of these parts. */
      test: { type: 'string', multiple: true },
      /** Puts the scores into docs/testing.md. */
      write: { type: 'boolean', default: false },
      /** Every verdict, as JSON. */
      json: { type: 'string' },
      /** What `--json` wrote before: mutants that it saw killed are not tried again while their code is as it was. */
      again: { type: 'string' },
    },
  }),
);
const [seed, sampled] = [wholeFrom(0, values.seed, 'seed'), wholeFrom(0, values.sample, 'sample')];
const rooms = mutationRooms.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (rooms.length === 0 || positionals.some((name) => !rooms.some((room) => room.name === name))) {
  wrongly(`rooms are ${mutationRooms.map(({ name }) => name).join(', ')}`);
}
// One more than there are processors: tests wait now and then.
const workers = availableParallelism() + 1;
const { files, mutants } = await instrument(
  root,
  rooms
    .flatMap(({ files: patterns }) => patterns.flatMap((pattern) => globSync(pattern, { cwd: root })))
    .sort(),
);
const verdicts: Verdict[] = [];
const earlier = values.again === undefined ? () => undefined : earlierKills(values.again, root);
const copy = copyProject(root);
try {
  const chosen = rooms.map((room) => ({ room, parts: choose(room, mutants.filter(inRoom(room))) }));
  const needed = new Set(
    chosen.flatMap(({ parts }) => parts.flatMap(({ mutants: some }) => some.map(({ file }) => file))),
  );
  writeFiles(
    copy,
    files.filter(({ path }) => needed.has(path)),
  );
  const begin = performance.now();
  const tests = await coverage(copy, testPaths(rooms), workers, (line) => console.log(`  ${line}`));
  console.log(`${tests.length} test files, looked at in ${secondsSince(begin)} s`);
  const rows: string[] = [];
  for (const { room, parts } of chosen) rows.push(...(await tryRoom(room, parts, tests)));
  console.log(`\n${tableHead}\n${rows.join('\n')}`);
  if (values.write) writeTable(resolve(root, 'docs/testing.md'), rows);
} finally {
  rmSync(copy, { recursive: true, force: true });
}

async function tryRoom(
  room: MutationRoom,
  parts: readonly Part[],
  tests: readonly TestFile[],
): Promise<readonly string[]> {
  const begin = performance.now();
  const rows: string[] = [];
  for (const { name, mutants: some } of parts) {
    const ended: Verdict[] = [];
    await each(some, workers, async (mutant) => {
      const verdict = earlier(mutant) ?? (await tryMutant(mutant, room, tests, copy));
      ended.push(verdict);
      const line = survivorLine(verdict);
      if (line !== undefined) console.log(line);
    });
    verdicts.push(...ended);
    rows.push(scoreRow(`${room.name}${name}`, ended));
  }
  console.log(`${room.name}: ${secondsSince(begin)} s`);
  // After each room, so that a run that is broken off was not for nothing.
  if (values.json !== undefined) writeVerdicts(values.json, root, verdicts);
  return rows;
}

function testPaths(some: readonly MutationRoom[]): readonly string[] {
  const beginnings = new Set(some.flatMap(({ nearest }) => nearest));
  const paths = globSync('test/**/*.test.ts', { cwd: root }).sort();
  if (values.test !== undefined) {
    const { test } = values;
    return paths.filter((path) => test.some((part) => path.includes(part)));
  }
  return paths.filter((path) => [...beginnings].some((beginning) => path.startsWith(beginning)));
}

function inRoom({ files: patterns }: MutationRoom): (mutant: Mutant) => boolean {
  return ({ file }) => patterns.some((pattern) => matchesGlob(file, pattern));
}

function secondsSince(begin: number): number {
  return Math.round((performance.now() - begin) / 1000);
}

function choose(room: MutationRoom, mutants: readonly Mutant[]): readonly Part[] {
  const { file } = values;
  if (file !== undefined)
    return [{ name: ` ${file}`, mutants: mutants.filter((each) => each.file.includes(file)) }];
  const whole = mutants.filter((mutant) => room.whole.includes(mutant.file));
  const rest = mutants.filter((mutant) => !room.whole.includes(mutant.file));
  const named = whole.length === 0 ? [] : [{ name: ', named files', mutants: whole }];
  if (values.whole) return named;
  return [...named, { name: ', sample', mutants: sample(rest, sampled, seed) }];
}
