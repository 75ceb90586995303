// Strings with escapes: "\x06\x05" of Wireshark, C and shells, b'…' of Python, with literals one behind the other.
import { utf8ToBytes } from '../../core/index.ts';
import { PasteError } from './paste-error.ts';

/** True when a text spells octets as `\x06`. */
export function isEscapedText(text: string): boolean {
  return /\\x[0-9a-fA-F]{2}/.test(text);
}

const simple: Readonly<Record<string, number>> = {
  ...{ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27 },
  ...{ '\\': 0x5c, "'": 0x27, '"': 0x22, '?': 0x3f },
};

/**
 * The octets that the text spells. Where there are quotes, what stands outside them (a declaration, `b`, `+`, the
 * backslash at a line's end) is not data. `\x` takes two digits, whatever follows.
 * @throws {PasteError} for a character that is no octet, an unknown escape, or a quote that is not closed
 */
export function readEscapedText(text: string): Uint8Array {
  const out: number[] = [];
  const quoted = /["']/.test(text.replace(/\\["']/g, ''));
  let at = 0;
  if (!quoted) {
    while (at < text.length) {
      if (/\s/.test(text.charAt(at)) || /^\\\s*?(?:\n|$)/.test(text.slice(at, at + 8))) at += 1;
      else at = readOne(text, at, out);
    }
    return Uint8Array.from(out);
  }
  while (at < text.length) {
    const quote = text.charAt(at);
    if (quote === '/' && text.charAt(at + 1) === '*') {
      const end = text.indexOf('*/', at + 2);
      at = end < 0 ? text.length : end + 2;
    } else if (quote === '"' || quote === "'") {
      at = readLiteral(text, at, quote, out);
    } else {
      if (quote === '\\' && /^\\x[0-9a-fA-F]{2}/.test(text.slice(at, at + 4))) {
        throw PasteError.at(text, at, 'an octet outside the quotes');
      }
      at += 1;
    }
  }
  return Uint8Array.from(out);
}

function readLiteral(text: string, start: number, quote: string, out: number[]): number {
  let at = start + 1;
  while (text.charAt(at) !== quote) {
    if (at >= text.length) throw PasteError.at(text, start, 'the quote is not closed');
    if (/\r|\n/.test(text.charAt(at))) throw PasteError.at(text, at, 'the line ends within quotes');
    const continued = /^\\(?:\r\n|\n|\r)/.exec(text.slice(at, at + 3));
    at = continued === null ? readOne(text, at, out) : at + continued[0].length;
  }
  return at + 1;
}

/** Reads a character or an escape at `at`; gives where the next one begins. */
function readOne(text: string, at: number, out: number[]): number {
  const character = text.charAt(at);
  if (character !== '\\') {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e) {
      const what = utf8ToBytes(character).length > 1 ? 'a character that is no octet' : 'a control character';
      throw PasteError.at(text, at, `${what}: spell it as \\x and two digits`);
    }
    out.push(code);
    return at + 1;
  }
  const found = /^\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|([abtnvfre\\'"?]))/.exec(text.slice(at, at + 5));
  if (found === null) throw PasteError.at(text, at, 'a backslash with something behind it that is no octet');
  const [all, hex, octal, letter = ''] = found;
  const value =
    hex === undefined
      ? octal === undefined
        ? simple[letter]
        : Number.parseInt(octal, 8)
      : Number.parseInt(hex, 16);
  if (value === undefined || value > 255) throw PasteError.at(text, at, 'beyond one octet');
  out.push(value);
  return at + all.length;
}
