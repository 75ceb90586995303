// How long the server takes until it is ready, with a large database.
import { spawnSync } from 'node:child_process';
import { get } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { Child } from '../lib/children.ts';
import { Closing } from '../lib/closing.ts';
import { freePort } from '../lib/free-port.ts';
import { packedCommand } from '../lib/packed.ts';
import { cpuMsOf, tells } from '../lib/process-figures.ts';
import { fill, send } from '../lib/programs.ts';
import type { Context, OpenRow, Row, Sample } from '../lib/row.ts';
import { Sink } from '../lib/sink.ts';

/** Starts in one round, of which the median counts. */
const starts = { full: 5, quick: 1 };
const limitMs = 60_000;

/** From the start of the process to the first answer of `/readyz` that is 200, over a Node that does nothing. */
export const ready: Row = {
  name: 'ready',
  about:
    'reveille serve, packed, ready with 1,000,000 devices and as many sent notifications, over node -e 0',
  figures: [
    { name: 'wallMs', unit: 'ms' },
    { name: 'cpuMs', unit: 'ms', label: 'CPU' },
  ],
  better: 'less',
  rounds: { full: 7, quick: 1 },
  tries: 3,
  open: (context) => open(context, context.quick ? 2000 : 1_000_000),
};

function open({ root, scratch, quick }: Context, count: number): Promise<OpenRow> {
  return Closing.around(async (closing) => {
    const sink = closing.add(await Sink.start());
    const folder = scratch.folder('ready');
    const groups = [{ address: `wap:127.0.0.1:${sink.port}`, devices: count, queued: count }];
    await fill({ root, folder, nonce: 'known', groups });
    await send({ root, folder, count });
    const command = packedCommand(root, scratch.folder('packed'));
    const times = quick ? starts.quick : starts.full;
    return {
      sides: [
        { name: 'reveille serve', measure: () => medianOf(times, () => serve(command, folder)) },
        { name: 'node -e 0', measure: () => medianOf(times, nothing) },
      ],
      close: closing.close,
    };
  });
}

/** One start. Nothing that was sent is sent again meanwhile. */
async function serve(command: string, folder: string): Promise<Sample> {
  const [dm, api] = [await freePort(), await freePort()];
  const begin = performance.now();
  const child = new Child('reveille serve', process.execPath, [
    command,
    'serve',
    ...['--data', folder, '--dm', `127.0.0.1:${dm}`, '--api', `127.0.0.1:${api}`],
    ...['--answer-timeout', '86400', '--lifetime', '172800', '--log-level', 'error'],
  ]);
  try {
    while (!(await isReady(api))) {
      child.expectRunning();
      if (performance.now() - begin > limitMs) throw new Error('the server did not become ready');
      await wait(2);
    }
    return { wallMs: performance.now() - begin, ...(tells && { cpuMs: cpuMsOf([child.pid]) }) };
  } finally {
    await child.stop();
  }
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get({ host: '127.0.0.1', port, path: '/readyz', agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    asked.on('error', () => resolve(false));
  });
}

async function nothing(): Promise<Sample> {
  const begin = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['-e', '0'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node -e 0: ${stderr}`);
  return { wallMs: performance.now() - begin };
}

async function medianOf(count: number, measure: () => Promise<Sample>): Promise<Sample> {
  const samples: Sample[] = [];
  for (let index = 0; index < count; index += 1) samples.push(await measure());
  samples.sort((one, other) => (one.wallMs ?? 0) - (other.wallMs ?? 0));
  return samples[count >> 1] ?? {};
}
