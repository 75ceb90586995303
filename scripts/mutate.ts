// Changes the code on purpose and looks whether a test notices: `mutate.ts [ROOM ...] [--seed N] [--sample N] [--whole]
// [--file PART] [--write] [--json FILE]`. What is tried stands in `mutation/rooms.ts`; docs/testing.md tells how to read it.
import { globSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { copyProject, writeFiles } from './mutation/copy.ts';
import { coverage } from './mutation/coverage.ts';
import { each } from './mutation/each.ts';
import { instrument, type Mutant, sample } from './mutation/mutants.ts';
import { type MutationRoom, mutationRooms } from './mutation/rooms.ts';
import { scoreRow, survivorLine, tableHead, writeTable } from './mutation/score.ts';
import { tryMutant, type Verdict } from './mutation/try-mutant.ts';
import { wholeFrom, withUsage, wrongly } from './usage.ts';

const root = resolve(import.meta.dirname, '..');
const usage = `npm run mutate [-- ROOM ...] [--seed N] [--sample N] [--whole] [--file PART] [--write] [--json FILE]
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
      /** Puts the scores into docs/testing.md. */
      write: { type: 'boolean', default: false },
      /** Every verdict, as JSON. */
      json: { type: 'string' },
    },
  }),
);
const [seed, sampled] = [wholeFrom(0, values.seed, 'seed'), wholeFrom(0, values.sample, 'sample')];
const rooms = mutationRooms.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (rooms.length === 0 || positionals.some((name) => !rooms.some((room) => room.name === name))) {
  wrongly(`rooms are ${mutationRooms.map(({ name }) => name).join(', ')}`);
}
const workers = Math.max(1, availableParallelism());
const verdicts: Verdict[] = [];
const rows: string[] = [];
for (const room of rooms) rows.push(...(await tryRoom(room)));
console.log(`\n${tableHead}\n${rows.join('\n')}`);
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(verdicts, undefined, 1)}\n`);
if (values.write) writeTable(resolve(root, 'docs/testing.md'), rows);

async function tryRoom(room: MutationRoom): Promise<readonly string[]> {
  const begin = performance.now();
  const paths = room.files.flatMap((pattern) => globSync(pattern, { cwd: root })).sort();
  const { files, mutants } = await instrument(root, paths);
  const chosen = choose(room, mutants);
  const copy = copyProject(root);
  try {
    const needed = new Set(chosen.flatMap(({ mutants: some }) => some.map(({ file }) => file)));
    writeFiles(
      copy,
      files.filter(({ path }) => needed.has(path)),
    );
    const testPaths = [
      ...new Set(room.nearest.flatMap((beginning) => globSync(`${beginning}**`, { cwd: root }))),
    ]
      .concat(room.nearest.flatMap((beginning) => globSync(`${beginning}*.test.ts`, { cwd: root })))
      .filter((path) => path.endsWith('.test.ts'));
    const tests = await coverage(copy, [...new Set(testPaths)], workers, (line) => console.log(`  ${line}`));
    const scores: string[] = [];
    for (const { name, mutants: some } of chosen) {
      const ended: Verdict[] = [];
      await each(some, workers, async (mutant) => {
        const verdict = await tryMutant(mutant, room, tests, copy);
        ended.push(verdict);
        const line = survivorLine(verdict);
        if (line !== undefined) console.log(line);
      });
      verdicts.push(...ended);
      scores.push(scoreRow(`${room.name}${name}`, ended));
    }
    console.log(
      `${room.name}: ${Math.round((performance.now() - begin) / 1000)} s, ${tests.length} test files`,
    );
    return scores;
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function choose(
  room: MutationRoom,
  mutants: readonly Mutant[],
): readonly { readonly name: string; readonly mutants: readonly Mutant[] }[] {
  const { file } = values;
  if (file !== undefined)
    return [{ name: ` ${file}`, mutants: mutants.filter((each) => each.file.includes(file)) }];
  const whole = mutants.filter((mutant) => room.whole.includes(mutant.file));
  const rest = mutants.filter((mutant) => !room.whole.includes(mutant.file));
  const named = whole.length === 0 ? [] : [{ name: ', named files', mutants: whole }];
  if (values.whole) return named;
  return [...named, { name: ', sample', mutants: sample(rest, sampled, seed) }];
}
