// The text of one document while it is read: a cursor, the steps that all readers share, and errors that say where.
import { DecodeError, type DecodeErrorCode } from '../../../core/index.ts';
import { disallowed } from '../document/disallowed.ts';
import { placeOf, withLineFeeds } from './place.ts';

/** Short name of the document that errors refer to. */
export const xmlDoc = 'XML-1.0';

/** Codes of the characters that markup is made of. */
export const marks = {
  tab: 9,
  lineFeed: 10,
  space: 32,
  exclamation: 33,
  quote: 34,
  hash: 35,
  ampersand: 38,
  apostrophe: 39,
  slash: 47,
  semicolon: 59,
  less: 60,
  equals: 61,
  greater: 62,
  question: 63,
  bracket: 91,
  closingBracket: 93,
} as const;

/** A cursor over the document. `at` may be moved by whoever reads. */
export class XmlInput {
  /** The document with LF at the end of its lines, up to the first character that XML does not allow. */
  readonly text: string;
  /** Index of the next character. */
  at = 0;
  /** True when `text` ends before a character that is not allowed. */
  readonly isSpoilt: boolean;
  /** What is wrong when the document ends here; set by who knows what is open. */
  ending: () => Error = () => this.error('TRUNCATED', 'unexpected end');
  readonly #before: string;
  readonly #source: string;

  /**
   * @param source the document, well-formed UTF-16
   * @param before what was passed over in front of it, for offsets
   */
  constructor(source: string, before: string) {
    this.#before = before;
    this.#source = source;
    const text = withLineFeeds(source);
    const bad = text.search(disallowed);
    this.isSpoilt = bad >= 0;
    this.text = bad < 0 ? text : text.slice(0, bad);
  }

  /** Moves over white space, and says whether there was any. */
  space(): boolean {
    const { text, at } = this;
    let end = at;
    while (isSpace(text.charCodeAt(end))) end += 1;
    this.at = end;
    return end > at;
  }

  /** Moves behind the next `mark`, and returns what stands before it. @throws when there is none */
  through(mark: string): string {
    const { text, at } = this;
    const end = text.indexOf(mark, at);
    if (end < 0) throw this.ended();
    this.at = end + mark.length;
    return text.slice(at, end);
  }

  /** What is wrong where the text ends: a character that is not allowed, or nothing more. */
  ended(): Error {
    this.at = this.text.length;
    if (!this.isSpoilt) return this.ending();
    this.at += 1;
    return this.error('BAD_VALUE', 'disallowed character');
  }

  /** Moves over the character at the cursor, and says whether there was one. */
  pass(): boolean {
    const point = this.text.codePointAt(this.at);
    if (point === undefined) return false;
    this.at += point > 0xffff ? 2 : 1;
    return true;
  }

  /** An error about the character at the cursor; where there is none, about the end of the document. */
  unexpected(detail: string): Error {
    return this.pass() ? this.error('BAD_VALUE', detail) : this.ended();
  }

  /** An error that says that reading has come to the cursor. */
  error(code: DecodeErrorCode, detail: string): DecodeError {
    // Names are quoted, and may be of any length.
    const short = detail.length > 120 ? `${detail.slice(0, 120)}…` : detail;
    const at = placeOf(this.#before, this.#source, this.at);
    return new DecodeError(code, short, at, { doc: xmlDoc, section: '' });
  }
}

/** True for white space of XML, lines ended by LF. */
export function isSpace(code: number): boolean {
  return code === marks.space || code === marks.lineFeed || code === marks.tab;
}
