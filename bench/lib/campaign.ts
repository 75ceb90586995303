// A campaign as a side of rows: queued on disk first, then measured until it is sent on disk.
import type { FillSpec } from '../programs/fill.ts';
import { fill, send } from './programs.ts';
import type { Figure, Sample, Side } from './row.ts';
import type { Scratch } from './scratch.ts';
import type { Sink } from './sink.ts';

/** What a campaign is. */
export interface CampaignOptions {
  /** Name of the side. */
  readonly name: string;
  /** Root of the release that queues and sends. */
  readonly root: string;
  /** Notifications, one for each device. */
  readonly count: number;
  readonly nonce?: FillSpec['nonce'];
  readonly scratch: Scratch;
  readonly sink: Sink;
  /** A database that has the devices and is kept from round to round; absent: a new one in each. */
  readonly folder?: string;
}

/** Figures of a campaign, by name. */
export const campaignFigures = {
  rate: { name: 'sentPerSecond', unit: '/s' },
  seconds: { name: 'seconds', unit: 's' },
  cpu: { name: 'cpuUs', unit: 'µs', label: 'CPU a push' },
  peak: { name: 'peakMb', unit: 'MB', label: 'peak', of: 'most' },
  database: { name: 'databaseMb', unit: 'MB', label: 'on disk' },
  queued: { name: 'queuedPerSecond', unit: '/s', hidden: true },
  arrived: { name: 'arrived', unit: '%', of: 'least', hidden: true },
} as const satisfies Record<string, Figure>;

/** One round: fills, then sends to the sink. */
export function campaignSide(options: CampaignOptions): Side {
  const { name, root, count, nonce = 'known', scratch, sink } = options;
  const measure = async (): Promise<Sample> => {
    const folder = options.folder ?? scratch.folder('campaign');
    const { queuedPerSecond } = await fill({
      root,
      folder,
      nonce,
      groups: [{ address: `wap:127.0.0.1:${sink.port}`, devices: count, queued: count }],
      devicesAreThere: options.folder !== undefined,
    });
    await sink.reset();
    const sent = await send({ root, folder, count });
    const { count: arrived } = await sink.waitFor(count);
    if (options.folder === undefined) scratch.drop(folder);
    return { ...sent, sentPerSecond: count / sent.seconds, queuedPerSecond, arrived: arrived / count };
  };
  return { name, measure };
}
