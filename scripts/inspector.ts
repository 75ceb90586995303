// `npm run inspector`: builds the inspector's page and serves it on this machine; with --out DIR it builds only.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { buildPage } from './inspector/build-page.ts';
import { servePage } from './inspector/serve-page.ts';
import { withUsage } from './usage.ts';

const usage = `npm run inspector [-- --port PORT | --out DIR]
Builds the page, serves it on 127.0.0.1 and prints its address. With --out DIR it writes the page there, and ends.`;
const { values } = withUsage(usage, () =>
  parseArgs({ options: { out: { type: 'string' }, port: { type: 'string', default: '8118' } } }),
);

const folder = resolve(
  process.env.INIT_CWD ?? '.',
  values.out ?? resolve(import.meta.dirname, '../dist/inspector'),
);
await buildPage(folder);
if (values.out !== undefined) {
  console.log(`The inspector stands in ${folder}: any server of static files will do.`);
} else {
  const { address } = await servePage(folder, Number(values.port));
  console.log(`The inspector is at ${address} (Ctrl-C ends it).`);
}
