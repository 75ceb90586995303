// Texts that a document has in common with itself: written once, in the string table, wherever they occur.
import { isElement, type XmlElement } from '../xml/index.ts';

// A reference within text costs STR_T, its offset in up to 2 octets, the end of the string before and STR_I after it.
const referenceOctets = 5;

/** The parts that make one document shorter. */
export class SharedParts {
  readonly #parts: ReadonlySet<string>;
  readonly #longestFirst: readonly string[];

  private constructor(parts: readonly string[]) {
    this.#parts = new Set(parts);
    this.#longestFirst = parts;
  }

  /** Those of `candidates` that occur in the document so often that the table is worth it. */
  static in(root: XmlElement, candidates: readonly string[]): SharedParts {
    const longestFirst = [...new Set(candidates)]
      .filter((part) => part.length > referenceOctets && !part.includes('\0') && part.isWellFormed())
      .sort((a, b) => b.length - a.length);
    const all = new SharedParts(longestFirst);
    const counts = new Map<string, number>();
    for (const text of textsOf(root)) {
      for (const piece of all.split(text)) {
        if (all.has(piece)) counts.set(piece, (counts.get(piece) ?? 0) + 1);
      }
    }
    const worth = (part: string): boolean => {
      const count = counts.get(part) ?? 0;
      return part.length + 1 + count * referenceOctets < count * part.length;
    };
    return new SharedParts(longestFirst.filter(worth));
  }

  /** True for a text that belongs into the table. */
  has(text: string): boolean {
    return this.#parts.has(text);
  }

  /** The text in pieces: parts that are shared, and what stands between them. Longer parts go first. */
  split(text: string): readonly string[] {
    let pieces: readonly string[] = [text];
    for (const part of this.#longestFirst) {
      if (text.includes(part)) pieces = pieces.flatMap((piece) => this.#cut(piece, part));
    }
    return pieces;
  }

  #cut(piece: string, part: string): readonly string[] {
    if (this.has(piece)) return [piece];
    return piece.split(part).flatMap((between, index) => {
      const before = index === 0 ? [] : [part];
      return between === '' ? before : [...before, between];
    });
  }
}

/** Text and values of attributes. */
function* textsOf(root: XmlElement): Generator<string> {
  const waiting: XmlElement[] = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    for (const child of element.children) {
      if (isElement(child)) waiting.push(child);
      else if (typeof child === 'string') yield child;
    }
    for (const { value } of element.attributes) yield value;
    // A literal element declares its namespace, as the writer spells it.
    if (element.attributes.length > 0) yield element.namespace;
  }
}
