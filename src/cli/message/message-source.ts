// A DM message from a file or standard input, read as far as it can be, for the commands that work on one.
import { decodeWbxml, type WbxmlVersion } from '../../codec/wbxml/index.ts';
import { isElement, namespaces, readXml, type XmlElement } from '../../codec/xml/index.ts';
import type { Io } from '../io/io.ts';
import { type DmMessageFile, readDmMessage } from './dm-message.ts';

/** A message as it came. */
export interface MessageSource extends DmMessageFile {
  readonly root: XmlElement;
  /** Of WBXML: as in its header, such as `1.2`. */
  readonly wbxmlVersion?: string;
}

/** Reads a message; FILE is `-` for standard input. @throws {UsageError} {ConfigError} {ValueError} {DecodeError} */
export async function readMessageSource(io: Io, file: string): Promise<MessageSource> {
  const source = await readDmMessage(io, file);
  if (source.form === 'xml') {
    const root = readXml(source.body);
    // White space between elements counts once it is signed; before that it is how people indent.
    return { ...source, root: hasSignature(root) ? root : readXml(source.body, { whitespace: 'drop' }) };
  }
  const { root, version } = decodeWbxml(source.body, { language: 'syncml' });
  return { ...source, root, wbxmlVersion: version };
}

/** Whether the document has a Signature as a child. */
export function hasSignature(root: XmlElement): boolean {
  return root.children.some(
    (child) => isElement(child) && child.name === 'Signature' && child.namespace === namespaces.xmldsig,
  );
}

/** One of the versions that we write. */
export function writtenVersion(version: string | undefined): WbxmlVersion | undefined {
  return (['1.1', '1.2', '1.3'] as const).find((known) => known === version);
}
