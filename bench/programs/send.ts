// Sends what is queued: `node send.ts SPEC`, SPEC being a `SendSpec` as JSON. Measures from the start of the server until all of
// it is sent on disk. Prints a `Sent`.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRelease } from './release.ts';

/** What is sent. */
export interface SendSpec {
  /** Root of the release that sends. */
  readonly root: string;
  /** Folder of the database. */
  readonly folder: string;
  /** How many notifications are queued in it. */
  readonly count: number;
}

/** What came of it. */
export interface Sent {
  /** From the start of the server to the last notification that is sent on disk. */
  readonly seconds: number;
  /** Processor time of the whole process for one notification, in microseconds. */
  readonly cpuUs: number;
  /** Most memory of the process, in megabytes of 2^20. */
  readonly peakMb: number;
  /** The database when it is closed, in megabytes of 10^6. */
  readonly databaseMb: number;
}

const spec = JSON.parse(process.argv[2] ?? '{}') as SendSpec;
const release = await loadRelease(spec.root);
const store = await release.openStore(spec.folder);
const bindings = release.wap();
const server = release.server(store, bindings);
let sent = 0;
const all = new Promise<void>((resolve) => {
  server.onEvent(({ event }) => {
    if (event !== 'sent') return;
    sent += 1;
    if (sent === spec.count) resolve();
  });
});
const cpu = process.cpuUsage();
const started = performance.now();
await server.start();
await all;
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
await server.stop();
await bindings.wap.close();
await store.close();
const result: Sent = {
  seconds,
  cpuUs: (user + system) / spec.count,
  peakMb: process.resourceUsage().maxRSS / 1024,
  databaseMb: statSync(join(spec.folder, 'reveille.sqlite')).size / 1e6,
};
console.log(JSON.stringify(result));
