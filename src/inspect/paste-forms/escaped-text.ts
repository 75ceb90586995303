// Strings with escapes: "\x06\x05" of Wireshark, C and shells, b'…' of Python, with literals one behind the other, and
// PostgreSQL's bytea, which has one \x before all digits. Octal escapes, of shells, gdb and protobuf, go the same way.
import { hexToBytes, utf8ToBytes } from '../../core/index.ts';
import { PasteError } from './paste-error.ts';

/** True when a text spells octets as `\x06`, as `\006`, or as `\u0006` of JSON and JavaScript. */
export function isEscapedText(text: string): boolean {
  return /\\x[0-9a-fA-F]{2}|\\x\{[0-9a-fA-F]{1,2}\}|(?:\\[0-9]{1,3}){2}|["'][^"']*\\[0-3][0-7]{2}|(?:^|["'])[^"']*\\u00[0-9a-fA-F]{2}/.test(
    text,
  );
}

const simple: Readonly<Record<string, number>> = {
  ...{ a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, e: 27 },
  ...{ '\\': 0x5c, "'": 0x27, '"': 0x22, '?': 0x3f },
};

/** True when octets stand within quotes, and what is outside of them is none. */
export function hasQuotes(text: string): boolean {
  return /["']/.test(text.replace(/\\["']/g, ''));
}

/** PostgreSQL's bytea: one `\x` before 16 digits or more, and nothing else; `undefined` for what is none. */
export function byteaOf(text: string): Uint8Array | undefined {
  const digits = /^\s*(?:[eE](?='))?['"]?\\{1,2}x((?:[0-9a-fA-F]{2}){8,})['"]?(?:::bytea)?\s*$/.exec(
    text,
  )?.[1];
  return digits === undefined ? undefined : hexToBytes(digits);
}

/**
 * The octets that a text without quotes spells. `\x` takes two digits, whatever follows.
 * @throws {PasteError} for a character that is no octet, and an unknown escape
 */
export function readEscapes(text: string): Uint8Array {
  const out: number[] = [];
  let at = 0;
  const listed = /^\s*(?:\\x[0-9a-f]{2}\s*,\s*){2,}\\x[0-9a-f]{2}\s*,?\s*$/i.test(text);
  if (listed) {
    throw PasteError.at(
      text,
      text.indexOf(','),
      'a separator, or the octet 2C? Write octets as 0x06, 0x05, or without commas',
    );
  }
  while (at < text.length) {
    if (/\s/.test(text.charAt(at)) || /^\\\s*?(?:\n|$)/.test(text.slice(at, at + 8))) at += 1;
    else at = readOne(text, at, out);
  }
  refuseStray(text, 0, text);
  return Uint8Array.from(out);
}

/** Reads a literal that begins with `quote` at `start`; gives the place behind its end. @throws {PasteError} */
export function readLiteral(text: string, start: number, quote: string, out: number[]): number {
  let at = start + 1;
  while (text.charAt(at) !== quote) {
    if (at >= text.length) throw PasteError.at(text, start, 'the quote is not closed');
    if (/\r|\n/.test(text.charAt(at))) throw PasteError.at(text, at, 'the line ends within quotes');
    const continued = /^\\(?:\r\n|\n|\r)/.exec(text.slice(at, at + 3));
    at = continued === null ? readOne(text, at, out) : at + continued[0].length;
  }
  refuseStray(text, start + 1, text.slice(start + 1, at));
  return at + 1;
}

/** @throws {PasteError} for what is left of an escape that was damaged */
function refuseStray(text: string, start: number, inner: string): void {
  refuseStrayCharacters(text, start, inner, /\\(?:x([0-9a-f]{2})|u00[0-9a-f]{2}|[^0-9xu\s]|\s)/gi, 16);
  refuseStrayCharacters(text, start, inner, /\\(?:([0-7]{3})|[^0-9xu\s]|\s)/g, 8);
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
  const unicode = /^\\u00([0-9a-fA-F]{2})/.exec(text.slice(at, at + 6));
  if (unicode !== null) {
    const code = Number.parseInt(unicode[1] ?? '', 16);
    if (code > 0x7f) {
      const detail = `${unicode[0]} is a character: the octet ${unicode[1]}, or two octets of UTF-8? Use \\x or hex`;
      throw PasteError.at(text, at, detail);
    }
    out.push(code);
    return at + unicode[0].length;
  }
  const found = /^\\(?:x([0-9a-fA-F]{2})|x\{([0-9a-fA-F]{1,2})\}|([0-7]{1,3})|([abtnvfre\\'"?]))/.exec(
    text.slice(at, at + 6),
  );
  if (found === null) throw PasteError.at(text, at, 'a backslash with something behind it that is no octet');
  const [all, two, braced, octal, letter = ''] = found;
  const hex = two ?? braced;
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

/** Printable octets that are spelt, at least. */
const leastSpelt = 8;

/**
 * Characters among octets that are all spelt: who writes c as \x63 writes no 3 beside it, so that one is left of an escape that was
 * damaged. `inner` begins at `start` of the text; `spelling` is how it spells octets, with their digits of the base as its first group; `most` characters may
 * be left of one that was damaged.
 * @throws {PasteError} where next to nothing stands for itself
 */
export function refuseStrayCharacters(
  text: string,
  start: number,
  inner: string,
  spelling: RegExp,
  base: 8 | 16,
  most = 4,
): void {
  let printable = 0;
  const plain = inner.replace(spelling, (all: string, digits?: string) => {
    const octet = Number.parseInt(digits ?? '', base);
    if (octet > 0x20 && octet < 0x7f) printable += 1;
    return ' '.repeat(all.length);
  });
  const others = plain.match(/\S/g)?.length ?? 0;
  if (others === 0 || others > most || printable < leastSpelt) return;
  const at = start + plain.search(/\S/);
  const detail = `${JSON.stringify(text.charAt(at))} stands for itself where all other octets are spelt: is it left of one?`;
  throw PasteError.at(text, at, detail);
}
