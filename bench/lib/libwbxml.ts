// libwbxml (Debian package libwbxml2-dev) as a program of ours around its library, compiled here.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiled } from './compiled.ts';
import { type DmDocumentName, dmDocuments } from './dm-documents.ts';

/** The compiled program, and the documents beside it. */
export interface Libwbxml {
  readonly program: string;
  /** Path of a message as XML text, or as the WBXML that libwbxml makes of it. */
  file(document: DmDocumentName, form: 'xml' | 'wbxml'): string;
}

/** Compiles it into a folder, and writes the documents there; or says why it cannot be had. */
export function makeLibwbxml(root: string, folder: string): Libwbxml | { readonly missing: string } {
  const made = compiled(root, 'libwbxml', folder, { name: 'libwbxml2', packages: 'libwbxml2-dev' });
  if ('missing' in made) return made;
  const { program } = made;
  const file = (document: DmDocumentName, form: 'xml' | 'wbxml') => join(folder, `${document}.${form}`);
  for (const document of Object.keys(dmDocuments) as DmDocumentName[]) {
    writeFileSync(file(document, 'xml'), dmDocuments[document]);
    const { status } = spawnSync(program, ['write', file(document, 'xml'), file(document, 'wbxml')]);
    if (status !== 0) throw new Error(`libwbxml makes no WBXML of ${document}: ${status}`);
  }
  return { program, file };
}
