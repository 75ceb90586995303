// How long a command of the package takes that has little to do.
import { spawnSync } from 'node:child_process';
import { performance } from 'node:perf_hooks';
import { packedCommand } from '../lib/packed.ts';
import type { Context, OpenRow, Row, Side } from '../lib/row.ts';

/** Runs in one round, of which the median counts. */
const runs = { full: 15, quick: 3 };
/** Package #0 of dm1.2, as people paste it. */
const message = '010603c4af87109e2e4d1ee2b383a6e183ba4be2ca1402e800000066e906737072696e74';

/** `reveille decode` of one message, as it is packed, over a Node that does nothing. */
export const decodeStart: Row = startRow('decode-start', 'reveille decode of one message, packed', [
  'decode',
  message,
]);

/** `reveille --version`, the same. */
export const versionStart: Row = startRow('version-start', 'reveille --version, packed', ['--version']);

function startRow(name: string, what: string, args: readonly string[]): Row {
  return {
    name,
    about: `${what}, over node -e 0`,
    figures: [{ name: 'wallMs', unit: 'ms' }],
    better: 'less',
    rounds: { full: 7, quick: 1 },
    tries: 3,
    open: async (context) => open(context, name, args),
  };
}

function open({ root, quick, scratch }: Context, name: string, args: readonly string[]): OpenRow {
  const folder = scratch.folder(name);
  const command = packedCommand(root, folder);
  const count = quick ? runs.quick : runs.full;
  const side = (label: string, commandLine: readonly string[]): Side => ({
    name: label,
    measure: async () => ({ wallMs: median(count, () => run(commandLine, folder)) }),
  });
  return {
    sides: [side(name, [command, ...args]), side('node -e 0', ['-e', '0'])],
    close: async () => scratch.drop(folder),
  };
}

/** Milliseconds of one run of Node. */
function run(args: readonly string[], cwd: string): number {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`);
  return performance.now() - begin;
}

function median(count: number, measure: () => number): number {
  const sorted = Array.from({ length: count }, measure).sort((a, b) => a - b);
  return sorted[count >> 1] ?? 0;
}
