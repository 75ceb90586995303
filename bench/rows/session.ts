// What DM sessions cost the server: processor time beside a bare HTTP server, and memory.
import { Closing } from '../lib/closing.ts';
import { DmLoad, DmServer } from '../lib/dm-sessions.ts';
import { cpuMsOf, tells } from '../lib/process-figures.ts';
import { fill } from '../lib/programs.ts';
import { type Context, type OpenRow, type Row, type Side, withoutSides } from '../lib/row.ts';
import type { DmLoadAsked } from '../programs/dm-load.ts';

/** Sessions at once. */
export const connections = 16;

const name = 'DM sessions';
const echoName = 'node:http echo of the same messages';

/** Processor time of a whole session, over that of a server that gives back the same messages. */
export const session: Row = {
  name: 'session',
  about: 'DM sessions, 2 + 2 messages, WBXML, MD5, nonces on disk; a node:http echo of the same messages',
  figures: [
    { name: 'perCpuSecond', unit: '/s', label: 'CPU' },
    { name: 'cpuUs', unit: 'µs', label: 'CPU a session' },
    { name: 'perSecond', unit: '/s', hidden: true },
  ],
  better: 'more',
  rounds: { full: 5, quick: 1 },
  tries: 3,
  open: (context) => open(context, context.quick ? 500 : 10_000),
};

function open({ root, scratch }: Context, count: number): Promise<OpenRow> {
  if (!tells) return Promise.resolve(withoutSides([name, echoName], 'processor time is read from /proc'));
  return Closing.around(async (closing) => {
    const folder = scratch.folder('session');
    const groups = [{ address: 'wap:127.0.0.1:9', devices: count, queued: 0 }];
    await fill({ root, folder, nonce: 'known', groups });
    const load = closing.add(new DmLoad({ devices: count, connections }));
    const server = closing.add(await DmServer.start({ kind: 'dm', folder }));
    const echo = closing.add(await DmServer.start({ kind: 'echo' }));
    const side = (label: string, { pid, origin }: DmServer, what: DmLoadAsked['what']): Side => ({
      name: label,
      measure: async () => {
        const before = cpuMsOf([pid]);
        const { seconds } = await load.run({ what, origin, count });
        const cpuMs = cpuMsOf([pid]) - before;
        return {
          perCpuSecond: (count * 1000) / cpuMs,
          cpuUs: (cpuMs * 1000) / count,
          perSecond: count / seconds,
        };
      },
    });
    const sides = [side(name, server, 'sessions'), side(echoName, echo, 'messages')] as const;
    // Both become warm, and both ends of the sessions get their nonces.
    for (const each of sides) await each.measure();
    return { sides, close: closing.close };
  });
}
