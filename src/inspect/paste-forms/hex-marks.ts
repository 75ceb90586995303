// Marks that programs put on octets in hex: X'0106' of SQL, a literal within a call, 01h 06h of assemblers, `;` and `_` between them,
// and the quotes that editors of text make. They give way to spaces, so that places hold.
import { PasteError } from './paste-error.ts';
import { kindOfName, nameBefore } from './value-names.ts';

/** The text with plain marks; where it is ambiguous which octets are meant, an error. @throws {PasteError} */
export function withoutHexMarks(text: string): string {
  return withoutLiterals(withoutSeparators(withoutSuffixes(withPlainQuotes(text))));
}

/** Quotes of typography as those of programs; what has escapes is left as it is. */
export function withPlainQuotes(text: string): string {
  if (text.includes('\\')) return text;
  return text.replace(/[\u201c\u201d\u201e\u00ab\u00bb]/g, '"').replace(/[\u2018\u2019\u201a]/g, "'");
}

/** `01h, 06h, 0FFh`: a digit 0 before a letter is none of the octet. */
function withoutSuffixes(text: string): string {
  if (!/^\s*(?:db\s+)?(?:0?[0-9a-f]{2}h[\s,]*){2,};?\s*$/i.test(text)) return text;
  return text
    .replace(/^\s*db\s/i, blank)
    .replace(/\b0(?=[0-9a-f]{2}h)/gi, ' ')
    .replace(/[h,;]/gi, ' ');
}

/** `01;06` is a list as `01, 06` is; `0106_03c4` is hex in groups. */
function withoutSeparators(text: string): string {
  const item = '(?:0x)?[0-9a-f]{1,3}';
  if (new RegExp(`^\\s*${item}(?:\\s*;\\s*${item})+\\s*;?\\s*$`, 'i').test(text)) {
    return text.replace(/;(?=\s*$)/, ' ').replaceAll(';', ',');
  }
  const grouped = /^\s*(?:0x)?(?:[0-9a-f]{2})+(?:_(?:[0-9a-f]{2})+)+\s*$/i;
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  return lines.length > 0 && lines.every((line) => grouped.test(line)) ? text.replaceAll('_', ' ') : text;
}

/** Hex within quotes, maybe with x or h before them. */
const literal = /(?<![0-9A-Za-z_])[xXhH]?(?:'([0-9a-fA-F\s:-]*)'|"([0-9a-fA-F\s:-]*)")/g;

/** Hex that stands in a literal, one a line, and nowhere else. @throws {PasteError} for two on a line */
function withoutLiterals(text: string): string {
  const all = [...text.matchAll(literal)].filter(([, one, other]) => digitsOf(one ?? other ?? '') >= 8);
  // Of several, names say which are no message.
  const found =
    all.length < 2
      ? all
      : all.filter(
          ({ index }) => kindOfName(nameBefore(text.slice(Math.max(index - 80, 0), index)) ?? '') !== 'other',
        );
  if (found.length === 0) return text;
  const outside: string[] = [];
  const kept: string[] = [];
  let at = 0;
  for (const [number, { 0: all, 1: one, 2: other, index }] of found.entries()) {
    const between = text.slice(at, index);
    if (number > 0 && !/[\r\n]/.test(between)) {
      const detail = 'a second text of hex in this line: give one of them, or each on its own line';
      throw PasteError.at(text, index, detail);
    }
    const inner = one ?? other ?? '';
    outside.push(between);
    kept.push(blank(between), blank(all.slice(0, all.length - 1 - inner.length)), inner, ' ');
    at = index + all.length;
  }
  outside.push(text.slice(at));
  kept.push(blank(text.slice(at)));
  // What else may be meant is for others to say.
  const others = new Set(all.filter((each) => !found.includes(each)).map(([whole]) => whole));
  const rest = outside.join(' ').replace(literal, (each) => (others.has(each) ? ' ' : each));
  return isHexFree(rest) ? kept.join('') : text;
}

function isHexFree(text: string): boolean {
  return !/[0-9a-fA-F]{8}|(?:\b[0-9a-fA-F]{2}[\s:-]+){4}/.test(text);
}

function digitsOf(text: string): number {
  return text.replace(/[^0-9a-fA-F]/g, '').length;
}

/** As spaces, so that places hold. */
export function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
