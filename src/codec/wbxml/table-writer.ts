// The string table of a document that is written.
import { ByteWriter, ValueError } from '../../core/index.ts';
import { isElement, type XmlElement } from '../xml/index.ts';

/** Collects strings, each once, with their offsets. */
export class TableWriter {
  #out: ByteWriter | undefined;
  readonly #offsets = new Map<string, number>();
  readonly #limit: number;

  /** `limit` is the largest table allowed, in octets. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Octets so far. */
  get length(): number {
    return this.#out?.length ?? 0;
  }

  /** Offset of the text, which is added when it is new. @throws {ValueError} TOO_LONG, BAD_FORMAT */
  offsetOf(text: string): number {
    const known = this.#offsets.get(text);
    if (known !== undefined) return known;
    if (text.includes('\0') || !text.isWellFormed()) {
      throw new ValueError('BAD_FORMAT', 'text of the string table has a NUL or a lone surrogate');
    }
    this.#out ??= new ByteWriter(256);
    const offset = this.#out.length;
    this.#out.utf8(text).u8(0);
    if (this.#out.length > this.#limit) {
      throw new ValueError('TOO_LONG', `string table of more than ${this.#limit} octets`);
    }
    this.#offsets.set(text, offset);
    return offset;
  }

  /** The octets, valid until the next string; `undefined` when there are none. */
  view(): Uint8Array | undefined {
    return this.#out?.view();
  }
}

// STR_I costs the text and 2 octets each time; the table costs the text and 1 once, and up to 4 for each STR_T.
const referenceOctets = 4;

/** Texts that occur so often that the string table makes the document shorter. */
export function repeatedTexts(root: XmlElement): ReadonlySet<string> {
  const counts = new Map<string, number>();
  const waiting: XmlElement[] = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    for (const child of element.children) {
      if (isElement(child)) waiting.push(child);
      else if (typeof child === 'string') counts.set(child, (counts.get(child) ?? 0) + 1);
    }
    for (const { value } of element.attributes) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const repeated = new Set<string>();
  for (const [text, count] of counts) {
    const inline = count * (text.length + 2);
    const inTable = text.length + 1 + count * referenceOctets;
    if (count > 1 && inTable < inline && !text.includes('\0') && text.isWellFormed()) repeated.add(text);
  }
  return repeated;
}
