// Memory as debuggers print it: `x/16xb` of gdb, in each of its bases, and `memory read` of lldb with 0x. Addresses say how many octets a line
// has, so values of several octets, whose order depends on the machine, are never taken for octets.
import { checkLength, PasteError } from './paste-error.ts';

/** An address, maybe with the name of its place, and values behind a colon. */
const row = /^\s*(?:=>\s*)?0x([0-9a-f]{2,16})(?:\s*<[^>\n]*>)?:\s+(\S.*)$/i;
/** What a line has behind its values: their characters. */
const character = /\s+'(?:\\(?:[0-7]{1,3}|.)|[^'\\])'/g;

/** True when each line has an address in hex and values as a debugger prints them. */
export function isDebuggerDump(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  return (
    lines.length > 0 &&
    lines.every((line) => {
      const values = row.exec(line.trimEnd())?.[2];
      if (values === undefined) return false;
      // What has neither a name before it, nor 0x, is the dump of another tool.
      return /<[^>\n]*>:/.test(line) || /^0x/i.test(values) || /\t/.test(line.trim());
    })
  );
}

/** The octets. @throws {PasteError} for values that are no octets, and addresses that do not run on */
export function readDebuggerDump(text: string): Uint8Array {
  const rows = text.split(/\r\n|\n|\r/).flatMap((line, index) => {
    const [, address = '', values = ''] = row.exec(line.trimEnd()) ?? [];
    if (address === '') return [];
    const words = values.replace(character, '').split(/\s+/);
    return [{ number: index + 1, address: BigInt(`0x${address}`), words }];
  });
  const octets: number[] = [];
  const all = rows.flatMap(({ words }) => words);
  const read = readerOf(all);
  for (const [index, { number, address, words }] of rows.entries()) {
    const next = rows[index + 1];
    if (next !== undefined && next.address - address !== BigInt(words.length)) {
      const each = Number(next.address - address) / words.length;
      const size = Number.isInteger(each) && each > 1 && each <= 8;
      const detail = size
        ? `values of ${each} octets, whose order depends on the machine: print octets, with x/…xb`
        : `the address does not follow: the line before has ${words.length} values`;
      throw new PasteError(size ? number : next.number, 1, detail);
    }
    for (const word of words) {
      const value = read?.(word);
      if (value === undefined) throw new PasteError(number, 1, refusal(word, rows.length));
      octets.push(value);
    }
    checkLength(octets.length, number);
  }
  return Uint8Array.from(octets);
}

function refusal(word: string, lines: number): string {
  const shown = JSON.stringify(word.slice(0, 24));
  if (/^0x(?:[0-9a-f]{4}|[0-9a-f]{8}|[0-9a-f]{16})$/i.test(word)) {
    return `${shown} has several octets, whose order depends on the machine: print octets, with x/…xb`;
  }
  return lines < 2
    ? `${shown} may be more than one octet: print octets in hex, with x/…xb`
    : `${shown} is no octet`;
}

/** How one value is read; `undefined` where nothing tells. What is not hex needs addresses that run on, which are held against the values. */
function readerOf(words: readonly string[]): ((word: string) => number | undefined) | undefined {
  const each = (shape: RegExp): boolean => words.every((word) => shape.test(word));
  const within = (value: number): number | undefined =>
    value >= -128 && value <= 255 ? value & 0xff : undefined;
  if (words.some((word) => /^0x/i.test(word))) {
    return (word) => (/^0x[0-9a-f]{2}$/i.test(word) ? Number.parseInt(word, 16) : undefined);
  }
  const isLong = words.length > 8;
  if (!isLong) return undefined;
  if (each(/^[01]{8}$/)) return (word) => Number.parseInt(word, 2);
  // gdb writes a 0 before each octal number, and before no decimal one.
  if (each(/^0[0-7]*$/)) return (word) => within(Number.parseInt(word, 8));
  if (each(/^(?:0|-?[1-9][0-9]{0,2})$/)) return (word) => within(Number(word));
  return undefined;
}
