// Which characters XML 1.0 allows, in text and in names.

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

/** NameStartChar of XML 1.0 without the colon. */
function isNameStart(code: number): boolean {
  if (code < 0x80) return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
  if (code < 0x2000)
    return code >= 0xc0 && code !== 0xd7 && code !== 0xf7 && code !== 0x37e && !isCombining(code);
  return (
    (code >= 0x200c && code <= 0x200d) ||
    (code >= 0x2070 && code <= 0x218f) ||
    (code >= 0x2c00 && code <= 0x2fef) ||
    (code >= 0x3001 && code <= 0xd7ff) ||
    (code >= 0xf900 && code <= 0xfdcf) ||
    (code >= 0xfdf0 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0xeffff)
  );
}

/** What NameChar adds to NameStartChar. */
function isNameOnly(code: number): boolean {
  if (code < 0x80) return (code >= 48 && code <= 57) || code === 45 || code === 46;
  return code === 0xb7 || isCombining(code) || (code >= 0x203f && code <= 0x2040);
}

function isCombining(code: number): boolean {
  return code >= 0x300 && code <= 0x36f;
}
