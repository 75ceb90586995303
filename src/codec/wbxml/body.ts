// The body of a WBXML document: tokens to elements, without recursion (WBXML-1.3 §5.8).
import type { Preview, XmlAttribute, XmlElement, XmlNode } from '../xml/index.ts';
import { deepestDocument, joinBytes } from '../xml/index.ts';
import { AttributeReader, type SpelledAttribute } from './attribute-reader.ts';
import type { CodePage } from './code-pages.ts';
import type { Explainer } from './explain.ts';
import type { WbxmlHeader } from './header.ts';
import type { WbxmlInput } from './input.ts';
import { NamespaceScopes } from './namespace-scopes.ts';
import { attributesFlag, contentFlag, globalTokens as G } from './tokens.ts';

/** An element while its content is read. */
interface OpenElement extends XmlElement {
  readonly children: XmlNode[];
}

const noAttributes: readonly XmlAttribute[] = Object.freeze([]);
const noChildren: readonly XmlNode[] = Object.freeze([]);

/** Reads one body. */
export class BodyReader {
  readonly #input: WbxmlInput;
  readonly #header: WbxmlHeader;
  readonly #explain: Explainer | undefined;
  readonly #attributes: AttributeReader;
  readonly #scopes = new NamespaceScopes();
  readonly #open: OpenElement[] = [];
  /** Open elements with OPAQUE next to OPAQUE: joined once, at their END, since joining each time would be quadratic. */
  readonly #split = new Set<OpenElement>();
  readonly #maxDepth: number;
  readonly #preview: Preview | undefined;
  #enough = false;
  #page: CodePage | undefined;
  #pageNumber = 0;
  #elements = 0;
  #root: XmlElement | undefined;

  /** `meaningless` says what to do with EXT_* and PI. */
  constructor(
    input: WbxmlInput,
    header: WbxmlHeader,
    meaningless: 'refuse' | 'skip',
    explain: Explainer | undefined,
    preview: Preview | undefined,
  ) {
    this.#preview = preview;
    this.#input = input;
    this.#header = header;
    this.#explain = explain;
    this.#attributes = new AttributeReader(input, header, meaningless, explain);
    this.#page = header.space.pages[0];
    this.#maxDepth = Math.min(input.limits.maxDepth, deepestDocument);
    input.path = () => this.#path();
  }

  /** The root element; nothing but processing instructions may stand around it. @throws {DecodeError} */
  read(): XmlElement {
    const input = this.#input;
    const end = input.octets.length;
    const last = this.#preview === undefined ? end : Math.min(end, this.#preview.length);
    while (input.at < last && !this.#enough) {
      const at = input.at;
      const token = input.octets[at] ?? 0;
      if (this.#root !== undefined && this.#open.length === 0 && token !== G.PI) {
        throw input.error('TRAILING', `${end - at} octets after the root element`, '5.3');
      }
      input.at = at + 1;
      switch (token) {
        case G.STR_I: {
          const text = input.inlineString();
          this.#explain?.text(at, 'STR_I', text, this.#open.at(-1));
          this.#addText(at, text);
          break;
        }
        case G.END:
          this.#end(at);
          break;
        case G.SWITCH_PAGE:
          this.#switchPage(at);
          break;
        case G.STR_T: {
          const text = input.tableString(this.#header.table);
          this.#explain?.text(at, 'STR_T', text, this.#open.at(-1));
          this.#addText(at, text);
          break;
        }
        case G.OPAQUE:
          this.#opaque(at);
          break;
        case G.ENTITY: {
          const text = input.entity(at);
          this.#explain?.text(at, 'ENTITY', text, this.#open.at(-1));
          this.#addText(at, text);
          break;
        }
        case G.LITERAL:
        case G.LITERAL_C:
        case G.LITERAL_A:
        case G.LITERAL_AC:
          this.#literal(at, token);
          break;
        case G.PI:
          this.#attributes.processingInstruction(at);
          break;
        case G.EXT_I_0:
        case G.EXT_I_1:
        case G.EXT_I_2:
        case G.EXT_T_0:
        case G.EXT_T_1:
        case G.EXT_T_2:
        case G.EXT_0:
        case G.EXT_1:
        case G.EXT_2:
          this.#attributes.extension(at, token);
          break;
        default:
          this.#tag(at, token);
      }
    }
    if (input.at < end && this.#root !== undefined && this.#open.length > 0)
      return this.#beginning(this.#root);
    const unclosed = this.#open.at(-1);
    if (unclosed !== undefined) {
      throw input.error('TRUNCATED', `${unclosed.name} is not closed`, '5.8.4.7.1');
    }
    if (this.#root === undefined) throw input.error('TRUNCATED', 'no root element', '5.3');
    return this.#root;
  }

  /** What a preview has seen; only the root and its children may be incomplete. */
  #beginning(root: XmlElement): XmlElement {
    if (this.#open.length > 2) this.#open[1]?.children.pop();
    this.#preview?.onCut();
    return root;
  }

  #tag(at: number, token: number): void {
    const page = this.#page;
    const name = page?.names[token & 0x3f];
    if (page === undefined || name === undefined) {
      const title = page === undefined ? 'which is not known' : page.title;
      const shown = `0x${(token & 0x3f).toString(16).padStart(2, '0')}`;
      throw this.#input.error(
        'BAD_VALUE',
        `unknown tag ${shown} on code page ${this.#pageNumber}, ${title}`,
        '5.8.2',
        at,
      );
    }
    this.#explain?.tag(at, token, name, page.title);
    const attributes =
      token >= attributesFlag ? this.#attributesOf(this.#attributes.list(), page.namespace) : noAttributes;
    this.#add(at, (token & contentFlag) !== 0, name, page.namespace, attributes, page.namespace);
  }

  #attributesOf(spelled: readonly SpelledAttribute[], namespace: string): readonly XmlAttribute[] {
    // The page says the namespace; an attribute may repeat it.
    const declared = spelled.find(({ name }) => name === 'xmlns');
    if (declared !== undefined && declared.value !== namespace) {
      const detail = `namespace ${JSON.stringify(declared.value.slice(0, 80))} on a tag of ${JSON.stringify(namespace)}`;
      throw this.#input.error('BAD_VALUE', detail, '5.8.2', declared.at);
    }
    return this.#scopes.attributes(this.#input, this.#open.length, spelled);
  }

  #literal(at: number, token: number): void {
    const spelledName = this.#input.tableString(this.#header.table);
    this.#explain?.literal(at, token, spelledName);
    const spelled = token >= attributesFlag ? this.#attributes.list() : [];
    const attributes = this.#scopes.attributes(this.#input, this.#open.length, spelled);
    const scope = this.#scopes.literal(this.#input, this.#open.length, at, spelledName, spelled);
    const content = (token & contentFlag) !== 0;
    this.#add(at, content, scope.name, scope.namespace, attributes, scope.defaultNamespace);
  }

  #add(
    at: number,
    content: boolean,
    name: string,
    namespace: string,
    attributes: readonly XmlAttribute[],
    defaultNamespace: string,
  ): void {
    const input = this.#input;
    const depth = this.#open.length + 1;
    this.#elements += 1;
    if (this.#elements > input.limits.maxElements) {
      throw input.error('LIMIT', `more than ${input.limits.maxElements} elements`, '', at);
    }
    if (depth > this.#maxDepth) {
      throw input.error('LIMIT', `elements nested more than ${this.#maxDepth} deep`, '', at);
    }
    let children: readonly XmlNode[] = noChildren;
    let open = content;
    if (content) {
      // Most elements hold one inline string: these are never opened. With lines to explain, tokens go one by one.
      const text = this.#explain === undefined && input.octets[input.at] === G.STR_I ? this.#firstText() : '';
      children = text === '' ? [] : [text];
      if (this.#explain === undefined && input.octets[input.at] === G.END) {
        input.at += 1;
        open = false;
      }
    }
    const element: XmlElement = { name, namespace, attributes, children };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
    if (open) {
      this.#scopes.enter(depth, defaultNamespace);
      this.#open.push(element as OpenElement);
    } else {
      this.#scopes.discard();
      this.#ended(element, depth);
    }
  }

  #ended(element: XmlElement, depth: number): void {
    if (this.#preview?.enough(element, depth) === true) this.#enough = true;
  }

  #firstText(): string {
    this.#input.at += 1;
    return this.#input.inlineString();
  }

  #end(at: number): void {
    const closed = this.#open.pop();
    if (closed === undefined)
      throw this.#input.error('BAD_VALUE', 'END without an open element', '5.8.4.7.1', at);
    if (this.#split.delete(closed)) joinOctets(closed.children);
    this.#explain?.end(at, closed);
    this.#ended(closed, this.#open.length + 1);
  }

  #switchPage(at: number): void {
    this.#pageNumber = this.#input.u8('5.8.4.7.2');
    this.#page = this.#header.space.pages[this.#pageNumber];
    this.#explain?.switchPage(at, this.#pageNumber, this.#page);
  }

  #opaque(at: number): void {
    const octets = this.#input.opaque(at);
    const parent = this.#open.at(-1);
    this.#explain?.opaque(at, octets, parent);
    if (parent === undefined) throw this.#outside(at);
    if (octets.length === 0) return;
    if (parent.children.at(-1) instanceof Uint8Array) this.#split.add(parent);
    parent.children.push(octets);
  }

  #addText(at: number, text: string): void {
    const children = this.#open.at(-1)?.children;
    if (children === undefined) throw this.#outside(at);
    if (text === '') return;
    const last = children.length - 1;
    const before = last < 0 ? undefined : children[last];
    if (typeof before === 'string') children[last] = before + text;
    else children.push(text);
  }

  #outside(at: number): Error {
    return this.#input.error('BAD_VALUE', 'content outside the root element', '5.3', at);
  }

  #path(): string {
    const names = this.#open.slice(-8).map(({ name }) => name.slice(0, 40));
    return (this.#open.length > names.length ? '….' : '') + names.join('.');
  }
}

/** Makes one part of each run of octets. */
function joinOctets(children: XmlNode[]): void {
  const all = children.splice(0);
  let run: Uint8Array[] = [];
  for (const child of [...all, undefined]) {
    if (child instanceof Uint8Array) {
      run.push(child);
      continue;
    }
    if (run.length > 0) children.push(joinBytes(run));
    run = [];
    if (child !== undefined) children.push(child);
  }
}
