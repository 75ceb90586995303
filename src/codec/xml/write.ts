// XML text of an element, in the one spelling that the project writes.
import { bytesToBase64, bytesToUtf8, ValueError } from '../../core/index.ts';
import { spelledAttributes } from './attributes.ts';
import { isNcName, isXmlCodePoint, isXmlText } from './document/characters.ts';
import { isElement, type XmlElement } from './document/element.ts';
import { deepestDocument } from './document/limits.ts';
import { type OpaqueContext, opaqueContext, opaqueToText } from './opaque.ts';

/** How to write an XML document. */
export interface WriteXmlOptions {
  /** True starts with `<?xml version="1.0" encoding="UTF-8"?>`. Default false. */
  readonly declaration?: boolean;
  /** Spaces a level, for people; adds white space between elements. Default 0: none. */
  readonly indent?: number;
  /**
   * True writes what Exclusive XML Canonicalization 1.0 gives for a document without prefixes: start and end tag for
   * empty elements, attributes in order. Default false.
   */
  readonly canonical?: boolean;
  /**
   * True never fails over content, for showing a peer's document: a character that XML cannot carry becomes U+FFFD, and
   * octets that are not text become Base64. Default false.
   */
  readonly lenient?: boolean;
  /** Text that stands for octets. Default `opaqueToText`. */
  readonly opaqueToText?: (octets: Uint8Array, context: OpaqueContext) => string;
}

/**
 * XML text of the element: default-namespace declarations only, no prefixes but for attributes that have a namespace, no
 * white space of its own, empty elements as `<Final/>`, CR as `&#xD;`.
 * @throws {ValueError} BAD_FORMAT for a name or character that XML 1.0 cannot carry, TOO_LONG for one nested over 1000 deep
 */
export function writeXml(element: XmlElement, options: WriteXmlOptions = {}): string {
  const writer = new XmlWriter(options);
  writer.element(element, '');
  const head = options.declaration === true ? '<?xml version="1.0" encoding="UTF-8"?>\n' : '';
  return head + writer.text + ((options.indent ?? 0) > 0 ? '\n' : '');
}

class XmlWriter {
  text = '';
  readonly #options: WriteXmlOptions;
  readonly #indent: string;
  readonly #path: XmlElement[] = [];
  /** The default namespace that was declared last, and how: siblings in one that is not their parent's declare it anew. */
  #declared: string | undefined;
  #declarationText = '';
  /** What was found for the octets of this element last: looking it up for each part of it would be quadratic. */
  #context: { readonly of: XmlElement | undefined; readonly found: OpaqueContext } | undefined;

  constructor(options: WriteXmlOptions) {
    this.#options = options;
    this.#indent = ' '.repeat(options.indent ?? 0);
  }

  element(element: XmlElement, defaultNamespace: string): void {
    const path = this.#path;
    if (path.length >= deepestDocument) throw new ValueError('TOO_LONG', 'elements are nested too deep');
    const { name, namespace } = element;
    this.#name(name);
    path.push(element);
    this.text += `<${name}`;
    if (element.attributes.length > 0) this.#attributes(element, defaultNamespace);
    else if (namespace !== defaultNamespace) this.text += this.#declaration(namespace);
    let empty = true;
    // White space may go only where no text is.
    const pretty = this.#indent !== '' && element.children.length > 0 && element.children.every(isElement);
    for (const child of element.children) {
      const text = isElement(child) ? undefined : this.#textOf(child);
      if (text === '') continue;
      if (empty) this.text += '>';
      empty = false;
      if (pretty) this.text += `\n${this.#indent.repeat(path.length)}`;
      if (text !== undefined) this.text += this.#characterData(text, name);
      else if (isElement(child)) this.element(child, namespace);
    }
    path.pop();
    if (empty && this.#options.canonical !== true) {
      this.text += '/>';
      return;
    }
    if (empty) this.text += '>';
    if (pretty) this.text += `\n${this.#indent.repeat(path.length)}`;
    this.text += `</${name}>`;
  }

  #declaration(namespace: string): string {
    if (namespace !== this.#declared) {
      this.#declared = namespace;
      this.#declarationText = ` xmlns="${this.#attributeText(namespace, 'xmlns')}"`;
    }
    return this.#declarationText;
  }

  #attributes(element: XmlElement, defaultNamespace: string): void {
    const spelled = [...spelledAttributes(element, defaultNamespace)];
    if (this.#options.canonical === true) spelled.sort(([a], [b]) => canonicalOrder(a, b));
    for (const [name, value] of spelled) {
      for (const part of name.split(':')) this.#name(part);
      this.text += ` ${name}="${this.#attributeText(value, name)}"`;
    }
  }

  #characterData(text: string, path: string): string {
    return needsCare.test(text) ? escaped(this.#xmlText(text, path), textEscapes) : text;
  }

  #attributeText(text: string, path: string): string {
    return needsCare.test(text) ? escaped(this.#xmlText(text, path), attributeEscapes) : text;
  }

  #textOf(child: string | Uint8Array): string {
    if (typeof child === 'string') return child;
    const context = this.#opaqueContext();
    if (this.#options.opaqueToText !== undefined) return this.#options.opaqueToText(child, context);
    if (this.#options.lenient === true && bytesToUtf8(child) === undefined) return bytesToBase64(child);
    return opaqueToText(child, context);
  }

  #opaqueContext(): OpaqueContext {
    const of = this.#path.at(-1);
    const known = this.#context;
    if (known !== undefined && known.of === of) return known.found;
    const found = opaqueContext(this.#path);
    this.#context = { of, found };
    return found;
  }

  /** The text itself when XML can carry it. */
  #xmlText(text: string, path: string): string {
    if (isXmlText(text)) return text;
    if (this.#options.lenient === true) return replaceUnfit(text);
    throw new ValueError('BAD_FORMAT', 'text has a character that XML 1.0 cannot carry', path);
  }

  #name(name: string): void {
    if (!isNcName(name)) {
      throw new ValueError('BAD_FORMAT', `${JSON.stringify(name)} is not an XML name`, this.#where());
    }
  }

  #where(): string {
    return this.#path.map((element) => element.name).join('.');
  }
}

// Declarations first, then attributes without a namespace: both in code point order of their names.
function canonicalOrder(a: string, b: string): number {
  const rank = (name: string) =>
    name === 'xmlns' ? 0 : name.startsWith('xmlns:') ? 1 : name.includes(':') ? 3 : 2;
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

/** All but the characters that are written as they are, wherever they stand. */
const needsCare = /[^ !#-%'-;=?-\ud7ff\ue000-\ufffd]/;

/** What stands for a character, by its code. */
type Escapes = readonly (string | undefined)[];

/** Behind the last of the characters that need care, by code. */
const endOfEscapes = 0x40;

function escapesOf(spelled: Readonly<Record<string, string>>): Escapes {
  return Array.from({ length: endOfEscapes }, (_, code) => spelled[String.fromCharCode(code)]);
}

const textEscapes = escapesOf({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' });

const attributeEscapes = escapesOf({
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
});

/** A tree as text has hundreds: by a pattern and a function they would take three times as long. */
function escaped(text: string, escapes: Escapes): string {
  let written = '';
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const spelled = code < endOfEscapes ? escapes[code] : undefined;
    if (spelled === undefined) continue;
    written += text.slice(from, at) + spelled;
    from = at + 1;
  }
  return written + text.slice(from);
}

function replaceUnfit(text: string): string {
  let fit = '';
  for (const character of text) fit += isXmlCodePoint(character.codePointAt(0) ?? 0) ? character : '\ufffd';
  return fit;
}
