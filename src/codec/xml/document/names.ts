// Names of XML 1.0 (fifth edition), by code point and by table.

/** The colon, which prefixes end with. */
export const colon = 58;

/** NameStartChar of XML 1.0 without the colon. */
export function isNameStart(code: number): boolean {
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
export function isNameOnly(code: number): boolean {
  if (code < 0x80) return (code >= 48 && code <= 57) || code === 45 || code === 46;
  return code === 0xb7 || isCombining(code) || (code >= 0x203f && code <= 0x2040);
}

function isCombining(code: number): boolean {
  return code >= 0x300 && code <= 0x36f;
}

/** 1 for the ASCII characters that names hold, the colon among them. */
const asciiNames = Uint8Array.from({ length: 0x80 }, (_, code) =>
  code === colon || isNameStart(code) || isNameOnly(code) ? 1 : 0,
);

/** Where the name characters that begin at `from` end, colons among them; `from` itself when there is none. */
export function nameEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code < 0x80) {
      if (asciiNames[code] === 0) return at;
      at += 1;
    } else {
      // Behind the text, there is no code point.
      const point = text.codePointAt(at);
      if (point === undefined || !(isNameStart(point) || isNameOnly(point))) return at;
      at += point > 0xffff ? 2 : 1;
    }
  }
}

/** True when a name may begin at `at`, with a colon too. */
export function nameStartsAt(text: string, at: number): boolean {
  const point = text.codePointAt(at);
  return point !== undefined && (point === colon || isNameStart(point));
}
