// Faults on purpose (docs/testing.md): `faults.ts [--seed N] [--seeds N] [--pushes N] [--plant NAME | --plants] [--no-disk]
// [--keep]`. Runs of pushes while everything is killed, lost and set wrong that can be, each followed by an audit.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type PlantName, plantIn, plants } from '../test/faults/plants.ts';
import { type RunResult, run } from '../test/faults/run.ts';
import { wholeFrom, withUsage, wrongly } from './usage.ts';

const names = Object.keys(plants) as PlantName[];
const usage = `npm run faults [-- [--seed N] [--seeds N] [--pushes N] [--plant NAME | --plants] [--no-disk] [--keep]]
Plants: ${names.join(', ')}. docs/testing.md, Faults on purpose, says what comes of it.`;
const { values } = withUsage(usage, () =>
  parseArgs({
    options: {
      seed: { type: 'string' },
      seeds: { type: 'string' },
      pushes: { type: 'string' },
      plant: { type: 'string' },
      plants: { type: 'boolean', default: false },
      'no-disk': { type: 'boolean', default: false },
      keep: { type: 'boolean', default: false },
    },
  }),
);
const whole = (name: 'seed' | 'seeds' | 'pushes', least: number, otherwise: number): number =>
  wholeFrom(least, values[name] ?? String(otherwise), name);
const looking = values.seed === undefined && values.plant === undefined && !values.plants;
const [first, seeds] = [whole('seed', 0, 1), whole('seeds', 1, looking ? 5 : 1)];
const pushes = whole('pushes', 50, 2000);
const planted = values.plants ? names : values.plant === undefined ? [undefined] : [plantOf(values.plant)];
/** Findings of a run that are shown. */
const shown = 20;

let failures = 0;
for (const plant of planted) {
  for (let seed = first; seed < first + seeds; seed += 1) {
    if (!(await tried(seed, plant))) failures += 1;
  }
}
process.exit(failures === 0 ? 0 : 1);

/** True when the run held, or found what was planted. */
async function tried(seed: number, plant: PlantName | undefined): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), `reveille-faults-${seed}-`));
  const options = [
    ...(values['no-disk'] ? ['--no-disk'] : []),
    ...(plant === undefined ? [] : ['--plant', plant]),
  ];
  const again = ['npm run faults -- --seed', seed, '--pushes', pushes, ...options].join(' ');
  console.log(`== seed ${seed}: ${again}`);
  if (plant !== undefined) console.log(`planted: ${plants[plant].about}`);
  let good = false;
  try {
    const startMs = performance.now();
    const result = await run({
      seed,
      pushes,
      folder: join(folder, 'run'),
      disk: !values['no-disk'],
      serverTree: plant === undefined ? undefined : plantIn(join(folder, 'planted'), plant),
      say: (line) => console.log(line),
    });
    tell(result, plant === undefined ? shown : 3);
    const seconds = Math.round((performance.now() - startMs) / 1000);
    good = plant === undefined ? result.findings.length === 0 : isFound(result, plant);
    const verdict =
      plant === undefined
        ? good
          ? 'held'
          : `${result.findings.length} findings`
        : `${plant} ${good ? 'was found' : 'WAS NOT FOUND'}`;
    console.log(`seed ${seed}: ${verdict}, after ${seconds} s`);
  } catch (error) {
    console.error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (good && !values.keep) rmSync(folder, { recursive: true, force: true });
  else console.log(`ledgers: ${folder}; again: ${again}`);
  return good;
}

function tell({ findings, counts }: RunResult, most: number): void {
  console.log(
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', '),
  );
  for (const { rule, about, detail } of findings.slice(0, most)) console.log(`  ${rule} ${about}: ${detail}`);
  if (findings.length > most) console.log(`  and ${findings.length - most} more`);
}

function isFound({ findings }: RunResult, plant: PlantName): boolean {
  const expected: readonly string[] = plants[plant].foundBy;
  return findings.some(({ rule }) => expected.includes(rule));
}

function plantOf(name: string): PlantName {
  return names.find((each) => each === name) ?? wrongly(`--plant ${name}: one of ${names.join(', ')}`);
}
