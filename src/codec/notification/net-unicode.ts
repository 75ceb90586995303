// Net-Unicode as far as it binds the texts of dm1.3 (DM-NOTI-1.3 §6.2.3, RFC 5198 §2): no control characters, but CR and
// LF together for the end of a line. Texts are not normalised (spec-notes ruling 14).
import { utf8Length } from '../../core/index.ts';

/** The first control character of a text that Net-Unicode leaves no room for. */
export interface StrayControl {
  /** `U+0007`. */
  readonly name: string;
  /** Octets of UTF-8 before it. */
  readonly offset: number;
}

/** Finds a control character (C0, DEL, C1) that is not part of a CR LF; `undefined` when there is none. */
export function strayControl(text: string): StrayControl | undefined {
  if (!hasControl(text)) return undefined;
  const index = text.replaceAll('\r\n', '  ').search(/\p{Cc}/u);
  if (index < 0) return undefined;
  const number = text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0');
  return { name: `U+${number}`, offset: utf8Length(text.slice(0, index)) };
}

/** Nearly no text has any, and looking for one costs less than a pattern does. */
function hasControl(text: string): boolean {
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true;
  }
  return false;
}
