// A text with escapes, in quotes or without.
import { byteaOf, hasQuotes, readEscapes } from '../paste-forms/escaped-text.ts';
import { type ReadLiterals, readLiterals } from './string-literals.ts';

/** The octets of a text with escapes. @throws {PasteError} for what is none, and for several texts of which each may be meant */
export function readEscapedText(text: string): ReadLiterals {
  const bytea = byteaOf(text);
  if (bytea !== undefined) return { octets: bytea };
  return hasQuotes(text) ? readLiterals(text) : { octets: readEscapes(text) };
}
