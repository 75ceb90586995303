// DM messages between WBXML, XML and the typed model, beside libwbxml, which knows WBXML and XML text.
import { join } from 'node:path';
import { Child, lastLineOf } from '../lib/children.ts';
import type { DmDocumentName } from '../lib/dm-documents.ts';
import { makeLibwbxml } from '../lib/libwbxml.ts';
import type { Row, Side } from '../lib/row.ts';
import type { WbxmlCount, WbxmlSpec, WbxmlWork } from '../programs/wbxml.ts';

const documents = ['inline', 'text', 'replace'] as const;

/** What each is, and what libwbxml does meanwhile: it makes XML of WBXML, or WBXML of XML. */
const works: Readonly<Record<WbxmlWork, readonly [about: string, peer: 'to-xml' | 'to-wbxml']>> = {
  'wbxml-to-typed': ['WBXML read as a typed message', 'to-xml'],
  'typed-to-wbxml': ['a typed message written as WBXML', 'to-wbxml'],
  'wbxml-to-xml': ['WBXML written as XML text', 'to-xml'],
  'xml-to-wbxml': ['XML text written as WBXML', 'to-wbxml'],
  'xml-to-typed': ['XML text read as a typed message', 'to-wbxml'],
};

/** Three rows for each way. */
export const wbxml: readonly Row[] = (Object.keys(works) as WbxmlWork[]).flatMap((work) =>
  documents.map((document) => row(work, document)),
);

function row(work: WbxmlWork, document: DmDocumentName): Row {
  const name = `${work}-${document}`;
  const [about, direction] = works[work];
  const peer = direction === 'to-xml' ? 'libwbxml, WBXML → XML text' : 'libwbxml, XML text → WBXML';
  return {
    name,
    about: `${about} (${document}), over ${peer}`,
    figures: [{ name: 'perSecond', unit: '/s' }],
    better: 'more',
    rounds: { full: 5, quick: 1 },
    tries: 3,
    open: async ({ root, quick, scratch }) => {
      const ms = quick ? 50 : 1000;
      const made = makeLibwbxml(root, scratch.folder('libwbxml'));
      const ours: WbxmlSpec = {
        document,
        work,
        ms,
        ...(!('missing' in made) && { wbxml: made.file(document, 'wbxml') }),
      };
      const program = join(root, 'bench/programs/wbxml.ts');
      const theirs =
        'missing' in made
          ? { name: peer, missing: made.missing }
          : side(peer, made.program, [
              direction,
              String(ms),
              made.file(document, direction === 'to-xml' ? 'wbxml' : 'xml'),
            ]);
      return {
        sides: [side(name, process.execPath, [program, JSON.stringify(ours)]), theirs],
        close: async () => undefined,
      };
    },
  };
}

function side(name: string, command: string, args: readonly string[]): Side {
  return {
    name,
    measure: async () => {
      const { perSecond } = (await lastLineOf(new Child(name, command, args), 120_000)) as WbxmlCount;
      return { perSecond };
    },
  };
}
