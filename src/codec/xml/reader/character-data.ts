// Text between markup, with its references resolved (XML-1.0 §2.4).
import type { XmlInput } from './input.ts';
import { readReference } from './references.ts';

/** Reads the texts of one document, in their order. */
export class CharacterData {
  readonly #input: XmlInput;
  /** Where the next `&` and `]]>` stand: they are rare, so most texts are known to have none. */
  #reference = -1;
  #sectionEnd = -1;

  constructor(input: XmlInput) {
    this.#input = input;
  }

  /** The text from the cursor up to `end`, where the cursor is afterwards. @throws {DecodeError} BAD_VALUE, TRUNCATED */
  read(end: number): string {
    const input = this.#input;
    if (this.#sectionEnd < input.at) this.#sectionEnd = next(input, ']]>');
    const found = this.#upTo(Math.min(end, this.#sectionEnd));
    if (this.#sectionEnd < end) {
      input.at = this.#sectionEnd + 3;
      throw input.error('BAD_VALUE', 'the string "]]>" is disallowed in char data');
    }
    return found;
  }

  #upTo(end: number): string {
    const input = this.#input;
    const { text } = input;
    let found = '';
    for (;;) {
      const from = input.at;
      if (this.#reference < from) this.#reference = next(input, '&');
      if (this.#reference >= end) {
        input.at = end;
        return found + text.slice(from, end);
      }
      input.at = this.#reference;
      found += text.slice(from, input.at) + readReference(input);
    }
  }
}

/** Where the next `mark` stands; never, when there is none. */
function next(input: XmlInput, mark: string): number {
  const at = input.text.indexOf(mark, input.at);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}
