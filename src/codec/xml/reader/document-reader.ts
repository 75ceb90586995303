// Elements out of the text of a document: markup piece by piece, without recursion.
import type { DecodeErrorCode } from '../../../core/index.ts';
import { isElement, type XmlAttribute, type XmlElement, type XmlNode } from '../document/element.ts';
import { deepestDocument, type XmlLimits } from '../document/limits.ts';
import { nameEnd, nameStartsAt } from '../document/names.ts';
import type { Preview } from '../document/preview.ts';
import { endComment, entityIn, isHarmlessSubset, readDoctype } from './doctype.ts';
import { isSpace, marks, type XmlInput } from './input.ts';
import { skipInstruction } from './instruction.ts';
import { NamespaceScope } from './namespace-scope.ts';
import type { ReadXmlOptions } from './options.ts';
import { readReference } from './references.ts';
import { readAttributes, resolveAttributes, resolvePrefix, splitName } from './start-tag.ts';

/** An element while its content is read. */
interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  readonly attributes: readonly XmlAttribute[];
  children: XmlNode[];
}

const noAttributes: readonly XmlAttribute[] = Object.freeze([]);
const noChildren: readonly XmlNode[] = Object.freeze([]);

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
  readonly #open: OpenElement[] = [];
  /** Names of the open elements as they are spelled. */
  readonly #names: string[] = [];
  #elements = 0;
  #doctype = false;
  #root: XmlElement | undefined;
  /** Where the next `&` and `]]>` stand that the cursor has not passed: both are rare. */
  #reference = -1;
  #sectionEnd = -1;

  /** `isCut` says that the document goes on behind the input. */
  constructor(input: XmlInput, isCut: boolean, limits: XmlLimits, options: ReadXmlOptions) {
    this.#input = input;
    this.#limits = limits;
    this.#maxDepth = Math.min(limits.maxDepth, deepestDocument);
    this.#options = options;
    this.#preview = options.preview;
    input.ending = () => (isCut ? stopped : this.#ending());
  }

  /** The root element. @throws {DecodeError} */
  read(): XmlElement {
    try {
      this.#document();
    } catch (error) {
      if (error !== stopped) throw error;
    }
    return this.#root ?? this.#beginning();
  }

  /** What a preview has seen; only the root and its children may be incomplete. */
  #beginning(): XmlElement {
    const [root, child] = this.#open;
    if (root === undefined) throw this.#input.error('TRUNCATED', 'no root element');
    if (child !== undefined) append(root, child);
    this.#preview?.onCut();
    return root;
  }

  /** What is wrong with a document that ends at the cursor. */
  #ending(): Error {
    const input = this.#input;
    if (this.#elements === 0) return input.error('BAD_VALUE', 'document must contain a root element');
    const unclosed = this.#names.at(-1);
    return input.error('TRUNCATED', unclosed === undefined ? 'unexpected end' : `unclosed tag: ${unclosed}`);
  }

  #document(): void {
    const input = this.#input;
    const { text } = input;
    for (;;) {
      const at = text.indexOf('<', input.at);
      const end = at < 0 ? text.length : at;
      if (end > input.at) this.#characters(end);
      if (at < 0) break;
      input.at = at + 1;
      this.#markup(text.charCodeAt(at + 1));
    }
    if (this.#root === undefined || input.isSpoilt) throw input.ended();
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
  #characters(end: number): void {
    const input = this.#input;
    const { text } = input;
    if (this.#open.length === 0) {
      while (input.at < end && isSpace(text.charCodeAt(input.at))) input.at += 1;
      if (input.at < end) throw input.unexpected('text data outside of root node');
      return;
    }
    if (this.#sectionEnd < input.at) this.#sectionEnd = next(text, ']]>', input.at);
    const until = Math.min(end, this.#sectionEnd);
    let found = '';
    for (;;) {
      const from = input.at;
      if (this.#reference < from) this.#reference = next(text, '&', from);
      if (this.#reference >= until) {
        found += text.slice(from, until);
        break;
      }
      input.at = this.#reference;
      found += text.slice(from, input.at) + readReference(input);
    }
    if (until < end) {
      input.at = until + 3;
      throw input.error('BAD_VALUE', 'the string "]]>" is disallowed in char data');
    }
    input.at = end;
    // What a document ends in, or is cut in, belongs to nothing.
    if (end < text.length) this.#addText(found);
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
      if (this.#open.length === 0) throw input.error('BAD_VALUE', 'text data outside of root node');
      this.#addText(input.through(']]>'));
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
    const options = this.#options;
    if (this.#doctype || this.#elements > 0) {
      throw input.error('BAD_VALUE', 'inappropriately located doctype declaration');
    }
    this.#doctype = true;
    const { text, subset } = readDoctype(input);
    if (options.doctype !== 'ignore') throw input.error('UNSUPPORTED', 'DOCTYPE is not allowed');
    const isAllowed =
      subset === undefined || (options.internalSubset === 'instructions' && isHarmlessSubset(subset));
    if (!isAllowed) {
      const detail = `an internal DTD subset is not allowed${entityIn(subset)}`;
      throw input.error('UNSUPPORTED', detail);
    }
    options.onDoctype?.(text);
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
    const depth = this.#open.length + 1;
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
    const element: OpenElement = { name: local, namespace, attributes, children: noChildren as XmlNode[] };
    this.#names.push(name);
    this.#open.push(element);
    if (isEmpty) this.#close();
  }

  /** One more element, whose name is read. */
  #count(): void {
    const { maxElements } = this.#limits;
    this.#elements += 1;
    if (this.#elements > maxElements) throw this.#uncalledFor('LIMIT', `more than ${maxElements} elements`);
    if (this.#open.length >= this.#maxDepth) {
      throw this.#uncalledFor('LIMIT', `more than ${this.#maxDepth} nested elements`);
    }
    if (this.#root !== undefined) {
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
    const wanted = this.#names.at(-1);
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
    const depth = this.#open.length;
    const closed = this.#open.pop();
    if (closed === undefined) return;
    this.#names.pop();
    this.#scope.leave(depth);
    if (this.#options.whitespace === 'drop' && closed.children.some(isElement)) {
      closed.children = closed.children.filter((child) => typeof child !== 'string' || child.trim() !== '');
    }
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = closed;
    else append(parent, closed);
    if (this.#preview?.enough(closed, depth) === true) throw stopped;
  }

  #addText(text: string): void {
    const parent = this.#open.at(-1);
    if (parent === undefined || text === '') return;
    const { children } = parent;
    const last = children.at(-1);
    if (typeof last === 'string') children[children.length - 1] = last + text;
    else append(parent, text);
  }
}

/** Most elements have one child or none: the first makes a list of one, without room for more. */
function append(parent: OpenElement, child: XmlNode): void {
  if (parent.children.length === 0) parent.children = [child];
  else parent.children.push(child);
}

/** Where `mark` stands next; never, when it does not. */
function next(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}
