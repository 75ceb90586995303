// Runs xml2wbxml and wbxml2xml (Debian package libwbxml2-utils) and brings what they write into comparable form.
import { spawnSync } from 'node:child_process';
import { decodeWbxml } from '../../src/codec/wbxml/index.ts';
import { isElement, readXml, writeXml, type XmlElement, type XmlNode } from '../../src/codec/xml/index.ts';
import { bytesToDisplayText } from '../../src/core/index.ts';

function run(tool: string, options: readonly string[], input: string | Uint8Array): Uint8Array {
  const { status, stdout, stderr, error } = spawnSync(tool, [...options, '-o', '-', '-'], { input });
  if (error !== undefined) throw error;
  // The tools say what went wrong, and exit with 0 all the same.
  if (status !== 0 || stdout.length === 0) throw new Error(`${tool}: ${stderr.toString()}`);
  return new Uint8Array(stdout);
}

/** WBXML that libwbxml makes of an XML text. `version` is 1.1, 1.2 or 1.3. @throws {Error} when it refuses */
export function xml2wbxml(xml: string, version: string, stringTable: boolean): Uint8Array {
  return run('xml2wbxml', ['-v', version, ...(stringTable ? [] : ['-n'])], xml);
}

/** XML that libwbxml makes of a WBXML document, white space kept. @throws {Error} when it refuses */
export function wbxml2xml(octets: Uint8Array): Uint8Array {
  return run('wbxml2xml', ['-m', '0', '-k'], octets);
}

/** The document that libwbxml wrote as XML. */
export function readToolXml(xml: string | Uint8Array): XmlElement {
  return readXml(xml, { doctype: 'ignore' });
}

/**
 * Canonical XML in which two documents that say the same are the same text: trees stand inline in Data and carry the XML
 * type, octets are their text, CR is LF (the tools write CR as it is, and XML readers turn it into LF).
 */
export function comparable(root: XmlElement): string {
  return writeXml(withInlineTrees(root), { canonical: true, opaqueToText: bytesToDisplayText }).replace(
    /&#xD;\n?/g,
    '\n',
  );
}

function withInlineTrees(element: XmlElement): XmlElement {
  const { name } = element;
  return {
    ...element,
    children: element.children.map((child): XmlNode => {
      if (isElement(child)) return withInlineTrees(child);
      if (name === 'Type' && typeof child === 'string') return child.replace(/\+wbxml$/, '+xml');
      if (name !== 'Data') return child;
      if (child instanceof Uint8Array && (child[0] ?? 0) >= 1 && (child[0] ?? 0) <= 3) {
        return decodeWbxml(child).root;
      }
      const text = typeof child === 'string' ? child : bytesToDisplayText(child);
      return text.startsWith('<MgmtTree') ? readXml(text) : child;
    }),
  };
}
