// Which characters XML 1.0 allows, in text and in names.
import { disallowed } from './disallowed.ts';
import { nameEnd, nameStartsAt } from './names.ts';

/** True when XML 1.0 can carry the text: no control characters but TAB, LF, CR, and no lone surrogates. */
export function isXmlText(text: string): boolean {
  return text.isWellFormed() && !disallowed.test(text);
}

/** True for a code point that XML 1.0 allows in text. */
export function isXmlCodePoint(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** True for a name without a colon (NCName of Namespaces in XML 1.0). */
export function isNcName(text: string): boolean {
  return nameStartsAt(text, 0) && nameEnd(text, 0) === text.length && !text.includes(':');
}
