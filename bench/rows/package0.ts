// What a Package #0 costs beside the hashes that its digest is made of: composed and signed, and read and verified.
import { join } from 'node:path';
import { Child, lastLineOf } from '../lib/children.ts';
import type { Row, Side } from '../lib/row.ts';
import type { Package0Count, Package0Spec } from '../programs/package0.ts';

const formats = ['dm1.2', 'dm1.3-2010', 'dm1.3'] as const;
const works = ['compose', 'verify'] as const;
const about = {
  compose: 'composed and signed, the credentials hashed before',
  verify: 'read, its format found out, and its digest verified',
} as const;

/** Two rows for each format. */
export const package0: readonly Row[] = works.flatMap((work) => formats.map((format) => row(work, format)));

function row(work: (typeof works)[number], format: (typeof formats)[number]): Row {
  const name = `${work}-${format}`;
  return {
    name,
    about: `a Package #0 of ${format} ${about[work]}, over node:crypto's hashes of the same octets`,
    figures: [{ name: 'perSecond', unit: '/s' }],
    better: 'more',
    rounds: { full: 9, quick: 1 },
    tries: 3,
    open: async ({ root, quick }) => {
      const side = (label: string, does: Package0Spec['work']): Side => ({
        name: label,
        measure: async () => {
          const spec: Package0Spec = { format, work: does, ms: quick ? 50 : 500 };
          const program = join(root, 'bench/programs/package0.ts');
          const child = new Child(name, process.execPath, [program, JSON.stringify(spec)]);
          const { perSecond } = (await lastLineOf(child, 60_000)) as Package0Count;
          return { perSecond };
        },
      });
      return { sides: [side(name, work), side('node:crypto', 'hash')], close: async () => undefined };
    },
  };
}
