// Measures rows one after the other: `inside.ts SPEC`, SPEC being an `InsideSpec` as JSON. `run.ts` starts it.
import { spawnSync } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { endWhenTold } from './lib/at-end.ts';
import { failedLine, jsonLine, type RunFacts } from './lib/json-line.ts';
import { measureRow, type RowResult } from './lib/measure.ts';
import type { Context, Row } from './lib/row.ts';
import { Scratch } from './lib/scratch.ts';
import { failedRow, tableHead, tableRow } from './lib/table.ts';
import { rows } from './rows/index.ts';

/** What is measured. */
export interface InsideSpec {
  readonly root: string;
  readonly older: Context['older'];
  readonly ownNetwork: boolean;
  /** Folder for the time of the run. */
  readonly scratch: string;
  readonly quick: boolean;
  /** Names of rows. */
  readonly rows: readonly string[];
  /** Rounds of each row; absent: its own number. */
  readonly rounds?: number;
  /** File that a JSON line is appended to for each row. */
  readonly json?: string;
}

const spec = JSON.parse(process.argv[2] ?? '{}') as InsideSpec;
endWhenTold();
const context: Context = { ...spec, scratch: new Scratch(spec.scratch) };
const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: spec.root, encoding: 'utf8' });
let failures = 0;
console.log(tableHead);
for (const row of rows) if (spec.rows.includes(row.name)) await measure(row);
process.exit(failures === 0 ? 0 : 1);

async function measure(row: Row): Promise<void> {
  const rounds = spec.rounds ?? (spec.quick ? row.rounds.quick : row.rounds.full);
  const facts: RunFacts = {
    ...(commit.status === 0 && { commit: commit.stdout.trim() }),
    node: process.version,
    cpus: availableParallelism(),
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
    quick: spec.quick,
    rounds,
    at: new Date().toISOString(),
  };
  let result: RowResult;
  try {
    result = await inRow(row, rounds);
  } catch (error) {
    failures += 1;
    const reason = error instanceof Error ? error.message : String(error);
    tell(failedRow(row, reason), failedLine(row, reason, facts));
    return;
  }
  tell(tableRow(row, result), jsonLine(row, result, facts));
}

async function inRow(row: Row, rounds: number): Promise<RowResult> {
  progress(`${row.name}: making ready`);
  const open = await row.open(context);
  try {
    return await measureRow(row, open, {
      rounds,
      tries: spec.quick ? 1 : row.tries,
      onRound: (side, round, attempt) => {
        const again = attempt === 1 ? '' : `, try ${attempt}`;
        progress(`${row.name}: ${side}, round ${round} of ${rounds}${again}`);
      },
    });
  } finally {
    await open.close();
  }
}

function progress(line: string): void {
  process.stderr.write(`${line}\n`);
}

function tell(tableLine: string, line: string): void {
  console.log(tableLine);
  if (spec.json !== undefined) appendFileSync(spec.json, `${line}\n`);
}
