// The benchmarks (docs/performance.md): `run.ts [--quick] [--rounds N] [--json FILE] [--list] [ROW ...]`. Prepares what needs
// the outside, then has the rows measured in a network of their own, where the system grants one.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeFrom, withUsage, wrongly } from '../scripts/usage.ts';
import type { InsideSpec } from './inside.ts';
import { unpackOlder } from './lib/older.ts';
import { ownNetwork } from './lib/own-network.ts';
import { Scratch } from './lib/scratch.ts';
import { rows } from './rows/index.ts';

const root = resolve(import.meta.dirname, '..');
const usage = `npm run bench [-- [--quick] [--rounds N] [--json FILE] [--list] [ROW ...]]
Rows: ${rows.map(({ name }) => name).join(', ')}; all of them when none is named.
--quick shows that they work, not how fast it is; --json appends a line for each row. docs/performance.md says what they mean.`;
const { values, positionals } = withUsage(usage, () =>
  parseArgs({
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      rounds: { type: 'string' },
      json: { type: 'string' },
      list: { type: 'boolean', default: false },
    },
  }),
);
const names = rows.map(({ name }) => name);
for (const name of positionals) if (!names.includes(name)) wrongly(`${name}: no such row`);
const chosen = rows.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
const rounds = values.rounds === undefined ? undefined : wholeFrom(1, values.rounds, 'rounds');

if (values.list) {
  const width = Math.max(...names.map((name) => name.length));
  for (const { name, about } of rows) console.log(`${name.padEnd(width)}  ${about}`);
} else {
  process.exitCode = await run();
}

async function run(): Promise<number> {
  let told: NodeJS.Signals | undefined;
  let inside: ReturnType<typeof spawn> | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      told = signal;
      // It ends its own children first.
      inside?.kill(signal);
    });
  }
  const scratch = new Scratch();
  const older = chosen.some(({ needsOlder }) => needsOlder === true)
    ? unpackOlder(root, scratch.folder('older'))
    : { missing: 'no row asked for it' };
  const network = ownNetwork();
  const granted = !('missing' in network);
  if (!granted) process.stderr.write(`bench: ${network.missing}\n`);
  const spec: InsideSpec = {
    root,
    older,
    ownNetwork: granted,
    scratch: scratch.folder('rows'),
    quick: values.quick,
    rows: chosen.map(({ name }) => name),
    ...(rounds !== undefined && { rounds }),
    ...(values.json !== undefined && { json: resolve(values.json) }),
  };
  if (told !== undefined) return 130;
  const [command, ...args] = [
    ...(granted ? network : []),
    process.execPath,
    resolve(import.meta.dirname, 'inside.ts'),
    JSON.stringify(spec),
  ];
  const child = spawn(command, args, { stdio: 'inherit' });
  inside = child;
  return new Promise((done, failed) => {
    child.once('error', failed);
    child.once('exit', (code) => done(code ?? 1));
  });
}
