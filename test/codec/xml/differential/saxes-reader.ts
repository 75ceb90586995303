// The reader that the project had before its own, on saxes: what the present one is held against. Where it was made to follow
// the present one, the comment begins with "Since then".
import { SaxesParser, type SaxesTagNS } from 'saxes';
import {
  charsetNamed,
  decodeCharset,
  deepestDocument,
  defaultXmlLimits,
  isElement,
  isNcName,
  type Preview,
  type ReadXmlOptions,
  type XmlAttribute,
  type XmlElement,
  type XmlLimits,
  type XmlNode,
} from '../../../../src/codec/xml/index.ts';
import { DecodeError, type DecodeErrorCode, utf8ToBytes } from '../../../../src/core/index.ts';

const doc = 'XML-1.0';

/** An internal subset that holds processing instructions and white space only. */
const instructionsOnly = /^\[\s*(?:<\?[^?<>[\]]+\?>\s*)*\]\s*$/;

/**
 * Reads an XML 1.0 document with namespaces. DOCTYPE, entity definitions and processing instructions are refused;
 * neighbouring text and CDATA sections become one text.
 * @throws {DecodeError} with line and column as path, and the octet offset
 */
export function readXmlBySaxes(input: string | Uint8Array, options: ReadXmlOptions = {}): XmlElement {
  const limits = { ...defaultXmlLimits, ...options.limits };
  if (input.length > limits.maxOctets) {
    const detail = `document of ${input.length} octets, at most ${limits.maxOctets} are allowed`;
    throw new DecodeError('LIMIT', detail, { path: '', offset: 0, bit: 0 }, { doc, section: '' });
  }
  const marked = typeof input === 'string' ? checkedText(input) : decodeText(input, options.charset);
  const text = options.surroundings === 'ignore' ? marked : withoutMark(marked, typeof input === 'string');
  const start = options.surroundings === 'ignore' ? /^[\t\n\r \ufeff]*/.exec(text)?.[0].length : 0;
  return new DocumentReader(text, start ?? 0, limits, options).read();
}

interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  children: XmlNode[];
}

/** Leaves the parser when a preview has seen enough. */
const stopped = new Error('enough was read');

class DocumentReader {
  /** What was passed over before the document. */
  readonly #before: string;
  readonly #text: string;
  readonly #limits: XmlLimits;
  readonly #options: ReadXmlOptions;
  readonly #parser = new SaxesParser({
    xmlns: true,
    position: false,
    // Since then, documents of other versions are read by the rules of 1.0.
    forceXMLVersion: true,
    defaultXMLVersion: '1.0',
  });
  readonly #open: OpenElement[] = [];
  #attributes = 0;
  #elements = 0;
  #root: XmlElement | undefined;

  constructor(text: string, start: number, limits: XmlLimits, options: ReadXmlOptions) {
    this.#before = text.slice(0, start);
    const document = text.slice(start);
    this.#text = options.surroundings === 'ignore' ? withoutNul(document) : document;
    this.#limits = limits;
    this.#options = options;
  }

  read(): XmlElement {
    const parser = this.#parser;
    parser.on('error', (error) => {
      const cut = error.message.startsWith('unclosed tag') || error.message === 'unexpected end.';
      throw this.#error(cut ? 'TRUNCATED' : 'BAD_VALUE', error.message);
    });
    parser.on('doctype', (doctype) => this.#doctype(doctype));
    parser.on('processinginstruction', () => {
      throw this.#error('UNSUPPORTED', 'processing instructions are not allowed');
    });
    parser.on('comment', () => {
      if (this.#options.comments === 'refuse') throw this.#error('UNSUPPORTED', 'comments are not allowed');
    });
    parser.on('opentagstart', () => this.#start());
    parser.on('attribute', (attribute) => {
      this.#checkName(attribute);
      this.#attributes += 1;
      this.#check('attributes', this.#attributes, this.#limits.maxAttributes);
    });
    parser.on('opentag', (tag) => this.#opened(tag));
    parser.on('closetag', () => this.#close());
    parser.on('text', (text) => this.#addText(text));
    parser.on('cdata', (text) => this.#addText(text));
    const { preview } = this.#options;
    if (preview === undefined) parser.write(this.#text).close();
    else this.#readBeginning(preview);
    if (this.#root === undefined) throw this.#error('TRUNCATED', 'no root element');
    return this.#root;
  }

  #readBeginning(preview: Preview): void {
    const whole = this.#text.length <= preview.length;
    try {
      this.#parser.write(whole ? this.#text : this.#text.slice(0, preview.length));
      if (whole) this.#parser.close();
    } catch (error) {
      if (error !== stopped) throw error;
    }
    if (this.#root !== undefined) return;
    const [root, child] = this.#open;
    if (root === undefined) return;
    if (child !== undefined) root.children.push(child);
    this.#root = root;
    preview.onCut();
  }

  #doctype(doctype: string): void {
    if (this.#options.doctype !== 'ignore') throw this.#error('UNSUPPORTED', 'DOCTYPE is not allowed');
    const subset = internalSubsetOf(doctype);
    if (subset !== undefined) {
      const allowed = this.#options.internalSubset === 'instructions' && instructionsOnly.test(subset);
      if (!allowed)
        throw this.#error('UNSUPPORTED', `an internal DTD subset is not allowed${entityIn(subset)}`);
    }
    this.#options.onDoctype?.(doctype);
  }

  #start(): void {
    this.#attributes = 0;
    this.#elements += 1;
    this.#check('elements', this.#elements, this.#limits.maxElements);
    this.#check('nested elements', this.#open.length + 1, Math.min(this.#limits.maxDepth, deepestDocument));
  }

  #opened(tag: SaxesTagNS): void {
    const attributes: XmlAttribute[] = [];
    this.#checkName(tag);
    for (const attribute of Object.values(tag.attributes)) {
      if (attribute.prefix === 'xmlns' || attribute.name === 'xmlns') continue;
      attributes.push({ name: attribute.local, namespace: attribute.uri, value: attribute.value });
    }
    this.#open.push({ name: tag.local, namespace: tag.uri, attributes, children: [] });
  }

  #close(): void {
    const closed = this.#open.pop();
    if (closed === undefined) return;
    if (this.#options.whitespace === 'drop' && closed.children.some(isElement)) {
      closed.children = closed.children.filter((child) => typeof child !== 'string' || child.trim() !== '');
    }
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = closed;
    else parent.children.push(closed);
    if (this.#options.preview?.enough(closed, this.#open.length + 1) === true) throw stopped;
  }

  #addText(text: string): void {
    const children = this.#open.at(-1)?.children;
    if (children === undefined || text === '') return;
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + text;
    else children.push(text);
  }

  /** Since then, a name behind a prefix has to be one of its own. */
  #checkName({ local, name }: { readonly local: string; readonly name: string }): void {
    if (!isNcName(local)) throw this.#error('BAD_VALUE', `malformed name: ${name}`);
  }

  #check(what: string, count: number, limit: number): void {
    if (count > limit) throw this.#error('LIMIT', `more than ${limit} ${what}`);
  }

  #error(code: DecodeErrorCode, message: string): DecodeError {
    const parser = this.#parser;
    // The parser's messages quote names, which may be of any length.
    const short = message.length > 120 ? `${message.slice(0, 120)}…` : message;
    const detail = short.endsWith('.') ? short.slice(0, -1) : short;
    const path = `line ${parser.line}, column ${parser.columnIndex + 1}`;
    const offset = utf8ToBytes(this.#before + this.#text.slice(0, parser.position)).length;
    return new DecodeError(code, detail, { path, offset, bit: 0 }, { doc, section: '' });
  }
}

/** What a DOCTYPE has from its first bracket on, those in quotes aside, which are part of an identifier. */
function internalSubsetOf(doctype: string): string | undefined {
  let quote: string | undefined;
  for (let index = 0; index < doctype.length; index += 1) {
    const letter = doctype.charAt(index);
    if (quote !== undefined) {
      if (letter === quote) quote = undefined;
    } else if (letter === '"' || letter === "'") quote = letter;
    else if (letter === '[') return doctype.slice(index);
  }
  return undefined;
}

/** The first entity that a DOCTYPE defines, by its name, to end a sentence with. */
function entityIn(doctype: string): string {
  const name = /<!ENTITY\s+(?:%\s+)?([^\s"'<>%]{1,60})/.exec(doctype)?.[1];
  return name === undefined ? '' : `: it defines the entity ${JSON.stringify(name)}`;
}

/** Text without NUL, and white space among it, at its end. */
function withoutNul(text: string): string {
  let end = text.length;
  while (end > 0 && '\0\t\n\r '.includes(text.charAt(end - 1))) end -= 1;
  return text.indexOf('\0', end) < 0 ? text : text.slice(0, end);
}

// The parser takes a lone surrogate together with whatever follows it.
function checkedText(text: string): string {
  if (text.isWellFormed()) return text;
  throw new DecodeError(
    'BAD_VALUE',
    'text has a lone surrogate',
    { path: '', offset: 0, bit: 0 },
    { doc, section: '2.2' },
  );
}

function decodeText(octets: Uint8Array, transportCharset: string | undefined): string {
  const name = byteOrderMark(octets) ?? transportCharset ?? declaredEncoding(octets) ?? 'utf-8';
  const charset = charsetNamed(name);
  const at = { path: 'encoding', offset: 0, bit: 0 };
  const spec = { doc, section: '4.3.3' };
  if (charset === undefined) {
    throw new DecodeError('UNSUPPORTED', `charset ${JSON.stringify(name.slice(0, 40))}`, at, spec);
  }
  const text = decodeCharset(octets, charset);
  if (text === undefined) throw new DecodeError('BAD_VALUE', `octets are not ${charset}`, at, spec);
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Since then, a text's byte order mark does not count, and a second one is text: the parser passes over one by itself. */
function withoutMark(text: string, mayHaveMark: boolean): string {
  const rest = mayHaveMark && text.startsWith('\ufeff') ? text.slice(1) : text;
  return rest.startsWith('\ufeff') ? ` ${rest}` : rest;
}

function byteOrderMark(octets: Uint8Array): string | undefined {
  if (octets[0] === 0xef && octets[1] === 0xbb && octets[2] === 0xbf) return 'utf-8';
  if (octets[0] === 0xfe && octets[1] === 0xff) return 'utf-16be';
  if (octets[0] === 0xff && octets[1] === 0xfe) return 'utf-16le';
  return undefined;
}

function declaredEncoding(octets: Uint8Array): string | undefined {
  let head = '';
  for (const octet of octets.subarray(0, 200)) head += String.fromCharCode(octet);
  return /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1];
}
