// What memory DM sessions leave behind in `reveille serve`, and what it takes before any.
import { setTimeout as wait } from 'node:timers/promises';
import { Closing } from '../lib/closing.ts';
import { DmLoad, DmServer } from '../lib/dm-sessions.ts';
import { packedCommand } from '../lib/packed.ts';
import { rssMbOf, tells } from '../lib/process-figures.ts';
import { fill } from '../lib/programs.ts';
import { type Context, type OpenRow, type Row, type Sample, withoutSides } from '../lib/row.ts';
import { Serve } from '../lib/serve.ts';
import type { DmLoadAsked } from '../programs/dm-load.ts';
import { connections } from './session.ts';

const name = 'reveille serve';
const echoName = 'node:http echo of the same messages';

/** How long a process is left alone before its memory is read, in milliseconds. */
const quietMs = 3000;

/** Memory after 20,000 sessions in a new process, over that of an echo after the same messages. */
export const sessionMemory: Row = {
  name: 'session-memory',
  about:
    'memory of reveille serve, packed, after 20,000 DM sessions, and idle; a node:http echo of their messages',
  figures: [
    { name: 'rssMb', unit: 'MB' },
    { name: 'idleMb', unit: 'MB', label: 'idle' },
  ],
  better: 'less',
  rounds: { full: 3, quick: 1 },
  tries: 2,
  open: (context) => open(context, context.quick ? 500 : 20_000),
};

function open({ root, scratch, quick }: Context, count: number): Promise<OpenRow> {
  if (!tells) return Promise.resolve(withoutSides([name, echoName], 'memory is read from /proc'));
  return Closing.around(async (closing) => {
    const folder = scratch.folder('session-memory');
    const groups = [{ address: 'wap:127.0.0.1:9', devices: count, queued: 0 }];
    await fill({ root, folder, nonce: 'known', groups });
    const command = packedCommand(root, scratch.folder('packed'));
    const load = closing.add(new DmLoad({ devices: count, connections }));
    const after = async (pid: number, asked: DmLoadAsked): Promise<Sample> => {
      await wait(quick ? 0 : quietMs);
      const idleMb = rssMbOf(pid);
      await load.run(asked);
      return { idleMb, rssMb: rssMbOf(pid) };
    };
    return {
      sides: [
        {
          name,
          measure: async () => {
            const serve = await Serve.start({ command, folder });
            try {
              return await after(serve.pid, { what: 'sessions', origin: serve.dm, count });
            } finally {
              await serve.stop();
            }
          },
        },
        {
          name: echoName,
          measure: async () => {
            const echo = await DmServer.start({ kind: 'echo' });
            try {
              return await after(echo.pid, { what: 'messages', origin: echo.origin, count });
            } finally {
              await echo.stop();
            }
          },
        },
      ],
      close: closing.close,
    };
  });
}
