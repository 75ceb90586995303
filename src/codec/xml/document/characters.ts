// Which characters XML 1.0 allows, in text and in names.
import { isNameOnly, isNameStart } from './names.ts';

/** True when XML 1.0 can carry the text: no control characters but TAB, LF, CR, and no lone surrogates. */
export function isXmlText(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (code >= 0x20 && code < 0xd800) continue;
    if (code === 9 || code === 10 || code === 13) continue;
    if (code < 0x20 || code > 0xfffd) return false;
    if (code < 0xe000) {
      // A high surrogate has to be followed by a low one.
      const low = text.charCodeAt(i + 1);
      if (code >= 0xdc00 || !(low >= 0xdc00 && low < 0xe000)) return false;
      i += 1;
    }
  }
  return true;
}

/** True for a code point that XML 1.0 allows in text. */
export function isXmlCodePoint(code: number): boolean {
  if (code < 0x20) return code === 9 || code === 10 || code === 13;
  return code < 0xd800 || (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff);
}

/** True for a name without a colon (NCName of Namespaces in XML 1.0). */
export function isNcName(text: string): boolean {
  let first = true;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (!(isNameStart(code) || (!first && isNameOnly(code)))) return false;
    first = false;
  }
  return !first;
}
