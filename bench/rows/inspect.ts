// A capture of pushes explained to the last field, by the command line as it is packed, against Wireshark's own reader of captures.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { Child, lastLineOf } from '../lib/children.ts';
import { packedCommand } from '../lib/packed.ts';
import { peakMbOf, tells } from '../lib/process-figures.ts';
import type { Context, OpenRow, Row, Sample, Side } from '../lib/row.ts';
import type { CaptureSpec, MadeCapture } from '../programs/pushes-capture.ts';

const pushes = { full: 200_000, quick: 5000 };

/** `reveille inspect --json` of 200,000 pushes in 50 MB over `tshark -T json` of the same file. */
export const inspect: Row = {
  name: 'inspect',
  about: 'a capture of 200,000 pushes as JSON, over tshark -T json of the same',
  figures: [
    { name: 'wallS', unit: 's' },
    { name: 'writtenMb', unit: 'MB', label: 'written' },
    { name: 'peakMb', unit: 'MB', label: 'peak memory', of: 'most' },
  ],
  better: 'less',
  rounds: { full: 3, quick: 1 },
  tries: 2,
  open,
};

async function open({ root, quick, scratch }: Context): Promise<OpenRow> {
  const folder = scratch.folder('inspect');
  const spec: CaptureSpec = {
    file: join(folder, 'pushes.pcap'),
    pushes: quick ? pushes.quick : pushes.full,
  };
  const make = join(root, 'bench/programs/pushes-capture.ts');
  const maker = new Child('pushes-capture', process.execPath, [make, JSON.stringify(spec)]);
  const made = (await lastLineOf(maker, 600_000)) as MadeCapture;
  if (made.pushes !== spec.pushes) throw new Error(`${made.pushes} pushes instead of ${spec.pushes}`);
  const command = packedCommand(root, folder);
  const side = (name: string, program: string, args: readonly string[]): Side => ({
    name,
    measure: () => run(program, args, join(folder, 'out.json')),
  });
  return {
    sides: [
      side('inspect', process.execPath, [command, 'inspect', '--json', spec.file]),
      side('tshark -T json', 'tshark', ['-n', '-r', spec.file, '-T', 'json']),
    ],
    close: async () => scratch.drop(folder),
  };
}

/** One run, its output in a file. */
async function run(command: string, args: readonly string[], output: string): Promise<Sample> {
  const out = openSync(output, 'w');
  // What the run before left to be written to disk, a gigabyte, is not this one's to pay for.
  spawnSync('sync');
  const begin = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', out, 'ignore'] });
  closeSync(out);
  let peakMb = 0;
  const watch = setInterval(() => {
    try {
      if (tells && child.pid !== undefined) peakMb = Math.max(peakMb, peakMbOf([child.pid]));
    } catch {
      // It has ended in this moment.
    }
  }, 100);
  try {
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`${command} ended with ${code}`);
  } finally {
    clearInterval(watch);
  }
  const wallS = (performance.now() - begin) / 1000;
  return { wallS, writtenMb: statSync(output).size / 1e6, ...(tells && { peakMb }) };
}
