// Elements to WBXML. The body is written first; the string table in front of it is known only then.
import { ValueError } from '../../core/index.ts';
import {
  deepestDocument,
  isElement,
  isNcName,
  spelledAttributes,
  type XmlElement,
  type XmlNode,
} from '../xml/index.ts';
import type { PagedToken } from './attribute-pages.ts';
import { type CodePage, type CodeSpace, codeSpaces } from './code-pages.ts';
import type { WbxmlVersion } from './decode.ts';
import { defaultWbxmlLimits, type WbxmlLimits } from './limits.ts';
import { WbxmlOutput } from './output.ts';
import { publicIdentifier, publicIdOf } from './public-id.ts';
import { SharedParts } from './shared-parts.ts';
import { repeatedTexts, TableWriter } from './table-writer.ts';
import { attributesFlag, contentFlag, globalTokens as G } from './tokens.ts';

/** How to encode a WBXML document. */
export interface EncodeWbxmlOptions {
  /** Default `1.2`. */
  readonly version?: WbxmlVersion;
  /** Public identifier by number, or as text in the string table. Default: the one of the root's namespace. */
  readonly publicId?: number | string;
  /** True puts repeated text into the string table. Default false. Literal names are always there. */
  readonly stringTable?: boolean;
  /**
   * Texts that go into the string table where they occur, also within longer text and values of attributes, if that makes the
   * document shorter. Readers join strings that follow one another (WBXML-1.3 §5.8). Default none.
   */
  readonly sharedParts?: readonly string[];
  readonly limits?: Partial<WbxmlLimits>;
}

const versionOctets: Readonly<Record<WbxmlVersion, number>> = { '1.1': 0x01, '1.2': 0x02, '1.3': 0x03 };
const utf8MibEnum = 106;

/**
 * Encodes the document in UTF-8. Elements and attributes without a token are written as literals, octets as OPAQUE, and
 * text with a NUL as OPAQUE as well, since a string cannot hold one.
 * @throws {ValueError} TOO_LONG beyond a limit, BAD_FORMAT for a name or text that cannot be carried, OUT_OF_RANGE for the
 * version or the public identifier
 */
export function encodeWbxml(root: XmlElement, options: EncodeWbxmlOptions = {}): Uint8Array {
  const limits =
    options.limits === undefined ? defaultWbxmlLimits : { ...defaultWbxmlLimits, ...options.limits };
  const version = versionOctets[options.version ?? '1.2'];
  if (version === undefined) {
    throw new ValueError('OUT_OF_RANGE', `${options.version} is not 1.1, 1.2 or 1.3`, 'version');
  }
  const publicId = options.publicId ?? publicIdOf(root.namespace);
  const table = new TableWriter(limits.maxStringTable);
  const head = [version];
  if (typeof publicId === 'string') {
    head.push(0);
    pushInteger(head, table.offsetOf(publicId));
  } else {
    if (!Number.isInteger(publicId) || publicId < 1 || publicId > 0xffffffff) {
      throw new ValueError('OUT_OF_RANGE', 'must be an integer from 1 to 4294967295, or text', 'publicId');
    }
    pushInteger(head, publicId);
  }
  const space = publicIdentifier(publicId)?.space ?? defaultSpace(root.namespace);
  const repeated = options.stringTable === true ? repeatedTexts(root) : undefined;
  const shared = options.sharedParts === undefined ? undefined : SharedParts.in(root, options.sharedParts);
  const out = new WbxmlOutput(limits.maxOctets);
  new BodyWriter(out, space, table, { repeated, shared }, limits).element(root, '');
  pushInteger(head, utf8MibEnum);
  pushInteger(head, table.length);
  return out.finish(head, table.view());
}

/** mb_u_int32 at the end of `octets`. */
function pushInteger(octets: number[], value: number): void {
  for (let shift = 28; shift > 0; shift -= 7) {
    if (value >= 2 ** shift) octets.push((Math.floor(value / 2 ** shift) & 0x7f) | 0x80);
  }
  octets.push(value & 0x7f);
}

// A document whose identifier is unknown is read with the tables of SyncML 1.2.
function defaultSpace(rootNamespace: string): CodeSpace {
  return codeSpaces.devinf12.byNamespace.has(rootNamespace) ? codeSpaces.devinf12 : codeSpaces.syncml12;
}

class BodyWriter {
  readonly #out: WbxmlOutput;
  readonly #space: CodeSpace;
  readonly #table: TableWriter;
  readonly #repeated: ReadonlySet<string> | undefined;
  readonly #shared: SharedParts | undefined;
  readonly #limits: WbxmlLimits;
  readonly #maxDepth: number;
  #page = 0;
  #attributePage = 0;
  #depth = 0;
  #elements = 0;
  #lastNamespace: string | undefined;
  #lastPage: CodePage | undefined;

  constructor(
    out: WbxmlOutput,
    space: CodeSpace,
    table: TableWriter,
    { repeated, shared }: { repeated: ReadonlySet<string> | undefined; shared: SharedParts | undefined },
    limits: WbxmlLimits,
  ) {
    this.#out = out;
    this.#space = space;
    this.#table = table;
    this.#repeated = repeated;
    this.#shared = shared;
    this.#limits = limits;
    this.#maxDepth = Math.min(limits.maxDepth, deepestDocument);
  }

  element(element: XmlElement, defaultNamespace: string): void {
    const out = this.#out;
    this.#depth += 1;
    this.#elements += 1;
    this.#checkLimits();
    const { namespace, children } = element;
    const content = hasContent(children) ? contentFlag : 0;
    if (namespace !== this.#lastNamespace) {
      this.#lastNamespace = namespace;
      this.#lastPage = this.#space.byNamespace.get(namespace);
    }
    const page = this.#lastPage;
    const token = page?.tokens.get(element.name);
    if (page !== undefined && token !== undefined) {
      if (page.number !== this.#page) {
        out.token(G.SWITCH_PAGE);
        out.token(page.number);
        this.#page = page.number;
      }
      if (element.attributes.length > 0) {
        out.token(token | content | attributesFlag);
        // The page says the namespace, so it is not spelled.
        this.#attributes(spelledAttributes(element, namespace));
      } else {
        out.token(token | content);
      }
    } else {
      const attributes = spelledAttributes(element, defaultNamespace);
      out.token(G.LITERAL | content | (attributes.length > 0 ? attributesFlag : 0));
      out.integer(this.#table.offsetOf(this.#name(element.name)));
      if (attributes.length > 0) this.#attributes(attributes);
    }
    if (content !== 0) {
      for (const child of children) {
        if (typeof child === 'string') {
          if (child !== '') this.#text(child, element.name);
        } else if (isElement(child)) this.element(child, namespace);
        else if (child.length > 0) this.#opaque(child, element.name);
      }
      out.token(G.END);
    }
    this.#depth -= 1;
  }

  #attributes(attributes: readonly (readonly [string, string])[]): void {
    if (attributes.length > this.#limits.maxAttributes) {
      throw new ValueError('TOO_LONG', `more than ${this.#limits.maxAttributes} attributes`);
    }
    for (const [name, value] of attributes) {
      for (const part of name.split(':')) this.#name(part);
      if (value.includes('\0')) throw new ValueError('BAD_FORMAT', 'an attribute cannot hold a NUL', name);
      this.#attribute(name, value);
    }
    this.#out.token(G.END);
  }

  #attribute(name: string, value: string): void {
    const tokens = this.#space.attributes;
    const whole = tokens?.tokenOfAttribute(name, value);
    if (whole !== undefined) {
      this.#attributeToken(whole);
      return;
    }
    const start = tokens?.tokenOfName(name);
    if (start === undefined) {
      this.#out.token(G.LITERAL);
      this.#out.integer(this.#table.offsetOf(name));
    } else {
      this.#attributeToken(start);
    }
    const token = tokens?.tokenOfValue(value);
    if (token === undefined) this.#text(value, name);
    else this.#attributeToken(token);
  }

  #attributeToken({ page, token }: PagedToken): void {
    if (page !== this.#attributePage) {
      this.#out.token(G.SWITCH_PAGE);
      this.#out.token(page);
      this.#attributePage = page;
    }
    this.#out.token(token);
  }

  #text(text: string, path: string): void {
    for (const piece of this.#shared?.split(text) ?? [text]) {
      if (this.#repeated?.has(piece) === true || this.#shared?.has(piece) === true) {
        this.#out.token(G.STR_T);
        this.#out.integer(this.#table.offsetOf(piece));
      } else {
        this.#out.text(piece, path);
      }
    }
  }

  #opaque(octets: Uint8Array, path: string): void {
    if (octets.length > this.#limits.maxOpaque) {
      throw new ValueError('TOO_LONG', `more than ${this.#limits.maxOpaque} octets`, path);
    }
    this.#out.opaque(octets);
  }

  #name(name: string): string {
    if (!isNcName(name)) {
      throw new ValueError('BAD_FORMAT', `${JSON.stringify(name)} is not an XML name`);
    }
    return name;
  }

  #checkLimits(): void {
    const { maxElements } = this.#limits;
    if (this.#depth > this.#maxDepth) {
      throw new ValueError('TOO_LONG', `elements nested more than ${this.#maxDepth} deep`);
    }
    if (this.#elements > maxElements) throw new ValueError('TOO_LONG', `more than ${maxElements} elements`);
  }
}

function hasContent(children: readonly XmlNode[]): boolean {
  for (const child of children) if (isElement(child) || child.length > 0) return true;
  return false;
}
