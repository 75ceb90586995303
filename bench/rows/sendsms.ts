// Short messages through Kannel's sendsms, from the disk, against a load that only asks.
import { join } from 'node:path';
import { Closing } from '../lib/closing.ts';
import { fill, load } from '../lib/programs.ts';
import type { Context, OpenRow, Row, Sample } from '../lib/row.ts';
import { SendsmsKannel, sendsmsMissing, sendsmsPath, sendsmsUser } from '../lib/sendsms-kannel.ts';
import { Serve } from '../lib/serve.ts';

/** Connections of the load, and its client: those with which Kannel's figures as a gateway were measured. */
const bareLoad = { connections: 16, client: 'node' } as const;
/** What has not come by then counts as missing. */
const limitMs = 120_000;
/** Of the messages of either side, this part comes before those that count. */
const warmUpPart = 0.2;
const ours = 'queued on disk → sendsms → accepted on disk';
const bare = 'a load on sendsms';

/** Notifications that are queued on disk, and leave by a road of the kind `kannel`; no reports are asked for on either side. */
export const sendsms: Row = {
  name: 'sendsms',
  about:
    "queued on disk → Kannel's sendsms → accepted on disk, one message each; a bare load on the same sendsms",
  figures: [
    { name: 'perSecond', unit: '/s', label: 'at the centre' },
    { name: 'arrived', unit: '%', of: 'least', hidden: true },
  ],
  better: 'more',
  rounds: { full: 5, quick: 2 },
  tries: 3,
  open: (context) => openSendsms(context),
};

async function openSendsms({ root, scratch, quick }: Context): Promise<OpenRow> {
  const missing = sendsmsMissing();
  if (missing !== undefined) {
    return {
      sides: [
        { name: ours, missing },
        { name: bare, missing },
      ],
      close: async () => {},
    };
  }
  const count = quick ? 2000 : 60_000;
  const warmUp = count * warmUpPart;
  return Closing.around(async (closing) => {
    const kannel = closing.add(await SendsmsKannel.start(scratch.folder('kannel')));
    const fromDisk = async (): Promise<Sample> => {
      const folder = scratch.folder('sendsms');
      const groups = [{ address: 'sms:+4915#', devices: count, queued: count }];
      await fill({ root, folder, nonce: 'known', groups });
      const seen = kannel.watch(count, limitMs, warmUp);
      const road = { kind: 'kannel', url: `${kannel.origin}${sendsmsPath}`, ...sendsmsUser };
      const config = { sms: { roads: { gw: road }, routes: [{ prefix: '', roads: ['gw'] }] } };
      const serve = await Serve.start({ command: join(root, 'bin/reveille.js'), folder, config });
      try {
        return { ...(await seen) };
      } finally {
        await serve.stop();
        scratch.drop(folder);
      }
    };
    const asked = async (): Promise<Sample> => {
      const seen = kannel.watch(count, limitMs, warmUp);
      const { username, password } = sendsmsUser;
      const path = `${sendsmsPath}?username=${username}&password=${password}`;
      const asking = { what: 'sendsms', path } as const;
      const { refused, firstRefusal } = await load({ origin: kannel.origin, ...bareLoad, count, asking });
      if (refused > 0) throw new Error(`${refused} messages were refused: ${firstRefusal}`);
      return { ...(await seen) };
    };
    return {
      sides: [
        { name: ours, measure: fromDisk },
        { name: bare, measure: asked },
      ],
      close: closing.close,
    };
  });
}
