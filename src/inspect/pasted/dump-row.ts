// One line of a dump: offset, octets, and maybe a text column.
import { hexToBytes } from '../../core/index.ts';
import { PasteError } from '../paste-forms/paste-error.ts';

/** A line as its parts. */
export interface DumpRow {
  readonly line: number;
  /** Digits as written. */
  readonly offset: string;
  /** Number of those digits. */
  readonly digits: number;
  /** True when a colon follows the offset, as in xxd and tcpdump. */
  readonly colon: boolean;
  /** True when 0x stands before the offset. */
  readonly prefixed: boolean;
  /** What follows, octets and text column. */
  readonly rest: string;
  /** Column at which `rest` begins, from 1. */
  readonly column: number;
  /** True when lines that are no rows follow. */
  readonly folded?: boolean;
}

const pattern = /^(\s*(?:0x)?)([0-9a-fA-F]{2,16})([hH]?:?)(?=\s|$)(.*)$/;

/** The parts of a line; `undefined` when it has no offset. */
export function readRow(line: string, number: number): DumpRow | undefined {
  const found = pattern.exec(line);
  if (found === null) return undefined;
  const [, before = '', offset = '', colon = '', rest = ''] = found;
  const hasColon = colon.endsWith(':');
  // Only xxd writes long offsets, and writes a colon.
  if (!hasColon && offset.length > 10) return undefined;
  const column = before.length + offset.length + colon.length + 1;
  const prefixed = before.endsWith('0x');
  return { line: number, offset, digits: offset.length, colon: hasColon, prefixed, rest, column };
}

/**
 * The octets of a line. `expected` is how many its offset and the next say; where nothing follows, `width` is how many a
 * line has at most.
 * @throws {PasteError} for words whose order is not known, and octets that contradict the text column
 */
export function octetsOf(row: DumpRow, expected: number | undefined, width: number): Uint8Array {
  return readOctets(row, expected, width).octets;
}

/** As `octetsOf`, and what stands behind the octets: the text column, or what a fold has left of it. */
export function readOctets(
  row: DumpRow,
  expected: number | undefined,
  width: number,
): { readonly octets: Uint8Array; readonly behind: string } {
  const { rest } = row;
  const framed = frameOf(row);
  const hex = framed < 0 ? rest : rest.slice(0, framed);
  const most = expected ?? (row.colon ? Math.max(width, 256) : width);
  const groups: string[] = [];
  let octets = 0;
  let at = 0;
  // xxd sets its text column apart by two spaces; the others halve their lines by two, and set the text apart by three.
  const space = row.colon ? / ([0-9a-fA-F]+)(?=\s|$)/y : / {1,2}([0-9a-fA-F]+)(?=\s|$)/y;
  const first = /\s+([0-9a-fA-F]+)(?=\s|$)/y;
  for (;;) {
    const token = groups.length === 0 ? first : space;
    token.lastIndex = at;
    const found = token.exec(hex);
    const group = found?.[1] ?? '';
    if (found === null) break;
    const apart = found[0].length - group.length > 1;
    // What stands apart behind as many as there should be is the text, where no frame is around it.
    if (octets >= most && apart && framed < 0 && groups.length > 0) break;
    refuseOtherBases(row, group, at);
    groups.push(group);
    octets += group.length / 2;
    at += found[0].length;
  }
  const bytes = hexToBytes(groups.join(''));
  const read = { octets: bytes, behind: rest.slice(at) };
  if (expected !== undefined && bytes.length !== expected) return read;
  if (row.colon && row.folded !== true) checkText(row, bytes, groups, hex.slice(at));
  return read;
}

/** Where the frame around a text column begins; -1 where there is none. */
function frameOf({ rest, colon }: DumpRow): number {
  if (/<\s*$/.test(rest)) return rest.indexOf('  >');
  if (!/\|\s*$/.test(rest)) return -1;
  const wide = rest.indexOf('  |');
  // A mail program has made one space of two.
  return wide < 0 && !colon && /^[\s0-9a-fA-F]*\s\|/.test(rest) ? rest.search(/\s\|/) : wide;
}

/** Whether lines behind a row are its text column, or what a fold has cut off it. */
export function isTextOf(
  octets: Uint8Array,
  behind: string,
  lines: readonly string[],
  sure: boolean,
): boolean {
  const all = `${behind}${lines.join('')}`.trim();
  const [, inner = all] = /^[|>](.*)[|<]$/s.exec(all) ?? [];
  const shown = [...octets].map((octet) =>
    octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.',
  );
  if (inner.trim() === shown.join('').trim()) return true;
  // Where the offsets say that no octet is missing, a line within a frame is text, whatever it shows.
  return sure && lines.every((line) => /^\s*(?:\|.*\||>.*<)\s*$/.test(line));
}

/** Octets are pairs, or with a colon before them whole words in the order of the octets. @throws {PasteError} */
function refuseOtherBases(row: DumpRow, group: string, at: number): void {
  const place = row.column + at + 1;
  if (group.length === 2 && !row.colon) return;
  if (!row.colon) {
    const detail = `${group} is no octet of two digits, and the order of the octets in a word depends on the machine: use hexdump -C, xxd, or od -A x -t x1`;
    throw new PasteError(row.line, place, detail);
  }
  if (group.length === 8 && isBinary(row)) {
    throw new PasteError(row.line, place, 'binary digits are not read: use xxd without -b');
  }
  if (group.length % 2 !== 0) {
    throw new PasteError(row.line, place, `${group} has an odd number of digits`);
  }
}

/** `xxd -b` has a character of text for each word of eight digits; `xxd -g 4` has four, whatever digits stand in the words. */
function isBinary({ rest }: DumpRow): boolean {
  const [, words = '', text = ''] = /^([01]{8}(?: [01]{1,8})*)(?: +(\S.*))?$/.exec(rest.trim()) ?? [];
  return words !== '' && text.length <= words.split(' ').length;
}

/** xxd shows each octet as text too: `xxd -e` turns words round, and only there does it show. @throws {PasteError} */
function checkText(row: DumpRow, octets: Uint8Array, groups: readonly string[], behind: string): void {
  const text = behind.replace(/^ {1,2}/, '');
  const wide = groups.some((group) => group.length > 4);
  const shown = [...octets].map((octet) =>
    octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.',
  );
  const padded = text.trimStart();
  const comparable = text !== '' && (text.length >= octets.length || padded.length > 0);
  if (!comparable && !wide) return;
  const candidates = [text, behind.trimStart(), behind.slice(behind.length - octets.length)];
  const fits = candidates.some((each) => each.trimEnd() === shown.join('').trimEnd());
  if (fits) return;
  if (!wide && text.length !== octets.length) return;
  const detail = wide
    ? 'words of four octets in an order that the text column does not confirm: use xxd without -e'
    : 'the octets are not those of the text column: words turned round (xxd -e), or a changed line';
  throw new PasteError(row.line, row.column + 1, detail);
}
