// JSON texts that people write (RFC 8259): what is wrong with one, and where. Nothing of the text is ever quoted, because
// it may hold secrets.
import { ValueError } from './errors.ts';
import { lineAndColumn } from './text-place.ts';

/** What makes a text no JSON. */
export interface JsonFault {
  /** Index of the character at fault in the text; its length when it ends too early. */
  readonly index: number;
  /** Line and column of that character, both from 1. */
  readonly line: number;
  readonly column: number;
  /** What is wrong, or what was expected there. */
  readonly detail: string;
}

/**
 * The value of a JSON text; a byte order mark before it is passed over. `name` says what the text is (a file's name, say),
 * and stands in front of the error; `firstLine` is the number of the text's first line in it.
 * @throws {ValueError} BAD_FORMAT with line, column and what was expected there
 */
export function parseJson(text: string, name = '', firstLine = 1): unknown {
  const plain = text.startsWith('\ufeff') ? text.slice(1) : text;
  try {
    return JSON.parse(plain);
  } catch (cause) {
    const fault = jsonFault(plain) ?? { line: 1, column: 1, detail: 'it cannot be read' };
    const where = name === '' ? '' : `${name}: `;
    const place = `line ${fault.line + firstLine - 1}, column ${fault.column}`;
    const detail = `${where}${place}: not JSON: ${fault.detail}`;
    throw new ValueError('BAD_FORMAT', detail, '', undefined, { cause });
  }
}

/** The first thing that makes the text no JSON; `undefined` when it is JSON. Nesting may be as deep as the text is long. */
export function jsonFault(text: string): JsonFault | undefined {
  const found = new JsonScanner(text).fault();
  return found === undefined ? undefined : { ...found, ...lineAndColumn(text, found.index) };
}

type Found = { readonly index: number; readonly detail: string };

class JsonScanner {
  readonly #text: string;
  /** What is open, outermost first. */
  readonly #open: ('{' | '[')[] = [];
  #at = 0;
  /** Expected next: a value, a member's name, or what stands behind a value; `first` where a bracket may close at once. */
  #expect: 'value' | 'first value' | 'name' | 'first name' | 'next' = 'value';

  constructor(text: string) {
    this.#text = text;
  }

  fault(): Found | undefined {
    for (;;) {
      this.#skipSpace();
      const character = this.#text[this.#at];
      if (this.#expect === 'next') {
        if (this.#open.length === 0) {
          return character === undefined ? undefined : this.#here('something stands behind the value');
        }
        const found = this.#behindValue(character);
        if (found !== undefined) return found;
        continue;
      }
      const closes = this.#expect === 'first value' ? ']' : this.#expect === 'first name' ? '}' : undefined;
      if (character !== undefined && character === closes) {
        this.#close();
        continue;
      }
      const isName = this.#expect === 'name' || this.#expect === 'first name';
      const found = isName ? this.#name(character) : this.#value(character);
      if (found !== undefined) return found;
    }
  }

  #behindValue(character: string | undefined): Found | undefined {
    const isList = this.#open.at(-1) === '[';
    const bracket = isList ? ']' : '}';
    if (character === ',') {
      this.#at += 1;
      this.#expect = isList ? 'value' : 'name';
      return undefined;
    }
    if (character === bracket) return this.#close();
    return this.#here(
      character === undefined ? `the text ends, ${bracket} is missing` : `a comma or ${bracket} was expected`,
    );
  }

  #close(): undefined {
    this.#open.pop();
    this.#at += 1;
    this.#expect = 'next';
    return undefined;
  }

  #name(character: string | undefined): Found | undefined {
    if (character === undefined) return this.#here('the text ends, } is missing');
    if (character === '}') return this.#here('a comma with nothing behind it');
    if (character !== '"') return this.#here('a name in double quotes was expected');
    const found = this.#string();
    if (found !== undefined) return found;
    this.#skipSpace();
    if (this.#text[this.#at] !== ':') return this.#here('a colon was expected behind the name');
    this.#at += 1;
    this.#expect = 'value';
    return undefined;
  }

  #value(character: string | undefined): Found | undefined {
    if (character === undefined) return this.#here('the text ends where a value was expected');
    if (character === '{' || character === '[') {
      this.#open.push(character);
      this.#at += 1;
      this.#expect = character === '{' ? 'first name' : 'first value';
      return undefined;
    }
    if (character === ']' && this.#expect === 'value') return this.#here('a comma with nothing behind it');
    this.#expect = 'next';
    if (character === '"') return this.#string();
    const word = /(?:true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?)/y;
    word.lastIndex = this.#at;
    const match = word.exec(this.#text);
    if (match === null) return this.#here('a value was expected; texts stand in double quotes');
    this.#at += match[0].length;
    return undefined;
  }

  /** Passes over a text in quotes. */
  #string(): Found | undefined {
    const text = this.#text;
    for (this.#at += 1; ; this.#at += 1) {
      const character = text[this.#at];
      if (character === undefined) return this.#here('the text ends within quotes');
      if (character === '"') {
        this.#at += 1;
        return undefined;
      }
      if (character < ' ') return this.#here('a line end or control character within quotes');
      if (character !== '\\') continue;
      const next = text[this.#at + 1];
      if (
        next === 'u'
          ? !/^[0-9a-fA-F]{4}$/.test(text.slice(this.#at + 2, this.#at + 6))
          : next === undefined || !'"\\/bfnrt'.includes(next)
      ) {
        return this.#here('a backslash with something behind it that JSON does not know');
      }
      this.#at += 1;
    }
  }

  #skipSpace(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1;
  }

  #here(detail: string): Found {
    return { index: this.#at, detail };
  }
}
