// Many pushes a request, against Kannel, which takes one.
import { Closing } from '../lib/closing.ts';
import { gatewayFigures, gatewaySide, warmUp } from '../lib/gateway.ts';
import type { Missing, Row, Side } from '../lib/row.ts';
import { Sink } from '../lib/sink.ts';
import { connections, openKannel, startFilled } from './rest.ts';

const { accepted, cpu, peak, delivered, p50, p99, arrived } = gatewayFigures;
const batch = 500;
/** Requests with a batch in each that are under way at once. */
const atOnce = 4;
/** Later than a run can end. */
const laterMs = 12 * 3_600_000;

/** Batches of 500 over REST. */
export const batches: Row = {
  name: 'batches',
  about: 'pushes acknowledged on disk in batches of 500 over REST; Kannel PAP, one push a request',
  figures: [accepted, cpu, peak, { ...delivered, hidden: true }, p50, p99, arrived],
  better: 'more',
  rounds: { full: 5, quick: 2 },
  tries: 3,
  open: (context) =>
    Closing.around(async (closing) => {
      const [count, papCount] = context.quick ? [10, 1000] : [200, 20_000];
      const sink = closing.add(await Sink.start(context.ownNetwork ? 2948 : 0));
      const serve = closing.add(await startFilled(context, sink, count * batch));
      const each = { origin: serve.api, pids: [serve.pid], connections: atOnce, count, pushesEach: batch };
      const asking = { what: 'batch', devices: count * batch, batch } as const;
      const atOnceSide = { ...each, asking, sink };
      const notBefore = new Date(Date.now() + laterMs).toISOString();
      const laterSide = { ...each, asking: { ...asking, notBefore } };
      const kept = { name: 'to be sent later', ...laterSide };
      const sent = { name: 'and sent meanwhile', ...atOnceSide };
      const there = await hasBatches(serve.api);
      if (there) {
        await warmUp(laterSide);
        await warmUp(atOnceSide);
      }
      const side = (options: typeof kept | typeof sent): Side | Missing =>
        there ? gatewaySide(options) : { name: options.name, missing: 'this release has no such route' };
      const peer = await openKannel(context, closing, { connections, count: papCount, sink });
      return { sides: [side(kept), peer, side(sent)], close: closing.close };
    }),
};

async function hasBatches(api: string): Promise<boolean> {
  const response = await fetch(`${api}/v1/notifications/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: '{}\n',
  });
  await response.text();
  return response.status !== 404 && response.status !== 405;
}
