// Elements out of the text of a document: markup piece by piece, without recursion.
import type { DecodeErrorCode } from '../../../core/index.ts';
import type { XmlAttribute, XmlElement } from '../document/element.ts';
import { deepestDocument, type XmlLimits } from '../document/limits.ts';
import { nameEnd, nameStartsAt } from '../document/names.ts';
import type { Preview } from '../document/preview.ts';
import { CharacterData } from './character-data.ts';
import { endComment, passDoctype } from './doctype.ts';
import { isSpace, marks, type XmlInput } from './input.ts';
import { skipInstruction } from './instruction.ts';
import { NamespaceScope } from './namespace-scope.ts';
import { OpenElements } from './open-elements.ts';
import type { ReadXmlOptions } from './options.ts';
import { readAttributes, resolveAttributes, resolvePrefix, splitName } from './start-tag.ts';

const noAttributes: readonly XmlAttribute[] = Object.freeze([]);

/** Leaves the reader when a preview has seen enough. */
const stopped = new Error('enough was read');

/** Reads one document. */
export class DocumentReader {
  readonly #input: XmlInput;
  readonly #limits: XmlLimits;
  readonly #maxDepth: number;
  readonly #options: ReadXmlOptions;
  readonly #preview: Preview | undefined;
  readonly #scope = new NamespaceScope();
  readonly #open: OpenElements;
  readonly #characters: CharacterData;
  #elements = 0;
  #doctype = false;

  /** `isCut` says that the document goes on behind the input. */
  constructor(input: XmlInput, isCut: boolean, limits: XmlLimits, options: ReadXmlOptions) {
    this.#input = input;
    this.#limits = limits;
    this.#maxDepth = Math.min(limits.maxDepth, deepestDocument);
    this.#options = options;
    this.#preview = options.preview;
    this.#open = new OpenElements(options.whitespace === 'drop');
    this.#characters = new CharacterData(input);
    input.ending = () => (isCut ? stopped : this.#ending());
  }

  /** The root element. @throws {DecodeError} */
  read(): XmlElement {
    try {
      this.#document();
    } catch (error) {
      if (error !== stopped) throw error;
    }
    return this.#open.root ?? this.#beginning();
  }

  /** What a preview has seen; only the root and its children may be incomplete. */
  #beginning(): XmlElement {
    const root = this.#open.beginning();
    if (root === undefined) throw this.#input.error('TRUNCATED', 'no root element');
    this.#preview?.onCut();
    return root;
  }

  /** What is wrong with a document that ends at the cursor. */
  #ending(): Error {
    const input = this.#input;
    if (this.#elements === 0) return input.error('BAD_VALUE', 'document must contain a root element');
    const unclosed = this.#open.spelled;
    return input.error('TRUNCATED', unclosed === undefined ? 'unexpected end' : `unclosed tag: ${unclosed}`);
  }

  #document(): void {
    const input = this.#input;
    const { text } = input;
    for (;;) {
      const at = text.indexOf('<', input.at);
      const end = at < 0 ? text.length : at;
      if (end > input.at) this.#text(end);
      if (at < 0) break;
      input.at = at + 1;
      this.#markup(text.charCodeAt(at + 1));
    }
    if (this.#open.root === undefined || input.isSpoilt) throw input.ended();
  }

  /** Markup of which the `<` is read, and `code` is next. */
  #markup(code: number): void {
    const input = this.#input;
    switch (code) {
      case marks.slash:
        input.at += 1;
        this.#endTag();
        break;
      case marks.exclamation:
        input.at += 1;
        this.#declaration();
        break;
      case marks.question:
        input.at += 1;
        skipInstruction(input);
        break;
      default:
        this.#startTag();
    }
  }

  /** Text up to `end`, where markup follows or the document ends. */
  #text(end: number): void {
    const input = this.#input;
    const { text } = input;
    if (this.#open.depth === 0) {
      while (input.at < end && isSpace(text.charCodeAt(input.at))) input.at += 1;
      if (input.at < end) throw input.unexpected('text data outside of root node');
      return;
    }
    const found = this.#characters.read(end);
    // What a document ends in, or is cut in, belongs to nothing.
    if (end < text.length) this.#open.addText(found);
  }

  /** Comments, CDATA sections and DOCTYPE, behind their `<!`. */
  #declaration(): void {
    const input = this.#input;
    const { text, at } = input;
    if (text.startsWith('--', at)) {
      input.at = at + 2;
      input.through('--');
      if (this.#options.comments === 'refuse') throw input.error('UNSUPPORTED', 'comments are not allowed');
      endComment(input);
    } else if (text.startsWith('[CDATA[', at)) {
      input.at = at + 7;
      if (this.#open.depth === 0) throw input.error('BAD_VALUE', 'text data outside of root node');
      this.#open.addText(input.through(']]>'));
    } else if (text.startsWith('DOCTYPE', at)) {
      input.at = at + 7;
      this.#documentType();
    } else {
      // A longer text may begin one of them.
      throw at + 7 > text.length ? input.ended() : input.error('BAD_VALUE', 'incorrect syntax');
    }
  }

  #documentType(): void {
    const input = this.#input;
    if (this.#doctype || this.#elements > 0) {
      throw input.error('BAD_VALUE', 'inappropriately located doctype declaration');
    }
    this.#doctype = true;
    passDoctype(input, this.#options);
  }

  #startTag(): void {
    const input = this.#input;
    const { text, at } = input;
    if (!nameStartsAt(text, at)) throw input.unexpected('disallowed character in tag name');
    const end = nameEnd(text, at);
    if (end === text.length) throw input.ended();
    const name = text.slice(at, end);
    input.at = end;
    this.#count();
    const depth = this.#open.depth + 1;
    const isPlain = !isSpace(text.charCodeAt(end));
    const spelled = isPlain ? [] : readAttributes(input, this.#scope, depth, this.#limits.maxAttributes);
    const isEmpty = text.charCodeAt(input.at) === marks.slash;
    if (isEmpty) input.at += 1;
    if (text.charCodeAt(input.at) !== marks.greater) {
      throw input.unexpected(
        isEmpty ? 'forward-slash in opening tag not followed by >' : 'disallowed character in tag name',
      );
    }
    input.at += 1;
    const { prefix, local } = splitName(input, name);
    if (prefix === 'xmlns') throw input.error('BAD_VALUE', 'tags may not have "xmlns" as prefix');
    const namespace = prefix === '' ? this.#scope.default : resolvePrefix(input, this.#scope, prefix);
    const attributes = spelled.length === 0 ? noAttributes : resolveAttributes(input, this.#scope, spelled);
    this.#open.open(name, local, namespace, attributes);
    if (isEmpty) this.#close();
  }

  /** One more element, whose name is read. */
  #count(): void {
    const { maxElements } = this.#limits;
    this.#elements += 1;
    if (this.#elements > maxElements) throw this.#uncalledFor('LIMIT', `more than ${maxElements} elements`);
    if (this.#open.depth >= this.#maxDepth) {
      throw this.#uncalledFor('LIMIT', `more than ${this.#maxDepth} nested elements`);
    }
    if (this.#open.root !== undefined) {
      throw this.#uncalledFor('BAD_VALUE', 'documents may contain only one root');
    }
  }

  /** An error about an element, of which the character behind its name is read as well. */
  #uncalledFor(code: DecodeErrorCode, detail: string): Error {
    this.#input.pass();
    return this.#input.error(code, detail);
  }

  #endTag(): void {
    const input = this.#input;
    const { text, at } = input;
    const wanted = this.#open.spelled;
    if (wanted !== undefined && text.startsWith(wanted, at)) {
      const end = at + wanted.length;
      if (text.charCodeAt(end) === marks.greater) {
        input.at = end + 1;
        this.#close();
        return;
      }
    }
    input.at = nameEnd(text, at);
    const name = text.slice(at, input.at);
    input.space();
    if (text.charCodeAt(input.at) !== marks.greater) {
      throw input.unexpected('disallowed character in closing tag');
    }
    input.at += 1;
    if (name === '') throw input.error('BAD_VALUE', 'weird empty close tag');
    if (wanted === undefined) throw input.error('BAD_VALUE', `unmatched closing tag: ${name}`);
    if (name !== wanted) throw input.error('BAD_VALUE', 'unexpected close tag');
    this.#close();
  }

  #close(): void {
    const { depth } = this.#open;
    const closed = this.#open.close();
    this.#scope.leave(depth);
    if (this.#preview?.enough(closed, depth) === true) throw stopped;
  }
}
