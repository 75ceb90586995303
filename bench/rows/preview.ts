// What a filter means, shown while others read.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { Closing } from '../lib/closing.ts';
import { importDevices, writeDevices } from '../lib/device-file.ts';
import { beginLoad, fill } from '../lib/programs.ts';
import type { Context, Row, Sample } from '../lib/row.ts';
import { Serve } from '../lib/serve.ts';
import { Sink } from '../lib/sink.ts';
import type { Loaded } from '../programs/load.ts';

const filter = 'labels.region = "north" and format = "dm1.2" and lastSession within 30d';
const perSecond = 200;
const warmUp = 50;
const restMs = 2000;
const day = 86_400_000;

/** The count and the first page of a filter over 1,000,000 devices, and p99 of other reads meanwhile and without. */
export const preview: Row = {
  name: 'preview',
  about:
    'p99 of GET /v1/notifications/{id} while filters over 1,000,000 devices are previewed, over that of the idle server',
  figures: [
    { name: 'p99Ms', unit: 'ms', label: 'p99' },
    { name: 'p50Ms', unit: 'ms', label: 'p50' },
    { name: 'previewMs', unit: 'ms', label: 'a preview' },
  ],
  better: 'less',
  rounds: { full: 5, quick: 1 },
  tries: 3,
  open: (context) =>
    Closing.around(async (closing) => {
      const previews = await Previews.open(context, closing);
      return {
        sides: [
          { name: 'during previews', measure: () => previews.busy() },
          { name: 'idle', measure: () => previews.idle() },
        ],
        close: closing.close,
      };
    }),
};

class Previews {
  readonly #serve: Serve;
  readonly #ids: readonly string[];
  readonly #seconds: number;

  private constructor(serve: Serve, ids: readonly string[], seconds: number) {
    this.#serve = serve;
    this.#ids = ids;
    this.#seconds = seconds;
  }

  static async open({ root, scratch, quick }: Context, closing: Closing): Promise<Previews> {
    const count = quick ? 20_000 : 1_000_000;
    const sink = closing.add(await Sink.start());
    const folder = scratch.folder('preview');
    const groups = [{ address: `wap:127.0.0.1:${sink.port}`, devices: 1000, queued: 1000 }];
    const { ids } = await fill({ root, folder, nonce: 'known', groups });
    const file = join(scratch.folder('devices'), 'devices.ndjson');
    await writeDevices(file, count);
    const filling = await Serve.start({ command: join(root, 'bin/reveille.js'), folder });
    try {
      await importDevices(filling.api, file, count);
    } finally {
      await filling.stop();
    }
    seen(join(folder, 'reveille.sqlite'));
    return new Previews(
      closing.add(await Serve.start({ command: join(root, 'bin/reveille.js'), folder })),
      ids,
      quick ? 6 : 20,
    );
  }

  /** One preview after the other. */
  async busy(): Promise<Sample> {
    await wait(restMs);
    const reading = this.#read();
    const times: number[] = [];
    const began = performance.now();
    while (performance.now() - began < this.#seconds * 1000) times.push(await this.#preview());
    const sample = sampleOf(await reading.stop());
    times.sort((a, b) => a - b);
    return { ...sample, previewMs: times[Math.floor(times.length / 2)] ?? Number.NaN };
  }

  async idle(): Promise<Sample> {
    await wait(restMs);
    const reading = this.#read();
    await wait(this.#seconds * 1000);
    return sampleOf(await reading.stop());
  }

  async #preview(): Promise<number> {
    const query = `filter=${encodeURIComponent(filter)}`;
    const began = performance.now();
    const [counted, listed] = await Promise.all(
      [`/v1/devices/count?${query}`, `/v1/devices?limit=100&${query}`].map((path) =>
        fetch(this.#serve.api + path).then((answer) => answer.json()),
      ),
    );
    const ms = performance.now() - began;
    const { count = 0 } = counted as { count?: number };
    const { items = [] } = listed as { items?: readonly unknown[] };
    if (count === 0 || items.length !== 100) throw new Error('the filter means no devices');
    return ms;
  }

  #read(): ReturnType<typeof beginLoad> {
    const asking = { what: 'get', ids: this.#ids, perSecond } as const;
    return beginLoad({
      origin: this.#serve.api,
      connections: 8,
      count: 10 * this.#seconds * perSecond,
      asking,
      warmUp,
    });
  }
}

/** As if most of the devices had come within the last 60 days. */
function seen(file: string): void {
  const database = new DatabaseSync(file);
  try {
    database.exec(
      `update devices set last_session_at = ${Date.now()} - (rowid % 60) * ${day} where rowid % 10 <> 0`,
    );
  } finally {
    database.close();
  }
}

function sampleOf({ p50Ms, p99Ms, refused, firstRefusal }: Loaded): Sample {
  if (refused > 0) throw new Error(`${refused} reads failed: ${firstRefusal}`);
  return { p50Ms, p99Ms };
}
