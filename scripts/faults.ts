// Faults on purpose: `faults.ts [--seed N] [--seeds N] [--pushes N] [--no-disk] [--keep]` (docs/testing.md).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { run } from '../test/faults/run.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '1' },
    pushes: { type: 'string', default: '2000' },
    'no-disk': { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});
const [first, seeds, pushes] = [Number(values.seed), Number(values.seeds), Number(values.pushes)];
const shown = 20;
let failed = false;

for (let seed = first; seed < first + seeds; seed += 1) {
  const folder = mkdtempSync(join(tmpdir(), `reveille-faults-${seed}-`));
  const startMs = performance.now();
  const again = `npm run faults -- --seed ${seed} --pushes ${pushes}${values['no-disk'] ? ' --no-disk' : ''}`;
  console.log(`== seed ${seed}: ${again}`);
  try {
    const { findings, counts } = await run({
      seed,
      pushes,
      folder: join(folder, 'run'),
      disk: !values['no-disk'],
      say: (line) => console.log(line),
    });
    const seconds = Math.round((performance.now() - startMs) / 1000);
    console.log(
      Object.entries(counts)
        .map(([name, count]) => `${name} ${count}`)
        .join(', '),
    );
    for (const { rule, about, detail } of findings.slice(0, shown))
      console.log(`  ${rule} ${about}: ${detail}`);
    if (findings.length > shown) console.log(`  and ${findings.length - shown} more`);
    console.log(
      `seed ${seed}: ${findings.length === 0 ? 'held' : `${findings.length} findings`} after ${seconds} s`,
    );
    failed ||= findings.length > 0;
    if (findings.length > 0 || values.keep) console.log(`ledgers: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    failed = true;
    console.error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`);
    console.error(`ledgers: ${folder}; again: ${again}`);
  }
}
process.exit(failed ? 1 : 0);
