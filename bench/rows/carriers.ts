// Three carriers, of which one is dead and one is slow: what that costs the third.
import { join } from 'node:path';
import { Child } from '../lib/children.ts';
import { Closing } from '../lib/closing.ts';
import { fill } from '../lib/programs.ts';
import type { Row, Sample, Side } from '../lib/row.ts';
import { Serve } from '../lib/serve.ts';
import { Sink } from '../lib/sink.ts';
import type { CarrierPorts } from '../programs/carriers.ts';

/** The fast carrier is waited for no longer than this; what came until then counts. */
const limitMs = 60_000;

/** WAP push over UDP, beside a push gateway that never answers and a message centre that we give one message a second. */
export const carriers: Row = {
  name: 'carriers',
  about: 'rate of a fast carrier beside a dead one and one of one push a second, against itself alone',
  figures: [
    { name: 'deliveredPerSecond', unit: '/s', label: 'delivered' },
    { name: 'arrived', unit: '%', of: 'least', label: 'arrived within a minute' },
  ],
  better: 'more',
  rounds: { full: 5, quick: 1 },
  tries: 3,
  open: ({ root, scratch, quick }) =>
    Closing.around(async (closing) => {
      const sink = closing.add(await Sink.start());
      const ports = await startCarriers(closing);
      const fast = quick ? 2000 : 20_000;
      const wap = { address: `wap:127.0.0.1:${sink.port}`, devices: fast, queued: fast };
      const others = ['pap:WAPPUSH=+4915#/TYPE=PLMN@dead.bench', 'sms:+4915#'].map((address) => {
        return { address, devices: fast, queued: fast };
      });
      const side = (name: string, groups: readonly (typeof wap)[]): Side => ({
        name,
        measure: async (): Promise<Sample> => {
          const folder = scratch.folder('carriers');
          await fill({ root, folder, nonce: 'known', groups });
          await sink.reset();
          const serve = await Serve.start({
            command: join(root, 'bin/reveille.js'),
            folder,
            config: configuration(ports),
          });
          const startedAt = Date.now();
          const { count, firstAt, lastAt } = await sink.waitFor(fast, { quietMs: limitMs, limitMs });
          await serve.stop();
          scratch.drop(folder);
          // Where they did not all come, the time that was waited for them counts too.
          const endAt = count < fast ? Math.max(lastAt, startedAt + limitMs) : lastAt;
          return {
            deliveredPerSecond: count === 0 ? 0 : (count * 1000) / Math.max(endAt - firstAt, 1),
            arrived: count / fast,
          };
        },
      });
      return {
        sides: [side('beside two others', [wap, ...others]), side('alone', [wap])],
        close: closing.close,
      };
    }),
};

/** The settings of the two: a gateway that never answers, and a centre to which one message a second goes. */
function configuration({ dead, centre }: CarrierPorts): object {
  return {
    pap: { gateways: [{ name: 'dead.bench', url: `http://127.0.0.1:${dead}/pap` }] },
    sms: {
      smscs: [{ host: '127.0.0.1', port: centre, systemId: 'bench', password: 'bench' }],
      throughput: 1,
    },
  };
}

async function startCarriers(closing: Closing): Promise<CarrierPorts> {
  const file = join(import.meta.dirname, '../programs/carriers.ts');
  const child = closing.add(new Child('the carriers', process.execPath, [file], { ipc: true }));
  let ports: CarrierPorts | undefined;
  child.process.once('message', (said) => {
    ports = said as CarrierPorts;
  });
  await child.until(() => ports !== undefined, 'ports');
  if (ports === undefined) throw new Error('the carriers did not say their ports');
  return ports;
}
