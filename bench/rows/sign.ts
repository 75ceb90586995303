// A pushed DM message signed and opened, beside libxmlsec1, which signs and verifies the same message as XML text.
import { join } from 'node:path';
import { Child, lastLineOf } from '../lib/children.ts';
import type { Row, Side } from '../lib/row.ts';
import { makeXmlsec, writeSignFiles } from '../lib/xmlsec.ts';
import type { SignCount, SignSpec } from '../programs/sign.ts';

const about = {
  sign: 'a typed message signed, as WBXML',
  verify: 'signed WBXML opened: checked, and read as a typed message',
} as const;
const titles = { hmac: 'HMAC-SHA256', rsa: 'RSA with 2048 bits' } as const;

/** Two rows for each kind of key. */
export const sign: readonly Row[] = (['sign', 'verify'] as const).flatMap((work) =>
  (['hmac', 'rsa'] as const).map((method) => row(work, method)),
);

function row(work: SignSpec['work'], method: SignSpec['method']): Row {
  const name = `${work}-${method}`;
  const peer = work === 'sign' ? 'libxmlsec1, XML text → signed' : 'libxmlsec1, XML text verified';
  return {
    name,
    about: `${about[work]} (${titles[method]}), over ${peer}`,
    figures: [{ name: 'perSecond', unit: '/s' }],
    better: 'more',
    rounds: { full: 5, quick: 1 },
    tries: 3,
    open: async ({ root, quick, scratch }) => {
      const ms = quick ? 50 : 1000;
      const folder = scratch.folder('xmlsec');
      const files = writeSignFiles(folder);
      const made = makeXmlsec(root, folder);
      const spec: SignSpec = { work, method, files, ms };
      const program = join(root, 'bench/programs/sign.ts');
      const key = method === 'rsa' ? files.rsa : files.secret;
      return {
        sides: [
          side(name, process.execPath, [program, JSON.stringify(spec)]),
          'missing' in made
            ? { name: peer, missing: made.missing }
            : side(peer, made.program, [work, method, String(ms), files.message, key]),
        ],
        close: async () => undefined,
      };
    },
  };
}

function side(name: string, command: string, args: readonly string[]): Side {
  return {
    name,
    measure: async () => {
      const { perSecond } = (await lastLineOf(new Child(name, command, args), 120_000)) as SignCount;
      return { perSecond };
    },
  };
}
