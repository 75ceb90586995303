// Public identifiers: which document type, and so which code pages, a WBXML document has.
import { namespaces } from '../xml/index.ts';
import { type CodeSpace, codeSpaces } from './code-pages.ts';

/** A document type that we have tables for. */
export interface PublicIdentifier {
  /** Registered number; absent when there is none. */
  readonly number?: number;
  readonly text: string;
  readonly space: CodeSpace;
  /** Namespace of its root, for choosing it when writing; absent when that does not tell. */
  readonly rootNamespace?: string;
}

/** Public identifier of Client Provisioning, whose root has no namespace. */
export const provisioningPublicId = 0x0b;

// Where several have one root namespace, the last is what we write.
const identifiers: readonly PublicIdentifier[] = [
  row(0x0fd1, '-//SYNCML//DTD SyncML 1.0//EN', codeSpaces.syncml10, 'SYNCML:SYNCML1.0'),
  row(0x0fd3, '-//SYNCML//DTD SyncML 1.1//EN', codeSpaces.syncml11, 'SYNCML:SYNCML1.1'),
  row(0x1201, '-//SYNCML//DTD SyncML 1.2//EN', codeSpaces.syncml12, namespaces.syncml),
  row(undefined, '-//SYNCML//DTD MetInf 1.0//EN', codeSpaces.syncml10, namespaces.metinf),
  row(undefined, '-//SYNCML//DTD MetInf 1.1//EN', codeSpaces.syncml11, namespaces.metinf),
  row(0x1202, '-//SYNCML//DTD MetInf 1.2//EN', codeSpaces.syncml12, namespaces.metinf),
  row(0x0fd2, '-//SYNCML//DTD DevInf 1.0//EN', codeSpaces.devinf11, namespaces.devinf),
  row(0x0fd4, '-//SYNCML//DTD DevInf 1.1//EN', codeSpaces.devinf11, namespaces.devinf),
  row(0x1203, '-//SYNCML//DTD DevInf 1.2//EN', codeSpaces.devinf12, namespaces.devinf),
  row(undefined, '-//OMA//DTD-DM-DDF 1.2//EN', codeSpaces.syncml12, namespaces.dmddf),
  { number: provisioningPublicId, text: '-//WAPFORUM//DTD PROV 1.0//EN', space: codeSpaces.provisioning },
];

function row(
  number: number | undefined,
  text: string,
  space: CodeSpace,
  rootNamespace: string,
): PublicIdentifier {
  return { ...(number === undefined ? {} : { number }), text, space, rootNamespace };
}

/** Document types that we have no tables for, by their registered numbers (WBXML-1.3 §7.2): named, not read. */
const foreignTypes: ReadonlyMap<number, string> = new Map([
  [0x02, 'WML 1.0'],
  [0x03, 'WTA 1.0'],
  [0x04, 'WML 1.1'],
  [0x05, 'SI 1.0, service indication'],
  [0x06, 'SL 1.0, service loading'],
  [0x07, 'CO 1.0, cache operation'],
  [0x08, 'CHANNEL 1.1'],
  [0x09, 'WML 1.2'],
  [0x0a, 'WML 1.3'],
  [0x0c, 'WTA-WML 1.2'],
  [0x0d, 'EMN 1.0, email notification'],
  [0x0e, 'DRMREL 1.0, rights'],
]);

/** Number that says nothing about the document type. */
export const unknownPublicId = 1;

const byId = new Map<number | string, PublicIdentifier>();
const byRoot = new Map<string, PublicIdentifier>();
for (const identifier of identifiers) {
  if (identifier.number !== undefined) byId.set(identifier.number, identifier);
  byId.set(identifier.text.toUpperCase(), identifier);
  if (identifier.rootNamespace !== undefined) byRoot.set(identifier.rootNamespace, identifier);
}

/** The document type of a public identifier, by number or text. Some peers write the text as `-//SyncML//…`. */
export function publicIdentifier(id: number | string): PublicIdentifier | undefined {
  return byId.get(typeof id === 'string' ? id.toUpperCase() : id);
}

/** The public identifier to write for a root in that namespace: its number, or its text when it has none. */
export function publicIdOf(rootNamespace: string): number | string {
  const identifier = byRoot.get(rootNamespace);
  return identifier === undefined ? unknownPublicId : (identifier.number ?? identifier.text);
}

/** What a document type is called: `DevInf 1.2`; `undefined` for one that we do not know. */
export function publicIdTitle(id: number | string): string | undefined {
  const text = publicIdentifier(id)?.text ?? (typeof id === 'string' ? id : undefined);
  const named = text === undefined ? undefined : /DTD[ -](.{1,60}?)\/\/EN$/i.exec(text)?.[1];
  return named ?? (typeof id === 'number' ? foreignTypes.get(id) : undefined);
}
