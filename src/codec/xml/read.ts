// A strict reader of XML 1.0 with namespaces. Nothing outside the document is ever fetched.
import { DecodeError } from '../../core/index.ts';
import type { XmlElement } from './document/element.ts';
import { defaultXmlLimits } from './document/limits.ts';
import { DocumentReader } from './reader/document-reader.ts';
import { checkedText, decodeText } from './reader/document-text.ts';
import { XmlInput, xmlDoc } from './reader/input.ts';
import type { ReadXmlOptions } from './reader/options.ts';

export type { ReadXmlOptions } from './reader/options.ts';

/**
 * Reads an XML 1.0 document with namespaces. DOCTYPE, entity definitions and processing instructions are refused;
 * neighbouring text and CDATA sections become one text.
 * @throws {DecodeError} with line and column as path, and the octet offset
 */
export function readXml(input: string | Uint8Array, options: ReadXmlOptions = {}): XmlElement {
  const limits = options.limits === undefined ? defaultXmlLimits : { ...defaultXmlLimits, ...options.limits };
  if (input.length > limits.maxOctets) {
    const detail = `document of ${input.length} octets, at most ${limits.maxOctets} are allowed`;
    throw new DecodeError('LIMIT', detail, { path: '', offset: 0, bit: 0 }, { doc: xmlDoc, section: '' });
  }
  const text = typeof input === 'string' ? checkedText(input) : decodeText(input, options.charset);
  const start = beginningOf(text, options, typeof input === 'string');
  const document = options.surroundings === 'ignore' ? withoutNul(text.slice(start)) : text.slice(start);
  const length = options.preview?.length ?? document.length;
  const isCut = document.length > length;
  const source = isCut ? beginning(document, length) : document;
  const reading = new XmlInput(source, text.slice(0, start));
  return new DocumentReader(reading, isCut, limits, options).read();
}

/** How much of a text is passed over: white space, or the byte order mark, which octets have lost already. */
function beginningOf(text: string, { surroundings }: ReadXmlOptions, mayHaveMark: boolean): number {
  if (surroundings === 'ignore') return /^[\t\n\r \ufeff]*/.exec(text)?.[0].length ?? 0;
  return mayHaveMark && text.startsWith('\ufeff') ? 1 : 0;
}

/** Text without NUL, and white space among it, at its end. */
function withoutNul(text: string): string {
  let end = text.length;
  while (end > 0 && '\0\t\n\r '.includes(text.charAt(end - 1))) end -= 1;
  return text.indexOf('\0', end) < 0 ? text : text.slice(0, end);
}

/** Not more than `length` of a text, and no half of a character or of a line's end. */
function beginning(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const isHalf = (last & 0xfc00) === 0xd800 || last === carriageReturn;
  return text.slice(0, isHalf ? length - 1 : length);
}

const carriageReturn = 13;
