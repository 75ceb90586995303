// What it costs that no nonce of the device is known.
import { campaignFigures, campaignSide } from '../lib/campaign.ts';
import { Closing } from '../lib/closing.ts';
import type { Row } from '../lib/row.ts';
import { Sink } from '../lib/sink.ts';

const { rate, cpu, arrived } = campaignFigures;

/** First contacts, which go out under the default nonce, against devices whose nonce is known. */
export const nonce: Row = {
  name: 'nonce',
  about: 'cost of a push to a device whose nonce is not known, over one whose nonce is',
  figures: [cpu, { ...rate, label: 'sent' }, arrived],
  better: 'less',
  rounds: { full: 5, quick: 2 },
  tries: 3,
  open: ({ root, scratch, quick }) =>
    Closing.around(async (closing) => {
      const each = { root, scratch, count: quick ? 5000 : 50_000, sink: closing.add(await Sink.start()) };
      return {
        sides: [
          campaignSide({ ...each, name: 'nonce not known', nonce: 'unknown' }),
          campaignSide({ ...each, name: 'nonce known', nonce: 'known' }),
        ],
        close: closing.close,
      };
    }),
};
