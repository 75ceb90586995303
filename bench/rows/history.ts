// What it costs that many pushes are over and kept.
import { campaignFigures, campaignSide } from '../lib/campaign.ts';
import { Closing } from '../lib/closing.ts';
import { fill } from '../lib/programs.ts';
import type { Row } from '../lib/row.ts';
import { Sink } from '../lib/sink.ts';

const { rate, cpu, database, arrived } = campaignFigures;

/** A database with finished pushes against one without. Both are kept from round to round, and grow alike. */
export const history: Row = {
  name: 'history',
  about: 'cost of a push beside 3,000,000 that are over, over one beside none',
  figures: [cpu, { ...rate, label: 'sent' }, database, arrived],
  better: 'less',
  rounds: { full: 5, quick: 2 },
  tries: 2,
  open: ({ root, scratch, quick }) =>
    Closing.around(async (closing) => {
      const sink = closing.add(await Sink.start());
      const [count, finished] = quick ? [5000, 50_000] : [50_000, 3_000_000];
      const sideWith = async (name: string, over: number) => {
        const folder = scratch.folder(name.replaceAll(' ', '-'));
        const groups = [{ address: `wap:127.0.0.1:${sink.port}`, devices: count, queued: 0 }];
        await fill({ root, folder, nonce: 'known', groups, finished: over });
        return campaignSide({ name, root, count, scratch, sink, folder });
      };
      return {
        sides: [await sideWith(`beside ${finished} finished`, finished), await sideWith('beside none', 0)],
        close: closing.close,
      };
    }),
};
