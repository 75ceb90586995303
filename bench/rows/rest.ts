// One push a request, against Kannel.
import { join } from 'node:path';
import { Closing } from '../lib/closing.ts';
import { freePort } from '../lib/free-port.ts';
import { type GatewayOptions, gatewayFigures, gatewaySide, warmUp } from '../lib/gateway.ts';
import { Kannel, kannelMissing, kannelPath } from '../lib/kannel.ts';
import { fill } from '../lib/programs.ts';
import type { Context, Missing, OpenRow, Row, Side } from '../lib/row.ts';
import { Serve } from '../lib/serve.ts';
import { Sink } from '../lib/sink.ts';
import type { Asking } from '../programs/requests.ts';

const { accepted, delivered, cpu, peak, p50, p99, arrived } = gatewayFigures;

/** Connections that ask at once, as long as they live. */
export const connections = 16;
/** Where Kannel sends pushes over UDP, so where the sink listens when Kannel takes part. */
const pushPort = 2948;
/** An address over UDP, as Kannel and our PAP endpoint both take it. */
const papAddress = 'WAPPUSH=127.0.0.1/TYPE=IPv4@ppg.bench';

const kannelName = 'Kannel PAP → UDP';

/** REST, on disk before the answer, against Kannel's push gateway, which keeps nothing. */
export const rest: Row = {
  name: 'rest',
  about: 'one push a request over REST, 16 connections, on disk before the answer → UDP; Kannel PAP → UDP',
  figures: [accepted, cpu, peak, delivered, p50, p99, arrived],
  better: 'more',
  rounds: { full: 5, quick: 2 },
  tries: 3,
  open: (context) => openGateway(context, 'REST'),
};

/** The same over our PAP endpoint. */
export const pap: Row = {
  ...rest,
  name: 'pap',
  about: 'the same over our PAP endpoint',
  open: (context) => openGateway(context, 'PAP'),
};

async function openGateway(context: Context, way: 'REST' | 'PAP'): Promise<OpenRow> {
  const name = `${way} → disk → UDP`;
  if (way === 'PAP' && !context.ownNetwork) {
    const missing = `pushes to an address go to UDP port ${pushPort}, which needs a network of its own`;
    return {
      sides: [
        { name, missing },
        { name: kannelName, missing },
      ],
      close: async () => {},
    };
  }
  const count = context.quick ? 1000 : 20_000;
  return Closing.around(async (closing) => {
    const sink = closing.add(await Sink.start(context.ownNetwork ? pushPort : 0));
    const papPort = await freePort();
    const serve = closing.add(
      await startFilled(context, sink, count, {
        papEndpoint: {
          address: '127.0.0.1',
          port: papPort,
          path: '/pap',
          gatewayNames: ['ppg.bench'],
          initiators: [{ name: 'bench', from: ['127.0.0.0/8'] }],
        },
      }),
    );
    const asking: Asking =
      way === 'REST' ? { what: 'rest', devices: count } : { what: 'pap', path: '/pap', address: papAddress };
    const origin = way === 'REST' ? serve.api : `http://127.0.0.1:${papPort}`;
    const ours = { origin, pids: [serve.pid], asking, connections, count, sink };
    await warmUp(ours);
    const peer = await openKannel(context, closing, { connections, count, sink });
    return { sides: [gatewaySide({ name, ...ours }), peer], close: closing.close };
  });
}

/** Our server, with devices that are reached at the sink. */
export async function startFilled(
  { root, scratch }: Context,
  sink: Sink,
  devices: number,
  config?: object,
): Promise<Serve> {
  const folder = scratch.folder('serve');
  const groups = [{ address: `wap:127.0.0.1:${sink.port}`, devices, queued: 0 }];
  await fill({ root, folder, nonce: 'known', groups });
  return Serve.start({
    command: join(root, 'bin/reveille.js'),
    folder,
    ...(config !== undefined && { config }),
  });
}

/** Kannel, warmed up, or why it is missing. */
export async function openKannel(
  { ownNetwork, scratch }: Context,
  closing: Closing,
  options: Pick<GatewayOptions, 'connections' | 'count'> & { readonly sink: Sink },
): Promise<Side | Missing> {
  const name = kannelName;
  const missing = kannelMissing(ownNetwork);
  if (missing !== undefined) return { name, missing };
  try {
    const kannel = closing.add(await Kannel.start(scratch.folder('kannel')));
    const asking: Asking = { what: 'pap', path: kannelPath, address: papAddress };
    const peer = { origin: kannel.origin, pids: kannel.pids, asking, ...options };
    await warmUp(peer);
    return gatewaySide({ name, ...peer });
  } catch (error) {
    return { name, missing: error instanceof Error ? error.message : String(error) };
  }
}
