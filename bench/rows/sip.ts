// MESSAGE requests over UDP, against SIPp as their sender, with the same device.

import { sendPushes } from '../lib/push-programs.ts';
import type { Context, OpenRow, Row, Sample } from '../lib/row.ts';
import { SippDevice, sendBySipp, sippMissing } from '../lib/sipp.ts';

/** Transactions that are open at a time. */
const open = 256;
/** Ports of 127.0.0.1 for devices and senders by turns: one that has just been left may not be free yet. */
const ports = { first: 25_060, step: 2, last: 25_160 } as const;

/** One MESSAGE each, answered with 200 by SIPp. */
export const sip: Row = {
  name: 'sip',
  about: 'SIP MESSAGE over UDP, 256 transactions open, over sipp that sends to the same device',
  figures: [
    { name: 'perSecond', unit: '/s', label: 'answered' },
    { name: 'cpuUs', unit: 'µs', label: 'CPU a push' },
    { name: 'once', unit: '%', label: 'sent once', of: 'least' },
  ],
  better: 'more',
  rounds: { full: 7, quick: 1 },
  tries: 3,
  open: async (context) => openSip(context),
};

function openSip({ root, scratch, quick }: Context): OpenRow {
  const missing = sippMissing();
  const close = async (): Promise<void> => {};
  if (missing !== undefined) {
    return {
      sides: [
        { name: 'sip', missing },
        { name: 'sipp', missing },
      ],
      close,
    };
  }
  const { warmUp, count } = quick ? { warmUp: 500, count: 1500 } : { warmUp: 10_000, count: 40_000 };
  let port: number = ports.first;
  /** A device of its own for each round; what came to it twice was not answered the first time. */
  const round = async (
    requests: number,
    measure: (folder: string, port: number) => Promise<Sample>,
  ): Promise<Sample> => {
    const folder = scratch.folder('sip');
    port = port + ports.step > ports.last ? ports.first : port + ports.step;
    const device = await SippDevice.start(folder, port, requests);
    try {
      const sample = await measure(folder, port);
      const repeated = await device.repeated();
      return { ...sample, once: 1 - repeated / requests };
    } finally {
      await device.stop();
      scratch.drop(folder);
    }
  };
  return {
    sides: [
      {
        name: 'sip',
        measure: () =>
          round(warmUp + count, async (_folder, to) => ({
            ...(await sendPushes({ root, binding: 'sip', port: to, open, warmUp, count })),
          })),
      },
      {
        name: 'sipp',
        measure: () =>
          round(count, async (folder, to) => ({ ...(await sendBySipp(folder, { port: to, open, count })) })),
      },
    ],
    close,
  };
}
