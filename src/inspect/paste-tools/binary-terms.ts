// Binaries of Erlang and Elixir as their shells and logs print them: <<6,5,"com">>, <<16#0605:16>>, #Bin<6,5>, behind a prompt or in
// a line of a log.
import { PasteError } from '../paste-forms/paste-error.ts';
import { beginsWithRow, dumpsOf } from './octets-text.ts';

interface Term {
  readonly octets: readonly number[];
  /** Where it begins, and behind its end. */
  readonly from: number;
  readonly to: number;
}

const start = /<<(?=\s*["0-9])|#Bin<(?=\s*[0-9])/g;
const integer =
  /\s*(?:([0-9]{1,2})#|(0x))?([0-9a-z]+)(?:(?::|::)(?:size\()?([0-9]{1,5})\)?)?(?:\/(?:integer|unsigned|big|-)+)?\s*/iy;
const string = /\s*"((?:[^"\\\r\n]|\\.)*)"(?:\/utf8|::(?:binary|utf8|bytes))?\s*/y;
const alone = /^\s*(?:<<\s*[^"<>:]*>>)[\s.;]*$/;

/**
 * The octets of each binary in a text, as dumps; the text as it is where there is none, or one that is read as a list.
 * @throws {PasteError} for several in a line, and for what is no octet
 */
export function binaryTerms(text: string): string {
  if (!/<<|#Bin</.test(text) || alone.test(text) || beginsWithRow(text)) return text;
  const terms: Term[] = [];
  for (const found of text.matchAll(start)) {
    const last = terms.at(-1);
    if (last !== undefined && found.index < last.to) continue;
    const term = termAt(text, found.index, found[0].length);
    if (term === undefined) continue;
    if (last !== undefined && !/\n/.test(text.slice(last.to, term.from))) {
      throw PasteError.at(text, term.from, 'a second binary: paste one of them');
    }
    terms.push(term);
  }
  return terms.length === 0 ? text : dumpsOf(terms.map(({ octets }) => octets));
}

/** The binary that begins at `from`; `undefined` for what is none, or not printed whole. @throws {PasteError} */
function termAt(text: string, from: number, length: number): Term | undefined {
  const close = text.startsWith('<<', from) ? '>>' : '>';
  const octets: number[] = [];
  let at = from + length;
  let numbers = 0;
  for (;;) {
    string.lastIndex = at;
    integer.lastIndex = at;
    const words = string.exec(text);
    const number = words === null ? integer.exec(text) : null;
    if (words !== null) addText(text, at, words[1] ?? '', octets);
    else if (number === null) return undefined;
    else if (!addInteger(text, at, number, octets)) return undefined;
    numbers += number === null ? 0 : 1;
    at += (words ?? number)?.[0].length ?? 0;
    // Words alone are no octets that somebody asks about.
    if (text.startsWith(close, at))
      return numbers === 0 ? undefined : { octets, from, to: at + close.length };
    if (text.charAt(at) !== ',') return undefined;
    at += 1;
  }
}

/** Adds an integer in its size of whole octets, the most significant first. @throws {PasteError} */
function addInteger(text: string, at: number, found: RegExpExecArray, octets: number[]): boolean {
  const [, radix, hex, digits = '', size = '8'] = found;
  const base = hex === undefined ? Number(radix ?? 10) : 16;
  const isNumber = base === 16 ? /^[0-9a-f]+$/i.test(digits) : base === 10 && /^[0-9]+$/.test(digits);
  if (!isNumber) return false;
  const bits = Number(size);
  const value = digits.length > bits ? -1n : BigInt(base === 16 ? `0x${digits}` : digits);
  if (value < 0n || bits === 0 || bits % 8 !== 0 || value >> BigInt(bits) !== 0n) {
    throw PasteError.at(text, at, `${found[0].trim().slice(0, 24)} is no whole octets`);
  }
  const written = value.toString(16).padStart(bits / 4, '0');
  for (const pair of written.match(/../g) ?? []) octets.push(Number.parseInt(pair, 16));
  return true;
}

const simple: Readonly<Record<string, number>> = {
  ...{ n: 10, r: 13, t: 9, b: 8, f: 12, v: 11, e: 27, s: 32, d: 127, a: 7 },
  ...{ '\\': 0x5c, '"': 0x22, "'": 0x27 },
};

/** @throws {PasteError} for characters whose octets depend on the language */
function addText(text: string, at: number, inner: string, octets: number[]): void {
  for (const [all, hex, octal, letter] of inner.matchAll(
    /\\x\{?([0-9a-f]{2})\}?|\\([0-7]{1,3})|\\(.)|[\s\S]/gi,
  )) {
    const code =
      hex !== undefined
        ? Number.parseInt(hex, 16)
        : octal !== undefined
          ? Number.parseInt(octal, 8)
          : letter !== undefined
            ? (simple[letter] ?? 256)
            : all.charCodeAt(0);
    if (code > 255 || (code > 126 && all.length === 1)) {
      throw PasteError.at(text, at, `${all} in a binary is one octet or several: write it as a number`);
    }
    octets.push(code);
  }
}
