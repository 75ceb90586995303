import type { XmlElement } from './element.ts';
import type { XmlLimits } from './limits.ts';

/** How to read an XML document. */
export interface ReadXmlOptions {
  readonly limits?: Partial<XmlLimits>;
  /** `drop` (default) leaves comments out; `refuse` fails on one, for text that was signed. */
  readonly comments?: 'drop' | 'refuse';
  /**
   * `refuse` (default) fails on any DOCTYPE. `ignore` accepts one that only names an external identifier, which is
   * never fetched; an internal subset is refused either way.
   */
  readonly doctype?: 'refuse' | 'ignore';
  /** `keep` (default), or `drop` for text of white space only in an element that has child elements. */
  readonly whitespace?: 'keep' | 'drop';
  /** Charset that the transport named; it wins over the XML declaration. Default: byte order mark, declaration, UTF-8. */
  readonly charset?: string;
}

/**
 * Reads an XML 1.0 document with namespaces. DOCTYPE, entity definitions and processing instructions are refused;
 * neighbouring text and CDATA sections become one text.
 * @throws {DecodeError} with line and column as path, and the octet offset
 */
export function readXml(_input: string | Uint8Array, _options: ReadXmlOptions = {}): XmlElement {
  throw new Error('not written yet');
}
