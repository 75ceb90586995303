// The characters that no text of XML 1.0 has.

/** One of them (XML-1.0 §2.2), but for surrogates that stand alone: `isWellFormed` finds these in less time. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
export const disallowed: RegExp = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
