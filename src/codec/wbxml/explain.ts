// One line for each token of a body, for people who debug a peer.
import { type Annotate, type Annotation, bytesToHex, bytesToUtf8 } from '../../core/index.ts';
import { isXmlText, type XmlElement } from '../xml/index.ts';
import type { CodePage } from './code-pages.ts';
import { type WbxmlInput, wbxmlDoc } from './input.ts';
import { attributesFlag, contentFlag, globalTokenName } from './tokens.ts';

/** The lines of octets at `offset` that are a WBXML document themselves; `undefined` when they are not. */
export type ExplainInner = (octets: Uint8Array, offset: number) => readonly Annotation[] | undefined;

/** Turns tokens into annotations. Each method is called when the input stands behind the token. */
export class Explainer {
  readonly #input: WbxmlInput;
  readonly #annotate: Annotate;
  readonly #explainInner: ExplainInner;

  /** `explainInner` explains a document inside OPAQUE. */
  constructor(input: WbxmlInput, annotate: Annotate, explainInner: ExplainInner) {
    this.#input = input;
    this.#annotate = annotate;
    this.#explainInner = explainInner;
  }

  /** A token of any kind, from `at` to where the input stands. */
  token(at: number, field: string, value: string, meaning: string, section: string): void {
    this.#annotate({
      offset: at,
      length: this.#input.at - at,
      field,
      value,
      meaning,
      section: `${wbxmlDoc} §${section}`,
    });
  }

  tag(at: number, token: number, name: string, page: string): void {
    this.token(at, 'tag', startTag(name, token), `${page} tag${flags(token)}`, '5.8.2');
  }

  literal(at: number, token: number, name: string): void {
    const field = globalTokenName(token) ?? '';
    this.token(at, field, startTag(name, token), `tag by name${flags(token)}`, '5.8.4.5');
  }

  end(at: number, closed: XmlElement): void {
    this.token(at, 'END', `</${closed.name}>`, '', '5.8.4.7.1');
  }

  switchPage(at: number, number: number, page: CodePage | undefined): void {
    const meaning = page === undefined ? 'a code page that is not known' : `${page.title} tags follow`;
    this.token(at, 'SWITCH_PAGE', String(number), meaning, '5.8.4.7.2');
  }

  text(at: number, field: 'STR_I' | 'STR_T' | 'ENTITY', text: string, parent: XmlElement | undefined): void {
    const how = { STR_I: 'text', STR_T: 'text from the string table', ENTITY: 'character' }[field];
    this.token(at, field, text, ofElement(how, parent), field === 'ENTITY' ? '5.8.4.3' : '5.8.4.1');
  }

  opaque(at: number, octets: Uint8Array, parent: XmlElement | undefined): void {
    const start = this.#input.at - octets.length;
    const what = ofElement(`${octets.length} octets`, parent);
    const inner = this.#explainInner(octets, start);
    if (inner !== undefined) {
      // The line of the OPAQUE covers its token and length only; the document's own lines follow.
      const section = `${wbxmlDoc} §5.8.4.6`;
      const meaning = `${what}: a WBXML document`;
      this.#annotate({ offset: at, length: start - at, field: 'OPAQUE', value: '', meaning, section });
      for (const annotation of inner) this.#annotate(annotation);
      return;
    }
    const text = bytesToUtf8(octets);
    const value = text !== undefined && isXmlText(text) ? text : bytesToHex(octets);
    this.token(at, 'OPAQUE', value, what, '5.8.4.6');
  }
}

function startTag(name: string, token: number): string {
  return (token & contentFlag) === 0 ? `<${name}/>` : `<${name}>`;
}

function flags(token: number): string {
  const has = [
    (token & attributesFlag) === 0 ? '' : 'attributes',
    (token & contentFlag) === 0 ? '' : 'content',
  ].filter((flag) => flag !== '');
  return has.length === 0 ? '' : `, with ${has.join(' and ')}`;
}

function ofElement(what: string, parent: XmlElement | undefined): string {
  return parent === undefined ? what : `${what} of ${parent.name}`;
}
