// Pushes over HTTP, against the client that they stand on, alone.
import { Closing } from '../lib/closing.ts';
import { PushReceiver, sendByPeer, sendPushes } from '../lib/push-programs.ts';
import type { Row } from '../lib/row.ts';

/** A POST of a Package #0 each, over 32 connections that are kept, to a server that only says 200. */
export const http: Row = {
  name: 'http',
  about: 'pushes over HTTP, 32 connections, over a bare pool of undici to the same server',
  figures: [
    { name: 'perSecond', unit: '/s', label: 'answered' },
    { name: 'cpuUs', unit: 'µs', label: 'CPU a push' },
  ],
  better: 'more',
  rounds: { full: 7, quick: 1 },
  tries: 3,
  open: ({ root, quick }) =>
    Closing.around(async (closing) => {
      const { port } = closing.add(await PushReceiver.start({ kind: 'http', root }));
      const load = {
        port,
        open: 32,
        ...(quick ? { warmUp: 500, count: 1500 } : { warmUp: 10_000, count: 60_000 }),
      };
      return {
        sides: [
          {
            name: 'http',
            measure: async () => ({ ...(await sendPushes({ root, binding: 'http', ...load })) }),
          },
          { name: 'undici', measure: async () => ({ ...(await sendByPeer({ peer: 'undici', ...load })) }) },
        ],
        close: closing.close,
      };
    }),
};
