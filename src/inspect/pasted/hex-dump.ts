// Dumps with an offset column: hexdump -C, xxd, od -t x1, tcpdump -x, Wireshark and tshark -x. The offsets say how many
// octets each line has, so neither they nor the text column are ever taken for octets.

import { checkLength, PasteError } from '../paste-forms/paste-error.ts';
import { type DumpRow, isTextOf, octetsOf, readOctets, readRow } from './dump-row.ts';
import { offsetsRun } from './offset-run.ts';

/** One dump of octets. */
interface Block {
  readonly rows: DumpRow[];
  /** Indexes of rows that a line with `*` follows: they repeat up to the next offset. */
  readonly repeated: Set<number>;
  /** By index of a row, the lines behind it that are no rows: its text column, or what a tool has folded. */
  readonly others: Map<number, { readonly line: number; readonly text: string }[]>;
}

/** What tshark writes above each dump of a frame that has several, and tcpdump, with the time first, above each frame. */
const heading =
  /^\s*[A-Za-z][^|<>]*\([0-9]+ bytes?\):?\s*$|^(?:[0-9]{4}-[0-9]{2}-[0-9]{2} )?[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6} \S/;

/** True when the text is a dump: an offset column stands before octets in two digits, or runs on over the lines. */
export function isHexDump(text: string): boolean {
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '' && !heading.test(line));
  const [first = '', second] = lines;
  const row = readRow(first, 1);
  if (row === undefined) return false;
  if (row.digits < 4) {
    // What stands apart from the octets, or before a colon, is no octet of its own.
    const apart = row.colon || /^\s{2,}[0-9a-f]{2}(?:\s|$)/i.test(row.rest);
    return offsetsRun(lines) || (lines.length > 1 && /^0+$/.test(row.offset) && apart);
  }
  if (row.colon || row.digits === 7 || offsetsRun(lines)) return true;
  if (/^0+$/.test(row.offset) && /^\s{2}\s*[0-9a-f]{2}/i.test(row.rest)) return true;
  const tokens = row.rest.trim().split(/\s+/);
  // A pair, and behind it the end, another pair, or what stands apart from them.
  const pairs = /^\s+[0-9a-f]{2}(?:\s*$| {1,2}[0-9a-f]{2}(?=\s|$)| {3}| {2}\S)/i.test(row.rest);
  if (second === undefined || second.trim() === '*')
    return pairs && !(row.prefixed && !/^0+$/.test(row.offset));
  const next = readRow(second, 2);
  if (next?.digits !== row.digits) return false;
  if (pairs) return true;
  const octets = tokens.join('').length / 2;
  return Number.parseInt(next.offset, 16) - Number.parseInt(row.offset, 16) === octets;
}

/**
 * The octets of each dump in the text, in order: a heading, or offsets that begin again behind an empty line, start another.
 * @throws {PasteError} for offsets that do not run on, words whose order of octets is not known, and lines that are none
 */
export function readHexDump(text: string): readonly Uint8Array[] {
  return blocksOf(text).map(readBlock);
}

function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let block: Block | undefined;
  let afterGap = false;
  for (const [index, line] of text.split(/\r\n|\n|\r/).entries()) {
    const number = index + 1;
    if (line.trim() === '') {
      afterGap = true;
      continue;
    }
    if (heading.test(line)) {
      block = undefined;
      continue;
    }
    if (line.trim() === '*') {
      if (block === undefined)
        throw new PasteError(number, 1, '* repeats the line before it, and there is none');
      block.repeated.add(block.rows.length - 1);
      continue;
    }
    const found = readRow(line, number);
    const row = found !== undefined && isRowOf(block, found) ? found : undefined;
    if (row === undefined && block !== undefined) {
      const last = block.rows.length - 1;
      const others = block.others.get(last) ?? [];
      others.push({ line: number, text: line });
      block.others.set(last, others);
      continue;
    }
    if (row === undefined) throw new PasteError(number, 1, notOne);
    const begins = afterGap && /^0+$/.test(row.offset);
    if (block === undefined || begins) {
      block = { rows: [], repeated: new Set(), others: new Map() };
      blocks.push(block);
    }
    block.rows.push(row);
    afterGap = false;
  }
  return blocks;
}

const notOne =
  'an offset and octets were expected: the dump began above. It was folded, or other text stands here';

/** Offsets have one number of digits, and more where they grow beyond it. */
function isRowOf(block: Block | undefined, row: DumpRow): boolean {
  const [first] = block?.rows ?? [];
  if (first === undefined || row.digits === first.digits) return true;
  return row.digits >= 4 || (first.digits < 4 && row.digits === first.digits + 1);
}

/** Reads with hex offsets, and with the octal and decimal ones of od where those run on and hex ones do not. */
function readBlock(block: Block): Uint8Array {
  const [first] = block.rows;
  if (first === undefined) return new Uint8Array(0);
  const alone = block.rows.length === 1;
  if (alone && !first.colon && !/^0+$/.test(first.offset) && !/\s{3}\S|[|<]\s*$/.test(first.rest)) {
    const what = `${first.offset} may be an offset or data`;
    throw new PasteError(first.line, 1, `${what}: leave the offset out, or put spaces between all octets`);
  }
  let fault: PasteError | undefined;
  // od writes octal ones, in seven digits. Where a line is repeated, more than one base may run on.
  const repeats = block.repeated.size > 0;
  const seven = first.digits === 7;
  const found: Uint8Array[] = [];
  for (const base of seven ? ([16, 8, 10] as const) : repeats ? ([16] as const) : ([16, 10] as const)) {
    try {
      const octets = readInBase(block, base);
      if (!repeats) return octets;
      found.push(octets);
    } catch (error) {
      if (!(error instanceof PasteError)) throw error;
      fault ??= error;
    }
  }
  const [octets] = found;
  if (octets !== undefined) {
    if (found.every(({ length }) => length === octets.length)) return octets;
    const detail =
      'how often * repeats is not known: the offsets may be octal or hex; use od -v or hexdump -C';
    const [firstRepeated = 0] = block.repeated;
    throw new PasteError((block.rows[firstRepeated]?.line ?? 0) + 1, 1, detail);
  }
  throw fault ?? new PasteError(first.line, 1, 'not a dump');
}

function readInBase({ rows, repeated, others }: Block, base: 8 | 10 | 16): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  let width = 16;
  const offsets = rows.map((row) => offsetOf(row, base));
  for (const [index, row] of rows.entries()) {
    const start = offsets[index] ?? 0;
    const next = offsets[index + 1];
    const repeats = repeated.has(index);
    if (repeats && next === undefined) {
      throw new PasteError(
        row.line + 1,
        1,
        'how often * repeats is not known: the offset behind it is missing',
      );
    }
    const gap = next === undefined ? undefined : next - start;
    const behind = others.get(index);
    const octets =
      behind === undefined
        ? octetsOf(row, repeats ? width : gap, width)
        : octetsWithText(row, repeats ? width : gap, width, behind);
    if (octets.length === 0 && next !== undefined) throw runsOn(rows[index + 1], octets, start, next);
    const times = repeats && gap !== undefined ? gap / octets.length : 1;
    if (gap !== undefined && (gap !== octets.length * times || !Number.isInteger(times) || times < 1)) {
      throw runsOn(rows[index + 1], octets, start, gap + start);
    }
    length += octets.length * times;
    checkLength(length, row.line);
    for (let i = 0; i < times; i += 1) parts.push(octets);
    width = Math.max(octets.length, index === 0 ? 1 : width);
  }
  const [first] = rows;
  if (length === 0 && first !== undefined) {
    throw new PasteError(first.line, first.column, 'octets in two digits were expected behind the offset');
  }
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The octets of a row whose text column stands on lines of its own. @throws {PasteError} for lines that are none */
function octetsWithText(
  row: DumpRow,
  expected: number | undefined,
  width: number,
  lines: readonly { readonly line: number; readonly text: string }[],
): Uint8Array {
  const { octets, behind } = readOctets({ ...row, folded: true }, expected, width);
  const texts = lines.map(({ text }) => text);
  if (octets.length > 0 && isTextOf(octets, behind, texts, octets.length === expected)) return octets;
  throw new PasteError(lines[0]?.line ?? row.line, 1, notOne);
}

function offsetOf(row: DumpRow, base: number): number {
  const valid = base === 8 ? /^[0-7]+$/ : base === 10 ? /^[0-9]+$/ : /^[0-9a-f]+$/i;
  if (!valid.test(row.offset)) throw new PasteError(row.line, 1, `${row.offset} is no offset`);
  return Number.parseInt(row.offset, base);
}

function runsOn(row: DumpRow | undefined, octets: Uint8Array, start: number, found: number): PasteError {
  const expected = (start + octets.length).toString(16);
  const detail = `offset ${found.toString(16)} does not follow: the line before has ${octets.length} octets from ${start.toString(16)}, so ${expected} was expected`;
  return new PasteError(row?.line ?? 0, 1, detail);
}
