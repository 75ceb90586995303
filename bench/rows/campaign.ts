// A campaign against the older commit.
import { campaignFigures, campaignSide } from '../lib/campaign.ts';
import { Closing } from '../lib/closing.ts';
import type { Context, OpenRow, Row } from '../lib/row.ts';
import { Sink } from '../lib/sink.ts';

const { rate, seconds, cpu, peak, database, queued, arrived } = campaignFigures;

/** 100,000 notifications. */
export const campaign: Row = {
  name: 'campaign',
  about: 'queued on disk → sent on disk over UDP, 100,000, nonces known',
  figures: [rate, cpu, peak, database, { ...seconds, hidden: true }, queued, arrived],
  better: 'more',
  rounds: { full: 5, quick: 2 },
  tries: 3,
  needsOlder: true,
  open: (context) => openCampaign(context, context.quick ? 5000 : 100_000),
};

/** The same with a million. */
export const million: Row = {
  ...campaign,
  name: 'million',
  about: 'queued on disk → sent on disk over UDP, 1,000,000: seconds, memory, room on disk',
  figures: [seconds, rate, cpu, peak, database, queued, arrived],
  better: 'less',
  rounds: { full: 3, quick: 1 },
  tries: 2,
  open: (context) => openCampaign(context, context.quick ? 20_000 : 1_000_000),
};

function openCampaign({ root, older, scratch }: Context, count: number): Promise<OpenRow> {
  return Closing.around(async (closing) => {
    const sink = closing.add(await Sink.start());
    const each = { count, scratch, sink };
    return {
      sides: [
        campaignSide({ name: 'now', root, ...each }),
        'missing' in older
          ? { name: 'older commit', missing: older.missing }
          : campaignSide({ name: older.commit, root: older.root, ...each }),
      ],
      close: closing.close,
    };
  });
}
