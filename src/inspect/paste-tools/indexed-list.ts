// Lists with an index before each octet: print_r and var_dump of PHP, the watch window of Visual Studio, the console of browsers.
// The indexes run on from 0 and are no octets, and lengths that are said are held.
import { PasteError } from '../paste-forms/paste-error.ts';
import { dumpsOf, holdCount, pairsOf } from './octets-text.ts';

const entry =
  /^\s*(?:\[(0|[1-9][0-9]{0,6})\]|(0|[1-9][0-9]{0,6})(?=:))\s*(?:=>|=|:|\t|\s{2,})\s*(?:int\()?(-?[0-9]{1,3}|0x[0-9a-f]{1,8})\)?(?![\w.]).*$/i;
const around =
  /^\s*(?:Array|array\([0-9]+\)\s*\{?|\([\w ]+\[[0-9]+\]\) \S+ = \{|[()[\]{}]+,?|\w*(?:Array|Buffer)\([0-9]+\)(?:\s*[[{].*)?|(?:buffer|byteLength|byteOffset|length|offset|parent)\b.*|\[\[?\w+\]?\]?:?.*|Symbol\(.*|\[[0-9]+ … [0-9]+\])\s*$/;

/** ` [1] 06 05` of R, whose indexes count from 1 to the first octet of each line. @throws {PasteError} where they do not run on */
export function rawOfR(text: string): string | undefined {
  const octets: number[] = [];
  for (const [number, line] of text.split(/\r\n|\n|\r/).entries()) {
    if (line.trim() === '' || /^> /.test(line)) continue;
    const [, index, pairs = ''] = /^\s*\[ *([0-9]{1,7})\]((?: [0-9a-f]{2})+)\s*$/i.exec(line) ?? [];
    if (index === undefined) return undefined;
    if (Number(index) !== octets.length + 1) {
      if (octets.length === 0) return undefined;
      throw new PasteError(
        number + 1,
        1,
        `index ${index} does not follow ${octets.length}: octets are missing`,
      );
    }
    for (const octet of pairsOf(pairs)) octets.push(octet);
  }
  return octets.length === 0 ? undefined : dumpsOf([octets]);
}

/** The list as a dump; `undefined` for what is none. @throws {PasteError} for indexes that do not run on, and lengths that differ */
export function indexedList(text: string): string | undefined {
  // var_dump has the value on a line of its own.
  const lines = text.replace(/\]=>\s*\r?\n\s*/g, ']=> ').split(/\r\n|\n|\r/);
  const octets: number[] = [];
  let said: number | undefined;
  let others = 0;
  for (const [number, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const [, bracketed, bare, value = ''] = entry.exec(line) ?? [];
    const index = bracketed ?? bare;
    if (index === undefined) {
      if (!around.test(line)) return undefined;
      others += 1;
      said ??= numberOf(
        /(?:(?:[Aa]rray|Buffer)\(|^\s*\([\w ]+\[)([0-9]+)[)\]]|^\s*length: ([0-9]+)/.exec(line),
      );
      continue;
    }
    if (octets.length === 0 && index !== '0') return undefined;
    if (Number(index) !== octets.length) {
      throw new PasteError(
        number + 1,
        1,
        `index ${index} does not follow ${octets.length - 1}: octets are missing`,
      );
    }
    const octet = octetOf(value);
    if (octet === undefined) throw new PasteError(number + 1, 1, `${value} is no octet`);
    octets.push(octet);
  }
  if (octets.length < 2 && others === 0) return undefined;
  if (octets.length === 0) return undefined;
  holdCount(said, octets.length, 1);
  return dumpsOf([octets]);
}

function numberOf(found: RegExpExecArray | null): number | undefined {
  const digits = found?.[1] ?? found?.[2];
  return digits === undefined ? undefined : Number(digits);
}

function octetOf(word: string): number | undefined {
  const value = Number(word);
  return value >= -128 && value <= 255 ? value & 0xff : undefined;
}
