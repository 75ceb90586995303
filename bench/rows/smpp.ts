// Short messages over SMPP with their receipts, against node-smpp alone.
import { Closing } from '../lib/closing.ts';
import { PushReceiver, sendByPeer, sendPushes } from '../lib/push-programs.ts';
import type { Row, Side } from '../lib/row.ts';
import type { PeerSpec } from '../programs/push-peer.ts';

/** One submit_sm each, 100 of them unanswered at a time, until the receipts of all have found their messages. */
export const smpp: Row = {
  name: 'smpp',
  about:
    'submit_sm with receipts matched, window 100, over node-smpp that does the same with the same centre',
  figures: [
    { name: 'perSecond', unit: '/s', label: 'done' },
    { name: 'cpuUs', unit: 'µs', label: 'CPU a message' },
  ],
  better: 'more',
  rounds: { full: 7, quick: 1 },
  tries: 3,
  open: ({ root, quick }) =>
    Closing.around(async (closing) => {
      const { port } = closing.add(await PushReceiver.start({ kind: 'smpp', root }));
      const load = {
        port,
        open: 100,
        ...(quick ? { warmUp: 500, count: 1500 } : { warmUp: 10_000, count: 60_000 }),
      };
      const bare = (name: string, peer: PeerSpec['peer']): Side => ({
        name,
        measure: async () => ({ ...(await sendByPeer({ peer, ...load })) }),
      });
      return {
        sides: [
          {
            name: 'smpp',
            measure: async () => ({ ...(await sendPushes({ root, binding: 'smpp', ...load })) }),
          },
          bare('node-smpp', 'smpp-receipts'),
          bare('node-smpp that only answers receipts', 'smpp'),
        ],
        close: closing.close,
      };
    }),
};
