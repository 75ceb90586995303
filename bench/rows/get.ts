// How long a read takes while a campaign runs.
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Closing } from '../lib/closing.ts';
import { beginLoad, fill } from '../lib/programs.ts';
import type { Context, Row, Sample } from '../lib/row.ts';
import { Serve } from '../lib/serve.ts';
import { Sink } from '../lib/sink.ts';
import type { Loaded } from '../programs/load.ts';

const perSecond = 200;
/** What a server that has just begun answers slowly does not count. */
const warmUp = 50;
/** For how long is read at most. */
const limitSeconds = 600;
/** Until a server that has sent everything is quiet. */
const restMs = 2000;

/** p99 of GET /v1/notifications/{id} while pushes leave at full speed, against the same server when it is done. */
export const get: Row = {
  name: 'get',
  about:
    'p99 of GET /v1/notifications/{id} while a campaign runs at full speed, over that of the idle server',
  figures: [
    { name: 'p99Ms', unit: 'ms', label: 'p99' },
    { name: 'p50Ms', unit: 'ms', label: 'p50' },
    { name: 'sentPerSecond', unit: '/s', label: 'sent meanwhile' },
    { name: 'reads', unit: '/s', of: 'least', hidden: true },
  ],
  better: 'less',
  rounds: { full: 5, quick: 1 },
  tries: 3,
  open: (context) =>
    Closing.around(async (closing) => {
      const reads = new Reads(context, closing.add(await Sink.start()), context.quick ? 20_000 : 200_000);
      closing.add(reads);
      return {
        sides: [
          { name: 'during a campaign', measure: () => reads.busy() },
          { name: 'idle', measure: () => reads.idle() },
        ],
        close: closing.close,
      };
    }),
};

/** A server that is read from while it sends, and then again for as long. */
class Reads {
  readonly #context: Context;
  readonly #sink: Sink;
  readonly #count: number;
  #serve: Serve | undefined;
  #folder = '';
  #ids: readonly string[] = [];
  #seconds = 0;

  constructor(context: Context, sink: Sink, count: number) {
    this.#context = context;
    this.#sink = sink;
    this.#count = count;
  }

  /** Starts the server on a campaign, and reads until the last push has left. */
  async busy(): Promise<Sample> {
    const { root, scratch } = this.#context;
    await this.stop();
    const count = this.#count;
    this.#folder = scratch.folder('get');
    const groups = [{ address: `wap:127.0.0.1:${this.#sink.port}`, devices: count, queued: count }];
    this.#ids = (await fill({ root, folder: this.#folder, nonce: 'known', groups })).ids;
    await this.#sink.reset();
    this.#serve = await Serve.start({ command: join(root, 'bin/reveille.js'), folder: this.#folder });
    const reading = this.#read(this.#serve);
    const { count: arrived, firstAt, lastAt } = await this.#sink.waitFor(count, { quietMs: 500 });
    const read = await reading.stop();
    this.#seconds = read.seconds;
    return { ...sampleOf(read), sentPerSecond: (arrived * 1000) / Math.max(lastAt - firstAt, 1) };
  }

  /** Reads from the same server, which has nothing else to do. */
  async idle(): Promise<Sample> {
    if (this.#serve === undefined) throw new Error('nothing was read before');
    await wait(restMs);
    const reading = this.#read(this.#serve);
    await wait(this.#seconds * 1000);
    const sample = sampleOf(await reading.stop());
    await this.stop();
    return sample;
  }

  /** Ends the server. */
  async stop(): Promise<void> {
    await this.#serve?.stop();
    this.#serve = undefined;
    if (this.#folder !== '') this.#context.scratch.drop(this.#folder);
    this.#folder = '';
  }

  #read(serve: Serve): ReturnType<typeof beginLoad> {
    const asking = { what: 'get', ids: this.#ids, perSecond } as const;
    return beginLoad({ origin: serve.api, connections: 8, count: limitSeconds * perSecond, asking, warmUp });
  }
}

function sampleOf({ p50Ms, p99Ms, taken, refused, firstRefusal, seconds }: Loaded): Sample {
  if (refused > 0) throw new Error(`${refused} reads failed: ${firstRefusal}`);
  return { p50Ms, p99Ms, reads: taken / seconds };
}
