// Secure WAP pushes from a sender to a device, against the same at the older commit.
import { Closing } from '../lib/closing.ts';
import { cpuMsOf, tells } from '../lib/process-figures.ts';
import { PushReceiver, sendPushes } from '../lib/push-programs.ts';
import type { Missing, Row, Sample, Side } from '../lib/row.ts';
import type { SenderSpec } from '../programs/push-sender.ts';

type Load = Pick<SenderSpec, 'binding' | 'open' | 'warmUp' | 'count'>;

/** A sender for each push, one after the other: a handshake under a shared secret, the push, the end of the session. */
export const wtlsHandshake = wtlsRow('wtls-handshake', 'a handshake and a push, one at a time', (quick) => ({
  binding: 'waps-sessions',
  open: 1,
  ...(quick ? { warmUp: 50, count: 150 } : { warmUp: 500, count: 3000 }),
}));

/** One session for all of them. */
export const wtlsPush = wtlsRow('wtls-push', 'pushes in a session, 16 at a time', (quick) => ({
  binding: 'waps',
  open: 16,
  ...(quick ? { warmUp: 500, count: 1500 } : { warmUp: 10_000, count: 60_000 }),
}));

function wtlsRow(name: string, what: string, loadOf: (quick: boolean) => Load): Row {
  return {
    name,
    about: `secure WAP push: ${what}, over the commit before`,
    figures: [
      { name: 'perSecond', unit: '/s', label: 'sent' },
      { name: 'cpuUs', unit: 'µs', label: 'CPU a push, both ends' },
    ],
    better: 'more',
    rounds: { full: 7, quick: 1 },
    tries: 3,
    needsOlder: true,
    open: ({ root, older, quick }) =>
      Closing.around(async (closing) => {
        const load = loadOf(quick);
        const theirs: Side | Missing =
          'missing' in older
            ? { name: 'the commit before', missing: older.missing }
            : await side(closing, older.commit, older.root, load);
        return { sides: [await side(closing, name, root, load), theirs], close: closing.close };
      }),
  };
}

/** Sender and device are of the same release. */
async function side(closing: Closing, name: string, root: string, load: Load): Promise<Side> {
  const device = closing.add(await PushReceiver.start({ kind: 'waps', root }));
  const deviceMs = (): number => (tells ? cpuMsOf([device.pid]) : 0);
  return {
    name,
    measure: async (): Promise<Sample> => {
      const before = deviceMs();
      const { perSecond, cpuUs } = await sendPushes({ root, port: device.port, ...load });
      // The device took those of the warm-up too.
      const deviceUs = ((deviceMs() - before) * 1000) / (load.warmUp + load.count);
      return { perSecond, cpuUs: cpuUs + deviceUs };
    },
  };
}
