// Sends what a campaign has: `node begin.ts SPEC`, SPEC being a `SendSpec` as JSON, `count` its devices. Measures from asking for the
// campaign until the last wake is sent on disk. Prints a `Sent`.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { loadRelease } from './release.ts';
import type { SendSpec, Sent } from './send.ts';

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
await server.start();
const cpu = process.cpuUsage();
const started = performance.now();
await server.campaigns.create({
  name: 'all',
  content: { kind: 'wake', body: { uiMode: 'background' } },
  target: { filter: 'id != ""' },
});
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
