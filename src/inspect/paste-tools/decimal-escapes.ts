// `\196` of Lua and Haskell beside `\304` of C: the digits behind a backslash are decimal or octal, and the whole text tells which.
import { PasteError } from '../paste-forms/paste-error.ts';

const escaped = /(?<!\\)((?:\\\\)*)\\([0-9]{1,3})/g;
/** What is written around octal escapes, and not around decimal ones. */
const octal =
  /\\x[0-9a-f]{2}|\b(?:printf|echo|send\w*|recv\w*|read|write|writev|bytea|payload|data)\b|<repeats |^\s*(?:\$[0-9]+ = |\$'|[eE]'|\\[0-7])|\bb["']/i;

/** The text with decimal escapes as `\xNN`; as it is where they are octal. @throws {PasteError} where they may be either */
export function withoutDecimals(text: string): string {
  const all = [...text.matchAll(escaped)].map(({ 1: before = '', 2: digits = '', index }) => ({
    digits,
    at: index + before.length,
  }));
  if (all.length === 0) return text;
  refuseZeroBefore(text, all);
  const isDecimal = all.some(({ digits }) => /[89]/.test(digits) || Number.parseInt(digits, 8) > 255);
  if (!isDecimal) {
    const isOctal = all.some(({ digits }) => Number(digits) > 255) || octal.test(text);
    const first = all.find(({ digits }) => Number(digits) !== Number.parseInt(digits, 8));
    if (isOctal || first === undefined) return text;
    const detail = `\\${first.digits} may be octal (C, shells) or decimal (Lua, Haskell): write octets as \\x and two digits`;
    throw PasteError.at(text, first.at, detail);
  }
  const large = all.find(({ digits }) => Number(digits) > 255);
  if (large !== undefined) {
    const detail = `\\${large.digits} is no decimal octet, and others are no octal ones: write octets as \\x and two digits`;
    throw PasteError.at(text, large.at, detail);
  }
  return text.replace(
    escaped,
    (_all, before: string, digits: string) => `${before}\\x${Number(digits).toString(16).padStart(2, '0')}`,
  );
}

/** `\01` beside `\x06`: Rust and JavaScript write a zero octet so, and a digit behind it is a character. @throws {PasteError} */
function refuseZeroBefore(
  text: string,
  all: readonly { readonly digits: string; readonly at: number }[],
): void {
  if (!/\\x[0-9a-f]{2}/i.test(text) || !all.every(({ digits }) => digits.startsWith('0'))) return;
  const first = all.find(({ digits }) => digits.length > 1);
  if (first === undefined || !all.some(({ digits }) => digits.length < 3)) return;
  const detail = `\\${first.digits} may be octal, or a zero octet with a digit behind it: write octets as \\x and two digits`;
  throw PasteError.at(text, first.at, detail);
}

/**
 * `\x` of PostgreSQL's bytea before all digits, as spaces, where there is no other.
 * Alone it is read as it is.
 */
export function withoutBytea(text: string): string {
  const all = text.match(/\\x/gi)?.length ?? 0;
  const bytea = /(?<!\\)\\{1,2}x(?=(?:[0-9a-f]{2}){8,}(?![0-9a-z\\]))/gi;
  if (all === 0 || (text.match(bytea)?.length ?? 0) !== all || /^\s*(?:[eE](?='))?['"]?\\/.test(text))
    return text;
  return text.replace(bytea, (found) => ' '.repeat(found.length));
}

/** A name or words among escapes without quotes may be octets or none. @throws {PasteError} */
export function refuseWords(text: string): void {
  if (/["']/.test(text.replace(/\\["']/g, '')) || !/\\(?:x[0-9a-f]{2}|[0-7]{3})/i.test(text)) return;
  const before = /^\s*(?:\S*[\w)\]]["']?\s*[=:]\s*(?=\\)|(?:[^\s\\]+\s+)+(?=\S*\\))/.exec(text);
  const behind = /\\\S*\s+(?=[^\s\\]+(?:\s|$))/.exec(text);
  if (before === null && behind === null) return;
  const at = before === null ? (behind?.index ?? 0) + (behind?.[0].length ?? 0) : before[0].search(/\S/);
  throw PasteError.at(
    text,
    at,
    'a name, words, or octets? Put quotes around the octets, or paste them alone',
  );
}
