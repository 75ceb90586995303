// Reads the value of one header field forward, and reports failures with their place in the whole input.
import { DecodeError, type DecodeErrorCode, utf8Length } from '../../core/index.ts';
import { sipDocument } from './message.ts';

/** One value: a whole header field, or an element of one that is a list. */
export interface FieldValue {
  readonly text: string;
  /** Name of the header field, for errors. */
  readonly path: string;
  /** Octet of the input at which the text starts; 0 for text that stands for itself. */
  readonly offset: number;
}

/** 1 for each character of a token (RFC 3261 §25.1), by its code. */
const tokenCodes = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9\-.!%*_+`'~]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** Where the token that starts at `at` ends; `at` when none does. */
function endOfToken(text: string, at: number): number {
  let end = at;
  while (tokenCodes[text.charCodeAt(end)] === 1) end += 1;
  return end;
}

/** True for a token (RFC 3261 §25.1). */
export function isToken(text: string): boolean {
  return text !== '' && endOfToken(text, 0) === text.length;
}

/** The part of `text` from `start` to `end` without spaces and tabulators around it, and where it starts. */
export function trimSpace(
  text: string,
  start = 0,
  end = text.length,
): { readonly text: string; readonly start: number } {
  let from = start;
  while (from < end && isSpace(text.charCodeAt(from))) from += 1;
  return { text: text.slice(from, trimEnd(text, end, from)), start: from };
}

/** Where `text` up to `end`, but not before `start`, ends without spaces and tabulators. */
export function trimEnd(text: string, end: number, start = 0): number {
  let to = end;
  while (to > start && isSpace(text.charCodeAt(to - 1))) to -= 1;
  return to;
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** Walks through a value. */
export class FieldReader {
  readonly #field: FieldValue;
  readonly #text: string;
  readonly #section: string;
  #at = 0;

  /** `section` of RFC 3261 is named in errors. */
  constructor(field: FieldValue, section: string) {
    this.#field = field;
    this.#text = field.text;
    this.#section = section;
  }

  /** Character of the next one. */
  get at(): number {
    return this.#at;
  }

  /** True when nothing but white space is left. */
  get atEnd(): boolean {
    this.space();
    return this.#at >= this.#text.length;
  }

  /** The next character, or an empty text at the end. */
  peek(): string {
    return this.#text.charAt(this.#at);
  }

  /** Skips white space; true when there was any. */
  space(): boolean {
    const start = this.#at;
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return this.#at > start;
  }

  /** Skips `separator` with white space around it; false when another character stands there. */
  skip(separator: string): boolean {
    const start = this.#at;
    this.space();
    if (this.#text.charCodeAt(this.#at) !== separator.charCodeAt(0)) {
      this.#at = start;
      return false;
    }
    this.#at += 1;
    this.space();
    return true;
  }

  /** @throws {DecodeError} when `separator` does not follow */
  expect(separator: string): void {
    if (!this.skip(separator)) throw this.error(`"${separator}" expected`);
  }

  /** A token. @throws {DecodeError} when there is none */
  token(what: string): string {
    const start = this.#at;
    this.#at = endOfToken(this.#text, start);
    if (this.#at === start) throw this.error(`${what} expected`);
    return this.#text.slice(start, this.#at);
  }

  /** Everything up to one of `stops`, white space or the end; may be empty. */
  run(stops: string): string {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    while (at < text.length && !isSpace(text.charCodeAt(at)) && !stops.includes(text.charAt(at))) at += 1;
    this.#at = at;
    return text.slice(start, at);
  }

  /** A quoted string with its quotes and escapes. @throws {DecodeError} when it has no end */
  quoted(): string {
    const start = this.#at;
    for (this.#at += 1; ; this.#at += 1) {
      const character = this.peek();
      if (character === '') throw this.error('quoted string without an end', 'BAD_VALUE', start);
      if (character === '\\') {
        this.#at += 1;
      } else if (character === '"') {
        this.#at += 1;
        return this.#text.slice(start, this.#at);
      }
    }
  }

  /** @throws {DecodeError} when anything but white space is left */
  end(): void {
    if (!this.atEnd) throw this.error(`unexpected ${JSON.stringify(this.peek())}`);
  }

  /** An error at the next character, or at `at`. */
  error(detail: string, code: DecodeErrorCode = 'BAD_VALUE', at = this.#at): DecodeError {
    const { text, path, offset } = this.#field;
    const place = { path, offset: offset + utf8Length(text.slice(0, at)), bit: 0 };
    return new DecodeError(code, detail, place, { doc: sipDocument, section: this.#section });
  }
}

/**
 * Cuts a list at its commas, but not within quotes or angle brackets (RFC 3261 §7.3.1). Empty elements are skipped.
 * @throws {DecodeError} when a quoted string has no end
 */
export function splitList(field: FieldValue): readonly FieldValue[] {
  const { text, path, offset } = field;
  // Most are of one element, and begin with it.
  if (!text.includes(',') && !text.includes('"') && text !== '' && !isSpace(text.charCodeAt(0))) {
    return [{ text: trimSpace(text).text, path, offset }];
  }
  const elements: FieldValue[] = [];
  let start = 0;
  let quoted = false;
  let bracketed = false;
  const cut = (end: number): void => {
    const element = trimSpace(text, start, end);
    if (element.text !== '') {
      const before = offset + utf8Length(text.slice(0, element.start));
      elements.push({ text: element.text, path, offset: before });
    }
    start = end + 1;
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '<') bracketed = true;
    else if (character === '>') bracketed = false;
    else if (character === ',' && !bracketed) cut(at);
  }
  if (quoted) throw new FieldReader(field, '25.1').error('quoted string without an end', 'BAD_VALUE', start);
  cut(text.length);
  return elements;
}
