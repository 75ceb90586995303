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
