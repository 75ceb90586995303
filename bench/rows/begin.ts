// Campaigns: how fast their devices are begun, beside the bare queue, and what one over a million devices is to those who read.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { campaignFigures, campaignSide } from '../lib/campaign.ts';
import { Child } from '../lib/children.ts';
import { Closing } from '../lib/closing.ts';
import { begin, beginLoad, fill } from '../lib/programs.ts';
import type { Context, Row, Sample, Side } from '../lib/row.ts';
import { Sink } from '../lib/sink.ts';
import type { CampaignServerSays } from '../programs/campaign-server.ts';
import type { Loaded } from '../programs/load.ts';

const { rate, seconds, cpu, peak, database, arrived } = campaignFigures;
const restMs = 2000;
const readsPerSecond = 200;
const warmUp = 50;

/** 100,000 devices of a campaign at full pace, beside as many pushes that lie in the queue. */
export const campaignRate: Row = {
  name: 'campaign-rate',
  about: 'campaign asked for → 100,000 wakes sent on disk over UDP, over the bare queue of as many',
  figures: [rate, cpu, peak, database, { ...seconds, hidden: true }, arrived],
  better: 'more',
  rounds: { full: 5, quick: 1 },
  tries: 3,
  open: (context) =>
    Closing.around(async (closing) => {
      const sink = closing.add(await Sink.start());
      const { root, scratch, quick } = context;
      const each = { root, scratch, sink, count: quick ? 5000 : 100_000 };
      return {
        sides: [
          { name: 'campaign', measure: () => begun(each) },
          campaignSide({ name: 'bare queue', ...each }),
        ],
        close: closing.close,
      };
    }),
};

/** A campaign over a million devices: when its first push leaves, and what others wait meanwhile. */
export const campaignStart: Row = {
  name: 'campaign-start',
  about:
    'p99 of GET /v1/notifications/{id} while a campaign over 1,000,000 devices starts, over that of the idle server',
  figures: [
    { name: 'p99Ms', unit: 'ms', label: 'p99' },
    { name: 'p50Ms', unit: 'ms', label: 'p50' },
    { name: 'firstMs', unit: 'ms', label: 'until the first push' },
  ],
  better: 'less',
  rounds: { full: 3, quick: 1 },
  tries: 3,
  open: (context) =>
    Closing.around(async (closing) => ({ sides: await startSides(context, closing), close: closing.close })),
};

interface Each extends Pick<Context, 'root' | 'scratch'> {
  readonly sink: Sink;
  readonly count: number;
}

async function begun({ root, scratch, sink, count }: Each): Promise<Sample> {
  const folder = scratch.folder('begun');
  const groups = [{ address: `wap:127.0.0.1:${sink.port}`, devices: count, queued: 0 }];
  await fill({ root, folder, nonce: 'known', groups });
  await sink.reset();
  const sent = await begin({ root, folder, count });
  const { count: came } = await sink.waitFor(count);
  scratch.drop(folder);
  return { ...sent, sentPerSecond: count / sent.seconds, arrived: came / count };
}

async function startSides(
  { root, scratch, quick }: Context,
  closing: Closing,
): Promise<readonly [Side, Side]> {
  const sink = closing.add(await Sink.start());
  const filled = scratch.folder('filled');
  const devices = quick ? 20_000 : 1_000_000;
  const groups = [{ address: `wap:127.0.0.1:${sink.port}`, devices, queued: 1000 }];
  const { ids } = await fill({ root, folder: filled, nonce: 'known', groups });
  const measureFor = quick ? 10 : 20;
  const measured = async (busy: boolean): Promise<Sample> => {
    // Each round begins with the same database.
    const folder = scratch.folder('start');
    cpSync(filled, folder, { recursive: true });
    const spec = { folder, perSecond: 200 };
    const file = join(import.meta.dirname, '../programs/campaign-server.ts');
    const child = new Child('the server', process.execPath, [file, JSON.stringify(spec)], { ipc: true });
    try {
      const { api } = (await said(child)) as { api: string };
      await wait(restMs);
      const asking = { what: 'get', ids, perSecond: readsPerSecond } as const;
      const count = 10 * measureFor * readsPerSecond;
      const reading = beginLoad({ origin: api, connections: 8, count, asking, warmUp });
      let firstMs: number | undefined;
      if (busy) {
        const first = said(child);
        child.process.send('begin');
        ({ firstMs } = (await first) as { firstMs: number });
      }
      await wait(measureFor * 1000);
      return { ...sampleOf(await reading.stop()), ...(firstMs !== undefined && { firstMs }) };
    } finally {
      await child.stop(5000);
      scratch.drop(folder);
    }
  };
  return [
    { name: 'while it starts', measure: () => measured(true) },
    { name: 'idle', measure: () => measured(false) },
  ];
}

function said(child: Child): Promise<CampaignServerSays> {
  return new Promise((resolve, reject) => {
    child.process.once('message', (what) => resolve(what as CampaignServerSays));
    void child.ended.then((code) => reject(new Error(`the server ended with ${code}: ${child.stderr}`)));
  });
}

function sampleOf({ p50Ms, p99Ms, refused, firstRefusal }: Loaded): Sample {
  if (refused > 0) throw new Error(`${refused} reads failed: ${firstRefusal}`);
  return { p50Ms, p99Ms };
}
