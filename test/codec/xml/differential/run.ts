// Tries the XML reader against the one on saxes, and xmllint, for as long as is wanted: `run.ts [--minutes N] [--seed N]
// [--xmllint]`. Ends with status 1 at the first difference, and says how many documents there were.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { wholeFrom, withUsage } from '../../../../scripts/usage.ts';
import { utf8ToBytes } from '../../../../src/core/index.ts';
import { differenceFromXmllint } from './against-xmllint.ts';
import { compare } from './compare.ts';
import { inputs } from './inputs.ts';
import { FastRandom } from './random.ts';
import { askXmllint } from './xmllint.ts';

const usage = `node test/codec/xml/differential/run.ts [--minutes N] [--seed N] [--xmllint]
Documents that the seed (1) makes up are read by ours and by saxes, or with --xmllint by ours and by xmllint, for so many minutes (1).`;
const { values } = withUsage(usage, () =>
  parseArgs({
    options: {
      minutes: { type: 'string', default: '1' },
      seed: { type: 'string', default: '1' },
      xmllint: { type: 'boolean', default: false },
    },
  }),
);
const milliseconds = wholeFrom(1, values.minutes, 'minutes') * 60_000;
const seed = wholeFrom(0, values.seed, 'seed');

const began = performance.now();
const counts = { documents: 0, taken: 0 };
const folder = mkdtempSync(join(tmpdir(), 'reveille-xml-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

let waiting: Uint8Array[] = [];
for (const { document, manner } of inputs(new FastRandom(seed))) {
  if (values.xmllint) {
    waiting.push(typeof document === 'string' ? utf8ToBytes(document) : document);
    if (waiting.length === 500) {
      askAbout(waiting);
      waiting = [];
    }
  } else {
    const { ours, difference } = compare(document, manner);
    count(ours.root !== undefined);
    if (difference !== undefined) different(difference, document, manner);
  }
  if (performance.now() - began > milliseconds) break;
}
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(
  `seed ${seed}: ${counts.documents} documents in ${minutes} min, ${counts.taken} taken, no difference`,
);

function askAbout(documents: readonly Uint8Array[]): void {
  for (const [at, verdict] of askXmllint(documents, join(folder, 'documents')).entries()) {
    const octets = documents[at] ?? new Uint8Array();
    count(verdict.wrong === undefined);
    const difference = differenceFromXmllint(octets, verdict);
    if (difference !== undefined) different(difference, octets, {});
  }
}

function count(taken: boolean): void {
  counts.documents += 1;
  if (taken) counts.taken += 1;
}

function different(difference: string, document: string | Uint8Array, manner: object): never {
  const shown = typeof document === 'string' ? document : Buffer.from(document).toString('latin1');
  console.error(`seed ${seed}, document ${counts.documents}: ${difference}`);
  console.error(`${JSON.stringify(shown)} ${JSON.stringify(manner)}`);
  process.exit(1);
}
