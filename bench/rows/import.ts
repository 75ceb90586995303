// Devices taken in over REST, against sqlite3's own .import of the rows that come of them.
import { join } from 'node:path';
import { Closing } from '../lib/closing.ts';
import { addAccount, importDevices, writeDevices } from '../lib/device-file.ts';
import { peakMbOf, tells } from '../lib/process-figures.ts';
import type { Context, Row, Sample } from '../lib/row.ts';
import { Serve } from '../lib/serve.ts';
import { exportRows, importRows, type SqliteRows, sqliteMissing } from '../lib/sqlite-import.ts';

/** 1,000,000 devices of a file of NDJSON: checked, on disk in thousands. */
export const importRow: Row = {
  name: 'import',
  about: '1,000,000 devices from NDJSON over REST, checked, on disk; sqlite3 .import of the same rows',
  figures: [
    { name: 'seconds', unit: 's' },
    { name: 'perSecond', unit: '/s', label: 'devices' },
    { name: 'aboveIdleMb', unit: 'MB', label: 'memory above idle', of: 'most' },
  ],
  better: 'less',
  rounds: { full: 3, quick: 1 },
  tries: 2,
  open: (context) =>
    Closing.around(async (closing) => {
      const imports = new Imports(context, context.quick ? 20_000 : 1_000_000);
      await imports.prepare();
      const missing = sqliteMissing();
      const name = 'sqlite3 .import of the same rows';
      return {
        sides: [
          { name: 'NDJSON over REST → disk', measure: () => imports.ours() },
          missing === undefined ? { name, measure: async () => imports.sqlite() } : { name, missing },
        ],
        close: closing.close,
      };
    }),
};

class Imports {
  readonly #context: Context;
  readonly #count: number;
  #file = '';
  #rows: SqliteRows | undefined;

  constructor(context: Context, count: number) {
    this.#context = context;
    this.#count = count;
  }

  async prepare(): Promise<void> {
    this.#file = join(this.#context.scratch.folder('devices'), 'devices.ndjson');
    await writeDevices(this.#file, this.#count);
  }

  async ours(): Promise<Sample> {
    const { root, scratch } = this.#context;
    const folder = scratch.folder('import');
    const serve = await Serve.start({ command: join(root, 'bin/reveille.js'), folder });
    let sample: Sample;
    try {
      await addAccount(serve.api);
      const idle = tells ? peakMbOf([serve.pid]) : Number.NaN;
      const seconds = await importDevices(serve.api, this.#file, this.#count);
      sample = {
        seconds,
        perSecond: this.#count / seconds,
        ...(tells && { aboveIdleMb: peakMbOf([serve.pid]) - idle }),
      };
    } finally {
      await serve.stop();
    }
    this.#rows ??= await exportRows(join(folder, 'reveille.sqlite'), scratch.folder('rows'));
    scratch.drop(folder);
    return sample;
  }

  sqlite(): Sample {
    if (this.#rows === undefined) throw new Error('nothing was imported before');
    const folder = this.#context.scratch.folder('sqlite');
    const seconds = importRows(this.#rows, folder);
    this.#context.scratch.drop(folder);
    return { seconds, perSecond: this.#count / seconds };
  }
}
